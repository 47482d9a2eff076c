/** Pickles through Node and back to Python, which is the judge of whether they are still equal. */
import type { PickleProtocol } from "../../../src/codecs/codec.ts";
import { pickle } from "../../../src/codecs/pickle/codec.ts";
import { EncodeError } from "../../../src/errors.ts";
import type { Judge } from "../../python/judge.ts";

/** All that the codec writes. */
export const writtenProtocols: readonly PickleProtocol[] = [2, 3, 4, 5];

/** A pickle by the name under which a difference is reported. */
export interface NamedPickle {
  readonly name: string;
  readonly hex: string;
}

/**
 * Compares what Python loads from its own pickle with what it loads from Node's. What the written protocol itself loses
 * does not count (`fold` below 4), and what Node refuses Python must refuse too.
 */
const COMPARE = `
import pickle
from canonical import canonical

def form(load):
    try:
        return canonical(load())
    except Exception as error:
        return repr(error)

def again(data):
    return pickle.loads(pickle.dumps(pickle.loads(data), input["protocol"]))

def is_equal(theirs, ours):
    if ours is None:
        try:
            again(theirs)
        except (RecursionError, pickle.PicklingError):
            return True
        return False
    found = form(lambda: pickle.loads(bytes.fromhex(ours)))
    return found == form(lambda: pickle.loads(theirs)) or found == form(lambda: again(theirs))

result = [name for name, theirs, ours in input["pickles"] if not is_equal(bytes.fromhex(theirs), ours)]
`;

/** @returns the names of the pickles that Python finds changed after Node has read and written them */
export async function differences(
  judge: Judge,
  pickles: readonly NamedPickle[],
  protocol: PickleProtocol = 4,
): Promise<unknown> {
  return await judge.run(COMPARE, {
    protocol,
    pickles: pickles.map(({ name, hex }) => [name, hex, written(hex, protocol)]),
  });
}

/** A pickle read and written, in hexadecimal. */
export function throughNode(hex: string, pickleProtocol: PickleProtocol = 4): string {
  const { value } = pickle.decode(Buffer.from(hex, "hex"));
  return Buffer.from(pickle.encode(value, { pickleProtocol })).toString("hex");
}

/** @returns `null` for what Node refuses to write */
function written(hex: string, protocol: PickleProtocol): string | null {
  try {
    return throughNode(hex, protocol);
  } catch (error) {
    if (error instanceof EncodeError) return null;
    throw error;
  }
}
