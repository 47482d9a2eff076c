/** What runs code in Python is read as data, and named. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { pickle } from "../../../src/codecs/pickle/codec.ts";
import { decodePickle } from "../../../src/codecs/pickle/decode.ts";
import { judgeOf } from "../../python/judge.ts";

function dangerOf(stream: string): string | undefined {
  return decodePickle(Buffer.from(stream, "latin1")).dangerous;
}

/** Streams that would call `os.system("true")`, or reach it, by every opcode that can. */
const osSystem: Readonly<Record<string, string>> = {
  "GLOBAL and REDUCE": "cos\nsystem\n(S'true'\ntR.",
  "GLOBAL and REDUCE in protocol 2": "\x80\x02cos\nsystem\nX\x04\0\0\0true\x85R.",
  "STACK_GLOBAL and REDUCE": "\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R.",
  INST: "(S'true'\nios\nsystem\n.",
  OBJ: "(cos\nsystem\nS'true'\no.",
  NEWOBJ: "\x80\x04cos\nsystem\n\x8c\x04true\x85\x81.",
  NEWOBJ_EX: "\x80\x04cos\nsystem\n\x8c\x04true\x85}\x92.",
  "a global that is only named": "cos\nsystem\n.",
  "a global that is dropped": "cos\nsystem\n0N.",
  "a state setter": "\x80\x04cm\nC\n)R\x94cos\nsystem\nh\x00N\x86R0.",
};

