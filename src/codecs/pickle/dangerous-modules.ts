/**
 * Modules and parts of modules, by what a pickle could do with them. A beginning covers what lies below it; the longest
 * one decides. Python's own modules are all here (3.6 to 3.14, and what Python 2 had beside them), because what is not
 * listed is taken for a module of the app. What a session may hold of the dangerous ones stands in `harmless-names.ts`.
 */

/** What a beginning says of the names below it. */
export type ModuleKind = "dangerous" | "data";

/** Compile, run, trace or test code, or read it for that. */
const RUN_CODE = `
  code codeop runpy timeit cProfile _lsprof profile.run profile.runctx profile.main profile.Profile trace.main trace.Trace
  trace.CoverageResults bdb pdb doctest unittest test.support test.libregrtest test.regrtest test.pythoninfo
  compileall py_compile symtable dis ast pyclbr tabnanny modulefinder rlcompleter _pyrepl lib2to3 idlelib turtledemo
  opcode _opcode_metadata _peg_parser parser.suite parser.expr parser.compilest parser.sequence2st parser.tuple2st
  cmd.Cmd new.code new.function new.instancemethod new.classobj compiler rexec Bastion ihooks imputil hotshot
  _testcapi _testinternalcapi _testlimitedcapi _testclinic _testclinic_limited _testbuffer _testmultiphase
  _testimportmultiple _testsinglephase _ctypes_test xxlimited xxlimited_35 xxsubtype _xxtestfuzz
`;

/** Import what is named, find it or install it: importing alone runs code. */
const IMPORT = `
  importlib imp pkgutil zipimport zipapp _frozen_importlib _frozen_importlib_external _bootsubprocess sysconfig site
  _sitebuiltins distutils _distutils_hack ensurepip venv setuptools pkg_resources pip pydoc pydoc_data antigravity this
`;

/** Unpickle, or keep pickles: a pickle in a pickle is not looked into. */
const UNPICKLE = `
  pickle cPickle pickletools _compat_pickle marshal shelve dbm anydbm bsddb _gdbm copyreg copy_reg pstats
  dill cloudpickle joblib jsonpickle yaml ruamel.yaml
`;

/** Start programs, or send them signals. */
const START_PROGRAMS = `
  os posix nt subprocess _posixsubprocess multiprocessing _posixshmem pty pipes popen2 platform webbrowser signal
  _winapi _wmi msilib _msi _osx_support _aix_support _android_support _ios_support _scproxy _overlapped
  commands.getoutput commands.getstatusoutput commands.getstatus
  sh plumbum invoke.run invoke.context invoke.runners fabric.api fabric.connection fabric.operations pexpect ptyprocess
  psutil.Popen gunicorn uwsgi
`;

/** Change the interpreter, its threads or its memory, or talk to a terminal. */
const CHANGE_THE_PROCESS = `
  sys gc atexit faulthandler ctypes cffi threading _thread thread _threading_local _dummy_thread dummy_threading
  _dummy_threading concurrent contextvars _interpreters _interpqueues _interpchannels _xxsubinterpreters
  _xxinterpchannels _remote_debugging tracemalloc weakref locale gettext _bootlocale readline getpass tty termios curses
  _curses_panel _colorize tkinter _tkinter turtle resource.setrlimit resource.prlimit resource.getrlimit resource.getrusage
  greenlet gevent eventlet
`;

/** Call what they are given, fetch its attributes, or make functions and classes of it. */
const CALL_WHAT_THEY_ARE_GIVEN = `
  functools operator types inspect contextlib abc _py_abc annotationlib traceback sched.scheduler string.Formatter
  six.moves six.exec_ past.builtins past.translation future.builtins future.backports future.moves future.standard_library
  future.utils
`;

