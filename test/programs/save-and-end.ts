/** A script that opens its store by URL, saves a session, closes, and must then end by itself. */
import { createSessions } from "../../src/session/sessions.ts";
import { redisStore } from "../../src/stores/redis.ts";

const sessions = createSessions({ store: redisStore(process.argv[2] as string), onEvent: () => undefined });
await sessions.ready();
const opened = await sessions.open(undefined);
opened.session["a"] = 1;
await opened.finish();
await sessions.close();
console.log("closed");
