/** Requests of Flask's beside saves of Node's in a database; those of Node's alone are in `races.test.ts`. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { createSessions } from "../../../src/session/sessions.ts";
import type { InspectableStore } from "../../../src/session/store.ts";
import { isFull } from "../../contracts/long-form.ts";
import { databases, openStore } from "./databases.ts";
import { runFlask } from "./flask-session.ts";

const ROUNDS = isFull ? 200 : 50;

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
    this.timeout(isFull ? 600_000 : 120_000);

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
