/** What each protocol that is written says in its own way, and what it has no way to say. */
import { expect } from "chai";
import type { PickleProtocol } from "../../../src/codecs/codec.ts";
import { pickle } from "../../../src/codecs/pickle/codec.ts";
import { EncodeError } from "../../../src/errors.ts";
import {
  type Exact,
  PyBytes,
  PyDateTime,
  PyDict,
  PyGlobal,
  PyList,
  PyObject,
  PyTimedelta,
} from "../../../src/values/exact.ts";
import { judgeOf } from "../../python/judge.ts";
import { notationOf } from "./notation.ts";
import { differences, throughNode, writtenProtocols } from "./round-trip.ts";

function written(value: Exact, pickleProtocol: PickleProtocol): Buffer {
  return Buffer.from(pickle.encode(value, { pickleProtocol }));
}

function bytes(kind: PyBytes["kind"], ...items: number[]): PyBytes {
  return new PyBytes(kind, Uint8Array.from(items));
}

function list(kind: PyList["kind"], ...items: Exact[]): PyList {
  return new PyList(kind, items);
}

const CLASS = new PyGlobal("m", "C");
const FOLDED = new PyDateTime("time", Uint8Array.of(0x81, 2, 0, 0, 0, 0));

/** Where CPython's own bytes differ, it is only by the memo: it gives a place to arguments too. */
const streams: readonly (readonly [name: string, value: Exact, pickles: Readonly<Record<PickleProtocol, string>>])[] = [
  [
    "text",
    "a",
    {
      2: "\x80\x02X\x01\0\0\0aq\0.",
      3: "\x80\x03X\x01\0\0\0aq\0.",
      4: "\x80\x04\x8c\x01a\x94.",
      5: "\x80\x05\x8c\x01a\x94.",
    },
  ],
  [
    "text with a lone surrogate",
    "\ud800",
    {
      2: "\x80\x02X\x03\0\0\0\xed\xa0\x80q\0.",
      3: "\x80\x03X\x03\0\0\0\xed\xa0\x80q\0.",
      4: "\x80\x04\x8c\x03\xed\xa0\x80\x94.",
      5: "\x80\x05\x8c\x03\xed\xa0\x80\x94.",
    },
  ],
  [
    "an int of 256 bytes",
    1n << 2040n,
    {
      2: `\x80\x02\x8b\0\x01\0\0${"\0".repeat(255)}\x01.`,
      3: `\x80\x03\x8b\0\x01\0\0${"\0".repeat(255)}\x01.`,
      4: `\x80\x04\x8b\0\x01\0\0${"\0".repeat(255)}\x01.`,
      5: `\x80\x05\x8b\0\x01\0\0${"\0".repeat(255)}\x01.`,
    },
  ],
  [
    "bytes",
    bytes("bytes", 0, 255),
    {
      2: "\x80\x02c_codecs\nencode\nq\0X\x03\0\0\0\0\xc3\xbfX\x06\0\0\0latin1q\x01\x86Rq\x02.",
      3: "\x80\x03C\x02\0\xffq\0.",
      4: "\x80\x04C\x02\0\xff\x94.",
      5: "\x80\x05C\x02\0\xff\x94.",
    },
  ],
  [
    "no bytes",
    bytes("bytes"),
    {
      2: "\x80\x02c__builtin__\nbytes\nq\0)Rq\x01.",
      3: "\x80\x03C\0q\0.",
      4: "\x80\x04C\0\x94.",
      5: "\x80\x05C\0\x94.",
    },
  ],
  [
    "a bytearray",
    bytes("bytearray", 97),
    {
      2: "\x80\x02c__builtin__\nbytearray\nq\0c_codecs\nencode\nq\x01X\x01\0\0\0aX\x06\0\0\0latin1q\x02\x86R\x85Rq\x03.",
      3: "\x80\x03cbuiltins\nbytearray\nq\0C\x01a\x85Rq\x01.",
      4: "\x80\x04\x8c\x08builtins\x94\x8c\x09bytearray\x94\x93\x94C\x01a\x85R\x94.",
      5: "\x80\x05\x96\x01\0\0\0\0\0\0\0a\x94.",
    },
  ],
  [
    "a set",
    list("set", 1, 2),
    {
      2: "\x80\x02c__builtin__\nset\nq\0](K\x01K\x02e\x85Rq\x01.",
      3: "\x80\x03cbuiltins\nset\nq\0](K\x01K\x02e\x85Rq\x01.",
      4: "\x80\x04\x8f\x94(K\x01K\x02\x90.",
      5: "\x80\x05\x8f\x94(K\x01K\x02\x90.",
    },
  ],
  [
    "a frozenset of one",
    list("frozenset", 1),
    {
      2: "\x80\x02c__builtin__\nfrozenset\nq\0]K\x01a\x85Rq\x01.",
      3: "\x80\x03cbuiltins\nfrozenset\nq\0]K\x01a\x85Rq\x01.",
      4: "\x80\x04(K\x01\x91\x94.",
      5: "\x80\x05(K\x01\x91\x94.",
    },
  ],
  [
    "a time that is the second of its name",
    FOLDED,
    {
      2: "\x80\x02cdatetime\ntime\nq\0c_codecs\nencode\nq\x01X\x06\0\0\0\x01\x02\0\0\0\0X\x06\0\0\0latin1q\x02\x86R\x85Rq\x03.",
      3: "\x80\x03cdatetime\ntime\nq\0C\x06\x01\x02\0\0\0\0\x85Rq\x01.",
      4: "\x80\x04\x8c\x08datetime\x94\x8c\x04time\x94\x93\x94C\x06\x81\x02\0\0\0\0\x85R\x94.",
      5: "\x80\x05\x8c\x08datetime\x94\x8c\x04time\x94\x93\x94C\x06\x81\x02\0\0\0\0\x85R\x94.",
    },
  ],
  [
    "a class within a class",
    new PyGlobal("builtins", "str.join.x"),
    {
      2: "\x80\x02c__builtin__\ngetattr\nq\0h\0c__builtin__\nunicode\nX\x04\0\0\0joinq\x01\x86RX\x01\0\0\0xq\x02\x86Rq\x03.",
      3: "\x80\x03cbuiltins\ngetattr\nq\0h\0cbuiltins\nstr\nX\x04\0\0\0joinq\x01\x86RX\x01\0\0\0xq\x02\x86Rq\x03.",
      4: "\x80\x04\x8c\x08builtins\x94\x8c\x0astr.join.x\x94\x93\x94.",
      5: "\x80\x05\x8c\x08builtins\x94\x8c\x0astr.join.x\x94\x93\x94.",
    },
  ],
  [
    "an object of keyword arguments",
    new PyObject("newex", CLASS, list("tuple", 1), new PyDict(["k"], [2])),
    {
      2: "\x80\x02cfunctools\npartial\nq\0cm\nC\nq\x01\x85R(c__builtin__\ngetattr\nq\x02h\x01X\x07\0\0\0__new__q\x03\x86Rq\x04(h\x01K\x01t(X\x01\0\0\0kq\x05K\x02dq\x06Ntb)Rq\x07.",
      3: "\x80\x03cfunctools\npartial\nq\0cm\nC\nq\x01\x85R(cbuiltins\ngetattr\nq\x02h\x01X\x07\0\0\0__new__q\x03\x86Rq\x04(h\x01K\x01t(X\x01\0\0\0kq\x05K\x02dq\x06Ntb)Rq\x07.",
      4: "\x80\x04\x8c\x01m\x94\x8c\x01C\x94\x93\x94K\x01\x85\x94(\x8c\x01k\x94K\x02d\x94\x92\x94.",
      5: "\x80\x05\x8c\x01m\x94\x8c\x01C\x94\x93\x94K\x01\x85\x94(\x8c\x01k\x94K\x02d\x94\x92\x94.",
    },
  ],
];

