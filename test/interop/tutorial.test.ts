/** The tutorial's app, word for word, beside a Node service with the same keys. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Redis } from "ioredis";
import type { FlaskConfig } from "../../src/config/index.ts";
import { Browser, type Reply } from "../services/browser.ts";
import { type FlaskApp, startFlask } from "../services/flask-app.ts";
import { type RedisServer, startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";
import { type NodeApp, startNode } from "./node-app.ts";

const handlers = {
  who: (session: Readonly<Record<string, unknown>>) => session["uname"],
  leave: (session: { destroy(): Promise<void> }) => session.destroy(),
};

describe("the tutorial's app", function () {
  this.timeout(30_000);
  let server: RedisServer;
  let folder: string;
  let flask: FlaskApp;
  let node: NodeApp;
  let browser: Browser;

  before(async function () {
    requireService(this, "redis-server");
    server = await startRedis();
  });

  after(() => server?.stop());

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tutorial-"));
    browser = new Browser();
  });

  afterEach(async () => {
    await node?.stop();
    await flask?.stop();
    rmSync(folder, { recursive: true });
  });

  const login = () => browser.post(`${flask.url}/login`, { uname: "alice" });
  const who = async () => JSON.parse((await browser.post(`${node.url}/who`)).text) as unknown;
  const expires = ({ setCookie }: Reply) => /Expires=([^;]+)/.exec(setCookie[0] ?? "")?.[1];

  it("shares its login over Redis", async () => {
    flask = await startFlask({ app: "tutorial", config: { SESSION_REDIS: server.url } });
    const client = new Redis(server.url);
    node = await startNode(
      {
        SECRET_KEY: "your-super-secret-key",
        SESSION_TYPE: "redis",
        SESSION_REDIS: client,
        SESSION_PERMANENT: false,
        SESSION_USE_SIGNER: true,
        SESSION_KEY_PREFIX: "flask_session:",
      },
      handlers,
    );
    expect(await who()).to.equal(null);
    await login();
    expect(await who()).to.equal("alice");
    expect(await client.keys("*")).to.have.length(1);
    await browser.post(`${node.url}/leave`);
    expect((await browser.get(flask.url)).text).to.equal("You are not logged in");
    await login();
    await browser.get(`${flask.url}/logout`);
    expect(await who()).to.equal(null);
    await client.quit();
  });

  it("shares its login over files, for seven days", async () => {
    const config: FlaskConfig = {
      SECRET_KEY: "your-super-secret-key",
      SESSION_TYPE: "filesystem",
      SESSION_FILE_DIR: "./flask_session/",
      SESSION_PERMANENT: false,
      SESSION_USE_SIGNER: true,
      SESSION_KEY_PREFIX: "flask_session:",
      PERMANENT_SESSION_LIFETIME: { days: 7 },
    };
    flask = await startFlask({
      app: "tutorial",
      environment: "fs080-newest",
      cwd: folder,
      config: { ...config, TUTORIAL_PERMANENT: true },
    });
    const before = process.cwd();
    process.chdir(folder);
    node = await startNode(config, handlers);
    process.chdir(before);
    const onFlask = await login();
    expect(await who()).to.equal("alice");
    const inNode = await browser.post(`${node.url}/who`);
    for (const reply of [onFlask, inNode]) {
      const days = (Date.parse(expires(reply) ?? "") - Date.now()) / 86_400_000;
      expect(days).to.be.within(6.99, 7);
    }
    await browser.post(`${node.url}/leave`);
    expect((await browser.get(flask.url)).text).to.equal("You are not logged in");
  });
});
