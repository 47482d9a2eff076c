/** What sessions of Flask hold in the tests, by the format that keeps it, and what Python says of it. */
import { type EnvironmentName, judgeOf } from "../python/judge.ts";

/** A key, and the Python of its value. */
export type Value = readonly [key: string, python: string];

/** What every format holds. */
export const PLAIN: readonly Value[] = [
  ["price", "10.0"],
  ["count", "3"],
  ["big", "2**53 + 1"],
  ["negative", "-2**63"],
  ["ratio", "1.1"],
  ["minus_zero", "-0.0"],
  ["text", "'é€😀' * 3"],
  ["nothing", "None"],
  ["flag", "True"],
  ["cart", "[{'name': 'tea', 'price': 4.0, 'count': 1}, {'name': 'jam', 'price': 2.5, 'count': 2}]"],
  ["order", "{'10': 'a', '2': 'b', 'x': {'__proto__': 1}}"],
];

/** What msgspec's msgpack holds beyond that. */
export const MSGPACK: readonly Value[] = [
  ...PLAIN,
  ["data", "b'\\x00\\xff'"],
  ["not_a_number", "float('nan')"],
  ["unsigned", "2**64 - 1"],
  ["when", "datetime.datetime(2024, 2, 29, 12, 30, 45, 123456, datetime.timezone.utc)"],
  ["by_number", "{1: 'a', None: 2.0, b'k': [1.0]}"],
];

/** What JSON holds beyond that. */
export const JSON_VALUES: readonly Value[] = [...PLAIN, ["huge", "2**70"]];

/** What a pickle holds and msgspec can still encode, so that Flask-Session 0.8 can save it next. */
export const OLD_PICKLE: readonly Value[] = [
  ...MSGPACK,
  ["pair", "(1, 2.0)"],
  ["colours", "{'red', 'blue'}"],
  ["frozen", "frozenset([1])"],
  ["array", "bytearray(b'ab')"],
  ["naive", "datetime.datetime(2024, 2, 29, 12, 30, 45, 123456)"],
  ["day", "datetime.date(2024, 2, 29)"],
  ["span", "datetime.timedelta(days=1, microseconds=3)"],
  ["amount", "decimal.Decimal('1.10')"],
  ["id", "uuid.UUID('12345678-1234-5678-1234-567812345678')"],
  ["ordered", "collections.OrderedDict([('b', 1.0), ('a', 2)])"],
  ["colour", "shop.Colour.RED"],
  ["line", "shop.Line('tea', 4.0)"],
];

/** What a pickle alone holds beyond that. */
export const PICKLE: readonly Value[] = [
  ...OLD_PICKLE,
  ["huge", "2**70"],
  ["markup", "Markup('<b>x</b>')"],
  ["complex", "1 + 2j"],
  ["surrogate", "'\\ud800'"],
  ["paris", "datetime.datetime(2024, 10, 27, 2, 30, tzinfo=zoneinfo.ZoneInfo('Europe/Paris'), fold=1)"],
  ["offset", "datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=5, minutes=30)))"],
  ["basket", "shop.Basket('alice', [shop.Point(1, 2.0)])"],
  ["queue", "collections.deque([1, 2.0], maxlen=5)"],
  ["counts", "collections.Counter('hello')"],
  ["shared", "(lambda items: [items, items])([1.0])"],
  ["cycle", "(lambda items: (items.append(items), items)[1])([2.0])"],
];

/** A key as Python finds it. */
export interface Described {
  readonly key: string;
  readonly type: string;
  readonly repr: string;
  readonly canonical: unknown;
}

/** The Python that puts a value into Flask's session. */
export function assignment([key, python]: Value): string {
  return `session[${JSON.stringify(key)}] = ${python}`;
}

/** By what a value is known again; the repr of many objects is their address. */
export function exactly({ key, type, canonical }: Described): unknown {
  return [key, type, canonical];
}

/** The repr of a key's value. */
export function reprOf(described: readonly Described[], key: string): string | undefined {
  return described.find((entry) => entry.key === key)?.repr;
}

const SESSION_OF_VALUES = `
import collections, datetime, decimal, json, pickle, uuid, zoneinfo
import shop
session = {'_permanent': True}
for key, value in input:
    session[key] = eval(value)
`;

const DESCRIBE = `
from canonical import canonical
def name(kind):
    return kind.__qualname__ if kind.__module__ == 'builtins' else '%s.%s' % (kind.__module__, kind.__qualname__)
result = [{'key': k, 'type': name(type(v)), 'repr': repr(v), 'canonical': canonical(v)} for k, v in session.items()]
`;

/** The session of these values, which is permanent, in the bytes that a line of Python makes of `session`. */
export async function recordOf(
  values: readonly Value[],
  environment: EnvironmentName,
  python: string,
): Promise<Uint8Array> {
  const judge = await judgeOf(environment);
  return Buffer.from((await judge.run(`${SESSION_OF_VALUES}\nresult = (${python}).hex()`, values)) as string, "hex");
}

/** What Python says of the same session. */
export async function describedByPython(
  values: readonly Value[],
  environment: EnvironmentName,
): Promise<readonly Described[]> {
  return (await (await judgeOf(environment)).run(SESSION_OF_VALUES + DESCRIBE, values)) as Described[];
}
