/** The fixtures of types: what CPython writes for every type, in every protocol and by both of its picklers. */
import types from "../../../fixtures/codecs/pickle-types.json" with { type: "json" };

/** One pickle of a type. */
export interface TypeVector {
  /** `date, protocol 2`; with `, by Python's pickler` where that writes other bytes than the one in C. */
  readonly name: string;
  readonly type: string;
  readonly protocol: number;
  readonly hex: string;
  /** In the notation of fixtures; absent where only Python can show it. */
  readonly value?: unknown;
}

interface TypeEntry {
  readonly name: string;
  readonly value?: unknown;
  readonly c: Readonly<Record<string, string>>;
  readonly python: Readonly<Record<string, string>>;
}

/** All of them. */
export const typeVectors: readonly TypeVector[] = (types.vectors as readonly TypeEntry[]).flatMap((entry) =>
  vectorsOf(entry, entry.c, "").concat(vectorsOf(entry, entry.python, ", by Python's pickler")),
);

/** The pickle of one type, by the pickler in C. */
export function pickleOf(type: string, protocol = 4): Buffer {
  const vector = typeVectors.find((candidate) => candidate.type === type && candidate.protocol === protocol);
  if (vector === undefined) throw new Error(`no fixture of ${type} in protocol ${protocol}`);
  return Buffer.from(vector.hex, "hex");
}

function vectorsOf(entry: TypeEntry, pickles: Readonly<Record<string, string>>, suffix: string): TypeVector[] {
  const { name: type } = entry;
  const value = "value" in entry ? { value: entry.value } : {};
  return Object.entries(pickles).map(([protocol, hex]) =>
    Object.assign({ name: `${type}, protocol ${protocol}${suffix}`, type, protocol: Number(protocol), hex }, value),
  );
}
