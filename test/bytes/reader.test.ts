import { expect } from "chai";
import { Reader } from "../../src/bytes/reader.ts";
import { DecodeError, TruncatedError } from "../../src/errors.ts";
import { fromHex, thrownBy } from "../signing/fixture.ts";

interface Case {
  readonly name: string;
  readonly hex: string;
  readonly read: (reader: Reader) => unknown;
  readonly value: unknown;
}

/** Each reads its input to the end. */
const cases: readonly Case[] = [
  { name: "uint8", hex: "ff", read: (reader) => reader.uint8(), value: 255 },
  { name: "int8", hex: "ff", read: (reader) => reader.int8(), value: -1 },
  { name: "uint16BE", hex: "fffe", read: (reader) => reader.uint16BE(), value: 0xfffe },
  { name: "uint16LE", hex: "fffe", read: (reader) => reader.uint16LE(), value: 0xfeff },
  { name: "int16BE", hex: "fffe", read: (reader) => reader.int16BE(), value: -2 },
  { name: "uint32BE", hex: "fffefdfc", read: (reader) => reader.uint32BE(), value: 0xfffefdfc },
  { name: "uint32LE", hex: "fffefdfc", read: (reader) => reader.uint32LE(), value: 0xfcfdfeff },
  { name: "int32BE", hex: "fffffffe", read: (reader) => reader.int32BE(), value: -2 },
  { name: "int32LE", hex: "feffffff", read: (reader) => reader.int32LE(), value: -2 },
  { name: "uint64BE", hex: "fffffffffffffffe", read: (reader) => reader.uint64BE(), value: 2n ** 64n - 2n },
  { name: "uint64LE", hex: "feffffffffffffff", read: (reader) => reader.uint64LE(), value: 2n ** 64n - 2n },
  { name: "int64BE", hex: "fffffffffffffffe", read: (reader) => reader.int64BE(), value: -2n },
  { name: "float32BE", hex: "3fc00000", read: (reader) => reader.float32BE(), value: 1.5 },
  { name: "float64BE", hex: "3ff8000000000000", read: (reader) => reader.float64BE(), value: 1.5 },
  { name: "slice", hex: "0102", read: (reader) => reader.slice(2), value: Uint8Array.of(1, 2) },
  { name: "utf8", hex: "68c3a9", read: (reader) => reader.utf8(3), value: "hé" },
  { name: "short ASCII by utf8", hex: "6162", read: (reader) => reader.utf8(2), value: "ab" },
  { name: "surrogateUtf8", hex: "eda080", read: (reader) => reader.surrogateUtf8(3), value: "\ud800" },
  { name: "short ASCII by surrogateUtf8", hex: "6162", read: (reader) => reader.surrogateUtf8(2), value: "ab" },
  { name: "line", hex: "61ff0a", read: (reader) => reader.line(), value: "a\xff" },
  { name: "skip", hex: "0102", read: (reader) => reader.skip(2), value: 0 },
];

describe("Reader", () => {
  for (const { name, hex, read, value } of cases) {
    it(`reads ${name} and steps over it`, () => {
      const reader = new Reader(fromHex(hex), "pickle");
      expect(read(reader)).to.deep.equal(value);
      expect(reader.remaining).to.equal(0);
      expect(reader.offset).to.equal(hex.length / 2);
    });

    it(`refuses ${name} one byte short, and stays where it is`, () => {
      const reader = new Reader(fromHex(`00${hex.slice(0, -2)}`), "pickle");
      reader.skip(1);
      const error = thrownBy(() => read(reader));
      expect(error).to.be.instanceOf(TruncatedError);
      expect((error as TruncatedError).offset).to.equal(1);
      expect(reader.offset).to.equal(1);
    });
  }

  it("reads only what the view shows", () => {
    const reader = new Reader(Uint8Array.of(1, 2, 3, 4).subarray(1, 3), "pickle");
    expect([reader.uint8(), reader.uint8(), reader.remaining]).to.deep.equal([2, 3, 0]);
    expect(thrownBy(() => reader.uint8())).to.be.instanceOf(TruncatedError);
  });

  it("gives slices that do not change with the input", () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const slice = new Reader(bytes, "pickle").slice(2);
    bytes.fill(9);
    expect(slice).to.deep.equal(Uint8Array.of(1, 2));
    expect(slice.buffer.byteLength).to.equal(2);
  });

  it("reads text longer than what it joins by hand", () => {
    const text = "a".repeat(25);
    expect(new Reader(Buffer.from(text), "pickle").utf8(25)).to.equal(text);
    expect(new Reader(Buffer.from(text), "pickle").surrogateUtf8(25)).to.equal(text);
  });

  it("says what it wanted, where, and what is left", () => {
    const reader = new Reader(Uint8Array.of(1, 2, 3), "msgpack");
    reader.skip(1);
    expect(() => reader.uint32BE()).to.throw(
      TruncatedError,
      "Cannot decode msgpack: 4 bytes wanted at offset 1, 2 left",
    );
  });

  it("says where a line does not end", () => {
    const reader = new Reader(Buffer.from("ab"), "pickle");
    expect(() => reader.line()).to.throw(TruncatedError, "Cannot decode pickle: the line at offset 0 does not end");
  });

  for (const method of ["utf8", "surrogateUtf8"] as const) {
    it(`says where ${method} finds no UTF-8`, () => {
      const reader = new Reader(Uint8Array.of(0x61, 0x62, 0xff), "pickle");
      reader.skip(1);
      const error = thrownBy(() => reader[method](2));
      expect(error).to.be.instanceOf(DecodeError).and.not.instanceOf(TruncatedError);
      expect((error as DecodeError).message).to.equal("Cannot decode pickle: invalid UTF-8 at offset 1");
      expect((error as DecodeError).offset).to.equal(1);
    });
  }
});