/** Reach files, what the system knows of its users, or libraries that read them. */
const REACH_FILES = `
  io _pyio codecs encodings _multibytecodec _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw
  tempfile shutil glob fileinput filecmp linecache mmap fcntl posixpath ntpath genericpath macpath os2emxpath nturl2path
  macurl2path gzip bz2 lzma _compression zipfile tarfile compression.bz2 compression.gzip compression.lzma
  compression.zlib compression.zstd compression._common _zstd mailbox mhlib mailcap netrc configparser ConfigParser mimetypes
  optparse argparse getopt shlex pwd grp spwd crypt nis statvfs dircache posixfile winreg winsound msvcrt logging sqlite3
  xml pyexpat _elementtree hashlib _blake2 _md5 _sha1 _sha2 _sha3 _sha256 _sha512 wave aifc sunau sndhdr imghdr chunk
  audioop ossaudiodev linuxaudiodev audiodev sunaudio toaiff uu binhex xdrlib
`;

/** Reach the network. */
const REACH_THE_NETWORK = `
  socket socketserver ssl select selectors asyncio asyncore asynchat http httplib urllib urllib2 ftplib smtplib smtpd
  poplib imaplib nntplib telnetlib xmlrpc wsgiref cgi cgitb syslog
  http.cookies.SmartCookie http.cookies.SerialCookie
  dns redis pymongo gridfs motor.motor_asyncio motor.motor_tornado memcache pymemcache pylibmc psycopg2 psycopg pymysql
  MySQLdb boto3 botocore s3transfer paramiko
`;

/** Frameworks: their live app, their templates, what imports by a name or serves a debugger's console. */
const FRAMEWORKS = `
  flask flask_session werkzeug jinja2 click mako cachelib django.core.management django.template django.utils.module_loading
  tornado.template tornado.util twisted.python.reflect chameleon IPython ipykernel pytest _pytest
`;

/** Packages whose objects may be in a session: these functions of theirs run code, unpickle, or reach files. */
const PARTS_OF_PACKAGES = `
  numpy.testing numpy.f2py numpy.distutils numpy.ctypeslib numpy.compat numpy.load numpy.save numpy.savez
  numpy.savez_compressed numpy.savetxt numpy.loadtxt numpy.genfromtxt numpy.fromfile numpy.fromregex numpy.memmap
  numpy.core.memmap numpy._core.memmap numpy.DataSource numpy.lib.npyio numpy.lib._npyio_impl numpy.lib.format
  numpy.lib._format_impl numpy.lib._datasource numpy.lib.utils numpy.lib._utils_impl numpy.core.multiarray.fromfile
  numpy._core.multiarray.fromfile numpy.core._multiarray_umath.fromfile numpy._core._multiarray_umath.fromfile
  numpy.vectorize numpy.frompyfunc numpy.fromfunction numpy.apply_along_axis numpy.apply_over_axes numpy.piecewise
  pandas.eval pandas.core.computation pandas.io pandas.read_pickle pandas.read_csv pandas.read_table pandas.read_json
  pandas.read_html pandas.read_xml pandas.read_excel pandas.read_hdf pandas.read_sql pandas.read_parquet
  pandas.compat.pickle_compat
  sqlalchemy.engine.create sqlalchemy.engine.strategies sqlalchemy.ext.serializer sqlalchemy.testing sqlalchemy.orm.clsregistry
  sqlalchemy.ext.declarative.clsregistry sqlalchemy.sql.lambdas sqlalchemy.util.compat sqlalchemy.util.preloaded
  sqlalchemy.util.typing sqlalchemy.util.tool_support sqlalchemy.util.langhelpers.PluginLoader
  flask_sqlalchemy.extension dateutil.zoneinfo.rebuild dateutil.zoneinfo.get_data dateutil.zoneinfo.TarFile
  torch.load torch.hub torch.serialization torch.storage._load_from_bytes torch.utils torch.jit torch.package torch.fx
  torch._dynamo torch._inductor
`;