describe("codecs/pickle: a protocol's own way to write", () => {
  for (const [name, value, pickles] of streams) {
    for (const protocol of writtenProtocols) {
      it(`${name}, protocol ${protocol}`, () => {
        expect(written(value, protocol).toString("latin1")).to.equal(pickles[protocol]);
      });
    }
  }

  for (const protocol of writtenProtocols) {
    it(`300 texts twice are found in the memo, protocol ${protocol}`, async () => {
      const texts = Array.from({ length: 300 }, (_, index) => `text ${index}`);
      const stream = written(list("list", ...texts, ...texts), protocol);
      const judge = await judgeOf("fs080-flask31");
      const program =
        "import pickle; found = pickle.loads(bytes.fromhex(input)); result = [found, found[299] is found[599]]";
      expect(await judge.run(program, stream.toString("hex"))).to.deep.equal([[...texts, ...texts], true]);
    });

    it(`what is written is read, protocol ${protocol}`, () => {
      const value = list(
        "list",
        bytes("bytes"),
        bytes("bytearray", 1),
        list("set", 1),
        new PyTimedelta(1, 2, 3),
        1n << 70n,
      );
      expect(notationOf(pickle.decode(written(value, protocol)).value)).to.deep.equal(notationOf(value));
    });

    it(`1,000 frozensets in each other are written, protocol ${protocol}`, () => {
      let value = list("frozenset");
      for (let level = 1; level < 1000; level++) value = list("frozenset", value);
      expect(written(value, protocol)).to.have.length.above(1000);
      expect(() => written(list("frozenset", value), protocol)).to.throw(EncodeError, "more than 1000 levels deep");
    });
  }
});

