/** The limits of the unpickler: what is counted, and by whom they are set. */
import { expect } from "chai";
import { DEFAULT_LIMITS } from "../../../src/bytes/limits.ts";
import { pickle } from "../../../src/codecs/pickle/codec.ts";
import { EncodeError, LimitError } from "../../../src/errors.ts";
import { get, stream, times } from "../hostile/parts.ts";

/** Generous: each takes a few milliseconds, and would take minutes if it were not linear. */
const SOON_MILLIS = 1500;

describe("codecs/pickle: limits", () => {
  const deep: readonly (readonly [why: string, bytes: () => Buffer])[] = [
    [
      "a chain that was filled from the outside in",
      () =>
        stream(
          "\x80\x04",
          "]\x940".repeat(30_000),
          times(29_999, (n) => `${get(n)}${get(n + 1)}a0`),
          get(0),
          ".",
        ),
    ],
    [
      "lists in a tuple that each of them holds",
      () =>
        stream(
          "\x80\x04(",
          "]\x94".repeat(1100),
          "t\x94",
          times(1100, (n) => `${get(n)}${get(1100)}a0`),
          times(1099, (n) => `${get(n)}${get(n + 1)}a0`),
          ".",
        ),
    ],
  ];
  for (const [why, bytes] of deep) {
    it(`${why}: is read, and refused when it is written`, () => {
      const start = performance.now();
      const { value } = pickle.decode(bytes());
      expect(() => pickle.encode(value)).to.throw(
        EncodeError,
        /^Cannot store session.*: it is more than 1000 levels deep$/,
      );
      expect(performance.now() - start).to.be.below(SOON_MILLIS);
    });
  }

  it("the limits are the caller's", () => {
    const list = stream("\x80\x04](K\x01K\x02K\x03e.");
    expect(() => pickle.decode(list, { ...DEFAULT_LIMITS, maxItems: 2 })).to.throw(LimitError, "more than 2 items");
    expect(() => pickle.decode(list, { ...DEFAULT_LIMITS, maxBytes: 5 })).to.throw(LimitError, "more than 5 bytes");
    expect(() => pickle.decode(stream("\x80\x04]]]aa."), { ...DEFAULT_LIMITS, maxDepth: 2 })).to.throw(
      LimitError,
      "deeper than 2 levels",
    );
    expect(pickle.decode(stream("\x80\x04]]a."), { ...DEFAULT_LIMITS, maxDepth: 2 })).to.have.property("value");
  });

  it("levels go through datetimes, whose zone is an object", () => {
    const time = "cdatetime\ntime\nC\x06\0\0\0\0\0\0";
    const zoned = (levels: number): Buffer =>
      stream("\x80\x04", `cm\nzone\n${time}`.repeat(levels), "cm\nzone\n)R", "\x86R\x85R".repeat(levels), ".");
    expect(pickle.decode(zoned(120))).to.have.property("value");
    expect(() => pickle.decode(zoned(180))).to.throw(LimitError, "deeper than 500 levels");
  });

  it("levels go through UUIDs, whose state is an object's", () => {
    expect(pickle.decode(uuidsIn(200))).to.have.property("value");
    expect(() => pickle.decode(uuidsIn(300))).to.throw(LimitError, "deeper than 500 levels");
  });
});

function uuidsIn(levels: number): Buffer {
  return stream("\x80\x04", "cuuid\nUUID\n)\x81".repeat(levels), "N", "\x85b".repeat(levels), ".");
}
