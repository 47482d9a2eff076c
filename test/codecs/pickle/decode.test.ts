/** The exact nodes of what CPython pickles, and what of a stream is an error. */
import { expect } from "chai";
import { decodePickle } from "../../../src/codecs/pickle/decode.ts";
import { DecodeError, TruncatedError } from "../../../src/errors.ts";
import {
  type Exact,
  PyBytes,
  PyDateTime,
  PyDecimal,
  PyDict,
  PyFloat,
  PyGlobal,
  PyList,
  PyMarkup,
  PyObject,
  PyTimedelta,
  PyUuid,
} from "../../../src/values/exact.ts";
import { pickleOf } from "./fixtures.ts";

const CLASSES = "unknown_classes";

function decode(bytes: Uint8Array): Exact {
  return decodePickle(bytes).value;
}

function text(stream: string): Buffer {
  return Buffer.from(stream, "latin1");
}

function tuple(...items: Exact[]): PyList {
  return new PyList("tuple", items);
}

function globalOf(dotted: string): PyGlobal {
  const [module = "", name = ""] = dotted.split(":");
  return new PyGlobal(module, name);
}

/** Drops what only the writer asks for: how deep a node is and when it changed. */
function bare(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, item: unknown) => {
      if (key === "depth" || key === "changedAt") return undefined;
      if (typeof item === "bigint") return `${item}n`;
      if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
      return { class: item.constructor.name, ...item };
    }),
  );
}

function made(how: PyObject["how"], callee: PyGlobal, args: PyList, ...operations: PyObject["operations"]): PyObject {
  const object = new PyObject(how, callee, args);
  object.operations.push(...operations);
  return object;
}

const DATE = Uint8Array.of(0x07, 0xe8, 2, 29);
const TIME = Uint8Array.of(12, 30, 45, 0x01, 0xe2, 0x40);
const utc = made("call", globalOf("datetime:timezone"), tuple(new PyTimedelta(0, 0, 0)));
const paris = made("call", globalOf("zoneinfo:ZoneInfo._unpickle"), tuple("Europe/Paris", 1));

const nodes: Readonly<Record<string, Exact>> = {
  "1.5": 1.5,
  "10.0": new PyFloat(10),
  "2**53": 9007199254740992n,
  "-2**63": -9223372036854775808n,
  bytes: new PyBytes("bytes", Uint8Array.of(0, 255)),
  bytearray: new PyBytes("bytearray", Uint8Array.of(1, 254)),
  "(1, 2)": tuple(1, 2),
  "[1]": new PyList("list", [1]),
  "{1}": new PyList("set", [1]),
  "frozenset({1})": new PyList("frozenset", [1]),
  "{'a': 1}": new PyDict(["a"], [1]),
  date: new PyDateTime("date", DATE),
  time: new PyDateTime("time", TIME),
  datetime: new PyDateTime("datetime", Uint8Array.of(...DATE, ...TIME)),
  "datetime in UTC": new PyDateTime("datetime", Uint8Array.of(...DATE, ...TIME), utc),
  ZoneInfo: paris,
  "timedelta(-1)": new PyTimedelta(-1, 0, 0),
  Decimal: new PyDecimal("1.10"),
  Markup: new PyMarkup("<b>"),
  UUID: new PyUuid(0x12345678123456781234567812345678n),
  int: globalOf("builtins:int"),
  "nested class": globalOf(`${CLASSES}:Outer.Inner`),
  "class method": globalOf(`${CLASSES}:Outer.Inner.make`),
  "range(3)": made("call", globalOf("builtins:range"), tuple(0, 3, 1)),
  Enum: made("call", globalOf(`${CLASSES}:Color`), tuple(1)),
  namedtuple: made("new", globalOf(`${CLASSES}:Pair`), tuple(1, 2)),
  OrderedDict: made("call", globalOf("collections:OrderedDict"), tuple(), { kind: "set", operands: ["a", 1, "b", 2] }),
  deque: made("call", globalOf("collections:deque"), tuple(tuple(), 5), { kind: "append", operands: [1] }),
  "list subclass": made("new", globalOf(`${CLASSES}:MyList`), tuple(), { kind: "extend", operands: [1, 2] }),
  object: made("new", globalOf(`${CLASSES}:Plain`), tuple(), { kind: "build", operands: [new PyDict(["a"], [1])] }),
  "object with __getnewargs_ex__": new PyObject(
    "newex",
    globalOf(`${CLASSES}:NewArgsEx`),
    tuple(1),
    new PyDict(["k"], [2]),
  ),
  "object with a state setter": made("call", globalOf(`${CLASSES}:Setter`), tuple(), {
    kind: "setter",
    operands: [globalOf(`${CLASSES}:set_state`), new PyDict(["a"], [1])],
  }),
};

