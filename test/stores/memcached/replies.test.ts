/** Answers of memcached, in pieces as a network may cut them. */
import { expect } from "chai";
import { DecodeError, LimitError, StoreError } from "../../../src/errors.ts";
import { type Reply, ReplyParser } from "../../../src/stores/memcached/replies.ts";

function parsed(pieces: readonly (string | Buffer)[]): Reply[] {
  const parser = new ReplyParser();
  return pieces.flatMap((piece) => [...parser.push(Buffer.from(piece as string))]);
}

const VALUE = "VALUE session:a 0 5 42\r\n\x81\r\n\0b\r\nEND\r\n";
const ANSWERS = Buffer.from(`${VALUE}STORED\r\nEND\r\nSTAT version 1.6.18\r\nSTAT a b c\r\nEND\r\n`, "latin1");

describe("memcached's answers", () => {
  it("are read whole or byte by byte", () => {
    const whole = parsed([ANSWERS]);
    expect(whole.map(({ status, items, stats }) => [status, items.length, stats.size])).to.deep.equal([
      ["END", 1, 0],
      ["STORED", 0, 0],
      ["END", 0, 0],
      ["END", 0, 2],
    ]);
    expect(whole[3]?.stats.get("a")).to.equal("b c");
    const [item] = whole[0]?.items ?? [];
    expect({ ...item, value: Buffer.from(item?.value ?? []).toString("latin1") }).to.deep.equal({
      key: "session:a",
      value: "\x81\r\n\0b",
      flags: 0,
      cas: "42",
    });
    expect(parsed([...ANSWERS].map((byte) => Buffer.of(byte)))).to.deep.equal(whole);
  });

  it("are read in time that grows with their length alone", () => {
    const size = 32 * 1024 * 1024;
    const piece = Buffer.alloc(16 * 1024);
    const pieces = Array.from({ length: size / piece.length }, () => piece);
    const started = performance.now();
    const [reply] = parsed([`VALUE k 0 ${size} 1\r\n`, ...pieces, "\r\nEND\r\n"]);
    expect(reply?.items[0]?.value.length).to.equal(size);
    expect(performance.now() - started).to.be.below(2000);
  });

  it("keep cas ids and flags of any size", () => {
    const [reply] = parsed(["VALUE k 4294967295 0 18446744073709551615\r\n\r\nEND\r\n"]);
    expect(reply?.items[0]).to.deep.include({ flags: 4294967295, cas: "18446744073709551615" });
  });

  const odd: readonly (readonly [string, string])[] = [
    ["a line that does not end", "x".repeat(3000)],
    ["a line that ends late", `${"x".repeat(3000)}\r\n`],
    ["a value that is longer than it says", "VALUE k 0 1 1\r\nabc\r\nEND\r\n"],
  ];
  for (const [name, text] of odd) {
    it(`are not memcached's: ${name}`, () => {
      expect(() => parsed([text])).to.throw(StoreError, "does not speak its text protocol");
    });
  }

  it("are not waited for where they announce more than a record may have", () => {
    expect(() => parsed(["VALUE k 0 4000000000 1\r\n"]))
      .to.throw(LimitError, "larger than 67108864 bytes")
      .instanceOf(DecodeError);
  });

  it("whose first line is none of the known ones are taken for their last", () => {
    const statuses = parsed(["VALUE k 0 1\r\nVALUE k 0 1 1 1\r\nVALUE k -1 1 1\r\n-ERR no\r\n\r\n"]).map(
      ({ status }) => status,
    );
    expect(statuses).to.deep.equal(["VALUE k 0 1", "VALUE k 0 1 1 1", "VALUE k -1 1 1", "-ERR no", ""]);
  });
});
