/**
 * The exact tree: a session as Python has it. Codecs read and write only this.
 *
 * None, bool, str and a float with a fraction are plain JavaScript values; so are NaN and the infinities, because no
 * int looks like them. An int is a `number` within ±(2^53 − 1), else a `bigint`. Everything else is a node below.
 */

/** Any Python value. */
export type Exact = null | boolean | number | bigint | string | ExactNode;

/** A Python value that JavaScript has no exact counterpart for. */
export type ExactNode =
  | PyFloat
  | PyBytes
  | PyList
  | PyDict
  | PyDateTime
  | PyTimedelta
  | PyDecimal
  | PyMarkup
  | PyUuid
  | PyGlobal
  | PyObject
  | PyExt;

/** A float that an int could be mistaken for: 10.0, -0.0. */
export class PyFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** bytes or bytearray. */
export class PyBytes {
  readonly kind: "bytes" | "bytearray";
  bytes: Uint8Array;

  constructor(kind: "bytes" | "bytearray", bytes: Uint8Array) {
    this.kind = kind;
    this.bytes = bytes;
  }
}

/** What a {@link PyList} is to Python. */
export type ListKind = "list" | "tuple" | "set" | "frozenset";

/** A list, tuple, set or frozenset. */
export class PyList {
  readonly kind: ListKind;
  items: Exact[];
  /** Levels of containers in it that the decoder has counted; 0 where nothing counts. */
  depth = 0;
  /** Offset in the pickle of the last change to it. Tells the pickle writer what must be complete when. */
  changedAt = 0;

  constructor(kind: ListKind, items: Exact[]) {
    this.kind = kind;
    this.items = items;
  }
}

/** A dict: two columns, in Python's order. Keys are unique as Python compares them (1 == 1.0 == True). */
export class PyDict {
  keys: Exact[];
  values: Exact[];
  /** As in {@link PyList}. */
  depth = 0;
  /** As in {@link PyList}. */
  changedAt = 0;

  constructor(keys: Exact[] = [], values: Exact[] = []) {
    this.keys = keys;
    this.values = values;
  }

  /** Keys and values, in Python's order. */
  entries(): [key: Exact, value: Exact][] {
    return this.keys.map((key, index) => [key, this.values[index] as Exact]);
  }

  /** The value under a str key, `undefined` if there is none. */
  get(key: string): Exact | undefined {
    const index = this.keys.indexOf(key);
    return index < 0 ? undefined : this.values[index];
  }

  /** Sets a str key, at its old place or at the end. */
  set(key: string, value: Exact): void {
    const index = this.keys.indexOf(key);
    if (index < 0) {
      this.keys.push(key);
      this.values.push(value);
    } else {
      this.values[index] = value;
    }
  }
}

/**
 * A datetime, date or time in the bytes of Python's own pickles: datetime 10 (year BE16, month, day, hour, minute,
 * second, microsecond BE24), date 4, time 6. Bit 7 of the month (time: of the hour) is `fold`.
 */
export class PyDateTime {
  readonly kind: "datetime" | "date" | "time";
  readonly raw: Uint8Array;
  /** Any node: a `datetime.timezone`, a ZoneInfo, a class nobody knows; null: naive. */
  readonly tzinfo: Exact;

  constructor(kind: "datetime" | "date" | "time", raw: Uint8Array, tzinfo: Exact = null) {
    this.kind = kind;
    this.raw = raw;
    this.tzinfo = tzinfo;
  }
}

/** A timedelta, normalized as Python keeps it: 0 <= seconds < 86400, 0 <= microseconds < 1,000,000. */
export class PyTimedelta {
  readonly days: number;
  readonly seconds: number;
  readonly microseconds: number;

  constructor(days: number, seconds: number, microseconds: number) {
    this.days = days;
    this.seconds = seconds;
    this.microseconds = microseconds;
  }
}

/** A decimal.Decimal by its text, "1.10" or "NaN". */
export class PyDecimal {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A markupsafe.Markup: text that is safe HTML. */
export class PyMarkup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A uuid.UUID by its 128-bit integer. In a pickle it exists before its BUILD, so its node is filled in place. */
export class PyUuid {
  int: bigint | undefined;
  /** What it turned out to be where its state is more than the integer (`is_safe` of some uuid1). */
  object: PyObject | undefined;

  constructor(int?: bigint) {
    this.int = int;
  }
}

/** A class, function or singleton that a pickle names: module and dotted name, by Python 3's names. */
export class PyGlobal {
  readonly module: string;
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }
}

/** How a {@link PyObject} comes to life: REDUCE, NEWOBJ, NEWOBJ_EX, or INST and OBJ. */
export type Making = "call" | "new" | "newex" | "inst";

/** What was done to an object after it was made. */
export interface Operation {
  /** `append` one item, `extend` many, `set` keys and values in turn, `add` to a set, `build` a state, call a state `setter` (function, state). */
  readonly kind: "append" | "extend" | "set" | "add" | "build" | "setter";
  readonly operands: Exact[];
}

/** An instance of a class that Node does not know: never made, only described, and written back equal. */
export class PyObject {
  readonly how: Making;
  readonly callee: PyGlobal | PyObject;
  readonly args: PyList;
  /** Keyword arguments, of `newex` alone. */
  readonly kwargs: PyDict | undefined;
  /** In the order in which they were read. */
  readonly operations: Operation[] = [];
  /** As in {@link PyList}. */
  depth = 0;
  /** Offset in the pickle of the call. */
  changedAt = 0;

  constructor(how: Making, callee: PyGlobal | PyObject, args: PyList, kwargs?: PyDict) {
    this.how = how;
    this.callee = callee;
    this.args = args;
    this.kwargs = kwargs;
  }
}

/** A msgpack extension that has no Python type: msgspec's `Ext`. */
export class PyExt {
  /** -128 to 127. */
  readonly code: number;
  readonly bytes: Uint8Array;

  constructor(code: number, bytes: Uint8Array) {
    this.code = code;
    this.bytes = bytes;
  }
}

/** A float as the exact tree has it: a node only where an int could be mistaken for it. */
export function exactFloat(value: number): number | PyFloat {
  return Number.isInteger(value) ? new PyFloat(value) : value;
}

/** An int as the exact tree has it: a number within ±(2^53 − 1), else a bigint. */
export function exactInt(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

/** The aware-UTC tzinfo: `datetime.timezone(timedelta(0))`, which unpickles to `timezone.utc` itself. */
export const UTC: PyObject = new PyObject(
  "call",
  new PyGlobal("datetime", "timezone"),
  new PyList("tuple", [new PyTimedelta(0, 0, 0)]),
);
