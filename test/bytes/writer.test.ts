import { expect } from "chai";
import { Writer } from "../../src/bytes/writer.ts";
import { EncodeError } from "../../src/errors.ts";
import { fromHex, thrownBy } from "../signing/fixture.ts";

interface Case {
  readonly name: string;
  readonly write: (writer: Writer) => void;
  readonly hex: string;
}

const cases: readonly Case[] = [
  { name: "uint8", write: (writer) => writer.uint8(255), hex: "ff" },
  { name: "uint16BE", write: (writer) => writer.uint16BE(0xfffe), hex: "fffe" },
  { name: "uint16LE", write: (writer) => writer.uint16LE(0xfffe), hex: "feff" },
  { name: "uint32BE", write: (writer) => writer.uint32BE(0xfffefdfc), hex: "fffefdfc" },
  { name: "uint32LE", write: (writer) => writer.uint32LE(0xfffefdfc), hex: "fcfdfeff" },
  { name: "int32LE", write: (writer) => writer.int32LE(-2), hex: "feffffff" },
  { name: "uint64BE", write: (writer) => writer.uint64BE(2n ** 64n - 2n), hex: "fffffffffffffffe" },
  { name: "uint64LE", write: (writer) => writer.uint64LE(2n ** 64n - 2n), hex: "feffffffffffffff" },
  { name: "int64BE", write: (writer) => writer.int64BE(-2n), hex: "fffffffffffffffe" },
  { name: "float64BE", write: (writer) => writer.float64BE(1.5), hex: "3ff8000000000000" },
  { name: "bytes", write: (writer) => writer.bytes(Uint8Array.of(1, 2)), hex: "0102" },
  { name: "surrogateUtf8", write: (writer) => writer.surrogateUtf8("é\ud800"), hex: "c3a9eda080" },
  { name: "ascii", write: (writer) => writer.ascii("ab"), hex: "6162" },
];

/** A writer whose limit no test reaches. */
function unlimited(): Writer {
  return new Writer(Number.MAX_SAFE_INTEGER, () => new RangeError("never"));
}

describe("Writer", () => {
  for (const { name, write, hex } of cases) {
    it(`writes ${name} after what stands there`, () => {
      const writer = unlimited();
      writer.uint8(0);
      write(writer);
      writer.uint8(0);
      expect(writer.result()).to.deep.equal(fromHex(`00${hex}00`));
    });
  }

  it("writes nothing as nothing", () => {
    expect(unlimited().result()).to.deep.equal(new Uint8Array());
  });

  it("takes as many bytes as the limit and not one more", () => {
    const writer = new Writer(3, () => new EncodeError("session", "more than 3 bytes"));
    writer.uint16BE(1);
    expect(
      thrownBy(() => {
        writer.uint16BE(2);
      }),
    ).to.be.instanceOf(EncodeError);
    writer.uint8(3);
    expect(writer.result()).to.deep.equal(Uint8Array.of(0, 1, 3));
  });

  it("grows, and keeps what it has", () => {
    const writer = unlimited();
    const expected: number[] = [];
    for (let index = 0; index < 3 * 1024 * 1024; index += 1024) {
      const piece = new Uint8Array(1024).fill(index / 1024);
      writer.bytes(piece);
      expected.push(...piece);
    }
    expect(Buffer.compare(writer.result(), Uint8Array.from(expected))).to.equal(0);
  });

  it("grows at once to what a single piece needs", () => {
    const writer = unlimited();
    writer.uint8(1);
    writer.bytes(new Uint8Array(5 * 1024 * 1024).fill(2));
    const result = writer.result();
    expect([result.length, result[0], result[1], result.at(-1)]).to.deep.equal([5 * 1024 * 1024 + 1, 1, 2, 2]);
  });

  it("gives results that later writers do not change", () => {
    const first = unlimited();
    first.ascii("first");
    const result = first.result();
    const second = unlimited();
    second.ascii("second");
    expect(Buffer.from(second.result()).toString()).to.equal("second");
    expect(Buffer.from(result).toString()).to.equal("first");
    expect(result.buffer.byteLength).to.equal(5);
  });
});
