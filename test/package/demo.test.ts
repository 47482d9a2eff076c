/** The demo as a person meets it: two pages in one browser, until the demo is told to end. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { projectFolder } from "../python/judge.ts";
import { Browser } from "../services/browser.ts";
import { Program } from "../services/process.ts";

const script = join(projectFolder, "scripts", "demo.mjs");

interface Apps {
  readonly flask: string;
  readonly node: string;
}

interface Demo extends Apps {
  readonly program: Program;
  /** Where it may put its files. */
  readonly folder: string;
}

/** Pages as a person uses them: links are followed, buttons pressed, redirects obeyed. */
class Visitor {
  readonly browser: Browser = new Browser();
  #url = "";
  #html = "";

  async open(url: string): Promise<void> {
    this.#url = url;
    const { text, headers } = await this.browser.get(url);
    const location = headers.get("location");
    this.#html = text;
    if (location !== null) await this.open(new URL(location, url).href);
  }

  async follow(link: string): Promise<void> {
    const [, url] = new RegExp(`<a href="([^"]*)">${link}</a>`).exec(this.#html) ?? [];
    if (url === undefined) throw new Error(`No link ${link} in ${this.#html}`);
    await this.open(new URL(unescaped(url), this.#url).href);
  }

  /** Posts the button's form with what its fields hold, or with what is typed into them. */
  async press(button: string, typed: Readonly<Record<string, string>> = {}): Promise<void> {
    const form = this.#html.match(/<form[^]*?<\/form>/g)?.find((one) => one.includes(`<button>${button}</button>`));
    if (form === undefined) throw new Error(`No button ${button} in ${this.#html}`);
    const held = [...form.matchAll(/name="([^"]*)" value="([^"]*)"/g)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]);
    const action = /action="([^"]*)"/.exec(form)?.[1] ?? "";
    const { status, headers } = await this.browser.post(new URL(action, this.#url).href, {
      ...(Object.fromEntries(held) as Record<string, string>),
      ...typed,
    });
    expect(status).to.equal(302);
    await this.open(new URL(headers.get("location") ?? "", this.#url).href);
  }

  /** The page's heading and paragraphs. */
  get says(): string[] {
    return [...this.#html.matchAll(/<(p|h1)>(.*?)<\/\1>/g)].map(([, , text = ""]) => unescaped(text));
  }

  /** The keys of the session, as the page shows them. */
  get held(): string[] {
    const [, lines = ""] = /<pre>([^]*)<\/pre>/.exec(this.#html) ?? [];
    return unescaped(lines)
      .trim()
      .split("\n")
      .map((line) => line.split(" = ")[0] as string);
  }

  get buttons(): string[] {
    return [...this.#html.matchAll(/<button>(.*?)<\/button>/g)].map(([, text = ""]) => text);
  }
}

function unescaped(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

async function startDemo(command: string, args: readonly string[]): Promise<Demo> {
  const folder = mkdtempSync(join(tmpdir(), "demo-"));
  const program = new Program({ command, args, env: { TMPDIR: folder } });
  const [, flask = "", node = ""] = await program.output(/Flask (\S+) {3}Node (\S+) [^]*Ctrl-C/, 100_000);
  return { program, folder, flask, node };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

describe("npm run demo", function () {
  this.timeout(120_000);

  it("says what is missing, and ends with status 1", () => {
    const { status, stderr } = spawnSync(process.execPath, [script], { env: { PATH: "" }, encoding: "utf8" });
    expect(stderr).to.equal("Python 3 is missing: install python3 and python3-venv\n");
    expect(status).to.equal(1);
  });

  describe("-- --serve", () => {
    let demo: Demo;

    before(async () => {
      demo = await startDemo(process.execPath, [script, "--serve"]);
    });

    after(async () => {
      await demo?.program.stop();
      rmSync(demo?.folder, { recursive: true });
    });

    it("has both apps under one host name, a link from each to the other", async () => {
      expect([demo.flask, demo.node].map((url) => new URL(url).hostname)).to.deep.equal(["localhost", "localhost"]);
      const visitor = new Visitor();
      await visitor.open(demo.flask);
      await visitor.follow("the Node app");
      expect(visitor.says).to.deep.equal(["Node", "Nobody is logged in"]);
      await visitor.follow("the Flask app");
      expect(visitor.says).to.deep.equal(["Flask", "Nobody is logged in"]);
    });

    it("takes a login of Flask to Node, changes back to Flask, and Node's log-out with them", async () => {
      const visitor = new Visitor();
      await visitor.open(demo.flask);
      await visitor.press("Log in on Flask");
      const cart = "seat=('B', 12)  balance=25.0  cart=['chair']";
      expect(visitor.says).to.deep.equal(["Flask", "Welcome, alice", "alice is logged in", cart]);
      await visitor.follow("the Node app");
      expect(visitor.buttons).to.deep.equal(["Put a lamp into the cart", "Log out on Node"]);
      expect(visitor.held).to.have.members(["csrf_token", "_user_id", "_fresh", "_id", "seat", "balance", "cart"]);
      await visitor.press("Put a lamp into the cart");
      await visitor.follow("the Flask app");
      await visitor.press("Put a chair into the cart");
      const changed = "seat=('B', 12)  balance=15.0  cart=['chair', 'lamp', 'chair']";
      expect(visitor.says).to.deep.equal(["Flask", "A chair for 5.0", "alice is logged in", changed]);
      await visitor.follow("the Node app");
      await visitor.press("Log out on Node");
      await visitor.follow("the Flask app");
      await visitor.follow("account");
      expect(visitor.says.slice(0, 3)).to.deep.equal([
        "Flask",
        "Please log in to access this page.",
        "Nobody is logged in",
      ]);
    });

    it("takes a login of Node to Flask, remembers it, asks once more where it must be fresh", async () => {
      const visitor = new Visitor();
      await visitor.open(demo.node);
      await visitor.press("Log in on Node", { name: "bob", remember: "on" });
      expect(visitor.says).to.deep.equal(["Node", "Welcome, bob", "bob is logged in"]);
      await visitor.follow("the Flask app");
      await visitor.follow("password");
      expect(visitor.says).to.deep.equal(["For bob, freshly logged in"]);
      visitor.browser.cookies.delete("session");
      await visitor.open(demo.node);
      expect(visitor.says).to.deep.equal(["Node", "bob is logged in, not freshly"]);
      await visitor.follow("password");
      expect(visitor.says[1]).to.equal("Please reauthenticate to access this page.");
      await visitor.press("Log in on Node", { name: "bob" });
      await visitor.follow("password");
      expect(visitor.says).to.deep.equal(["For bob, freshly logged in"]);
      await visitor.open(demo.flask);
      await visitor.press("Log out on Flask");
      expect([...visitor.browser.cookies.keys()]).to.deep.equal(["session"]);
      await visitor.follow("the Node app");
      expect(visitor.says).to.deep.equal(["Node", "Nobody is logged in"]);
    });

    it("knows alice and bob alone", async () => {
      const visitor = new Visitor();
      for (const [url, button] of [
        [demo.flask, "Log in on Flask"],
        [demo.node, "Log in on Node"],
      ] as const) {
        await visitor.open(url);
        await visitor.press(button, { name: "<b>mallory</b>" });
        expect(visitor.says.slice(1)).to.deep.equal(["Nobody has that name", "Nobody is logged in"]);
      }
    });

    it("holds in every step of the walk, which fails where an app is not what it should be", async () => {
      const { walk } = (await import(pathToFileURL(join(projectFolder, "scripts", "demo", "walk.mjs")).href)) as {
        readonly walk: (apps: Apps, print: (line: string) => void) => Promise<void>;
      };
      const lines: string[] = [];
      await walk(demo, (line) => lines.push(line));
      expect(lines.filter((line) => /^\d+\. Alice /.test(line))).to.have.length.above(10);
      const failure = await walk({ flask: demo.node, node: demo.flask }, () => {}).catch((error: unknown) => error);
      expect(failure)
        .to.be.an("error")
        .with.property("message")
        .that.matches(/^Wrong: expected 200 {2}Welcome, alice/);
    });
  });

  const ends = [
    {
      name: "Ctrl-C",
      command: process.execPath,
      args: [script, "--serve"],
      signal: "SIGINT",
      log: /Ctrl-C ends both\.\n$/,
    },
    {
      name: "SIGTERM",
      command: process.execPath,
      args: [script, "--serve"],
      signal: "SIGTERM",
      log: /Ctrl-C ends both\.\n$/,
    },
    // npm passes a signal on to the shell that it started, and to nobody else.
    {
      name: "the end of npm's shell",
      command: "sh",
      args: ["-c", `"${process.execPath}" "${script}" --serve; :`],
      signal: "SIGTERM",
      log: /./,
    },
  ] as const;
  for (const { name, command, args, signal, log } of ends) {
    it(`-- --serve leaves nothing behind after ${name}`, async () => {
      const { program, folder, flask, node } = await startDemo(command, args);
      expect(await Promise.all([flask, node].map(answers))).to.deep.equal([true, true]);
      process.kill(program.pid, signal);
      for (let tries = 0; tries < 100 && readdirSync(folder).length > 0; tries++) await sleep(50);
      expect(await Promise.all([flask, node].map(answers))).to.deep.equal([false, false]);
      expect(readdirSync(folder)).to.deep.equal([]);
      rmSync(folder, { recursive: true });
      await program.stop();
      expect(program.log).to.match(log);
    });
  }
});
