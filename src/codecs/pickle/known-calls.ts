/** The calls of CPython's picklers whose result has a node of its own; any other call stays a call. */
import {
  type Exact,
  PyBytes,
  PyDateTime,
  PyDecimal,
  PyDict,
  PyGlobal,
  PyList,
  PyMarkup,
  PyObject,
  PyTimedelta,
  PyUuid,
} from "../../values/exact.ts";
import { makeList } from "./containers.ts";
import type { Machine } from "./machine.ts";
import { isGlobal, make } from "./making.ts";
import { latin1Bytes, rawDateTime } from "./raw-bytes.ts";

/** Makes the node, or leaves the call a call. */
type KnownCall = (machine: Machine, args: readonly Exact[]) => Exact | undefined;

const knownCalls = new Map<string, Map<string, KnownCall>>([
  [
    "builtins",
    new Map<string, KnownCall>([
      ["getattr", attributeOf],
      ["set", (machine, args) => setOf(machine, "set", args)],
      ["frozenset", (machine, args) => setOf(machine, "frozenset", args)],
      ["bytes", (_machine, args) => (args.length === 0 ? new PyBytes("bytes", new Uint8Array()) : undefined)],
      ["bytearray", bytearrayOf],
    ]),
  ],
  ["_codecs", new Map<string, KnownCall>([["encode", encodedBytes]])],
  [
    "datetime",
    new Map<string, KnownCall>([
      ["datetime", (machine, args) => dateTimeOf(machine, "datetime", args)],
      ["date", (machine, args) => dateTimeOf(machine, "date", args)],
      ["time", (machine, args) => dateTimeOf(machine, "time", args)],
      ["timedelta", timedeltaOf],
    ]),
  ],
  ["decimal", new Map<string, KnownCall>([["Decimal", decimalOf]])],
  ["copyreg", new Map<string, KnownCall>([["_reconstructor", reconstructed]])],
]);

/** What REDUCE gives, if its node is not that of a call. */
export function knownCall(machine: Machine, callee: Exact, { items }: PyList): Exact | undefined {
  if (callee instanceof PyGlobal) return knownCalls.get(callee.module)?.get(callee.name)?.(machine, items);
  return callee instanceof PyObject && items.length === 0 ? keywordCall(machine, callee) : undefined;
}

/** What NEWOBJ gives, if its node is not that of an object. */
export function knownNew(callee: Exact, { items }: PyList): Exact | undefined {
  if (items.length === 0) return isGlobal(callee, "uuid", "UUID") ? new PyUuid() : undefined;
  const [text] = items;
  if (items.length !== 1 || typeof text !== "string") return undefined;
  return isGlobal(callee, "markupsafe", "Markup") ? new PyMarkup(text) : undefined;
}

/** Below protocol 4 an attribute of a class is a call of `getattr`, in all of them a bound method. */
function attributeOf(machine: Machine, [object, name, ...more]: readonly Exact[]): Exact | undefined {
  const isKnown = typeof name === "string" && more.length === 0;
  return isKnown && object instanceof PyGlobal && !name.includes(".") ? machine.attribute(object, name) : undefined;
}

function setOf(machine: Machine, kind: "set" | "frozenset", [items, ...more]: readonly Exact[]): Exact | undefined {
  if (more.length > 0) return undefined;
  if (items === undefined) return makeList(machine, kind, []);
  return items instanceof PyList && items.kind === "list" ? makeList(machine, kind, [...items.items]) : undefined;
}

/** `_codecs.encode(text, "latin1")`: bytes below protocol 3. */
function encodedBytes(machine: Machine, [text, encoding, ...more]: readonly Exact[]): PyBytes | undefined {
  if (typeof text !== "string" || !isLatin1(encoding) || more.length > 0) return undefined;
  machine.countBytes(text.length);
  const bytes = latin1Bytes(text);
  return bytes && new PyBytes("bytes", bytes);
}

/** `bytearray()`, `bytearray(bytes)`; Python 2 writes `bytearray(text, "latin-1")`. */
function bytearrayOf(machine: Machine, [source, encoding, ...more]: readonly Exact[]): PyBytes | undefined {
  if (more.length > 0) return undefined;
  if (source === undefined) return new PyBytes("bytearray", new Uint8Array());
  if (typeof source === "string" && isLatin1(encoding)) {
    machine.countBytes(source.length);
    const bytes = latin1Bytes(source);
    return bytes && new PyBytes("bytearray", bytes);
  }
  if (!(source instanceof PyBytes) || encoding !== undefined) return undefined;
  machine.countBytes(source.bytes.length);
  return new PyBytes("bytearray", source.bytes.slice());
}

/** Python takes the raw bytes as bytes, or as the ASCII text that Python 2 wrote. */
function dateTimeOf(
  machine: Machine,
  kind: PyDateTime["kind"],
  [state, tzinfo = null, ...more]: readonly Exact[],
): PyDateTime | undefined {
  const raw = rawDateTime(kind, state);
  if (raw === undefined || more.length > 0) return undefined;
  if (tzinfo === null) return new PyDateTime(kind, raw);
  if (kind === "date" || !(tzinfo instanceof PyObject || tzinfo instanceof PyGlobal)) return undefined;
  if (tzinfo instanceof PyGlobal) machine.globals.heldAsValue(tzinfo);
  return new PyDateTime(kind, raw, tzinfo);
}

function timedeltaOf(_machine: Machine, args: readonly Exact[]): PyTimedelta | undefined {
  const [days, seconds, microseconds] = args;
  const whole = isWithin(days, -999_999_999, 999_999_999) && isWithin(seconds, 0, 86_399);
  if (!whole || !isWithin(microseconds, 0, 999_999) || args.length !== 3) return undefined;
  return new PyTimedelta(days, seconds, microseconds);
}

function decimalOf(_machine: Machine, [text, ...more]: readonly Exact[]): PyDecimal | undefined {
  return typeof text === "string" && more.length === 0 ? new PyDecimal(text) : undefined;
}

/** `copyreg._reconstructor(class, base, state)`: what NEWOBJ is below protocol 2. */
function reconstructed(_machine: Machine, args: readonly Exact[]): Exact | undefined {
  const [type, base, state] = args;
  if (args.length !== 3) return undefined;
  if (isGlobal(type, "uuid", "UUID")) return state === null ? new PyUuid() : undefined;
  const isText = typeof state === "string" && isGlobal(base, "builtins", "str");
  return isText && isGlobal(type, "markupsafe", "Markup") ? new PyMarkup(state) : undefined;
}

/** `functools.partial(C.__new__, C, *args, **keywords)()`: what NEWOBJ_EX is in protocols 2 and 3. */
function keywordCall(machine: Machine, { callee, operations: [build, ...more] }: PyObject): PyObject | undefined {
  if (!isGlobal(callee, "functools", "partial") || build?.kind !== "build" || more.length > 0) return undefined;
  const [state] = build.operands;
  if (!(state instanceof PyList) || state.items.length !== 4) return undefined;
  const [constructor, args, keywords] = state.items;
  if (!(args instanceof PyList) || !(keywords instanceof PyDict)) return undefined;
  const [type, ...rest] = args.items;
  if (!(type instanceof PyGlobal) || !isGlobal(constructor, type.module, `${type.name}.__new__`)) return undefined;
  return make(machine, "newex", type, makeList(machine, "tuple", rest), keywords);
}

function isWithin(value: Exact | undefined, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function isLatin1(encoding: Exact | undefined): boolean {
  return encoding === "latin1" || encoding === "latin-1";
}