/** Streams that are dangerous in other ways, and the name that is shown. */
const others: readonly (readonly [why: string, name: string, stream: string])[] = [
  ["posix", "posix.system", "cposix\nsystem\n."],
  ["nt", "nt.system", "cnt\nsystem\n."],
  ["subprocess", "subprocess.Popen", "csubprocess\nPopen\n."],
  ["Python 2's commands", "subprocess.getoutput", "ccommands\ngetoutput\n."],
  ["Python 2's __builtin__", "builtins.eval", "c__builtin__\neval\n."],
  ["eval", "builtins.eval", "\x80\x04cbuiltins\neval\n."],
  ["exec", "builtins.exec", "\x80\x04cbuiltins\nexec\n."],
  ["compile", "builtins.compile", "\x80\x04cbuiltins\ncompile\n."],
  ["__import__", "builtins.__import__", "\x80\x04cbuiltins\n__import__\n."],
  ["open", "builtins.open", "\x80\x04cbuiltins\nopen\n."],
  ["another name of open", "io.open", "\x80\x04cio\nopen\n."],
  ["setattr", "builtins.setattr", "\x80\x04cbuiltins\nsetattr\n."],
  ["a pickle in a pickle", "pickle.loads", "\x80\x04cpickle\nloads\n."],
  ["a module in C", "_pickle.loads", "\x80\x04c_pickle\nloads\n."],
  [
    "a module in a package",
    "asyncio.subprocess.create_subprocess_shell",
    "\x80\x04casyncio.subprocess\ncreate_subprocess_shell\n.",
  ],
  ["the module of another module", "logging.os.system", "\x80\x04clogging\nos.system\n."],
  ["a module that another one calls _os", "tempfile._os.system", "\x80\x04ctempfile\n_os.system\n."],
  ["the module alone", "logging.os", "\x80\x04clogging\nos\n."],
  ["the builtins of another module", "codecs.builtins.eval", "\x80\x04ccodecs\nbuiltins.eval\n."],
  ["a part of a module", "logging.config.dictConfig", "\x80\x04clogging.config\ndictConfig\n."],
  ["a part of a module, by its name", "logging.config.dictConfig", "\x80\x04clogging\nconfig.dictConfig\n."],
  ["a template", "flask.render_template_string", "\x80\x04cflask\nrender_template_string\n."],
  ["attrgetter", "operator.attrgetter", "\x80\x04coperator\nattrgetter\n."],
  ["a function from code", "types.FunctionType", "\x80\x04ctypes\nFunctionType\n."],
  ["the globals of a function", "m.f.__globals__", "\x80\x04cm\nf.__globals__\n."],
  ["the subclasses of object", "builtins.object.__subclasses__", "\x80\x04cbuiltins\nobject.__subclasses__\n."],
  ["the builtins of a module", "m.__builtins__", "\x80\x04cm\n__builtins__\n."],
  ["the dict of a module", "m.__dict__", "\x80\x04cm\n__dict__\n."],
  ["a class by way of another", "m.C.__class__.x", "\x80\x04cm\nC.__class__.x\n."],
  ["an attribute by getattr", "m.f.__globals__", "c__builtin__\ngetattr\ncm\nf\nS'__globals__'\n\x86R."],
  ["a function of a module by getattr", "m.code.interact", "c__builtin__\ngetattr\ncm\ncode\nS'interact'\n\x86R."],
  [
    "the class of an object by getattr",
    "builtins.getattr",
    "\x80\x04cbuiltins\ngetattr\ncm\nC\n)R\x8c\x09__class__\x86R.",
  ],
  [
    "the frame of an object by getattr",
    "builtins.getattr",
    "\x80\x04cbuiltins\ngetattr\ncm\nC\n)R\x8c\x08gi_frame\x86R.",
  ],
  ["getattr with a name that is not text", "builtins.getattr", "\x80\x04cbuiltins\ngetattr\ncm\nC\nN\x86R."],
  ["getattr with a default", "builtins.getattr", "\x80\x04cbuiltins\ngetattr\ncm\nC\n\x8c\x01aN\x87R."],
  ["getattr handed to another function", "builtins.getattr", "\x80\x04cfunctools\npartial\ncbuiltins\ngetattr\n\x85R."],
  ["getattr in a list", "builtins.getattr", "\x80\x04]cbuiltins\ngetattr\na."],
  ["getattr as a tzinfo", "builtins.getattr", "\x80\x04cdatetime\ntime\nC\x06\0\0\0\0\0\0cbuiltins\ngetattr\n\x86R."],
  ["getattr by INST", "builtins.getattr", "(cm\nf\nS'__globals__'\nibuiltins\ngetattr\n."],
  ["getattr by OBJ", "builtins.getattr", "(c__builtin__\ngetattr\ncm\nf\nS'__globals__'\no."],
  ["getattr by NEWOBJ", "builtins.getattr", "\x80\x04cbuiltins\ngetattr\ncm\nf\n\x8c\x0b__globals__\x86\x81."],
  ["getattr that is all there is", "builtins.getattr", "\x80\x04cbuiltins\ngetattr\n."],
  ["getattr of a value", "builtins.getattr", "\x80\x04cbuiltins\ngetattr\n\x8c\x01a\x8c\x06format\x86R."],
  ["getattr of a dict", "builtins.getattr", "\x80\x04cbuiltins\ngetattr\n}\x8c\x06update\x86R."],
  [
    "getattr of Python's own object",
    "builtins.getattr",
    "\x80\x04cbuiltins\ngetattr\ncpathlib\nPath\n)R\x8c\x05touch\x86R.",
  ],
  [
    "getattr of an object that copyreg made",
    "builtins.getattr",
    "c__builtin__\ngetattr\nccopy_reg\n_reconstructor\ncpathlib\nPath\nc__builtin__\nobject\nN\x87RS'touch'\n\x86R.",
  ],
  [
    "getattr of an object that copyreg made of nothing",
    "builtins.getattr",
    "c__builtin__\ngetattr\nccopy_reg\n_reconstructor\n)RS'touch'\n\x86R.",
  ],
  ["getattr with a dotted name", "builtins.getattr", "\x80\x04cbuiltins\ngetattr\ncm\nC\n\x8c\x03a.b\x86R."],
  ["map in a list", "builtins.map", "\x80\x04]cbuiltins\nmap\na."],
  ["map of a function that is not named", "builtins.map", "\x80\x04cbuiltins\nmap\ncm\nC\n)R]\x86R."],
  ["map by NEWOBJ", "builtins.map", "\x80\x04cbuiltins\nmap\ncm\nC\n]\x86\x81."],
  ["partial of more than a function", "functools.partial", "\x80\x04cfunctools\npartial\ncm\nf\nK\x01\x86R."],
  ["the constructor of partial", "functools.partial.__new__", "\x80\x04cfunctools\npartial.__new__\n."],
  ["a call of a partial", "functools.partial", "\x80\x04cfunctools\npartial\ncm\nf\n\x85R)R."],
  ["a call of what a function of Python's gave", "builtins.max", "\x80\x04cbuiltins\nmax\n]\x85R)R."],
  ["type of three arguments", "builtins.type", "\x80\x04cbuiltins\ntype\n\x8c\x01C)}\x87R."],
  ["BUILD of a logger", "logging.getLogger", "\x80\x04clogging\ngetLogger\n)R}b."],
  ["SETITEM of what a function of Python's gave", "builtins.max", "\x80\x04cbuiltins\nmax\n]\x85RK\x01K\x02s."],
  ["encode of anything but latin1", "_codecs.encode", "\x80\x04c_codecs\nencode\n\x8c\x01a\x8c\x03hex\x86R."],
  ["Python 2's name in a later protocol", "__builtin__.eval", "\x80\x04c__builtin__\neval\n."],
  ["Python 2's module", "popen2.popen2", "cpopen2\npopen2\n."],
  ["a name of eleven parts", "m.A.B.C.D.E.F.G.H.I.J.K", "\x80\x04cm\nA.B.C.D.E.F.G.H.I.J.K\n."],
  ["a module that is run by importing it", "m.__main__.x", "\x80\x04cm.__main__\nx\n."],
  [
    "a package by the name of its file",
    "flask.__init__.render_template",
    "\x80\x04cflask.__init__\nrender_template\n.",
  ],
  ["a copy of a package", "m._vendor.six.moves.input", "\x80\x04cm._vendor.six.moves\ninput\n."],
  ["a method that runs a file", "m.config.from_pyfile", "\x80\x04cm\nconfig.from_pyfile\n."],
  ["a function of a module of data", "m.random.seed", "\x80\x04cm\nrandom.seed\n."],
  ["BUILD of a class", "m.C", "\x80\x04cm\nC\n}b."],
  ["SETITEM of a singleton", "m.config", "\x80\x04cm\nconfig\nK\x01K\x02s."],
  ["SETITEMS of a singleton", "m.config", "\x80\x04cm\nconfig\n(K\x01K\x02u."],
  ["APPEND to a singleton", "m.config", "\x80\x04cm\nconfig\nK\x01a."],
  ["APPENDS to a singleton", "m.config", "\x80\x04cm\nconfig\n(K\x01K\x02e."],
  ["ADDITEMS to a singleton", "m.config", "\x80\x04cm\nconfig\n(K\x01\x90."],
];