/**
 * Modules of data: their classes and constants are harmless, which Python spells with a capital. What begins with a small
 * letter is a function, unless `harmless-names.ts` has it; what leads further from a class is a method.
 */
const DATA = `
  __future__ builtins __builtin__ array base64 binascii bisect calendar cmath collections _collections_abc colorsys copy csv
  dataclasses datetime _pydatetime decimal _pydecimal difflib email enum errno fnmatch fractions graphlib heapq hmac html
  ipaddress itertools json keyword _markupbase math numbers pathlib plistlib pprint _pylong queue quopri random re reprlib
  secrets _sre sre_compile sre_constants sre_parse stat statistics string stringprep _strptime struct _suggestions textwrap time token
  tokenize tomllib typing typing_extensions unicodedata uuid warnings _weakrefset zlib zoneinfo
  http.HTTPStatus http.HTTPMethod http.cookies http.cookiejar urllib.parse urllib.error
  flask.sessions flask.wrappers jinja2.exceptions click.exceptions werkzeug.datastructures werkzeug.exceptions
  werkzeug.routing.exceptions werkzeug.sansio werkzeug.urls werkzeug.useragents werkzeug.user_agent werkzeug.wrappers
  redis.exceptions pymongo.errors botocore.exceptions requests httpx urllib3 aiohttp
  blinker bson flask_login flask_wtf itsdangerous markupsafe sqlalchemy.dialects
`;

/** Beginnings of dotted names, and what they say. */
export const BEGINNINGS: ReadonlyMap<string, ModuleKind> = new Map<string, ModuleKind>([
  ...kinds(DATA, "data"),
  ...[
    RUN_CODE,
    IMPORT,
    UNPICKLE,
    START_PROGRAMS,
    CHANGE_THE_PROCESS,
    CALL_WHAT_THEY_ARE_GIVEN,
    REACH_FILES,
    REACH_THE_NETWORK,
    FRAMEWORKS,
    PARTS_OF_PACKAGES,
  ].flatMap((group) => kinds(group, "dangerous")),
]);
const packages = new Set([...BEGINNINGS.keys()].map((beginning) => beginning.split(".", 1)[0] as string));
const longest = Math.max(...[...BEGINNINGS.keys()].map((beginning) => beginning.split(".").length));

/** Folders in which packages keep copies of others: `pip._vendor.requests` is `requests`. */
const VENDORED: ReadonlySet<string> = new Set(["_vendor", "_vendored", "vendored", "externals", "extern"]);

/**
 * The parts of a module's name as the tables have it: without what stands for the package itself (`json.__init__` can be
 * imported) or before a vendored copy, and `io` for the module in C that it is made of, `_io`.
 */
export function modulePath(module: string): string[] {
  const parts = module.split(".").filter((part) => part !== "__init__");
  const vendored = parts.findLastIndex((part, index) => index > 0 && VENDORED.has(part));
  const isVendored = vendored < parts.length - 1 && kindOf(parts) !== "dangerous";
  const [first = "", ...rest] = isVendored ? parts.slice(vendored + 1) : parts;
  return [asListed(first), ...rest];
}

/** Whether anything of a package is in the tables. */
export function isListed(topmost: string): boolean {
  return packages.has(topmost);
}

/** What the longest beginning says of a path, or of what is left of it from one of its parts on. */
export function kindOf(path: readonly string[], start = 0): ModuleKind | undefined {
  let kind: ModuleKind | undefined;
  let beginning = "";
  for (const [index, part] of path.slice(start, start + longest).entries()) {
    beginning = index === 0 ? asListed(part) : `${beginning}.${part}`;
    kind = BEGINNINGS.get(beginning) ?? kind;
  }
  return kind;
}

function asListed(topmost: string): string {
  return isListed(topmost) ? topmost : topmost.replace(/^_+/, "");
}

function kinds(names: string, kind: ModuleKind): (readonly [string, ModuleKind])[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, kind]);
}
