/** Random values that hold no others, each like one of the table, which says what becomes of it. */
import * as fc from "fast-check";
import { py } from "../../src/values/py.ts";
import { Decimal, Markup, PythonDate, PythonTime, Timedelta, Uuid } from "../../src/values/value-types.ts";
import { evaluate } from "./evaluate.ts";
import { type Kind, kinds } from "./kinds.ts";
import { pythonBytes, pythonFloat, pythonNumber, pythonText } from "./python-text.ts";

/** A value, and what Python has for it. */
export interface Atom {
  readonly type: "atom";
  /** What becomes of it, in each format. */
  readonly kind: Kind;
  readonly make: () => unknown;
  readonly python: string | null | undefined;
  /** The same where a float stood. */
  readonly asFloat?: string;
  /** What Node reads again. */
  readonly back: () => unknown;
  /** Atoms of one identity are equal keys to Python; without one they are no keys. */
  readonly identity?: string;
}

/** The kind of the table that is written so. */
function like(js: string): Kind {
  const found = kinds.find((kind) => kind.js === js);
  if (found === undefined) throw new RangeError(`The table has no ${js}`);
  return found;
}

function atom(js: string, value: unknown, python: string, more: Partial<Atom> = {}): Atom {
  return { type: "atom", kind: like(js), make: () => value, python, back: () => value, ...more };
}

function number(js: string, value: number): Atom {
  return atom(js, value, pythonNumber(value), {
    asFloat: pythonFloat(value),
    identity: `number ${value === 0 ? 0 : value}`,
  });
}

function bigint(js: string, value: bigint): Atom {
  const isSafe = Number.isSafeInteger(Number(value));
  return atom(js, value, String(value), { back: () => (isSafe ? Number(value) : value), identity: `number ${value}` });
}

function instant(millis: number): Atom {
  const js = "new Date(Date.UTC(2024, 1, 29, 12, 30, 45, 123))";
  return atom(js, undefined, `moment(${millis})`, {
    make: () => new Date(millis),
    back: () => new Date(millis),
    identity: `instant ${millis}`,
  });
}

function bytes(js: string, value: Uint8Array, make: () => unknown, python: string, more: Partial<Atom>): Atom {
  return atom(js, undefined, python, { make, back: () => Uint8Array.from(value), ...more });
}

const LONE = fc.constantFrom("\ud800", "\udfff", "a\udc00", "\ud83d", "\ude00\ud83d");

/** Well-formed text of any character, with a preference for odd ones. */
const wellFormed = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom(
    "",
    "__proto__",
    "constructor",
    "10",
    "\0",
    "é€😀",
    "true",
    "\u2028",
    "a'b\"c\\",
    "1970-01-01T00:00:00Z",
  ),
);

/** Any text that JavaScript has. */
export const text: fc.Arbitrary<Atom> = fc.oneof(
  { weight: 6, arbitrary: wellFormed.map((value) => textAtom(value)) },
  fc.tuple(wellFormed, LONE).map(([front, back]) => textAtom(front + back)),
);

function textAtom(value: string): Atom {
  return atom(/\p{Surrogate}/u.test(value) ? '"\\ud800"' : '"é€😀"', value, pythonText(value), {
    identity: `text ${value}`,
  });
}

const numbers: fc.Arbitrary<Atom> = fc.oneof(
  fc.maxSafeInteger().map((value) => number("10", value)),
  fc.integer({ min: -300, max: 70_000 }).map((value) => number("10", value)),
  fc
    .double({ noDefaultInfinity: true, noNaN: true })
    .map((value) => number(Object.is(value, -0) ? "-0" : "1.5", value)),
  fc.integer({ min: 53, max: 1023 }).map((power) => number("2 ** 53", 2 ** power)),
  fc.constantFrom(
    number("-0", -0),
    number("NaN", Number.NaN),
    number("Infinity", Infinity),
    number("Infinity", -Infinity),
  ),
);

const bigints: fc.Arbitrary<Atom> = fc.oneof(
  fc.bigInt({ min: -(2n ** 53n) + 1n, max: 2n ** 53n - 1n }).map((value) => bigint("10n", value)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }).map((value) => bigint("2n ** 53n", value)),
  fc.bigInt({ min: 2n ** 64n, max: 2n ** 2000n }).map((value) => bigint("2n ** 64n", value)),
  fc.bigInt({ min: -(2n ** 2000n), max: -(2n ** 63n) - 1n }).map((value) => bigint("2n ** 64n", value)),
);

const FIRST = -62_135_596_800_000;
const LAST = 253_402_300_799_999;

const dates: fc.Arbitrary<Atom> = fc.oneof(
  fc.integer({ min: FIRST, max: LAST }).map(instant),
  fc.integer({ min: -2_000_000_000_000, max: 4_000_000_000_000 }).map(instant),
  fc.constantFrom(instant(FIRST), instant(LAST), instant(0), instant(-1)),
);

const byteStrings: fc.Arbitrary<Atom> = fc.uint8Array({ maxLength: 300 }).chain((value) => {
  const python = pythonBytes(value);
  const identity = `bytes ${python}`;
  return fc.constantFrom(
    bytes("Uint8Array.of(1, 255)", value, () => Uint8Array.from(value), python, { identity }),
    bytes("Uint8Array.of(1, 255)", value, () => Buffer.from(value), python, { identity }),
    bytes("py.bytes(Uint8Array.of(1))", value, () => py.bytes(value), python, { identity }),
    bytes("py.bytearray(Uint8Array.of(1))", value, () => py.bytearray(value), `bytearray(${python})`, {}),
  );
});

