/** A process that changes one session again and again: its argument is a {@link SaveOften} as JSON. */
import { createSessions } from "../../src/session/sessions.ts";
import type { Store } from "../../src/session/store.ts";

/** Which session, in which store, and how often. */
export interface SaveOften {
  /** Address of a compiled module, the name of what makes the store there, and what it is called with. */
  readonly module: string;
  readonly make: string;
  readonly args: readonly unknown[];
  readonly sid: string;
  /** What the keys start with that are set. */
  readonly name: string;
  readonly saves: number;
  readonly timeoutMillis: number;
}

const { module, make, args, sid, name, saves, timeoutMillis } = JSON.parse(process.argv[2] as string) as SaveOften;
const exported = (await import(module)) as Record<string, (...args: readonly unknown[]) => Store>;
const store = (exported[make] as (typeof exported)[string])(...args);
const counts = { saved: 0, merged: 0 };
const sessions = createSessions({
  store,
  readTimeoutMillis: timeoutMillis,
  saveTimeoutMillis: timeoutMillis,
  onEvent: ({ type }) => {
    if (type === "saved" || type === "merged") counts[type]++;
  },
});
for (let save = 0; save < saves; save++) {
  const opened = await sessions.open(`session=${sid}`);
  opened.session[`${name}-${save}`] = save;
  await opened.finish();
}
await sessions.close();
console.log(`saved ${counts.saved}, merged ${counts.merged} times`);