/** In these the protocol shows: Python itself writes another object. */
const ONLY_SINCE: Readonly<Record<string, number>> = {
  "object with __getnewargs_ex__": 2,
  namedtuple: 2,
  "list subclass": 2,
  object: 2,
  OrderedDict: 1,
};

describe("codecs/pickle: exact nodes", () => {
  for (const [type, node] of Object.entries(nodes)) {
    for (let protocol = ONLY_SINCE[type] ?? 0; protocol <= 5; protocol++) {
      it(`${type}, protocol ${protocol}`, () => {
        const found = decode(pickleOf(type, protocol));
        expect(bare([found])).to.deep.equal(bare([node]));
      });
    }
  }
});

const asIs: readonly (readonly [why: string, stream: string])[] = [
  ["a set of something else than a list", "\x80\x04cbuiltins\nset\n\x8c\x01a\x85R."],
  ["a set of two arguments", "\x80\x04cbuiltins\nset\n]]\x86R."],
  ["bytes of something", "\x80\x04cbuiltins\nbytes\nK\x05\x85R."],
  ["a bytearray of a number", "\x80\x04cbuiltins\nbytearray\nK\x05\x85R."],
  [
    "a bytearray of text that is not latin-1",
    "\x80\x04cbuiltins\nbytearray\n\x8c\x03\u00e2\u0082\u00ac\x8c\x06latin1\x86R.",
  ],
  ["a bytearray of text in another encoding", "\x80\x04cbuiltins\nbytearray\n\x8c\x01a\x8c\x04utf8\x86R."],
  ["a bytearray of bytes and an encoding", "\x80\x04cbuiltins\nbytearray\nC\x01a\x8c\x04utf8\x86R."],
  ["a bytearray of three arguments", "\x80\x04cbuiltins\nbytearray\nC\x01aNN\x87R."],
  ["text encoded in another encoding", "\x80\x04c_codecs\nencode\n\x8c\x01a\x8c\x04utf8\x86R."],
  ["text encoded that is not latin-1", "\x80\x04c_codecs\nencode\n\x8c\x03\u00e2\u0082\u00ac\x8c\x06latin1\x86R."],
  ["bytes encoded", "\x80\x04c_codecs\nencode\nC\x01a\x8c\x06latin1\x86R."],
  ["text encoded with three arguments", "\x80\x04c_codecs\nencode\n\x8c\x01a\x8c\x06latin1N\x87R."],
  ["a date of three numbers", "\x80\x04cdatetime\ndate\nM\xe8\x07K\x02K\x1d\x87R."],
  ["a date in a zone", "\x80\x04cdatetime\ndate\nC\x04\x07\xe8\x02\x1dN\x86R.".replace("N", "cm\nzone\n")],
  ["a date in the year 0", "\x80\x04cdatetime\ndate\nC\x04\x00\x00\x02\x1d\x85R."],
  ["a date in the year 10000", "\x80\x04cdatetime\ndate\nC\x04\x27\x10\x02\x1d\x85R."],
  ["a date with fold", "\x80\x04cdatetime\ndate\nC\x04\x07\xe8\x82\x1d\x85R."],
  ["a date in month 0", "\x80\x04cdatetime\ndate\nC\x04\x07\xe8\x00\x1d\x85R."],
  ["a date on day 32", "\x80\x04cdatetime\ndate\nC\x04\x07\xe8\x02\x20\x85R."],
  ["a date on day 0", "\x80\x04cdatetime\ndate\nC\x04\x07\xe8\x02\x00\x85R."],
  ["a date of a bytearray", "\x80\x05cdatetime\ndate\n\x96\x04\0\0\0\0\0\0\0\x07\xe8\x02\x1d\x85R."],
  ["a date of text that is not latin-1", "\x80\x04cdatetime\ndate\n\x8c\x06\x07\u00e2\u0082\u00ac\x02\x1d\x85R."],
  ["a date of five bytes", "\x80\x04cdatetime\ndate\nC\x05\x07\xe8\x02\x1d\x00\x85R."],
  ["a time at hour 24", "\x80\x04cdatetime\ntime\nC\x06\x18\x00\x00\x00\x00\x00\x85R."],
  ["a time at minute 60", "\x80\x04cdatetime\ntime\nC\x06\x00\x3c\x00\x00\x00\x00\x85R."],
  ["a time at second 60", "\x80\x04cdatetime\ntime\nC\x06\x00\x00\x3c\x00\x00\x00\x85R."],
  ["a time at microsecond 1000000", "\x80\x04cdatetime\ntime\nC\x06\x00\x00\x00\x0f\x42\x40\x85R."],
  ["a datetime with fold in its hour", "\x80\x04cdatetime\ndatetime\nC\x0a\x07\xe8\x02\x1d\x81\0\0\0\0\0\x85R."],
  ["a time of three arguments", "\x80\x04cdatetime\ntime\nC\x06\0\0\0\0\0\0NN\x87R."],
  ["a time in a zone that is text", "\x80\x04cdatetime\ntime\nC\x06\0\0\0\0\0\0\x8c\x01z\x86R."],
  ["a timedelta of two numbers", "\x80\x04cdatetime\ntimedelta\nK\x01K\x02\x86R."],
  ["a timedelta of a float", "\x80\x04cdatetime\ntimedelta\nG\x3f\xf8\0\0\0\0\0\0K\x02K\x03\x87R."],
  ["a timedelta of too many seconds", "\x80\x04cdatetime\ntimedelta\nK\x01J\x80\x51\x01\0K\x03\x87R."],
  ["a timedelta of too many microseconds", "\x80\x04cdatetime\ntimedelta\nK\x01K\x00J\x40\x42\x0f\0\x87R."],
  ["a timedelta of too many days", "\x80\x04cdatetime\ntimedelta\nJ\x00\xca\x9a\x3bK\x00K\x00\x87R."],
  ["a Decimal of an int", "\x80\x04cdecimal\nDecimal\nK\x01\x85R."],
  ["a Decimal of two arguments", "\x80\x04cdecimal\nDecimal\n\x8c\x011N\x86R."],
  ["a UUID made with a state", "\x80\x04ccopyreg\n_reconstructor\ncuuid\nUUID\ncbuiltins\nobject\n\x8c\x01a\x87R."],
  [
    "Markup of another base",
    "\x80\x04ccopyreg\n_reconstructor\ncmarkupsafe\nMarkup\ncbuiltins\nobject\n\x8c\x01a\x87R.",
  ],
  ["Markup without text", "\x80\x04ccopyreg\n_reconstructor\ncmarkupsafe\nMarkup\ncbuiltins\nstr\nN\x87R."],
  ["another class reconstructed", "\x80\x04ccopyreg\n_reconstructor\ncm\nC\ncbuiltins\nstr\n\x8c\x01a\x87R."],
  ["a reconstruction of two arguments", "\x80\x04ccopyreg\n_reconstructor\ncuuid\nUUID\nN\x86R."],
  ["Markup made of bytes", "\x80\x04cmarkupsafe\nMarkup\nC\x01a\x85\x81."],
  ["Markup made of two texts", "\x80\x04cmarkupsafe\nMarkup\n\x8c\x01a\x8c\x01b\x86\x81."],
  ["a UUID made with an argument", "\x80\x04cuuid\nUUID\n\x8c\x01a\x85\x81."],
  ["a partial that is not built", "\x80\x04cfunctools\npartial\ncm\nf\n\x85R)R."],
  ["a partial with two states", "\x80\x04cfunctools\npartial\ncm\nf\n\x85R)b)b)R."],
  ["a partial with a state of one", "\x80\x04cfunctools\npartial\ncm\nf\n\x85RN\x85b)R."],
  ["a partial with a state that is none", "\x80\x04cfunctools\npartial\ncm\nf\n\x85RNb)R."],
  ["a partial without arguments", "\x80\x04cfunctools\npartial\ncm\nf\n\x85R(cm\nf\nN}Ntb)R."],
  ["a partial without keywords", "\x80\x04cfunctools\npartial\ncm\nf\n\x85R(cm\nf\n)NNtb)R."],
  ["a partial of another function", "\x80\x04cfunctools\npartial\ncm\nf\n\x85R(cm\nf\ncm\nC\n\x85}Ntb)R."],
  ["a partial of no class", "\x80\x04cfunctools\npartial\ncm\nf\n\x85R(cm\nf\nN\x85}Ntb)R."],
  ["a partial with attributes", "\x80\x04cfunctools\npartial\ncm\nf\n\x85R(cm\nC.__new__\ncm\nC\n\x85}}tb)R."],
  ["another object called", "\x80\x04cm\nf\n)R)R."],
];

