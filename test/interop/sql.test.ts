/** A Flask app and an Express app over one database, as a browser sees them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Session } from "../../src/session/session.ts";
import type { EnvironmentName } from "../python/judge.ts";
import { Browser } from "../services/browser.ts";
import { type FlaskApp, startFlask } from "../services/flask-app.ts";
import { mariadb, mysqlUrl, postgresql, postgresUrl } from "../stores/sql/servers.ts";
import { type NodeApp, startNode } from "./node-app.ts";

interface Case {
  readonly name: string;
  readonly environment: EnvironmentName;
  readonly flaskSessionVersion: "0.5" | "0.8";
  readonly url: (context: Mocha.Context, folder: string) => Promise<string>;
}

const sqlite: Case["url"] = (_context, folder) => Promise.resolve(`sqlite:///${join(folder, "app.db")}`);

const cases: readonly Case[] = [
  { name: "SQLite and Flask-Session 0.8.0", environment: "fs080-stores", flaskSessionVersion: "0.8", url: sqlite },
  { name: "SQLite and Flask-Session 0.5.0", environment: "fs050-flask22", flaskSessionVersion: "0.5", url: sqlite },
  {
    name: "PostgreSQL and Flask-Session 0.8.0",
    environment: "fs080-stores",
    flaskSessionVersion: "0.8",
    url: async (context) => postgresUrl(await postgresql(context)),
  },
  {
    name: "MariaDB and Flask-Session 0.8.0",
    environment: "fs080-stores",
    flaskSessionVersion: "0.8",
    url: async (context) => mysqlUrl(await mariadb(context)),
  },
];

const handlers = {
  see: (session: Session) => ({ ...session }),
  add: (session: Session) => {
    (session["cart"] as unknown[]).push(3);
    session["node"] = 10;
  },
  begin: (session: Session) => {
    session["uname"] = "bob";
  },
  renew: (session: Session) => session.regenerate(),
  leave: (session: Session) => session.destroy(),
};

for (const { name, environment, flaskSessionVersion, url } of cases) {
  describe(`one session over ${name}`, function () {
    this.timeout(60_000);
    let folder: string;
    let flask: FlaskApp;
    let node: NodeApp;
    let browser: Browser;

    before(async function () {
      folder = mkdtempSync(join(tmpdir(), "sql-"));
      const config = {
        SECRET_KEY: "your-super-secret-key",
        SESSION_TYPE: "sqlalchemy",
        SESSION_USE_SIGNER: true,
        SQLALCHEMY_DATABASE_URI: await url(this, folder),
      };
      // Flask-Session before 0.6 makes no table.
      node = await startNode(config, handlers, { flaskSessionVersion, create: true });
      await node.sessions.ready();
      flask = await startFlask({ app: "workbench", environment, config });
    });
    after(async () => {
      await node?.stop();
      await flask?.stop();
      if (folder !== undefined) rmSync(folder, { recursive: true });
    });
    beforeEach(() => {
      browser = new Browser();
    });

    const python = async (...steps: string[]): Promise<unknown> =>
      JSON.parse((await browser.postJson(`${flask.url}/do`, steps)).text);
    const ask = async (handler: string): Promise<unknown> =>
      JSON.parse((await browser.post(`${node.url}/${handler}`)).text);

    it("that Flask began, Node changes, and Flask goes on with", async () => {
      await python("session['cart'] = [1.0, 2.5]", "session['price'] = 10.0", "session['name'] = 'ä'");
      expect(await ask("see")).to.deep.equal({ _permanent: true, cart: [1, 2.5], price: 10, name: "ä" });
      await ask("add");
      expect(await python("session['cart']", "session['price']", "session['node']")).to.deep.equal([
        "[1.0, 2.5, 3.0]",
        "10.0",
        "10",
      ]);
      await python("session.clear()");
      expect(await ask("see")).to.deep.equal({ _permanent: true });
    });

    it("that Node began, Flask changes, and Node destroys", async () => {
      await ask("begin");
      expect(await python("session['uname']", "session['uname'] = 'carol'")).to.deep.equal(["'bob'", null]);
      expect(await ask("see")).to.deep.equal({ _permanent: true, uname: "carol" });
      await ask("renew");
      expect(await python("session['uname']")).to.deep.equal(["'carol'"]);
      await ask("leave");
      expect(await python("session.get('uname')")).to.deep.equal(["None"]);
    });
  });
}
