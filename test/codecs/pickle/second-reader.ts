/**
 * `pickleparser` as a second reader, which knows nothing of ours. It cannot tell an int from a float, nor a tuple from a
 * list, so that both results are brought to a shape that keeps what is left: numbers, texts, structure, sharing, calls,
 * and what is done to objects.
 */
import { Parser } from "pickleparser";
import { pickle } from "../../../src/codecs/pickle/codec.ts";
import { python3Name } from "../../../src/codecs/pickle/python2-names.ts";
import { DecodeError } from "../../../src/errors.ts";
import {
  type Exact,
  PyBytes,
  PyDateTime,
  PyDecimal,
  PyDict,
  PyFloat,
  PyGlobal,
  PyList,
  PyMarkup,
  PyObject,
  PyTimedelta,
  PyUuid,
} from "../../../src/values/exact.ts";

/** What either reader makes of bytes that it does not take. */
const REFUSED = "refused";
const PROTO = 0x80;

/** The shape of what the second reader makes of a pickle. Hostile bytes can kill it: honest ones only. */
export function shapeOfParsed(bytes: Buffer): unknown {
  const protocol = bytes[0] === PROTO ? (bytes[1] ?? 0) : 0;
  const { warn } = console;
  console.warn = () => undefined; // it warns of each number beyond 2^53
  try {
    return new ParsedShape().of(parserOf(protocol).parse(bytes));
  } catch {
    return REFUSED;
  } finally {
    console.warn = warn;
  }
}

/** The shape of what our decoder makes of a pickle. */
export function shapeOfDecoded(bytes: Buffer): unknown {
  try {
    return new ExactShape().of(pickle.decode(bytes).value);
  } catch (error) {
    if (error instanceof DecodeError) return REFUSED;
    throw error;
  }
}

/** An object of the second reader: what was called, and what was done to the result. */
class Recorded {
  readonly how: "call" | "new";
  readonly callee: RecordedGlobal;
  readonly args: readonly unknown[];
  readonly done: [what: unknown, operands: readonly unknown[]][] = [];

  constructor(how: "call" | "new", callee: RecordedGlobal, args: readonly unknown[]) {
    this.how = how;
    this.callee = callee;
    this.args = args;
  }

  push(...items: unknown[]): void {
    this.done.push(["items", items]);
  }

  set(key: unknown, value: unknown): void {
    this.done.push(["pair", [key, value]]);
  }

  __setnewargs_ex__(keywords: unknown): void {
    this.done.push(["keywords", [keywords]]);
  }

  __setstate__(state: unknown): void {
    this.done.push(["build", [state]]);
  }
}

/** A global of the second reader: it may be called, with `new` or without. */
interface RecordedGlobal {
  (...args: unknown[]): unknown;
  new (...args: unknown[]): unknown;
  readonly fullName: string;
}

/** Calls that stand for a value, unless that gives `undefined`: then the call stands for itself. */
const evaluated: Readonly<Record<string, (args: readonly unknown[]) => unknown>> = {
  "_codecs.encode": ([text]) => (typeof text === "string" ? new Uint8Array(Buffer.from(text, "latin1")) : undefined),
  "builtins.bytes": () => new Uint8Array(),
  "builtins.bytearray": ([bytes = new Uint8Array()]) =>
    typeof bytes === "string" ? new Uint8Array(Buffer.from(bytes, "latin1")) : bytes,
  "builtins.set": ([items = []]) => new Set(items as unknown[]),
  "builtins.frozenset": ([items = []]) => new Set(items as unknown[]),
  "builtins.getattr": ([object, name, ...rest]) =>
    typeof object === "function" && rest.length === 0
      ? recordedGlobal(`${(object as RecordedGlobal).fullName}.${String(name)}`)
      : undefined,
  "copyreg._reconstructor": ([type, , state]) => {
    const { fullName } = type as RecordedGlobal;
    if (fullName === "uuid.UUID") return new Recorded("new", type as RecordedGlobal, []);
    return fullName === "markupsafe.Markup" ? new Recorded("new", type as RecordedGlobal, [state]) : undefined;
  },
  "unknown_classes.set_state": ([target, state]) => (target as Recorded).done.push(["setter", [state]]),
};

function recordedGlobal(fullName: string): RecordedGlobal {
  const global = function (this: unknown, ...args: unknown[]): unknown {
    return evaluated[fullName]?.(args) ?? new Recorded(new.target ? "new" : "call", recorded, args);
  };
  const recorded = Object.assign(global, { fullName }) as unknown as RecordedGlobal;
  return recorded;
}

