/** The walk through the keys, with pages that a server gives only at certain moments. */
import { expect } from "chai";
import { patternOf, type Walk, walk } from "../../../src/stores/redis/listing.ts";

const A = Uint8Array.of(0x80);

describe("a walk through Redis' keys", () => {
  it("takes a prefix for nothing but text", () => {
    expect(patternOf("a_b%[x]*?\\:")).to.equal("a_b%\\[x\\]\\*\\?\\\\:*");
  });

  it("goes on after an empty page, and passes over keys that do not start with the prefix", async () => {
    const pages = new Map<string, readonly [string, readonly string[]]>([
      ["0", ["7", []]],
      ["7", ["9", ["session:a", "SESSION:b", "other"]]],
      ["9", ["0", ["session:c"]]],
    ]);
    const pagewise: Walk = {
      scan: (cursor) => Promise.resolve(pages.get(cursor) ?? ["0", []]),
      read: () => Promise.resolve({ record: { bytes: A }, millis: -1 }),
    };
    const refs = [];
    for await (const { ref } of walk(pagewise, "session:")) refs.push(ref);
    expect(refs).to.deep.equal(["session:a", "session:c"]);
  });
});
