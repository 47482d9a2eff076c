/** The tables of dangerous names against real Python: what they name is real, does harm, and has no other names. */
import { expect } from "chai";
import dangerous from "../../../fixtures/codecs/pickle-dangerous.json" with { type: "json" };
import { pickle } from "../../../src/codecs/pickle/codec.ts";
import { dangerOf, listedName, moduleOf } from "../../../src/codecs/pickle/dangerous.ts";
import { BEGINNINGS, kindOf, modulePath } from "../../../src/codecs/pickle/dangerous-modules.ts";
import { CHECKED, HARMLESS } from "../../../src/codecs/pickle/harmless-names.ts";
import { Judge, pythonPath } from "../../python/judge.ts";

/** Beginnings that the environment's Python (3.11 on Linux) and its packages do not have, and why they are listed. */
const ABSENT: Readonly<Record<string, string>> = {
  "of Python 2": `
    __builtin__ Bastion ConfigParser _dummy_threading anydbm audiodev bsddb cPickle commands.getoutput commands.getstatus
    commands.getstatusoutput compiler copy_reg dircache hotshot http.cookies.SerialCookie http.cookies.SmartCookie httplib
    ihooks imputil linuxaudiodev mhlib new.classobj new.code new.function new.instancemethod os2emxpath popen2 posixfile rexec
    statvfs sunaudio thread toaiff urllib2`,
  "of Python 3.6 to 3.10": `
    _bootlocale _dummy_thread _peg_parser binhex dummy_threading macpath macurl2path parser.compilest parser.expr
    parser.sequence2st parser.suite parser.tuple2st`,
  "of Python 3.12 to 3.14": `
    _android_support _colorize _interpchannels _interpqueues _interpreters _ios_support _opcode_metadata _pydatetime _pylong
    _pyrepl _remote_debugging _sha2 _suggestions _testclinic_limited _testlimitedcapi _testsinglephase _xxinterpchannels _zstd
    annotationlib compression._common compression.bz2 compression.gzip compression.lzma compression.zlib compression.zstd`,
  "of other systems": "_gdbm _msi _overlapped _scproxy _winapi _wmi msilib msvcrt nt winreg winsound",
  "of packages that are not installed here, or in other versions": `
    IPython MySQLdb _pytest aiohttp boto3 botocore botocore.exceptions cffi chameleon cloudpickle dateutil.zoneinfo.TarFile
    dateutil.zoneinfo.get_data dateutil.zoneinfo.rebuild dill django.core.management django.template
    django.utils.module_loading eventlet fabric.api fabric.connection fabric.operations future.backports future.builtins
    future.moves future.standard_library future.utils gevent gunicorn httpx invoke.context invoke.run invoke.runners
    ipykernel joblib jsonpickle mako motor.motor_asyncio motor.motor_tornado paramiko past.builtins past.translation pexpect
    plumbum psutil.Popen psycopg psycopg2 ptyprocess pylibmc pymysql pytest requests ruamel.yaml s3transfer sh
    six.exec_ six.moves sqlalchemy.ext.declarative.clsregistry tornado.template tornado.util twisted.python.reflect
    urllib3 uwsgi werkzeug.useragents yaml`,
};

/** Packages of which the tables name parts, and which are not installed here. */
const ABSENT_PACKAGES = /^(?:numpy|pandas|torch)\./;

/** To import them is to open a browser, or to print a poem. */
const NOT_IMPORTED = ["antigravity", "this"];

/** Of Python's own modules these have names of which only some are dangerous, or none. */
const IN_PARTS = ["cmd", "profile", "resource", "sched", "trace"];

/** Modules that Python imports to serve Flask, and those whose functions are the first that a pickle would want. */
const FLASK =
  "flask flask.cli flask_session flask_login flask_wtf flask_sqlalchemy redis pymongo memcache werkzeug.debug";
const FIRST_WANTED = "os posix subprocess shutil importlib";

