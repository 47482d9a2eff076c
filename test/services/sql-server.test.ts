/** The servers that tests start: what they promise to the tests, and that none is left behind. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { projectFolder } from "../python/judge.ts";
import { requireService } from "./services.ts";

const kinds = [
  { service: "postgresql", start: "startPostgresql" },
  { service: "mariadb", start: "startMariadb" },
] as const;

/** Whether anything listens on a port. */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}

for (const { service, start } of kinds) {
  describe(`a server of ${service}`, function () {
    this.timeout(60_000);

    it("ends with the process that started it, even where that is killed", async function () {
      requireService(this, service);
      const file = pathToFileURL(join(projectFolder, "build", "test", "services", `${service}.js`)).href;
      // Who is killed cannot tidy up.
      const folder = await mkdtemp(join(tmpdir(), "s-"));
      await chmod(folder, 0o777);
      const child = spawn(process.execPath, ["--input-type=module", "-"], {
        stdio: ["pipe", "pipe", "inherit"],
        env: { ...process.env, TMPDIR: folder },
      });
      child.stdin.end(`
        import { ${start} } from ${JSON.stringify(file)};
        console.log((await ${start}()).port);
        setInterval(() => {}, 1000);`);
      const [line] = (await once(child.stdout, "data")) as [Buffer];
      const port = Number(line.toString());
      expect(await listens(port)).to.equal(true);
      child.kill("SIGKILL");
      for (const end = Date.now() + 20_000; Date.now() < end && (await listens(port)); await sleep(20));
      expect(await listens(port)).to.equal(false);
      await rm(folder, { recursive: true, maxRetries: 5 });
    });
  });
}