function parserOf(protocol: number): Parser {
  return new Parser({
    unpicklingTypeOfSet: "Set",
    unpicklingTypeOfDictionary: "Map",
    nameResolver: {
      resolve: (module, name) => {
        const [newModule, newName] = protocol < 3 ? python3Name(module, name) : [module, name];
        return recordedGlobal(`${newModule}.${newName}`);
      },
    },
  });
}

/** Numbers containers and objects as they are met, so that sharing and cycles count. */
abstract class Shape {
  readonly #numbers = new Map<unknown, number>();

  protected seen(value: unknown, describe: () => unknown[]): unknown {
    const number = this.#numbers.get(value);
    if (number !== undefined) return ["seen", number];
    this.#numbers.set(value, this.#numbers.size);
    return describe();
  }
}

class ParsedShape extends Shape {
  of = (value: unknown): unknown => {
    if (typeof value === "bigint") return Number(value);
    if (typeof value === "function") return ["global", (value as unknown as RecordedGlobal).fullName];
    if (typeof value !== "object" || value === null) return value;
    if (value instanceof Uint8Array) return ["bytes", Buffer.from(value).toString("hex")];
    return this.seen(value, () => this.#container(value));
  };

  #container(value: object): unknown[] {
    if (Array.isArray(value)) return ["list", ...value.map(this.of)];
    if (value instanceof Set) return ["set", ...[...value].map(this.of)];
    if (value instanceof Map) return ["dict", ...[...value].map((pair) => pair.map(this.of))];
    if (!(value instanceof Recorded)) return ["something", value.constructor.name];
    const { how, callee, args, done } = value;
    return [how, this.of(callee), args.map(this.of), ...done.map(([what, rest]) => [what].concat(rest.map(this.of)))];
  }
}

class ExactShape extends Shape {
  of = (value: Exact): unknown => {
    if (typeof value === "bigint") return Number(value);
    if (typeof value !== "object" || value === null) return value;
    if (value instanceof PyFloat) return value.value;
    if (value instanceof PyBytes) return ["bytes", Buffer.from(value.bytes).toString("hex")];
    if (value instanceof PyGlobal) return ["global", `${value.module}.${value.name}`];
    if (value instanceof PyUuid && value.object !== undefined) return this.of(value.object);
    return this.seen(value, () => this.#container(value));
  };

  #container(value: Exact): unknown[] {
    if (value instanceof PyList)
      return [value.kind.replace("tuple", "list").replace("frozen", ""), ...value.items.map(this.of)];
    if (value instanceof PyDict)
      return ["dict", ...value.keys.map((key, index) => [this.of(key), this.of(value.values[index] as Exact)])];
    return value instanceof PyObject ? this.#object(value) : this.#value(value);
  }

  #object({ how, callee, args, kwargs, operations }: PyObject): unknown[] {
    const made = [how === "call" ? "call" : "new", this.of(callee), args.items.map(this.of)];
    if (kwargs !== undefined) made.push(["keywords", this.of(kwargs)]);
    for (const { kind, operands } of operations) {
      if (kind === "build") made.push(["build", ...operands.map(this.of)]);
      else if (kind === "setter") made.push(["setter", this.of(operands[1] as Exact)]);
      else if (kind !== "set") made.push(["items", ...operands.map(this.of)]);
      else
        for (let at = 0; at < operands.length; at += 2) made.push(["pair", ...operands.slice(at, at + 2).map(this.of)]);
    }
    return made;
  }

  #value(value: Exact): unknown[] {
    if (value instanceof PyDateTime) {
      const bytes = ["bytes", Buffer.from(value.raw).toString("hex")];
      const args = value.tzinfo === null ? [bytes] : [bytes, this.of(value.tzinfo)];
      return ["call", ["global", `datetime.${value.kind}`], args];
    }
    if (value instanceof PyTimedelta) {
      return ["call", ["global", "datetime.timedelta"], [value.days, value.seconds, value.microseconds]];
    }
    if (value instanceof PyDecimal) return ["call", ["global", "decimal.Decimal"], [value.text]];
    if (value instanceof PyMarkup) return ["new", ["global", "markupsafe.Markup"], [value.text]];
    const { int } = value as PyUuid;
    return ["new", ["global", "uuid.UUID"], [], ["build", this.seen({}, () => ["dict", ["int", Number(int)]])]];
  }
}
