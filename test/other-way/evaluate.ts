/** JavaScript from text: the tables of the tests say a value in the words of a handler, and the docs show the same words. */
import { runInThisContext } from "node:vm";
import { py } from "../../src/values/py.ts";
import { Decimal, Markup, PythonDate, PythonTime, Timedelta, Uuid } from "../../src/values/value-types.ts";

/** Lists within lists. */
function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

/** What a handler has imported, and what of Node the context of a script lacks. */
const names: Readonly<Record<string, unknown>> = {
  py,
  Decimal,
  Markup,
  PythonDate,
  PythonTime,
  Timedelta,
  Uuid,
  deep,
};

/** The value of an expression. @param session what `session` stands for in it */
export function evaluate(code: string, session?: object): unknown {
  const make = runInThisContext(`(session, ${Object.keys(names).join(", ")}) => (${code}\n)`) as (
    ...values: unknown[]
  ) => unknown;
  return make(session, ...Object.values(names));
}
