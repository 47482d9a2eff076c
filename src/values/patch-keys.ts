/** Keys of Maps and members of Sets: found again among the old ones, hashable, and unequal to Python. */
import { type Exact, PyFloat } from "./exact.ts";
import { isNode } from "./exact-children.ts";
import { Hashability } from "./hashability.ts";
import { KeyIds, shownDatetimeText } from "./key-ids.ts";
import { MAX_NUMBER_KEYS } from "./limits.ts";
import { hasManyNumbers } from "./numbers.ts";
import type { Pass } from "./patch-pass.ts";
import type { Step } from "./path.ts";
import type { Siblings } from "./siblings.ts";

/** An exact key and its index among the old ones, -1 for a new one. */
export interface FoundKey {
  readonly key: Exact;
  readonly index: number;
}

/** Refuses a Map or Set with more numbers than V8 hashes in reasonable time. @throws EncodeError */
export function refuseManyNumbers(pass: Pass, { size }: { readonly size: number }, keys: Iterable<unknown>): void {
  if (size <= MAX_NUMBER_KEYS) return;
  let numbers = 0;
  for (const key of keys) if (typeof key === "number" || typeof key === "bigint") numbers++;
  if (numbers > MAX_NUMBER_KEYS) pass.refuse(`it has more than ${MAX_NUMBER_KEYS} number keys`);
}

/** The keys of one dict, or members of one set, while it is patched. */
export class PatchedKeys {
  readonly #pass: Pass;
  readonly #isKey: boolean;
  readonly #stood: readonly Exact[];
  /** Indexes by what a handler sees: a primitive, or the node that stands for its object. */
  readonly #places: ReadonlyMap<unknown, number>;
  readonly #hashability: Hashability;
  readonly #taken = new Set<number>();
  /** Indexes of the nodes among the old keys, the last one first, by what a handler sees. */
  #placesById: ReadonlyMap<number, number[]> | undefined;
  readonly #ids: KeyIds = new KeyIds(shownDatetimeText);
  #mayBeEqual = false;

  constructor(pass: Pass, stood: readonly Exact[], kind: "key" | "member") {
    this.#pass = pass;
    this.#isKey = kind === "key";
    this.#stood = stood;
    const shown = hasManyNumbers(stood) ? [] : stood.map((key) => (key instanceof PyFloat ? key.value : key));
    this.#places = new Map(shown.map((key, index) => [key, index]));
    this.#hashability = new Hashability(pass.pairs.hashable);
  }

  /**
   * The exact key of a live one. A copy of an old key is the old key.
   * @param siblings what a new key takes after
   * @throws EncodeError
   */
  find(live: unknown, step: Step, siblings?: Siblings): FoundKey {
    const place = this.#places.get(live) ?? this.#placeOfObject(live, step, siblings);
    if (typeof place !== "number") return place;
    this.#mayBeEqual ||= this.#taken.has(place);
    this.#taken.add(place);
    return { key: this.#stood[place] as Exact, index: place };
  }

  /** Call it with all keys found. @throws EncodeError where Python would take two of them for one */
  refuseEqual(keys: readonly Exact[]): void {
    if (!this.#mayBeEqual) return;
    const ids = new KeyIds(); // a new one: keys may have changed in place
    const distinct = new Set(keys.map((key) => ids.of(key)));
    if (distinct.size < keys.length) this.#pass.refuse("two of its keys are equal to Python, as 1, 1.0 and True are");
  }

  /** An index, or a new key. */
  #placeOfObject(live: unknown, step: Step, siblings: Siblings | undefined): number | FoundKey {
    const pass = this.#pass;
    const { changed, pairs } = pass;
    const { size } = changed;
    // A key that stood here is not new, and may lie deeper than what is.
    const known = pass.known.get(live as object);
    const hint = known !== undefined && this.#places.has(known) ? known : siblings;
    const key = this.#isKey ? pass.atKey(step, live, hint) : pass.atMember(step, live, hint);
    const place = this.#places.get(key);
    if (place !== undefined && changed.size === size && !pairs.hasFailed) return place;
    this.#mayBeEqual = true;
    const reason = this.#hashability.reasonAgainst(key);
    if (reason !== undefined) pass.refuseAt(step, reason);
    return place ?? this.#placeOfEqual(key) ?? { key, index: -1 };
  }

  /** A copy shows no more than a handler sees. Old keys that look the same are found one after the other. */
  #placeOfEqual(key: Exact): number | undefined {
    if (!isNode(key)) return undefined;
    this.#placesById ??= this.#placesByIds();
    const places = this.#placesById.get(this.#ids.of(key)) ?? [];
    while (this.#taken.has(places[places.length - 1] ?? -1)) places.pop();
    return places[places.length - 1];
  }

  #placesByIds(): ReadonlyMap<number, number[]> {
    const places = new Map<number, number[]>();
    for (const [index, old] of [...this.#stood.entries()].toReversed()) {
      const id = this.#ids.of(old);
      const same = places.get(id);
      if (same === undefined) places.set(id, [index]);
      else same.push(index);
    }
    return places;
  }
}
