/** A process that changes one session again and again: its argument is a {@link SaveOften} as JSON. */
import { type FlaskConfig, type FlaskConfigOptions, flaskConfig } from "../../src/config/index.ts";
import { createSessions } from "../../src/session/sessions.ts";

/** Which session, where it lies, and how often. */
export interface SaveOften {
  readonly config: FlaskConfig;
  readonly options: FlaskConfigOptions;
  readonly sid: string;
  /** What the keys start with that are set. */
  readonly name: string;
  readonly saves: number;
  readonly timeoutMillis: number;
}

const { config, options, sid, name, saves, timeoutMillis } = JSON.parse(process.argv[2] as string) as SaveOften;
const counts = { saved: 0, merged: 0 };
const sessions = createSessions(
  flaskConfig(config, {
    ...options,
    readTimeoutMillis: timeoutMillis,
    saveTimeoutMillis: timeoutMillis,
    onEvent: ({ type }) => {
      if (type === "saved" || type === "merged") counts[type]++;
    },
  }),
);
for (let save = 0; save < saves; save++) {
  const opened = await sessions.open(`session=${sid}`);
  opened.session[`${name}-${save}`] = save;
  await opened.finish();
}
await sessions.close();
console.log(`saved ${counts.saved}, merged ${counts.merged} times`);
