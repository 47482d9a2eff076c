/** Pickles through Node and back to Python, which is the judge of whether they are still equal. */
import { pickle } from "../../../src/codecs/pickle/codec.ts";
import type { Judge } from "../../python/judge.ts";

/** A pickle by the name under which a difference is reported. */
export interface NamedPickle {
  readonly name: string;
  readonly hex: string;
}

/** Compares what Python loads from its own pickle with what it loads from Node's. */
const COMPARE = `
import pickle
from canonical import canonical

def form(text):
    try:
        return canonical(pickle.loads(bytes.fromhex(text)))
    except Exception as error:
        return repr(error)

result = [name for name, theirs, ours in input if form(theirs) != form(ours)]
`;

/** @returns the names of the pickles that Python finds changed after Node has read and written them */
export async function differences(judge: Judge, pickles: readonly NamedPickle[]): Promise<unknown> {
  return await judge.run(
    COMPARE,
    pickles.map(({ name, hex }) => [name, hex, throughNode(hex)]),
  );
}

/** A pickle read and written, in hexadecimal. */
export function throughNode(hex: string): string {
  return Buffer.from(pickle.encode(pickle.decode(Buffer.from(hex, "hex")).value)).toString("hex");
}