/** Names that only look like dangerous ones. */
const innocent: readonly (readonly [why: string, stream: string])[] = [
  ["a module of the app with such a part", "\x80\x04cmyapp.os\nC\n."],
  ["a class of the app with such a name", "\x80\x04cmyapp\ncode\n."],
  ["an enum's member with such a name", "\x80\x04cbuiltins\ngetattr\ncmyapp\nLanguage\n\x8c\x04code\x86R."],
  ["a private class", "\x80\x04cmyapp\n__Private\n."],
  ["the constructor of a class", "\x80\x02c__builtin__\ngetattr\ncmyapp\nC\nX\x07\0\0\0__new__\x86R."],
  ["a call of a bound method", "\x80\x04cbuiltins\ngetattr\ncmyapp\nC\n)R\x8c\x06method\x86R)R."],
  ["a method of what an object gave", "\x80\x04cbuiltins\ngetattr\ncmyapp\nC\n)R)R\x8c\x06method\x86R."],
  ["a call of an object", "\x80\x04cmyapp\nC\n)R)R."],
  ["a class in a class", "\x80\x04cmyapp\nC.Inner\n."],
  ["a class of the program", "\x80\x04c__main__\nC\n."],
  ["an exception of Python 2", "cexceptions\nValueError\n."],
  ["a module of the app like one of Python's", "\x80\x04cprofile\nUser\n."],
  ["a package of the app like one of Python's", "\x80\x04ctest.models\nUser\n."],
  ["a copy of a package in the app", "\x80\x04cmyapp._vendor.attr\nAttribute\n."],
  ["a folder of copies itself", "\x80\x04cmyapp._vendor\nAttribute\n."],
  ["a bound method", "\x80\x04cbuiltins\ngetattr\ncmyapp\nC\n)R\x8c\x06method\x86R."],
  ["CPython's _codecs.encode", "\x80\x02c_codecs\nencode\nX\x01\0\0\0aX\x06\0\0\0latin1\x86R."],
  ["CPython's copyreg", "\x80\x02ccopy_reg\n__newobj__\n."],
];

describe("codecs/pickle: dangerous pickles", () => {
  for (const [how, stream] of Object.entries(osSystem)) {
    it(`os.system by ${how}`, () => {
      expect(dangerOf(stream)).to.equal("os.system");
    });
  }

  for (const [why, name, stream] of others) {
    it(why, () => {
      expect(dangerOf(stream)).to.equal(name);
    });
  }

  for (const [why, stream] of innocent) {
    it(`not ${why}`, () => {
      expect(dangerOf(stream)).to.equal(undefined);
    });
  }

  it("the first one is named", () => {
    expect(dangerOf("\x80\x04cbuiltins\neval\ncos\nsystem\n\x86.")).to.equal("builtins.eval");
  });

  it("is data: the call is there to be looked at, and can be written", () => {
    const { value, dangerous } = pickle.decode(
      Buffer.from("\x80\x04}\x8c\x01acos\nsystem\n\x8c\x04true\x85Rs.", "latin1"),
    );
    expect(dangerous).to.equal("os.system");
    expect(Buffer.from(pickle.encode(value)).toString("latin1")).to.include("system");
  });

  it("nothing runs, of what runs in Python", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pickle-"));
    const ours = join(folder, "ours");
    const theirs = join(folder, "theirs");
    const judge = await judgeOf("fs080-flask31");
    const program = `
import os, pickle

class Attack:
    def __init__(self, path):
        self.path = path
    def __reduce__(self):
        return (os.system, ("touch " + self.path,))

pickle.loads(pickle.dumps(Attack(input[1])))
result = [pickle.dumps({"a": Attack(input[0])}, protocol).hex() for protocol in range(6)]
`;
    const streams = (await judge.run(program, [ours, theirs])) as readonly string[];
    // Python names functions of os by the module in C that has them.
    for (const hex of streams) expect(pickle.decode(Buffer.from(hex, "hex")).dangerous).to.equal("posix.system");
    expect([existsSync(theirs), existsSync(ours)]).to.deep.equal([true, false]);
    rmSync(folder, { recursive: true });
  });

  it("shows a name in one line of at most 200 characters, whatever is in it", () => {
    expect(dangerOf("\x80\x04\x8c\x02os\x8c\x09x\n\x1b[2J\xe2\x80\xae\x93.")).to.equal("os.x??[2J?");
    expect(dangerOf(`cos\n${"x".repeat(900)}\n.`)).to.equal(`os.${"x".repeat(197)}`);
  });
});