describe("codecs/pickle: calls that are not what CPython writes stay calls", () => {
  for (const [why, stream] of asIs) {
    it(why, () => {
      expect(decode(text(stream))).to.be.instanceOf(PyObject);
    });
  }
});

describe("codecs/pickle: calls that CPython writes for values", () => {
  const calls: readonly (readonly [why: string, stream: string, value: Exact])[] = [
    ["set()", "\x80\x04cbuiltins\nset\n)R.", new PyList("set", [])],
    ["bytes()", "\x80\x04cbuiltins\nbytes\n)R.", new PyBytes("bytes", new Uint8Array())],
    [
      "Python 2's bytearray",
      "c__builtin__\nbytearray\n(V\x01\xfe\nS'latin-1'\ntR.",
      new PyBytes("bytearray", Uint8Array.of(1, 254)),
    ],
    [
      "Python 2's date",
      "cdatetime\ndate\n(S'\\x07\\x64\\x02\\x1c'\ntR.",
      new PyDateTime("date", Uint8Array.of(7, 100, 2, 28)),
    ],
  ];
  for (const [why, stream, value] of calls) {
    it(`${why} is its value`, () => {
      expect(bare([decode(text(stream))])).to.deep.equal(bare([value]));
    });
  }
});

describe("codecs/pickle: UUID", () => {
  it("exists before its state", () => {
    const [first, second] = (decode(text("\x80\x04cuuid\nUUID\n)\x81\x94}\x8c\x03intK\x05sbh\x00\x86.")) as PyList)
      .items;
    expect(first).to.be.instanceOf(PyUuid).with.property("int", 5n);
    expect(second).to.equal(first);
  });

  it("is the node that the memo gave before the state came", () => {
    const [first, second] = (decode(text("\x80\x04cuuid\nUUID\n)\x81\x94h\x00}\x8c\x03intK\x05sb\x86.")) as PyList)
      .items;
    expect(second).to.equal(first);
  });

  it("with more in its state is an object", () => {
    const uuid = decode(pickleOf("UUID that is safe")) as PyUuid;
    expect(uuid.int).to.equal(undefined);
    expect(uuid.object?.operations).to.have.length(1);
  });

  const states: readonly (readonly [why: string, state: string])[] = [
    ["text", "}\x8c\x03int\x8c\x015s"],
    ["a bool", "}\x8c\x03int\x88s"],
    ["a float with a fraction", "}\x8c\x03intG\x3f\xf8\0\0\0\0\0\0s"],
    ["nan", "}\x8c\x03intG\x7f\xf8\0\0\0\0\0\0s"],
    ["a negative int", "}\x8c\x03intJ\xff\xff\xff\xffs"],
    ["129 bits", "}\x8c\x03int\x8a\x11\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01s"],
    ["another key", "}\x8c\x03hexK\x05s"],
    ["a tuple", "N}\x86"],
    ["two keys", "}(\x8c\x03intK\x05\x8c\x01aNu"],
  ];
  for (const [why, state] of states) {
    it(`whose state holds ${why} is an object`, () => {
      expect((decode(text(`\x80\x04cuuid\nUUID\n)\x81${state}b.`)) as PyUuid).object).to.be.instanceOf(PyObject);
    });
  }

  it("that is given a state twice keeps both", () => {
    const uuid = decode(text("\x80\x04cuuid\nUUID\n)\x81}\x8c\x03intK\x05sb}\x8c\x03intK\x06sb}b.")) as PyUuid;
    expect(uuid.object?.operations.map(({ operands }) => (operands[0] as PyDict).values[0])).to.deep.equal([
      5n,
      6,
      undefined,
    ]);
  });
});

