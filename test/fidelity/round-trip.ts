/** Node's part of the round trip: reads a session, changes a key, writes it. */
import type { PyDict } from "../../src/values/exact.ts";
import { patch } from "../../src/values/patch.ts";
import { keysReaching } from "../../src/values/reach.ts";
import { view } from "../../src/values/view.ts";
import { addKey, type Change, changeAtRandom } from "./changes.ts";
import type { Random } from "./random.ts";
import type { Row } from "./rows.ts";

/** A session on its way; bytes are in hexadecimal. */
export interface Trip {
  /** As Python wrote it. */
  readonly before: string;
  readonly change: Change;
  /** As Node wrote it; absent where it threw. */
  readonly after?: string;
  readonly error?: unknown;
}

/** Through Node. @param random of the change; absent: a new key alone */
export function throughNode({ codec, options }: Row, before: string, random?: Random): Trip {
  let change: Change = [];
  try {
    const { value, dangerous } = codec.decode(Buffer.from(before, "hex"));
    if (dangerous !== undefined) throw new Error(`It is taken for dangerous: ${dangerous}`);
    const root = value as PyDict;
    const live = {};
    const seen = view(root, live);
    change = random === undefined ? addKey(live) : changeAtRandom(live, seen.pairs.byLive, random);
    const changed = new Set<string>();
    patch(live, seen, root, changed, [codec.rules]);
    refuseOthers(change, changed, root);
    return { before, change, after: Buffer.from(codec.encode(root, options)).toString("hex") };
  } catch (error) {
    return { before, change, error };
  }
}

/** Where one key of the session itself was changed, no other counts as changed but those that reach the session. */
function refuseOthers([step, ...more]: Change, changed: ReadonlySet<string>, root: PyDict): void {
  const key = step?.[1].length === 1 && more.length === 0 ? step[1][0] : undefined;
  if (key === undefined || !["set", "delete"].includes(step?.[0] as string)) return;
  const expected = new Set([key, ...keysReaching(new Set([root]), root)]);
  const others = [...changed].filter((name) => !expected.has(name));
  if (others.length > 0) throw new Error(`These count as changed: ${others.join(", ")}`);
}