/** With so many digits behind the point that no float is equal; written as Python writes them. */
const decimals: fc.Arbitrary<Atom> = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 30n }), fc.bigInt({ min: 10n ** 20n, max: 10n ** 30n }), fc.boolean())
  .map(([whole, part, isNegative]) => {
    const digits = `${isNegative ? "-" : ""}${whole}.${part}1`;
    return atom('new Decimal("1.10")', new Decimal(digits), `decimal.Decimal('${digits}')`, {
      identity: `decimal ${digits}`,
    });
  });

const smallValues: fc.Arbitrary<Atom> = fc.oneof(
  decimals,
  fc.uuid().map((value) =>
    atom('new Uuid("12345678-1234-5678-1234-567812345678")', new Uuid(value), `uuid.UUID('${value}')`, {
      identity: `uuid ${value}`,
    }),
  ),
  wellFormed.map((value) =>
    atom('new Markup("<b>")', new Markup(value), `Markup(${pythonText(value)})`, { identity: `text ${value}` }),
  ),
  fc
    .tuple(fc.integer({ min: -999_999_999, max: 999_999_998 }), fc.nat(86_399), fc.nat(999_999))
    .map(([days, seconds, micros]) =>
      atom(
        "new Timedelta(1, 2, 3)",
        new Timedelta(days, seconds, micros),
        `datetime.timedelta(${days}, ${seconds}, ${micros})`,
        {
          identity: `delta ${days} ${seconds} ${micros}`,
        },
      ),
    ),
  fc
    .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
    .map((fields) =>
      atom("new PythonDate(2024, 2, 29)", new PythonDate(...fields), `datetime.date(${fields.join(", ")})`, {
        identity: `date ${fields.join(" ")}`,
      }),
    ),
  fc.tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.nat(999_999)).map((fields) =>
    atom("new PythonTime(12, 30, 45, 123456)", new PythonTime(...fields), `datetime.time(${fields.join(", ")})`, {
      identity: `time ${fields.join(" ")}`,
    }),
  ),
);

const typedNumbers: fc.Arbitrary<Atom> = fc.oneof(
  fc.maxSafeInteger().map((value) =>
    atom("py.int(10)", py.int(value), String(value), {
      back: () => value,
      identity: `number ${value === 0 ? 0 : value}`,
    }),
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) =>
    atom("py.float(10)", py.float(value), pythonFloat(value), {
      back: () => value,
      identity: `number ${value === 0 ? 0 : value}`,
    }),
  ),
);

/** The atoms that Python has, in some format at least. */
export const held: fc.Arbitrary<Atom> = fc.oneof(
  { weight: 4, arbitrary: numbers },
  { weight: 2, arbitrary: bigints },
  { weight: 4, arbitrary: text },
  { weight: 2, arbitrary: dates },
  { weight: 2, arbitrary: byteStrings },
  { weight: 3, arbitrary: smallValues },
  { weight: 2, arbitrary: typedNumbers },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      atom("null", null, "None", { identity: "None" }),
      atom("true", true, "True", { identity: "number 1" }),
      atom("true", false, "False", { identity: "number 0" }),
    ),
  },
);

/** Too large, or not to be put into one session after another. */
const isUnfit = (kind: Kind): boolean =>
  kind.isOfRecord === true || kind.js === "session" || /deep|4097|undefined/.test(kind.js);

function ofKind(kind: Kind): Atom {
  const back = kind.back ?? kind.js;
  const value = kind.python === undefined ? undefined : evaluate(kind.js);
  const identity = identityOf(value, kind);
  return {
    type: "atom",
    kind,
    make: () => evaluate(kind.js),
    python: kind.python,
    back: () => evaluate(back),
    ...(typeof value === "number" ? { asFloat: pythonFloat(value) } : {}),
    ...(identity === undefined ? {} : { identity }),
  };
}

/** Of what Python can hash, if it has it at all. */
function identityOf(value: unknown, { js, python = "" }: Kind): string | undefined {
  if (python === null || /^[[{(]|^set|^bytearray|^deep/.test(python)) return undefined;
  if (typeof value === "number" || typeof value === "bigint") return `number ${value === 0 ? 0 : value}`;
  return value === undefined ? undefined : `of the table ${js}`;
}

/** What the table says, as it says it: what is refused everywhere, and containers of its own. */
export const ofTheTable: fc.Arbitrary<Atom> = fc.constantFrom(...kinds.filter((kind) => !isUnfit(kind)).map(ofKind));

/** What is refused everywhere before anything asks whether it is a key. */
export const refused: fc.Arbitrary<Atom> = fc.constantFrom(
  ...kinds
    .filter((kind) => !isUnfit(kind) && typeof kind.refused === "string")
    .filter(({ refused: reason, msgpack, json }) => msgpack === json && reason !== "reading it threw")
    .map(ofKind),
);

/** `undefined`, which is nothing in an object and refused elsewhere. */
export const nothing: Atom = {
  type: "atom",
  kind: like("undefined"),
  make: () => undefined,
  python: null,
  back: () => undefined,
};
