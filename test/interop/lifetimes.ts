/** Lifetimes on both sides of a store, in whatever zones the two live: what has expired and still lies there is not served. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { FlaskConfig, FlaskConfigOptions } from "../../src/config/index.ts";
import type { Session } from "../../src/session/session.ts";
import { isFull } from "../contracts/long-form.ts";
import { Browser } from "../services/browser.ts";
import { type FlaskApp, type FlaskConfig as FlaskJson, startFlask } from "../services/flask-app.ts";
import { type NodeApp, startNode } from "./node-app.ts";

const ZONES = ["UTC", "Asia/Kolkata", "America/New_York"];

/** Flask's zone and Node's: all pairs with RACES=full, else one. */
const zonePairs: readonly (readonly [flask: string, node: string])[] = isFull
  ? ZONES.flatMap((flask) => ZONES.map((node) => [flask, node] as const))
  : [["Asia/Kolkata", "America/New_York"]];

/** How both sides are told of one store. */
export interface LivedIn {
  readonly flask: FlaskJson;
  /** @defaultValue the same */
  readonly node?: FlaskConfig;
  /** What Node is told beside, by the zone that Flask lives in. */
  readonly options?: (flaskZone: string) => FlaskConfigOptions;
}

/** A session of either side, and Node's app that keeps it. */
interface Visit {
  readonly node: NodeApp;
  readonly fromFlask: Browser;
  readonly fromNode: Browser;
}

const LIFETIMES = { short: 1, long: 31 * 24 * 3600 } as const;
const names = Object.keys(LIFETIMES) as (keyof typeof LIFETIMES)[];
const handlers = {
  enter: (session: Session) => {
    session["uname"] = "node";
  },
  who: (session: Session) => session["uname"],
};

/**
 * Tests that a session of a second is over for Node, and one of 31 days known on both sides. One Flask process serves all
 * stores, and one wait.
 * @param stores by name; asked once the hooks around have run
 */
export function describeLifetimes(stores: Readonly<Record<string, () => LivedIn>>): void {
  for (const [flaskZone, nodeZone] of zonePairs) {
    describe(`a lifetime, with Flask in ${flaskZone} and Node in ${nodeZone}`, function () {
      this.timeout(60_000);
      const zone = process.env["TZ"];
      const visits = new Map<string, Visit>();
      let flask: FlaskApp;

      before(async () => {
        process.env["TZ"] = nodeZone;
        const sides = Object.entries(stores).flatMap(([store, living]) =>
          names.map((name) => {
            const lifetime = { SECRET_KEY: "k".repeat(32), PERMANENT_SESSION_LIFETIME: LIFETIMES[name] };
            return { path: pathOf(store, name), lifetime, ...living() };
          }),
        );
        flask = await startFlask({
          environment: "fs080-stores",
          app: "workbenches",
          config: Object.fromEntries(sides.map(({ path, lifetime, flask: keys }) => [path, { ...lifetime, ...keys }])),
          env: { TZ: flaskZone },
        });
        for (const { path, lifetime, flask: keys, node: own = keys, options } of sides) {
          const node = await startNode({ ...lifetime, ...own }, handlers, options?.(flaskZone));
          const [fromFlask, fromNode] = [new Browser(), new Browser()];
          visits.set(path, { node, fromFlask, fromNode });
          const reply = await fromFlask.postJson(`${flask.url}/${path}/do`, ["session['uname'] = 'flask'"]);
          expect(reply.status, flask.log()).to.equal(200);
          await fromNode.post(`${node.url}/enter`);
        }
        // memcached counts whole seconds.
        await sleep(2100);
      });
      after(async () => {
        if (zone === undefined) delete process.env["TZ"];
        else process.env["TZ"] = zone;
        for (const { node } of visits.values()) await node.stop();
        await flask?.stop();
      });

      for (const store of Object.keys(stores)) {
        const visitOf = (name: keyof typeof LIFETIMES): Visit => visits.get(pathOf(store, name)) as Visit;

        it(`of a second is over after two, in ${store}`, async () => {
          const { node, fromFlask, fromNode } = visitOf("short");
          for (const browser of [fromFlask, fromNode]) {
            expect((await browser.post(`${node.url}/who`)).text).to.equal("null");
          }
        });

        it(`of 31 days lasts, in ${store}`, async () => {
          const { node, fromFlask, fromNode } = visitOf("long");
          expect((await fromFlask.post(`${node.url}/who`)).text).to.equal('"flask"');
          expect((await fromNode.post(`${node.url}/who`)).text).to.equal('"node"');
          const reply = await fromNode.postJson(`${flask.url}/${pathOf(store, "long")}/do`, ["session.get('uname')"]);
          expect(reply.text).to.equal(`["'node'"]`);
        });
      }
    });
  }
}

/** Where Flask's app for a store and a lifetime is. */
function pathOf(store: string, name: string): string {
  return `${store}-${name}`.replaceAll(/\W/g, "-");
}
