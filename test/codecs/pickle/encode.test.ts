/** What the exact tree can hold, a pickle can; what it cannot is refused with its path. */
import { expect } from "chai";
import { pickle } from "../../../src/codecs/pickle/codec.ts";
import { encodePickle } from "../../../src/codecs/pickle/encode.ts";
import { EncodeError } from "../../../src/errors.ts";
import {
  type Exact,
  PyBytes,
  PyDateTime,
  PyDict,
  PyExt,
  PyGlobal,
  PyList,
  PyObject,
  PyTimedelta,
  PyUuid,
  UTC,
} from "../../../src/values/exact.ts";
import { judgeOf } from "../../python/judge.ts";
import { notationOf } from "./notation.ts";
import { differences, writtenProtocols } from "./round-trip.ts";

const EXT = new PyExt(1, new Uint8Array());
const CLASS = new PyGlobal("m", "C");

function hex(value: Exact): string {
  return Buffer.from(encodePickle(value)).toString("hex");
}

function list(...items: Exact[]): PyList {
  return new PyList("list", items);
}

function tuple(...items: Exact[]): PyList {
  return new PyList("tuple", items);
}

function nested(levels: number): Exact {
  let value: Exact = list();
  for (let level = 1; level < levels; level++) value = list(value);
  return value;
}

function object(...operations: PyObject["operations"]): PyObject {
  const made = new PyObject("new", CLASS, tuple());
  made.operations.push(...operations);
  return made;
}

const written: readonly (readonly [why: string, value: Exact, hex: string])[] = [
  ["a text of 64 ASCII characters", "a".repeat(64), `80048c40${"61".repeat(64)}942e`],
  ["a text of 65", "a".repeat(65), `80048c41${"61".repeat(65)}942e`],
  ["a text of 255 bytes", "a".repeat(255), `80048cff${"61".repeat(255)}942e`],
  ["a text of 256 bytes", "a".repeat(256), `80045800010000${"61".repeat(256)}942e`],
  ["a short text that is not ASCII", "é", "80048c02c3a9942e"],
  ["a text twice, once in the memo", list("a", "a"), "80045d94288c0161946801652e"],
  ["two lists that are equal, twice", list(list(), list()), "80045d94285d945d94652e"],
  ["one list twice, once in the memo", ((one: PyList) => list(one, one))(list()), "80045d94285d946801652e"],
  ["2^53 − 1", 9007199254740991, "80048a07ffffffffffff1f2e"],
  ["−2^53 + 1", -9007199254740991, "80048a07010000000000e02e"],
  ["−129 as a bigint, though no decoder makes it", -129n, "80048a027fff2e"],
  ["128 as a bigint", 128n, "80048a0280002e"],
  ["0 as a bigint", 0n, "80048a01002e"],
  ["−1 as a bigint", -1n, "80048a01ff2e"],
  ["infinity", Number.POSITIVE_INFINITY, "8004477ff00000000000002e"],
  ["a UUID that has no state yet", new PyUuid(), "80048c0475756964948c04555549449493942981942e"],
];

const refused: readonly (readonly [path: string, value: Exact])[] = [
  ["session", EXT],
  ["session.a", new PyDict(["a"], [EXT])],
  ["session.cart[3].when", new PyDict(["cart"], [list(1, 2, 3, new PyDict(["when"], [EXT]))])],
  ['session["a b"]', new PyDict(["a b"], [EXT])],
  ["session[7]", new PyDict([7], [EXT])],
  ["session[…]", new PyDict([tuple()], [EXT])],
  ["session<key>[0]", new PyDict([tuple(EXT)], [1])],
  ["session.callee.args[0]", new PyObject("call", new PyObject("call", CLASS, tuple(EXT)), tuple())],
  ["session.kwargs.a", new PyObject("newex", CLASS, tuple(), new PyDict(["a"], [EXT]))],
  ["session.build.a", object({ kind: "build", operands: [new PyDict(["a"], [EXT])] })],
  ["session.extend", object({ kind: "extend", operands: [1, EXT] })],
  ["session.tzinfo.args[0]", new PyDateTime("time", new Uint8Array(6), new PyObject("call", CLASS, tuple(EXT)))],
  ["session.build", uuidWith(EXT)],
  ["session[1]", tuple(new PyUuid(), EXT)],
];

function uuidWith(state: Exact): PyUuid {
  const uuid = new PyUuid();
  uuid.object = object({ kind: "build", operands: [state] });
  return uuid;
}

