/** Every version of Flask-Session beside Node, in every store and setting: the walks of `matrix/walks.ts`, over HTTP. */
import { sitePackages } from "../python/judge.ts";
import { type FlaskApp, startFlask } from "../services/flask-app.ts";
import { requireService } from "../services/services.ts";
import { Bench, configOf, type Setting, settingsOf } from "./matrix/bench.ts";
import { handlers } from "./matrix/handlers.ts";
import type { Place } from "./matrix/place.ts";
import { storesOfRun } from "./matrix/places.ts";
import { walks } from "./matrix/walks.ts";
import { type NodeApp, startNode } from "./node-app.ts";
import { sidesOfRun } from "./sides.ts";

for (const side of sidesOfRun) {
  describe(`Flask-Session ${side.name} and Node`, function () {
    this.timeout(60_000);

    for (const store of storesOfRun) {
      if (store.isFor?.(side) === false) continue;
      describe(`in ${store.name}`, () => {
        const settings = settingsOf(side, store);
        const places = new Map<Setting, Place>();
        let flask: FlaskApp;

        before(async function () {
          if (store.service !== undefined) requireService(this, store.service);
          const config: Record<string, unknown> = {};
          for (const setting of settings) {
            const place = await store.place(side);
            places.set(setting, place);
            config[setting.name] = configOf(setting, place);
          }
          const env = store.lendsDriver === true ? { PYTHONPATH: await sitePackages("drivers") } : {};
          flask = await startFlask({ environment: side.environment, app: "workbenches", config, env });
        });

        after(async () => {
          await flask?.stop();
          await store.end();
        });

        for (const setting of settings) {
          const { format, signed, permanent } = setting;
          describe(`${format}, ${signed ? "signed" : "unsigned"}, ${permanent ? "permanent" : "not permanent"}`, () => {
            let place: Place;
            let node: NodeApp;

            before(async () => {
              place = places.get(setting) as Place;
              const keys = { ...configOf(setting, place), ...place.node };
              const options = { ...side.options, ...store.options?.(side), onEvent: () => undefined };
              node = await startNode(keys, handlers, options);
            });

            after(() => node?.stop());

            for (const { about, run, isFor } of walks) {
              if (isFor?.(store) === false) continue;
              it(about, async () => {
                await place.clear();
                await run(new Bench(side, setting, place, { flask, node }));
              });
            }
          });
        }
      });
    }
  });
}
