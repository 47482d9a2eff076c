/** A lifetime on both sides of one store, in whatever zones the two live. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { FlaskConfigOptions } from "../../src/config/index.ts";
import { isFull } from "../contracts/long-form.ts";
import { Browser } from "../services/browser.ts";
import { startFlask } from "../services/flask-app.ts";
import { atEnd } from "../stores/redis/at-end.ts";
import { startNode } from "./node-app.ts";

const ZONES = ["UTC", "Asia/Kolkata", "America/New_York"];

/** Flask's zone and Node's: all pairs with RACES=full, else one. */
export const zonePairs: readonly (readonly [flask: string, node: string])[] = isFull
  ? ZONES.flatMap((flask) => ZONES.map((node) => [flask, node] as const))
  : [["Asia/Kolkata", "America/New_York"]];

/**
 * Tests that a session of a second is over for Node, and one of 31 days known on both sides.
 * @param both what both sides are told; JSON
 * @param options what Node is told beside, by the zone that Flask lives in
 */
export function describeLifetimes(
  both: () => Readonly<Record<string, unknown>>,
  options: (flaskZone: string) => FlaskConfigOptions = () => ({}),
): void {
  for (const [flaskZone, nodeZone] of zonePairs) {
    describe(`a lifetime, with Flask in ${flaskZone} and Node in ${nodeZone}`, () => {
      const zone = process.env["TZ"];

      before(() => {
        process.env["TZ"] = nodeZone;
      });
      after(() => {
        if (zone === undefined) delete process.env["TZ"];
        else process.env["TZ"] = zone;
      });

      for (const [seconds, lasts] of [
        [1, false],
        [31 * 24 * 3600, true],
      ] as const) {
        it(`of ${seconds} s ${lasts ? "lasts" : "is over"} after 2 s`, async () => {
          const config = { SECRET_KEY: "k".repeat(32), PERMANENT_SESSION_LIFETIME: seconds, ...both() };
          const flask = await startFlask({
            environment: "fs080-stores",
            app: "workbench",
            config,
            env: { TZ: flaskZone },
          });
          atEnd(() => flask.stop());
          const node = await startNode(
            config,
            {
              enter: (session) => {
                session["uname"] = "node";
              },
              who: (session) => session["uname"],
            },
            options(flaskZone),
          );
          atEnd(() => node.stop());
          const [first, second] = [new Browser(), new Browser()];
          await first.postJson(`${flask.url}/do`, ["session['uname'] = 'flask'"]);
          await second.post(`${node.url}/enter`);
          await sleep(2000);
          expect((await first.post(`${node.url}/who`)).text).to.equal(lasts ? '"flask"' : "null");
          expect((await second.post(`${node.url}/who`)).text).to.equal(lasts ? '"node"' : "null");
          if (!lasts) return;
          const reply = await second.postJson(`${flask.url}/do`, ["session.get('uname')"]);
          expect(reply.text).to.equal(`["'node'"]`);
        });
      }
    });
  }
}
