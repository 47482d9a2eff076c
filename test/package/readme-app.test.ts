import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { projectFolder } from "../python/judge.ts";
import { Browser } from "../services/browser.ts";
import { type FlaskApp, startFlask } from "../services/flask-app.ts";
import { freePort } from "../services/free-port.ts";
import { Program } from "../services/process.ts";
import { type RedisServer, startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";
import { requireNode, testedNodes } from "./nodes.ts";
import { type Consumer, install, pack } from "./packed.ts";

const SECRET_KEY = "your-super-secret-key";

/** The README's own app.mjs, so that what people copy is what runs here. */
function readmeApp(): string {
  const readme = readFileSync(join(projectFolder, "README.md"), "utf8");
  return /```js\n(\/\/ app\.mjs[\s\S]*?)```/.exec(readme)?.[1] ?? "";
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (tries === 200) throw error;
      await sleep(50);
    }
  }
}

describe("the README's app.mjs, over the packed package", function () {
  this.timeout(120_000);
  let tarball = "";
  let consumer: Consumer;

  before(() => {
    tarball = pack();
    consumer = install(tarball, ["express", "ioredis", "@types/express", "@types/node"]);
    consumer.write("app.mjs", readmeApp());
  });

  after(() => {
    consumer.remove();
    rmSync(dirname(tarball), { recursive: true });
  });

  it("compiles under strict, with the app's own keys", () => {
    consumer.write(
      "session-data.ts",
      'import type {} from "flask-session-node";\ndeclare module "flask-session-node" {\n  interface SessionData { uname?: string }\n}\n',
    );
    consumer.write(
      "typed.ts",
      [
        'import type { Request } from "express";',
        'import "./session-data.ts";',
        "export function known(req: Request): string | undefined { return req.session.uname; }",
        "// @ts-expect-error uname is text",
        "export function wrong(req: Request): number | undefined { return req.session.uname; }",
        "",
      ].join("\n"),
    );
    const options = {
      allowImportingTsExtensions: true,
      allowJs: true,
      checkJs: true,
      exactOptionalPropertyTypes: true,
      module: "nodenext",
      noEmit: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: true,
      strict: true,
      target: "es2022",
      types: ["node"],
    };
    consumer.write("tsconfig.json", JSON.stringify({ compilerOptions: options, files: ["app.mjs", "typed.ts"] }));
    const tsc = join(projectFolder, "node_modules", ".bin", "tsc");
    expect(execFileSync(tsc, ["-p", consumer.folder], { cwd: consumer.folder, encoding: "utf8" })).to.equal("");
  });

  describe("shares a login with the tutorial's Flask app", () => {
    let redis: RedisServer;
    let flask: FlaskApp;

    before(async function () {
      requireService(this, "redis");
      redis = await startRedis();
      flask = await startFlask({ app: "tutorial", config: { SESSION_REDIS: redis.url } });
    });

    after(async () => {
      await flask?.stop();
      await redis?.stop();
    });

    for (const version of testedNodes) {
      it(`under Node ${version}`, async function () {
        const port = await freePort();
        const program = new Program({
          command: requireNode(this, version),
          args: ["app.mjs"],
          cwd: consumer.folder,
          env: { SECRET_KEY, REDIS_URL: redis.url, PORT: String(port) },
        });
        const node = `http://127.0.0.1:${port}`;
        await answers(`${node}/me`);
        const browser = new Browser();
        expect((await browser.get(`${node}/me`)).text).to.equal('{"user":null}');
        await browser.post(`${flask.url}/login`, { uname: "alice" });
        expect((await browser.get(`${node}/me`)).text).to.equal('{"user":"alice"}');
        expect((await browser.get(flask.url)).text).to.equal("Logged in as alice");
        expect((await browser.post(`${node}/logout`)).headers.get("location")).to.equal("/login");
        expect((await browser.get(flask.url)).text).to.equal("You are not logged in");
        await program.stop();
        expect(program.log).to.equal("");
      });
    }
  });

  for (const version of testedNodes) {
    it(`can be required under Node ${version}`, function () {
      const text =
        'import { createRequire } from "node:module"; const { createSessions } = createRequire(import.meta.url)("flask-session-node"); console.log(typeof createSessions);';
      expect(consumer.run(text, requireNode(this, version))).to.equal("function\n");
    });
  }
});
