import { expect } from "chai";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import { datetimeAt, instantOf, rawDatetime } from "../../src/values/datetimes.ts";
import { type Exact, PyDateTime, PyGlobal, PyList, PyObject, PyTimedelta } from "../../src/values/exact.ts";
import { python } from "./through-node.ts";

const COUNT = 600;

/** The release of the tz database that the pinned tzdata has; against another one only settled years are compared. */
const YEARS = process.versions["tz"] === "2025c" ? [1900, 2099] : [1971, 2019];

interface Moments {
  readonly hex: string;
  readonly instants: readonly number[];
  readonly targets: readonly number[];
}

async function randomMoments(
  kind: string,
  years: readonly number[],
): Promise<Moments & { readonly nodes: readonly PyDateTime[] }> {
  const program = `
moments, targets = random_moments(*input)
result = {"hex": dump(moments), "instants": [millis(m) for m in moments], "targets": [millis(t) for t in targets]}`;
  const moments = (await python(program, [kind, 7, COUNT, ...years])) as Moments;
  const list = pickle.decode(Buffer.from(moments.hex, "hex")).value as PyList;
  return { ...moments, nodes: list.items.filter((item) => item instanceof PyDateTime) };
}

/** How our datetimes at the targets differ from Python's own: by `what` of a datetime. */
async function differences(kind: string, years: readonly number[], ours: PyList, what: string): Promise<unknown[]> {
  const program = `
moments, targets = random_moments(*input[:5])
result = []
for found, moment, target in zip(pickle.loads(bytes.fromhex(input[5])), moments, targets):
    wanted = moved(moment, target.replace(microsecond=target.microsecond // 1000 * 1000))
    what = lambda value: canonical(${what})
    if what(found) != what(wanted):
        result.append([repr(found), repr(wanted)])`;
  const hex = Buffer.from(pickle.encode(ours)).toString("hex");
  return (await python(program, [kind, 7, COUNT, ...years, hex])) as unknown[];
}

function moveAll({ nodes, targets }: Moments & { readonly nodes: readonly PyDateTime[] }): PyList {
  return new PyList(
    "list",
    nodes.map(({ tzinfo }, index) => datetimeAt(targets[index] ?? 0, tzinfo) ?? null),
  );
}

describe("zones", () => {
  for (const kind of ["zoneinfo", "pytz"]) {
    it(`${kind}: ${COUNT} random datetimes have the instants that Python gives them`, async () => {
      const { nodes, instants } = await randomMoments(kind, YEARS);
      expect(nodes).to.have.length(COUNT);
      expect(nodes.map(instantOf)).to.deep.equal(instants);
    });
  }

  it("zoneinfo: moved to other instants, gaps and folds among them, they are what Python makes of these", async () => {
    const ours = moveAll(await randomMoments("zoneinfo", YEARS));
    expect(await differences("zoneinfo", YEARS, ours, "[value, value.utcoffset()]")).to.deep.equal([]);
  });

  it("pytz: moved to other instants, they are what Python makes of these in the years that pytz knows", async () => {
    const years = [1980, 2019]; // before, releases of the tz database differ about Baja California
    const ours = moveAll(await randomMoments("pytz", years));
    expect(await differences("pytz", years, ours, "[value.replace(tzinfo=None), value.utcoffset()]")).to.deep.equal([]);
    const otherDst = await differences("pytz", years, ours, "value.dst()");
    expect(otherDst.length, "zones that changed for good within a year of the instant").to.be.lessThan(COUNT / 100);
  });

  const day = new PyTimedelta(1, 0, 0);
  const foreign: readonly (readonly [name: string, tzinfo: Exact])[] = [
    ["no object", new PyGlobal("datetime", "timezone")],
    ["an unknown call", call("m", "f", [])],
    ["a call of a call", new PyObject("call", call("m", "f", []), new PyList("tuple", []))],
    [
      "an instance made otherwise",
      new PyObject("new", new PyGlobal("datetime", "timezone"), new PyList("tuple", [new PyTimedelta(0, 0, 0)])),
    ],
    ["a timezone that was changed", changed(call("datetime", "timezone", [new PyTimedelta(0, 0, 0)]))],
    ["a timezone without an offset", call("datetime", "timezone", [])],
    ["a timezone of a day", call("datetime", "timezone", [day])],
    ["a ZoneInfo without a name", call("zoneinfo", "ZoneInfo._unpickle", [1, 1])],
    ["a ZoneInfo that is an offset", call("zoneinfo", "ZoneInfo._unpickle", ["+05:30", 1])],
    ["pytz without a name", call("pytz", "_p", [])],
    ["pytz of a zone that does not exist", call("pytz", "_p", ["Mars/Olympus"])],
    ["pytz with an offset that is none", call("pytz", "_p", ["Europe/Paris", "1", 0, "x"])],
    ["pytz with an offset of years", call("pytz", "_p", ["Europe/Paris", 1e9, 0, "x"])],
    ["pytz.FixedOffset without an offset", call("pytz", "FixedOffset", [])],
  ];
  for (const [name, tzinfo] of foreign) {
    it(`only Python knows the offset of ${name}`, () => {
      const raw = rawDatetime([2024, 1, 1, 0, 0, 0, 0], 0);
      expect(instantOf(new PyDateTime("datetime", raw, tzinfo))).to.equal(undefined);
      expect(datetimeAt(0, tzinfo)).to.equal(undefined);
    });
  }

  it("pytz: a zone that Intl does not know keeps its pickled offset", () => {
    const tzinfo = call("pytz", "_p", ["Mars/Olympus", 3600, 0, "MST"]);
    expect(datetimeAt(0, tzinfo)).to.deep.equal(
      new PyDateTime("datetime", rawDatetime([1970, 1, 1, 1, 0, 0, 0], 0), tzinfo),
    );
  });

  it("backports.zoneinfo is ZoneInfo", () => {
    const raw = rawDatetime([2024, 7, 1, 2, 0, 0, 0], 0);
    const tzinfo = call("backports.zoneinfo", "ZoneInfo._unpickle", ["Europe/Paris", 1]);
    expect(instantOf(new PyDateTime("datetime", raw, tzinfo))).to.equal(Date.UTC(2024, 6, 1));
  });

  it("remembers zones without growing for ever", () => {
    const raw = rawDatetime([2024, 7, 1, 2, 0, 0, 0], 0);
    for (let number = 0; number < 200; number++) {
      const name = Array.from("Europe/Paris")
        .map((c, bit) => ((number >> bit) & 1 ? c.toUpperCase() : c.toLowerCase()))
        .join("");
      const tzinfo = call("zoneinfo", "ZoneInfo._unpickle", [name, 1]);
      expect(instantOf(new PyDateTime("datetime", raw, tzinfo))).to.equal(Date.UTC(2024, 6, 1));
    }
  });
});

function call(module: string, name: string, args: Exact[]): PyObject {
  return new PyObject("call", new PyGlobal(module, name), new PyList("tuple", args));
}

function changed(object: PyObject): PyObject {
  object.operations.push({ kind: "build", operands: [null] });
  return object;
}