describe("codecs/pickle: objects", () => {
  it("one global is one node", () => {
    const [first, second] = (decode(text("\x80\x04cm\nC\ncm\nC\n\x86.")) as PyList).items;
    expect(second).to.equal(first);
  });

  it("an attribute is another one each time, as a bound method is", () => {
    const getattr = "cbuiltins\ngetattr\ncm\nC\n\x8c\x01f\x86R";
    const [first, second] = (decode(text(`\x80\x02${getattr}${getattr}\x86.`)) as PyList).items;
    expect(bare([second])).to.deep.equal(bare([first]));
    expect(second).to.not.equal(first);
  });

  it("an attribute with a dot in its name stays a call", () => {
    expect(decode(text("\x80\x04cbuiltins\ngetattr\ncm\nC\n\x8c\x03a.b\x86R."))).to.be.instanceOf(PyObject);
  });

  it("a bound method of an object stays a call", () => {
    expect(decode(text("\x80\x04cbuiltins\ngetattr\ncm\nC\n)\x81\x8c\x01f\x86R."))).to.be.instanceOf(PyObject);
  });

  const instances: readonly (readonly [opcode: string, stream: string])[] = [
    ["INST", "(K\x01im\nC\n."],
    ["OBJ", "(cm\nC\nK\x01o."],
  ];
  for (const [opcode, stream] of instances) {
    it(`${opcode} makes an instance`, () => {
      const object = decode(text(stream));
      expect(bare([object])).to.deep.equal(bare([new PyObject("inst", globalOf("m:C"), tuple(1))]));
    });
  }

  it("keeps what is done to it in order", () => {
    const object = decode(
      text("\x80\x04cm\nC\n)\x81K\x01a(K\x02K\x03eK\x04K\x05s(K\x06K\x07K\x08K\x09u(K\x0a\x90Nb."),
    ) as PyObject;
    expect(object.operations).to.deep.equal([
      { kind: "append", operands: [1] },
      { kind: "extend", operands: [2, 3] },
      { kind: "set", operands: [4, 5] },
      { kind: "set", operands: [6, 7, 8, 9] },
      { kind: "add", operands: [10] },
      { kind: "build", operands: [null] },
    ]);
  });
});