/**
 * Names that a package gives to functions that are harmless by themselves: their own names are checked in calls because
 * of what they may be given, and that would have to be named too.
 */
const HARMLESS_ALIASES =
  /^(?:functools|itertools|_?operator|_codecs)\.|^builtins\.(?:dict|str|type|iter|map|filter|getattr)/;

/** Classes and functions of the modules above that hold or tell no more than a value. */
const HARMLESS_VALUES =
  /^(?:os|posix)\.(?:GenericAlias|Mapping|MutableMapping|error|\w+_result|terminal_size)$|^subprocess\._time$|portable_instancemethod$|namedtuple$/;

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

function nameOf(module: string, name: string): string | undefined {
  return dangerOf(moduleOf(module), name);
}

function splitName(full: string): [module: string, name: string] {
  const dot = full.lastIndexOf(".");
  return [full.slice(0, dot), full.slice(dot + 1)];
}

describe("codecs/pickle: dangerous names", () => {
  let python: Judge;

  before(async () => {
    // One of its own: it imports everything that there is.
    python = new Judge(await pythonPath("fs080-flask31"));
  });

  after(() => python?.stop());

  for (const { name, hex, seen } of dangerous.vectors) {
    it(`${name}: ${seen}`, () => {
      expect(pickle.decode(Buffer.from(hex, "hex")).dangerous).to.equal(name);
    });
  }

  it("Python does what is said of them", async function () {
    this.timeout(120_000);
    const program = `
import guarded
result = [[row["name"], row["seen"]] for row in input
          for found in [guarded.outcome(bytes.fromhex(row["hex"]), row["modules"])]
          if row["seen"] not in found["events"] + found["seen"]]
`;
    expect(await python.run(program, dangerous.vectors)).to.deep.equal([]);
  });

  it("Python has the modules and functions of the tables", async function () {
    this.timeout(60_000);
    const asked = [...BEGINNINGS.keys()].filter((name) => !NOT_IMPORTED.includes(name) && !ABSENT_PACKAGES.test(name));
    const missing = await python.run("import paths; result = paths.missing(input)", asked);
    expect(missing).to.have.members(Object.values(ABSENT).flatMap(words));
  });

  it("the tables have all of Python's own modules", async () => {
    const modules = (await python.run("import sys; result = sorted(sys.stdlib_module_names)", null)) as string[];
    expect(modules.filter((name) => kindOf(modulePath(name)) === undefined)).to.deep.equal(IN_PARTS);
  });

  it("no dangerous object has a harmless name in a process of Flask's", async function () {
    this.timeout(60_000);
    const program = `
import importlib, paths
for module in input["modules"]:
    importlib.import_module(module)
result = paths.paths_to(input["names"] + paths.callables_of(input["all"]))
`;
    const input = {
      modules: words(FLASK),
      names: [...new Set(dangerous.vectors.map(({ name }) => name))],
      all: words(FIRST_WANTED),
    };
    const paths = (await python.run(program, input)) as [module: string, name: string, original: string][];
    expect(paths).to.have.length.above(20_000);
    const missed = paths.filter(([module, name, original]) => {
      const isHarmless = nameOf(...splitName(original)) === undefined || HARMLESS_VALUES.test(original);
      return nameOf(module, name) === undefined && !isHarmless && !HARMLESS_ALIASES.test(original);
    });
    expect(missed).to.deep.equal([]);
  });

  it("nothing stands on the second list that is harmless without it", () => {
    const needless = [...HARMLESS].filter((full) => {
      const parts = full.split(".");
      return kindOf(parts) === undefined || (kindOf(parts) === "data" && /\.[A-Z][^.]*$/.test(full));
    });
    expect(needless).to.deep.equal([]);
  });

  it("what is checked in calls is listed as the tables list it", () => {
    for (const full of CHECKED) expect(listedName(...splitName(full))).to.equal(full);
  });
});