describe("codecs/pickle: objects of keyword arguments", () => {
  it("of one class name its constructor once, as in CPython", () => {
    const objects = [1, 2, 3].map((item) => new PyObject("newex", CLASS, list("tuple", item), new PyDict()));
    const other = new PyObject("newex", new PyGlobal("m", "D"), list("tuple"), new PyDict());
    const stream = written(list("list", ...objects, other), 3);
    expect(stream.toString("latin1").split("getattr")).to.have.length(2);
    expect(stream.toString("latin1").split("\x86R")).to.have.length(3);
    const { items } = pickle.decode(stream).value as PyList;
    expect(items.map((item) => (item as PyObject).how)).to.deep.equal(["newex", "newex", "newex", "newex"]);
  });
});

describe("codecs/pickle: names", () => {
  const refused: readonly (readonly [
    why: string,
    module: string,
    name: string,
    protocols: readonly PickleProtocol[],
  ])[] = [
    ["that are not ASCII", "café", "C", [2]],
    ["of classes that are not ASCII", "m", "Été", [2]],
    ["with a line feed, which ends a name", "m", "C\nR", [2, 3]],
    ["of modules with a line feed", "m\nC\n", "C", [2, 3]],
    ["with half a surrogate pair", "m", "\ud800", [2, 3]],
    ["that are empty", "m", "", [2, 3]],
    ["of no module", "", "C", [2, 3]],
    ["that begin with a dot", "m", ".C", [2, 3]],
  ];
  for (const [why, module, name, protocols] of refused) {
    for (const protocol of writtenProtocols) {
      const write = (): Buffer => written(new PyDict(["a"], [new PyGlobal(module, name)]), protocol);
      if (protocols.includes(protocol)) {
        it(`${why} are refused in protocol ${protocol}`, () => {
          expect(write).to.throw(EncodeError, `Cannot store session.a: protocol ${protocol} cannot name it`);
        });
      } else it(`${why} are written in protocol ${protocol}`, () => expect(write()).to.have.length.above(5));
    }
  }

  for (const protocol of [3, 4, 5] as const) {
    it(`that are not ASCII are Python's own in protocol ${protocol}`, async () => {
      const program = `
import pickle, sys, types
sys.modules["café"] = types.SimpleNamespace(Été=list)
result = pickle.loads(bytes.fromhex(input)) is list`;
      const stream = written(new PyGlobal("café", "Été"), protocol).toString("hex");
      expect(await (await judgeOf("fs080-flask31")).run(program, stream)).to.equal(true);
    });
  }

  it("of an error that Python 2 lacks are those of its own, as CPython writes them", () => {
    const stream = written(new PyGlobal("builtins", "FileNotFoundError"), 2);
    expect(stream.toString("latin1")).to.equal("\x80\x02cexceptions\nOSError\nq\0.");
  });
});

/** `MAKE` leaves the pickle of a session in which a cycle leads through a set. */
const CYCLES: Readonly<Record<string, string>> = {
  "a set whose member copies a dict in which the set is": `
made = u.CopyMap({"set": {1}})
made.entries["set"].add(made)`,
  "a set whose member is made of the set": `
made = set()
made.add(u.Keep((1, made)))`,
  "a set whose member's state holds the set": `
made = u.Plain()
made.all = {made, 1}`,
  "a set subclass whose member knows it": `
member = u.Plain()
made = u.MySet([member])
member.all = made`,
  "a list of a set whose member is made of the list": `
made = [set()]
made[0].add(u.Keep(u.Named.A))
made[0].add(u.Keep(u.Named.A))
for member in made[0]:
    member.a = made`,
};

describe("codecs/pickle: a cycle through a set", () => {
  for (const [name, program] of Object.entries(CYCLES)) {
    it(`${name} is written where Python can write it`, async () => {
      const judge = await judgeOf("fs080-flask31");
      const make = `import pickle\nimport unknown_classes as u\n${program}\nresult = pickle.dumps(made, 4).hex()`;
      const hex = (await judge.run(make, null)) as string;
      for (const protocol of writtenProtocols) {
        expect(await differences(judge, [{ name, hex }], protocol), `protocol ${protocol}`).to.deep.equal([]);
      }
    });
  }

  it("is refused with its path where it has no end below protocol 4", async () => {
    const judge = await judgeOf("fs080-flask31");
    const program = `
import pickle
import unknown_classes as u
made = u.CopyMap({"set": {1}})
made.entries["set"].add(made)
result = pickle.dumps({"a": made}, 4).hex()`;
    const hex = (await judge.run(program, null)) as string;
    expect(() => throughNode(hex, 3))
      .to.throw(EncodeError, "Cannot store session.a.args[0]: in protocol 3 no set can be part of such a cycle")
      .with.property("path", "session.a.args[0]");
    expect(throughNode(hex, 4)).to.be.a("string");
  });
});