/** An object in the memo, then what is called and dropped, then what follows. */
function setter(call: string, after = "."): PyObject {
  return decode(text(`\x80\x04cm\nC\n)R\x94${call}0${after}`)) as PyObject;
}

describe("codecs/pickle: a call whose result is dropped", () => {
  it("is the state setter of the object below it", () => {
    expect(bare(setter("cm\nset\nh\x00K\x05\x86R").operations)).to.deep.equal(
      bare([{ kind: "setter", operands: [globalOf("m:set"), 5] }]),
    );
  });

  it("is one too if its state is None", () => {
    expect(setter("cm\nset\nh\x00N\x86R").operations).to.have.length(1);
  });

  it("is one whatever the memo gives next", () => {
    expect(setter("cm\nset\nh\x00K\x05\x86R", "h\x00K\x01\x870h\x00.").operations).to.have.length(1);
  });

  const nothing: readonly (readonly [why: string, call: string])[] = [
    ["is memoized", "cm\nset\nh\x00K\x05\x86R\x94"],
    ["is of another object", "cm\nset\ncm\nD\n)RK\x05\x86R"],
    ["has one argument", "cm\nset\nh\x00\x85R"],
    ["has three arguments", "cm\nset\nh\x00NN\x87R"],
    ["is no call", "cm\nset\nh\x00K\x05\x86\x81"],
    ["is a value", "cdatetime\ndate\nC\x04\x07\xe8\x02\x1d\x85R"],
  ];
  for (const [why, call] of nothing) {
    it(`is nothing if it ${why}`, () => {
      expect(setter(call).operations).to.deep.equal([]);
    });
  }

  const fetches: readonly (readonly [opcode: string, fetch: string])[] = [
    ["BINGET", "h\x01"],
    ["LONG_BINGET", "j\x01\0\0\0"],
    ["GET", "g1\n"],
  ];
  for (const [opcode, fetch] of fetches) {
    it(`is nothing if ${opcode} fetches the same call from the memo: a second copy of a recursive object`, () => {
      const [object] = (
        decode(
          text(`\x80\x04cm\nC\n)Rq\x00cm\nf\nq\x020h\x00h\x02h\x00K\x05\x86Rq\x010h\x02h\x00K\x05\x86R0${fetch}\x87.`),
        ) as PyList
      ).items;
      expect((object as PyObject).operations).to.deep.equal([]);
    });
  }
});

describe("codecs/pickle: errors", () => {
  it("say what and where", () => {
    expect(() => decode(text("\x80\x04]\xff"))).to.throw(DecodeError, "Cannot decode pickle: opcode 0xff at offset 3");
  });

  it("tell what is cut short", () => {
    expect(() => decode(text("\x80\x04\x8c\x05ab")))
      .to.throw(TruncatedError)
      .with.property("offset", 4);
  });

  it("carry the offset of the opcode", () => {
    expect(() => decode(text("\x80\x04NNNR.")))
      .to.throw(DecodeError)
      .with.property("offset", 5);
  });
});

describe("codecs/pickle: the end", () => {
  it("is reported, for files that hold one pickle behind the other", () => {
    const file = text("\x80\x04K\x01.\x80\x04K\x02.");
    const { value, end } = decodePickle(file);
    expect([value, end]).to.deep.equal([1, 5]);
    expect(decode(file.subarray(end))).to.equal(2);
  });
});
