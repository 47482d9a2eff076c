/** Every row of the table, live: Python writes the value, Node sees what the row says, sets another key, and Python finds it again. */
import { expect } from "chai";
import type { Format } from "../../src/codecs/codec.ts";
import { codecOf } from "../../src/codecs/fallback.ts";
import type { PyDict } from "../../src/values/exact.ts";
import { patch } from "../../src/values/patch.ts";
import { PythonObject } from "../../src/values/python-object.ts";
import { view } from "../../src/values/view.ts";
import { describeValue } from "../other-way/describe.ts";
import { evaluate } from "../other-way/evaluate.ts";
import { judgeOf } from "../python/judge.ts";
import { keptBy, type PythonValue, pythonValues } from "./python-values.ts";

const NAMES = `
import collections, datetime, decimal, pickle, uuid, zoneinfo
import msgspec
from canonical import canonical
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
import shop
try:
    import pytz
except ImportError:
    pass  # in one environment alone
coders = {
    'pickle': (lambda value: pickle.dumps(value, 4), pickle.loads),
    'msgpack': (msgspec.msgpack.encode, msgspec.msgpack.decode),
    'json': (msgspec.json.encode, msgspec.json.decode),
}
write, read = coders[input['format']]
`;

const WRITE = `${NAMES}
try:
    result = write({'value': eval(input['python'])}).hex()
except Exception as error:
    result = [type(error).__name__]`;

const READ = `${NAMES}
found = read(bytes.fromhex(input['hex']))
wanted = {'value': eval(input['python']), 'seen': True}
result = [canonical(found) == canonical(wanted), repr(found)]`;

describe("what becomes of Python's values", () => {
  for (const format of ["pickle", "msgpack", "json"] as const) {
    describe(`in ${format}`, () => {
      for (const row of pythonValues) {
        if (format === "pickle" ? row.isOfMsgpack === true : row.environment !== undefined) continue;
        const kept = format === "pickle" ? undefined : keptBy(row, format);
        const [python, node] = typeof kept === "object" ? kept : [row.python, row.node];
        const title = typeof kept === "string" ? `raises ${kept}` : `is ${python}, and ${node} to Node`;
        it(`${row.python} ${title}`, async () => {
          const ask = async (program: string, input: object): Promise<unknown> =>
            (await judgeOf(row.environment ?? "fs080-flask31")).run(program, { format, ...input });
          const hex = await ask(WRITE, { python: row.python });
          if (typeof kept === "string") {
            expect(hex).to.deep.equal([kept]);
            return;
          }
          const written = changed(hex as string, format, node);
          expect(await ask(READ, { hex: written, python })).to.have.property("0", true);
        });
      }
    });
  }

  it("has every row once", () => {
    expect(new Set(pythonValues.map(({ python }: PythonValue) => python)).size).to.equal(pythonValues.length);
  });
});

/** What Node writes after it has looked at the value and set another key. */
function changed(hex: string, format: Format, node: string): string {
  const codec = codecOf(format);
  const root = codec.decode(Buffer.from(hex, "hex")).value as PyDict;
  const live: Record<string, unknown> = {};
  const seen = view(root, live);
  const value = live["value"];
  if (value instanceof PythonObject) expect(value.toString()).to.equal(node);
  else expect(describeValue(value, format === "pickle")).to.equal(describeValue(evaluate(node), format === "pickle"));
  live["seen"] = true;
  patch(live, seen, root, new Set(), [codec.rules]);
  return Buffer.from(codec.encode(root)).toString("hex");
}
