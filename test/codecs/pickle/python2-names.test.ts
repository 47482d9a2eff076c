/** The table of names against CPython's own, and where it counts. */
import { expect } from "chai";
import names from "../../../fixtures/codecs/pickle-names.json" with { type: "json" };
import { decodePickle } from "../../../src/codecs/pickle/decode.ts";
import { python2Name, python3Name } from "../../../src/codecs/pickle/python2-names.ts";
import { PyGlobal } from "../../../src/values/exact.ts";

interface NameVector {
  readonly module: string;
  /** Absent where the whole module was renamed. */
  readonly name?: string;
  readonly now: readonly [module: string, name?: string];
}

describe("codecs/pickle: names of Python 2", () => {
  const directions = [
    ["reading", python3Name],
    ["writing", python2Name],
  ] as const;
  for (const [direction, nameOf] of directions) {
    it(`are CPython's in ${direction}`, () => {
      const vectors = names.vectors[direction] as unknown as readonly NameVector[];
      const found = vectors.map(({ module, name }) =>
        name === undefined ? nameOf(module, "anything")[0] : nameOf(module, name),
      );
      expect(found).to.deep.equal(vectors.map(({ now }) => (now.length === 1 ? now[0] : now)));
    });

    it(`leave others alone in ${direction}`, () => {
      expect(nameOf("myapp", "unicode")).to.deep.equal(["myapp", "unicode"]);
    });
  }

  const streams: readonly (readonly [why: string, stream: string, module: string, name: string])[] = [
    ["without PROTO", "c__builtin__\nunicode\n.", "builtins", "str"],
    ["in protocol 2", "\x80\x02c__builtin__\nunicode\n.", "builtins", "str"],
    ["by STACK_GLOBAL in protocol 2", "\x80\x02\x8c\x0b__builtin__\x8c\x04long\x93.", "builtins", "int"],
    ["not in protocol 3", "\x80\x03c__builtin__\nunicode\n.", "__builtin__", "unicode"],
    ["once: anydbm is dbm, whose old name is another's", "\x80\x02canydbm\nopen\n.", "dbm", "open"],
  ];
  for (const [why, stream, module, name] of streams) {
    it(`count ${why}`, () => {
      expect(decodePickle(Buffer.from(stream, "latin1")).value).to.deep.equal(new PyGlobal(module, name));
    });
  }

  it("do not count twice for an attribute", () => {
    const stream = "\x80\x02c__builtin__\ngetattr\ncanydbm\nerror\nX\x01\0\0\0a\x86R.";
    expect(decodePickle(Buffer.from(stream, "latin1")).value).to.deep.equal(new PyGlobal("dbm", "error.a"));
  });
});
