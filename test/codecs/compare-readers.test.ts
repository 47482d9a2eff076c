import { expect } from "chai";
import { type Difference, stale, unlisted } from "./compare-readers.ts";
import { everyFixture, type Fixture, recordOf, unknownCandidates } from "./every-fixture.ts";

function fixture(name: string, place: string): Fixture {
  return { file: "codecs/a.json", place, name, kind: "pickle", bytes: Buffer.of() };
}

/** Where records lie that are meant to be none, one by Python 2 with text that is not ASCII among them. */
const UNREADABLE = ["codecs/fallback.json record", "field-cases/fs080-flask31.json record"];

const one = fixture("one", "0.hex");
const again = fixture("one", "1.hex");
const two = fixture("two", "2.hex");

describe("every fixture", () => {
  it("that could hold bytes is known for a record or for none", () => {
    expect(unknownCandidates).to.deep.equal([]);
  });

  it("is read by a second reader, unless Flask-Session finds no format in it", () => {
    const formats = new Map<string | undefined, number>();
    for (const each of everyFixture) {
      const { format } = recordOf(each);
      formats.set(format, (formats.get(format) ?? 0) + 1);
      if (format === undefined) expect(`${each.file} ${each.kind}`).to.be.oneOf(UNREADABLE);
    }
    expect([...formats.keys()]).to.have.members(["pickle", "msgpack", "json", undefined]);
    expect(formats.get("pickle")).to.be.at.least(1800);
  });
});

describe("the list of differences between readers", () => {
  const cases: readonly (readonly [
    about: string,
    difference: Difference,
    differing: readonly Fixture[],
    unlisted: readonly string[],
    stale: readonly string[],
  ])[] = [
    ["names what differs", { reason: "", names: ["one"] }, [one, again], [], []],
    ["names nothing that does not differ", { reason: "", names: ["one"] }, [one], [], ["codecs/a.json 1.hex: one"]],
    ["names it by its place too", { reason: "", names: ["one"], where: /^codecs\/a\.json 0/ }, [one], [], []],
    ["names all of a place", { reason: "", where: /[01]\.hex$/ }, [one, again, two], ["codecs/a.json 2.hex: two"], []],
    ["names no place that is gone", { reason: "", where: /b\.json/ }, [], [], ["/b\\.json/"]],
    ["misses what is new", { reason: "", names: ["one"] }, [one, again, two], ["codecs/a.json 2.hex: two"], []],
    ["names nothing that is gone", { reason: "", names: ["one", "three"] }, [one, again], [], ["three"]],
  ];
  for (const [about, difference, differing, missing, old] of cases) {
    it(about, () => {
      expect(unlisted(differing, [difference])).to.deep.equal(missing);
      expect(stale([one, again, two], (record) => differing.includes(record), difference)).to.deep.equal(old);
    });
  }
});
