/** The small value classes and their nodes, in both directions. */
import { fieldsOf, timeFieldsOf } from "./datetimes.ts";
import { type ExactNode, PyDateTime, PyDecimal, PyMarkup, PyTimedelta, PyUuid } from "./exact.ts";
import { Decimal, Markup, PythonDate, PythonTime, Timedelta, Uuid } from "./value-types.ts";

/** What a handler sees as a small immutable value. */
export type SmallValue = Decimal | Uuid | Markup | Timedelta | PythonDate | PythonTime;

/** The value of a node; `undefined` where it is none of them, or one that Python itself could not have made. */
export function smallValueOf(node: ExactNode): SmallValue | undefined {
  try {
    if (node instanceof PyDecimal) return new Decimal(node.text);
    if (node instanceof PyMarkup) return new Markup(node.text);
    if (node instanceof PyTimedelta) return new Timedelta(node.days, node.seconds, node.microseconds);
    if (node instanceof PyUuid) return node.int === undefined ? undefined : new Uuid(uuidText(node.int));
    return node instanceof PyDateTime && node.tzinfo === null ? dateOrTime(node) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The node of a small value; `undefined` for any other object, instances of classes derived from them too, and for what
 * has only the prototype of one: each is made anew by its constructor, which checks it.
 */
export function nodeOfSmallValue(value: object): ExactNode | undefined {
  try {
    return makings.get(Object.getPrototypeOf(value))?.(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const makings: ReadonlyMap<unknown, (value: object) => ExactNode> = new Map([
  making(Decimal, ({ text }) => new PyDecimal(new Decimal(text).text)),
  making(Markup, ({ text }) => new PyMarkup(new Markup(text).text)),
  making(Uuid, ({ text }) => new PyUuid(BigInt(`0x${new Uuid(text).text.replaceAll("-", "")}`))),
  making(Timedelta, (value) => {
    const { days, seconds, microseconds } = new Timedelta(value.days, value.seconds, value.microseconds);
    return new PyTimedelta(days, seconds, microseconds);
  }),
  making(PythonDate, (value) => {
    const { year, month, day } = new PythonDate(value.year, value.month, value.day);
    return new PyDateTime("date", Uint8Array.of(year >> 8, year, month, day));
  }),
  making(
    PythonTime,
    ({ hour, minute, second, microsecond, fold }) =>
      new PyDateTime("time", rawTime(new PythonTime(hour, minute, second, microsecond, fold))),
  ),
]);

function making<Value extends SmallValue>(
  type: { readonly prototype: Value },
  make: (value: Value) => ExactNode,
): readonly [object, (value: object) => ExactNode] {
  return [type.prototype, make as (value: object) => ExactNode];
}

function dateOrTime({ kind, raw }: PyDateTime): PythonDate | PythonTime | undefined {
  if (kind === "datetime") return undefined;
  if (kind === "date") {
    const [year, month, day] = fieldsOf(raw);
    return new PythonDate(year, month, day);
  }
  return new PythonTime(...timeFieldsOf(raw));
}

function rawTime({ hour, minute, second, microsecond, fold }: PythonTime): Uint8Array {
  return Uint8Array.of(hour + fold * 128, minute, second, microsecond >> 16, microsecond >> 8, microsecond);
}

function uuidText(int: bigint): string {
  const digits = int.toString(16).padStart(32, "0");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.*)$/, "$1-$2-$3-$4-$5");
}
