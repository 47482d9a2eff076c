import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { Program } from "./process.ts";

const node = process.execPath;

function running(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A container's first process may not reap: such a process is gone, but its number is not.
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) Z/.test(readFileSync(stat, "utf8"));
}

async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100 && running(pid); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  return !running(pid);
}

/** A process that starts a program that would run for a minute, tells its pid, and waits. */
function parent(ending: string): ReturnType<typeof spawn> {
  const source = `
    import { Program } from ${JSON.stringify(new URL("./process.js", import.meta.url).href)};
    const program = new Program({ command: process.execPath, args: ["-e", "console.log('pid ' + process.pid); setTimeout(() => {}, 60_000)"] });
    console.log((await program.output(/pid (\\d+)/))[1]);
    ${ending}`;
  return spawn(node, ["--input-type=module", "-e", source], { stdio: ["ignore", "pipe", "inherit"] });
}

async function pidFrom(child: ReturnType<typeof spawn>): Promise<number> {
  const [text] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  return Number(text.toString());
}

describe("programs of the tests", () => {
  it("a program is ready when its output says so", async () => {
    const program = new Program({ command: node, args: ["-e", "setTimeout(() => console.log('port 12'), 50)"] });
    expect((await program.output(/port (\d+)/))[1]).to.equal("12");
  });

  it("a program that ends before it is ready fails with its output", async () => {
    const program = new Program({ command: node, args: ["-e", "console.error('no such thing'); process.exit(3)"] });
    const error = await program.output(/ready/).catch((reason: unknown) => reason);
    expect(String(error)).to.match(/ended with 3:\n.*no such thing/s);
  });

  it("a program that is not ready in time fails", async () => {
    const program = new Program({ command: node, args: ["-e", "setTimeout(() => {}, 60_000)"] });
    const error = await program.output(/ready/, 50).catch((reason: unknown) => reason);
    await program.stop();
    expect(String(error)).to.include("did not write /ready/ in 50 ms");
  });

  it("a command that does not exist fails", async () => {
    const program = new Program({ command: "/nowhere/nothing" });
    expect(String(await program.output(/ready/).catch((reason: unknown) => reason))).to.match(/ended|ENOENT/);
    expect(program.alive).to.equal(false);
  });

  it("stopping waits for the end", async () => {
    const program = new Program({ command: node, args: ["-e", "console.log('up'); setTimeout(() => {}, 60_000)"] });
    await program.output(/up/);
    await program.stop();
    await program.stop();
    expect(program.alive).to.equal(false);
  });

  it("a program ends with the process that started it", async () => {
    const child = parent("process.exit(0);");
    expect(await gone(await pidFrom(child))).to.equal(true);
  });

  it("a program ends even with a parent that is killed", async function () {
    if (spawnSync("setpriv", ["--version"]).status !== 0) this.skip();
    const child = parent("setTimeout(() => {}, 60_000);");
    const pid = await pidFrom(child);
    expect(running(pid)).to.equal(true);
    child.kill("SIGKILL");
    expect(await gone(pid)).to.equal(true);
  });
});
