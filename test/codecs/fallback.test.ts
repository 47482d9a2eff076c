/** The order in which Flask-Session 0.8.0 tries the formats. */
import { expect } from "chai";
import type { Format } from "../../src/codecs/codec.ts";
import { decodeRecord } from "../../src/codecs/fallback.ts";
import { DecodeError, LimitError } from "../../src/errors.ts";
import { PyDict } from "../../src/values/exact.ts";
import { judgeOf } from "../python/judge.ts";
import { bytesOf, vectorsOf } from "./fixtures.ts";
import { notationOf } from "./notation.ts";

const cases: readonly (readonly [hex: string, configured: "msgpack" | "json", found: Format])[] = [
  ["80", "msgpack", "msgpack"],
  ["80", "json", "msgpack"],
  ["81a16101", "json", "msgpack"],
  ["7b2261223a317d", "msgpack", "json"],
  ["20207b7d0a", "msgpack", "json"],
  ["35", "msgpack", "msgpack"],
  ["35", "json", "json"],
  ["80047d942e", "msgpack", "pickle"],
  ["80047d942e", "json", "pickle"],
  ["80047d942e0000", "msgpack", "pickle"],
  ["286470300a2e", "msgpack", "pickle"],
];

/** A record, and what Flask-Session reads from it under either setting, or the name of what it raises. */
interface RecordVector {
  readonly name: string;
  readonly bytes: string;
  readonly msgpack: RecordOutcome;
  readonly json: RecordOutcome;
}

interface RecordOutcome {
  readonly format?: Format;
  readonly value?: unknown;
  readonly error?: string;
}

/** What Flask answers with a 500 and Node reads. */
const READ_BY_NODE: Readonly<Record<string, string>> = {
  "a pickle that names a missing module": "to Node a class is a name",
};

const unreadable = [
  "67617262616765",
  "0000",
  "8004",
  "81a1",
  "8000",
  "efbbbf7b7d",
  "7b2261223a4e614e7d",
  "81a1ff01",
  "",
];

describe("the reading order", () => {
  for (const [hex, configured, found] of cases) {
    it(`takes ${hex} for ${found} where ${configured} is configured`, () => {
      expect(decodeRecord(Buffer.from(hex, "hex"), configured).format).to.equal(found);
    });
  }

  it("is Flask-Session's own: it reads these, and none of the others", async () => {
    const judge = await judgeOf("fs080-flask31");
    const program = `
from flask_session.base import MsgSpecSerializer
from flask import Flask
app = Flask('x')
def read(hex, format):
    try:
        MsgSpecSerializer(app, format).decode(bytes.fromhex(hex))
        return True
    except Exception:
        return False
result = [read(hex, format) for hex, format in input]`;
    const input = [...cases.map(([hex, format]) => [hex, format]), ...unreadable.map((hex) => [hex, "msgpack"])];
    expect(await judge.run(program, input)).to.deep.equal(input.map((_, index) => index < cases.length));
  });

  for (const hex of unreadable) {
    it(`refuses ${hex === "" ? "no bytes" : hex}, and says so`, () => {
      expect(() => decodeRecord(Buffer.from(hex, "hex"), "msgpack")).to.throw(DecodeError, "Cannot decode the record");
    });
  }

  for (const { name, bytes, ...outcomes } of vectorsOf("fallback") as readonly RecordVector[]) {
    for (const configured of ["msgpack", "json"] as const) {
      const { format, value } = outcomes[configured];
      it(`reads what Flask-Session with ${configured} reads from ${name}`, () => {
        const decode = (): unknown => {
          const decoded = decodeRecord(bytesOf(bytes), configured);
          return { format: decoded.format, value: notationOf(decoded.value) };
        };
        if (format !== undefined) expect(decode()).to.deep.equal({ format, value });
        else if (name in READ_BY_NODE) expect(decodeRecord(bytesOf(bytes), configured).format).to.equal("pickle");
        else expect(decode).to.throw(DecodeError, "Cannot decode the record");
      });
    }
  }

  it("names the format that came farthest, and keeps its error", () => {
    expect(() => decodeRecord(Buffer.from('{"a":tru}'), "msgpack"))
      .to.throw(DecodeError, "Cannot decode the record: it is no msgpack, JSON or pickle (Cannot decode JSON: ")
      .that.includes({ offset: 5 })
      .with.property("cause")
      .that.is.instanceOf(DecodeError);
  });

  it("says of a record that is too deep or too full that it is", () => {
    for (const hex of [
      `${"91".repeat(501)}c0`,
      `dd000186a1${"c0".repeat(100_001)}`,
      `${"5b".repeat(501)}${"5d".repeat(501)}`,
    ]) {
      for (const configured of ["msgpack", "json"] as const) {
        expect(() => decodeRecord(bytesOf(hex), configured)).to.throw(LimitError);
      }
    }
  });

  it("is pickle alone where Python reads nothing else", () => {
    expect(decodeRecord(Buffer.from("80047d942e", "hex"), "pickle").value).to.be.instanceOf(PyDict);
    expect(() => decodeRecord(Buffer.from("80", "hex"), "pickle")).to.throw(DecodeError, "Cannot decode pickle");
  });

  it("says of a record that is too large that it is too large", () => {
    const bytes = Buffer.concat([Buffer.from("81a161c600500000", "hex"), Buffer.alloc(0x500000)]);
    expect(() => decodeRecord(bytes, "msgpack")).to.throw(LimitError);
  });

  it("lets what is no fault of the bytes through", () => {
    expect(() => decodeRecord(undefined as unknown as Uint8Array, "msgpack")).to.throw(TypeError);
  });
});
