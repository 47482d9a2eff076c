/** What Redis does in one step for us and has no command for. Each script touches one key, so that a Cluster can run it. */
import { createHash } from "node:crypto";

/** A Lua script and the name under which the server keeps it. */
export interface Script {
  readonly text: string;
  readonly sha1: string;
}

/**
 * Stores ARGV[2] for ARGV[3] milliseconds if the value still hashes to ARGV[1], or if there is none and ARGV[1] is
 * empty. It answers 1, or the value it found instead (empty: none), so that a conflict costs no second round trip.
 * Hashing on the server halves what is sent. As the value and not a counter is compared, a Flask process that rewrote
 * the same bytes is no conflict. SET … IFEQ would do it alone, but needs Redis 8.4. The lifetime is part of the SET:
 * a script is not rolled back, and a key must never stay without one.
 */
export const COMPARE_AND_SET: Script = script(`
local found = redis.call('GET', KEYS[1]) or ''
if (found == '' and '' or redis.sha1hex(found)) ~= ARGV[1] then return found end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`);

/** Deletes the key if its value still hashes to ARGV[1]; answers how many it deleted. */
export const COMPARE_AND_DELETE: Script = script(`
local found = redis.call('GET', KEYS[1])
if not found or redis.sha1hex(found) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`);

/** What the scripts compare: SHA-1 in hex. Two of our own records do not collide by chance, and nobody gains by a forged one. */
export function sha1hex(bytes: Uint8Array | string): string {
  return createHash("sha1").update(bytes).digest("hex");
}

function script(text: string): Script {
  return { text, sha1: sha1hex(text) };
}
