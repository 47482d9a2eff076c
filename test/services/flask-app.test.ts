import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { EnvironmentName } from "../python/judge.ts";
import { Browser } from "./browser.ts";
import { type FlaskApp, startFlask } from "./flask-app.ts";

const environments: readonly EnvironmentName[] = ["fs080-flask31", "fs080-newest", "fs050-flask22"];

/** What GET /types says of one key. */
interface Described {
  readonly key: string;
  readonly type: string;
  readonly repr: string;
}

describe("real Flask apps on a folder of files", () => {
  let folder = "";
  const apps: FlaskApp[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "flask-"));
  });

  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.stop()));
    await rm(folder, { recursive: true });
  });

  async function start(environment: EnvironmentName, app: "tutorial" | "workbench", config = {}): Promise<FlaskApp> {
    const files = { SESSION_TYPE: "filesystem", SESSION_FILE_DIR: "./flask_session/" };
    const started = await startFlask({ environment, app, config: { ...files, ...config }, cwd: folder });
    apps.push(started);
    return started;
  }

  for (const environment of environments) {
    it(`the tutorial's app logs in and out under ${environment}`, async () => {
      const { url } = await start(environment, "tutorial");
      const browser = new Browser();
      expect((await browser.get(url)).text).to.equal("You are not logged in");
      expect((await browser.post(`${url}/login`, { uname: "alice" })).status).to.equal(302);
      expect((await browser.get(url)).text).to.equal("Logged in as alice");
      await browser.get(`${url}/logout`);
      expect((await browser.get(url)).text).to.equal("You are not logged in");
      expect(await readdir(join(folder, "flask_session"))).to.not.equal([]);
    }).timeout(30_000);

    it(`the workbench tells exact types under ${environment}`, async () => {
      const { url } = await start(environment, "workbench");
      const browser = new Browser();
      const steps = [
        "session['price'] = 10.0",
        "session['pair'] = (1, 2)",
        "session['at'] = shop.Point(1, 2)",
        "1 + 1",
      ];
      expect((await browser.postJson(`${url}/do`, steps)).text).to.equal('[null, null, null, "2"]');
      const described = JSON.parse((await browser.get(`${url}/types`)).text) as Described[];
      const own = described.filter(({ key }) => key !== "_permanent");
      expect(own.map(({ key, type, repr }) => [key, type, repr])).to.deep.equal([
        ["price", "float", "10.0"],
        ["pair", "tuple", "(1, 2)"],
        ["at", "shop.Point", "Point(x=1, y=2)"],
      ]);
    }).timeout(30_000);
  }

  it("a lifetime is JSON of timedelta's arguments", async () => {
    const { url } = await start("fs080-flask31", "tutorial", {
      PERMANENT_SESSION_LIFETIME: { days: 7 },
      TUTORIAL_PERMANENT: true,
    });
    const { setCookie } = await new Browser().post(`${url}/login`, { uname: "alice" });
    const expires = Date.parse(/Expires=([^;]+)/.exec(setCookie.join())?.[1] ?? "");
    expect(expires - Date.now()).to.be.within(7 * 86_400_000 - 60_000, 7 * 86_400_000 + 60_000);
  }).timeout(30_000);

  it("an app that does not come up says why", async () => {
    let message = "";
    await start("fs080-flask31", "tutorial", { SESSION_TYPE: "nonsense" }).catch((error: unknown) => {
      message = (error as Error).message;
    });
    expect(message).to.include("nonsense");
  }).timeout(30_000);
});
