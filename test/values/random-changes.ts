/** Random changes that a handler might make to a session, drawn by fast-check. */
import * as fc from "fast-check";
import { py } from "../../src/values/py.ts";
import { TypedValue } from "../../src/values/typed-value.ts";
import { Decimal, Markup, PythonDate, PythonTime, Timedelta, Uuid } from "../../src/values/value-types.ts";

/** Takes containers that the session holds, by number, and a value. */
export type Change = (containers: readonly object[], live: Record<string, unknown>) => void;

/** Anything that JavaScript can put into a session, what Python cannot hold among it. */
const anything: fc.Arbitrary<unknown> = fc.anything({
  maxDepth: 3,
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: true,
});

const small: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    0,
    -0,
    1,
    2,
    10,
    1.5,
    Number.NaN,
    2 ** 60,
    true,
    null,
    "a",
    "10",
    "__proto__",
    "\ud800",
    undefined,
  ),
  fc.date({ noInvalidDate: false }),
  fc.bigInt(),
  fc.constantFrom<unknown>(
    new Decimal("1.10"),
    new Uuid("12345678-1234-5678-1234-567812345678"),
    new Markup("a"),
    new Timedelta(1),
    new PythonDate(2024, 1, 1),
    new PythonTime(1),
    py.int(1),
    py.float(1),
    py.bytes(Uint8Array.of(1)),
    py.datetime({ year: 2024, month: 1, day: 1, tzinfo: "Europe/Paris" }),
    () => 1,
    Symbol("s"),
  ),
);

const value: fc.Arbitrary<unknown> = fc.oneof({ weight: 3, arbitrary: small }, anything, typed(small));

function typed(inner: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const items = fc.array(inner, { maxLength: 3 });
  return fc.oneof(
    items.map((list) => py.tuple(list)),
    items.map((list) => py.set(list)),
    items.map((list) => py.dict(new Map(list.map((key, index) => [key, index])))),
  );
}

const key = fc.constantFrom("a", "b", "10", "2", "__proto__", "new key", "constructor", "toJSON");

const moved = Symbol("moved");

/** One change of a container: what is put in is a value, or a container of the session, to make sharing and cycles. */
const change: fc.Arbitrary<Change> = fc
  .record({
    into: fc.nat(),
    from: fc.nat(),
    put: fc.option(value, { nil: moved }),
    name: key,
    index: fc.nat({ max: 4 }),
    how: fc.nat({ max: 5 }),
  })
  .map(({ into, from, put, name, index, how }) => (containers, live) => {
    const target = containers[into % containers.length] ?? live;
    const source = containers[from % containers.length] ?? live;
    const replaced = put === moved ? source : put;
    try {
      changeOne(target, how === 0 ? copied(source) : replaced, name, index, how);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // what Python objects hold is frozen
    }
  });

/** Some changes, one after the other. */
export const changes: fc.Arbitrary<readonly Change[]> = fc.array(change, { minLength: 1, maxLength: 6 });

function copied(source: object): unknown {
  try {
    return structuredClone(source);
  } catch {
    return { ...source }; // what cannot be cloned
  }
}

function changeOne(target: object, put: unknown, name: string, index: number, how: number): void {
  if (target instanceof Date) target.setTime(typeof put === "number" ? put * 1e12 : index * 1e12);
  else if (target instanceof Uint8Array) target[index % Math.max(1, target.length)] = index;
  else if (target instanceof Set) changeSet(target, put, how);
  else if (target instanceof Map) changeMap(target, put, index, how);
  else if (Array.isArray(target)) changeArray(target, put, index, how);
  else if (how === 1) Reflect.deleteProperty(target, name);
  else Object.defineProperty(target, name, { value: put, writable: true, enumerable: true, configurable: true });
}

function changeSet(target: Set<unknown>, put: unknown, how: number): void {
  if (how === 1) target.delete([...target][0]);
  else target.add(put);
}

function changeMap(target: Map<unknown, unknown>, put: unknown, index: number, how: number): void {
  if (how === 1) target.delete([...target.keys()][0]);
  else if (how === 2) target.set(put, index);
  else target.set(index, put);
}

function changeArray(target: unknown[], put: unknown, index: number, how: number): void {
  if (how === 1) target.shift();
  else if (how === 2) target.reverse();
  else if (how === 3) target[index] = put;
  else target.push(put);
}

/** Everything that a session reaches. */
export function containersOf(live: object): object[] {
  const met = new Set<object>([live]);
  for (const container of met) {
    for (const inner of partsOf(container)) if (typeof inner === "object" && inner !== null) met.add(inner);
  }
  return [...met];
}

function partsOf(container: object): unknown[] {
  if (container instanceof Map) return [...container.keys(), ...container.values()];
  if (container instanceof Set) return [...container];
  return ArrayBuffer.isView(container) || container instanceof TypedValue ? [] : Object.values(container);
}