describe("codecs/pickle: writing", () => {
  for (const [why, value, expected] of written) {
    it(why, () => {
      expect(hex(value)).to.equal(expected);
    });
  }

  for (const [path, value] of refused) {
    it(`a msgpack extension is refused at ${path}`, () => {
      expect(() => encodePickle(value))
        .to.throw(EncodeError, `Cannot store ${path}: a pickle cannot hold it`)
        .with.property("path", path);
    });
  }

  it("what is no value of Python is refused with its path", () => {
    const holed = new PyDict(["a"], [list(1, undefined as unknown as Exact)]);
    expect(() => encodePickle(holed)).to.throw(EncodeError, "Cannot store session.a[1]: Python has no undefined");
    const besideObject = list(object(), new PyUuid(), undefined as unknown as Exact);
    expect(() => encodePickle(besideObject)).to.throw(EncodeError, "Cannot store session[2]: Python has no undefined");
  });

  it("the shortest path is shown, cycles or not", () => {
    const looped = new PyDict(["deep", "a"], [list(list(EXT)), EXT]);
    looped.set("me", looped);
    expect(() => encodePickle(looped))
      .to.throw(EncodeError)
      .with.property("path", "session.a");
  });

  it("more bytes than the limit are refused", () => {
    const large = new PyDict(["a"], ["x".repeat(100)]);
    expect(encodePickle(large, { maxBytes: 113 })).to.have.length(113);
    expect(() => encodePickle(large, { maxBytes: 112 })).to.throw(
      EncodeError,
      "Cannot store session: its pickle has more than 112 bytes",
    );
  });

  it("1,000 levels are written, 1,001 refused", () => {
    expect(pickle.encode(nested(1000))).to.have.length.above(1000);
    expect(() => pickle.encode(nested(1001))).to.throw(EncodeError, "it is more than 1000 levels deep");
  });

  for (const pickleProtocol of writtenProtocols) {
    it(`protocol ${pickleProtocol} may be asked for`, () => {
      expect(encodePickle(null, { pickleProtocol })).to.deep.equal(Uint8Array.of(0x80, pickleProtocol, 0x4e, 0x2e));
    });
  }
});

describe("codecs/pickle: what JavaScript makes, Python loads", () => {
  const values: readonly (readonly [repr: string, value: Exact])[] = [
    [
      "datetime.datetime(2024, 2, 29, 12, 30, tzinfo=datetime.timezone.utc)",
      new PyDateTime("datetime", Uint8Array.of(7, 232, 2, 29, 12, 30, 0, 0, 0, 0), UTC),
    ],
    ["(1, [2], {3}, frozenset({4}))", tuple(1, list(2), new PyList("set", [3]), new PyList("frozenset", [4]))],
    ["{'a': datetime.timedelta(days=1)}", new PyDict(["a"], [new PyTimedelta(1, 0, 0)])],
    [
      "[bytearray(b''), bytearray(b'a'), b'b']",
      list(
        new PyBytes("bytearray", new Uint8Array()),
        new PyBytes("bytearray", Uint8Array.of(97)),
        new PyBytes("bytes", Uint8Array.of(98)),
      ),
    ],
    [
      "[<class 'datetime.timezone'>, datetime.timezone.utc, datetime.timezone.utc]",
      list(new PyGlobal("datetime", "timezone"), UTC, UTC),
    ],
  ];
  for (const [repr, value] of values) {
    it(repr, async () => {
      const judge = await judgeOf("fs080-flask31");
      expect(await judge.run("import pickle; result = repr(pickle.loads(bytes.fromhex(input)))", hex(value))).to.equal(
        repr,
      );
    });
  }

  it("a list, a dict and a set of 2,500", async () => {
    const numbers = Array.from({ length: 2500 }, (_, index) => index);
    const value = list(list(...numbers), new PyDict(numbers, numbers), new PyList("set", numbers));
    const judge = await judgeOf("fs080-flask31");
    const program = `
import pickle
numbers = list(range(2500))
result = pickle.loads(bytes.fromhex(input)) == [numbers, dict(zip(numbers, numbers)), set(numbers)]
`;
    expect(await judge.run(program, hex(value))).to.equal(true);
  });
});

describe("codecs/pickle: opcodes of Python 2", () => {
  const streams: readonly (readonly [name: string, stream: string])[] = [
    ["INST", "(K\x01iunknown_classes\nOldStyle\n."],
    ["INST without arguments, which does not call __init__", "(iunknown_classes\nOldStyle\n."],
    ["OBJ", "(cunknown_classes\nOldStyle\nK\x01]o."],
    ["OBJ with a state", "(cunknown_classes\nOldStyle\no}\x8c\x01aK\x01sb."],
    ["NEWOBJ", "cunknown_classes\nOldStyle\n)\x81."],
  ];
  it("are written so that Python makes the same", async () => {
    const pickles = streams.map(([name, stream]) => ({ name, hex: Buffer.from(stream, "latin1").toString("hex") }));
    expect(await differences(await judgeOf("fs080-flask31"), pickles)).to.deep.equal([]);
  });
});

describe("codecs/pickle: the codec", () => {
  it("refuses msgpack's extension and nothing else", () => {
    expect(pickle.rules.refuse(EXT)).to.equal("a pickle cannot hold a msgpack extension");
    for (const value of [null, 1, 1n, "a", list(), tuple(), UTC, object()]) {
      expect(pickle.rules.refuse(value)).to.equal(undefined);
    }
  });

  it("asks nothing of what Flask saves next", () => {
    expect(pickle.nextRules.refuse(EXT)).to.equal(undefined);
  });

  it("is a pair: what is written is read", () => {
    const value = new PyDict(["a", "b"], [list(1, 2.5, null, true, "é", 1n << 70n), tuple()]);
    expect(notationOf(pickle.decode(pickle.encode(value)).value)).to.deep.equal(notationOf(value));
    expect(pickle.format).to.equal("pickle");
  });
});
