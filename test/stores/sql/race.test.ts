/**
 * Requests that meet in a database: processes that save different keys of one session, and a log-out beside saves.
 * INTEROP=all makes it 8 processes of 200 saves and 200 rounds.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { createSessions, type Sessions } from "../../../src/session/sessions.ts";
import type { InspectableStore } from "../../../src/session/store.ts";
import { compiled, runProgram } from "../program.ts";
import { databases, openStore } from "./databases.ts";
import { runFlask } from "./flask-session.ts";

const all = process.env["INTEROP"] === "all";
const [PROCESSES, SAVES, ROUNDS] = all ? [8, 200, 200] : [4, 25, 50];

const SAVE = `
import { createSessions } from ${JSON.stringify(compiled("session/sessions.js"))};
import { sqlStore } from ${JSON.stringify(compiled("stores/sql.js"))};
const [url, name] = process.argv.slice(2);
const sessions = createSessions({ store: sqlStore({ client: url }), saveTimeoutMillis: 60_000, readTimeoutMillis: 60_000 });
for (let save = 0; save < ${SAVES}; save++) {
  const opened = await sessions.open("session=shared");
  opened.session[name + "-" + save] = save;
  await opened.finish();
}
await sessions.close();
`;

/** Keys that Flask puts into the session one by one, as requests of its own. */
const SAVE_BY_FLASK = `
lost = 0
for number in range(input["given"]):
    change("shared", {"flask": number})
    with visitor("shared"):
        found = flask.session.get("flask")
    lost += found != number
result = lost
`;

for (const { name, url } of databases) {
  describe(`requests that meet in ${name}`, function () {
    this.timeout(all ? 600_000 : 120_000);

    it(`${PROCESSES} processes that save ${SAVES} keys each lose none`, async function () {
      const client = await url(this);
      const store = openStore(client);
      const sessions = createSessions({ store });
      await plant(store, "shared");
      const names = Array.from({ length: PROCESSES }, (_, index) => `process${index}`);
      const ends = await Promise.all(names.map((process) => runProgram(SAVE, [client, process], 500_000)));
      for (const { code, stderr } of ends) expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
      const session = await sessions.read("session=shared");
      const wanted = names.flatMap((process) => Array.from({ length: SAVES }, (_, save) => `${process}-${save}`));
      expect(wanted.filter((key) => !(key in session))).to.deep.equal([]);
    });

    it(`a session destroyed beside a save stays destroyed: ${ROUNDS} rounds`, async function () {
      const client = await url(this);
      const gone: string[] = [];
      const store = openStore(client);
      const sides = [0, 1].map(() =>
        createSessions({
          store: openStore(client),
          saveTimeoutMillis: 60_000,
          onEvent: ({ type }) => {
            if (type === "gone") gone.push(type);
          },
        }),
      ) as [Sessions, Sessions];
      const revived: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const sid = `round${round}`;
        await plant(store, sid);
        const [one, other] = sides;
        const [leaving, staying] = await Promise.all([one.open(`session=${sid}`), other.open(`session=${sid}`)]);
        await Promise.all([
          sleep(Math.random() * 4).then(() => leaving.session.destroy()),
          sleep(Math.random() * 4).then(() => {
            staying.session["k"] = 1;
            return staying.finish();
          }),
        ]);
        if (!(await sides[0].read(`session=${sid}`)).new) revived.push(round);
      }
      expect(revived).to.deep.equal([]);
      expect(gone.length, "both orders are met").to.be.within(1, ROUNDS - 1);
    });

    it("Node overwrites nothing that Flask saves meanwhile", async function () {
      const client = await url(this);
      const store = openStore(client);
      const sessions = createSessions({ store, saveTimeoutMillis: 60_000 });
      await plant(store, "shared");
      const end = new AbortController();
      const flask = runFlask(SAVE_BY_FLASK, { SQLALCHEMY_DATABASE_URI: client }, ROUNDS).finally(() => {
        end.abort();
      });
      let saves = 0;
      while (!end.signal.aborted) {
        const opened = await sessions.open("session=shared");
        opened.session["node"] = ++saves;
        await opened.finish();
        // SQLite has no queue: without a pause the other side hardly ever finds the file free.
        await sleep(Math.random() * 20);
      }
      expect(await flask).to.equal(0);
      expect(saves).to.be.greaterThan(ROUNDS / 4);
    });
  });
}

/** Puts the session {"a": 1} there. */
async function plant(store: InspectableStore, sid: string): Promise<void> {
  const bytes = Uint8Array.of(0x81, 0xa1, 0x61, 0x01);
  await store.set(`session:${sid}`, bytes, new Date(Date.now() + 3_600_000), null);
}
