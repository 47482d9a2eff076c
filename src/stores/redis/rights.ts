/** What the user of a Redis connection may do, found out by trying it on a key that nobody has. */
import type { RedisClient } from "./client.ts";
import { send } from "./client.ts";
import { COMPARE_AND_DELETE } from "./scripts.ts";

const PROBE = "flask-session-node:probe";
const { sha1, text } = COMPARE_AND_DELETE;

/** Every command that the store sends, harmless as it stands here, and what it is needed for. */
const COMMANDS: readonly (readonly [words: readonly string[], purpose: string])[] = [
  [["GET", PROBE], "reading sessions"],
  [["GETEX", PROBE, "PX", "1"], "renewing a session's lifetime while reading it"],
  [["SET", PROBE, "", "XX", "PX", "1"], "writing sessions"],
  [["EVALSHA", sha1, "1", PROBE, ""], "writing only what nobody has changed"],
  [["EVAL", text, "1", PROBE, ""], "writing only what nobody has changed"],
  [["PEXPIRE", PROBE, "1"], "renewing a session's lifetime"],
  [["DEL", PROBE], "logging out"],
  [["SCAN", "0", "COUNT", "1"], "listing sessions"],
  [["PTTL", PROBE], "listing sessions"],
];

/** A user's rights count for commands here, not for keys: which keys the sessions have, only the sessions know. */
const MAY_NOT = /^NOPERM (?!.*\bkeys?\b)/;
const READ_ONLY = /^READONLY /;

/** What is missing, in words such as `SET (writing sessions)`. */
export async function missingRights(client: RedisClient): Promise<string[]> {
  const found = await Promise.all(COMMANDS.map((command) => missingRight(client, ...command)));
  return found.filter((right) => right !== undefined);
}

async function missingRight(
  client: RedisClient,
  words: readonly string[],
  purpose: string,
): Promise<string | undefined> {
  const [command, ...args] = words as [string, ...string[]];
  const refusal = await send(client, command, args).then(
    () => "",
    (error: unknown) => (error as Error).message,
  );
  if (READ_ONLY.test(refusal)) return `${command} (${purpose}): the server is a read-only replica`;
  return MAY_NOT.test(refusal) ? `${command} (${purpose})` : undefined;
}
