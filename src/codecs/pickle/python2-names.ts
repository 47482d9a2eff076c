/**
 * The names of Python 2 in Python 3, which CPython's unpickler puts in their place below protocol 3:
 * `IMPORT_MAPPING` and `NAME_MAPPING` of `_compat_pickle` (3.11).
 */

/** A module and a name in it. */
type QualifiedName = readonly [module: string, name: string];

/** Modules that were renamed. */
const modules = new Map(
  pairs(`
    __builtin__ builtins
    copy_reg copyreg
    Queue queue
    SocketServer socketserver
    ConfigParser configparser
    repr reprlib
    tkFileDialog tkinter.filedialog
    tkSimpleDialog tkinter.simpledialog
    tkColorChooser tkinter.colorchooser
    tkCommonDialog tkinter.commondialog
    Dialog tkinter.dialog
    Tkdnd tkinter.dnd
    tkFont tkinter.font
    tkMessageBox tkinter.messagebox
    ScrolledText tkinter.scrolledtext
    Tkconstants tkinter.constants
    Tix tkinter.tix
    ttk tkinter.ttk
    Tkinter tkinter
    markupbase _markupbase
    _winreg winreg
    thread _thread
    dummy_thread _dummy_thread
    dbhash dbm.bsd
    dumbdbm dbm.dumb
    dbm dbm.ndbm
    gdbm dbm.gnu
    xmlrpclib xmlrpc.client
    SimpleXMLRPCServer xmlrpc.server
    httplib http.client
    htmlentitydefs html.entities
    HTMLParser html.parser
    Cookie http.cookies
    cookielib http.cookiejar
    BaseHTTPServer http.server
    test.test_support test.support
    commands subprocess
    urlparse urllib.parse
    robotparser urllib.robotparser
    urllib2 urllib.request
    anydbm dbm
    _abcoll collections.abc
    cPickle pickle
    _elementtree xml.etree.ElementTree
    FileDialog tkinter.filedialog
    SimpleDialog tkinter.simpledialog
    DocXMLRPCServer xmlrpc.server
    SimpleHTTPServer http.server
    CGIHTTPServer http.server
    UserDict collections
    UserList collections
    UserString collections
    whichdb dbm
    StringIO io
    cStringIO io
  `),
);

/** Names that moved to another module, or were renamed. */
const RENAMED = pairs(`
  __builtin__.xrange builtins.range
  __builtin__.reduce functools.reduce
  __builtin__.intern sys.intern
  __builtin__.unichr builtins.chr
  __builtin__.unicode builtins.str
  __builtin__.long builtins.int
  __builtin__.basestring builtins.str
  itertools.izip builtins.zip
  itertools.imap builtins.map
  itertools.ifilter builtins.filter
  itertools.ifilterfalse itertools.filterfalse
  itertools.izip_longest itertools.zip_longest
  UserDict.IterableUserDict collections.UserDict
  UserDict.UserDict collections.UserDict
  UserList.UserList collections.UserList
  UserString.UserString collections.UserString
  whichdb.whichdb dbm.whichdb
  _socket.fromfd socket.fromfd
  socket._socketobject socket.SocketType
  _multiprocessing.Connection multiprocessing.connection.Connection
  multiprocessing.process.Process multiprocessing.context.Process
  multiprocessing.forking.Popen multiprocessing.popen_fork.Popen
  multiprocessing.AuthenticationError multiprocessing.context.AuthenticationError
  multiprocessing.BufferTooShort multiprocessing.context.BufferTooShort
  multiprocessing.ProcessError multiprocessing.context.ProcessError
  multiprocessing.TimeoutError multiprocessing.context.TimeoutError
  urllib.ContentTooShortError urllib.error.ContentTooShortError
  urllib.getproxies urllib.request.getproxies
  urllib.pathname2url urllib.request.pathname2url
  urllib.url2pathname urllib.request.url2pathname
  urllib.urlcleanup urllib.request.urlcleanup
  urllib.urlopen urllib.request.urlopen
  urllib.urlretrieve urllib.request.urlretrieve
  urllib.quote urllib.parse.quote
  urllib.quote_plus urllib.parse.quote_plus
  urllib.unquote urllib.parse.unquote
  urllib.unquote_plus urllib.parse.unquote_plus
  urllib.urlencode urllib.parse.urlencode
  urllib2.HTTPError urllib.error.HTTPError
  urllib2.URLError urllib.error.URLError
  exceptions.StandardError builtins.Exception
`);

/** Python 2's module `exceptions`, whose classes are builtins now. */
const EXCEPTIONS = `
  ArithmeticError AssertionError AttributeError BaseException BufferError BytesWarning DeprecationWarning EOFError
  EnvironmentError Exception FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning
  IndentationError IndexError KeyError KeyboardInterrupt LookupError MemoryError NameError NotImplementedError OSError
  OverflowError PendingDeprecationWarning ReferenceError RuntimeError RuntimeWarning StopIteration SyntaxError
  SyntaxWarning SystemError SystemExit TabError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError
  UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError`;

const names = new Map<string, Map<string, QualifiedName>>();
for (const [old, now] of RENAMED) rename(qualified(old), qualified(now));
for (const name of EXCEPTIONS.trim().split(/\s+/)) rename(["exceptions", name], ["builtins", name]);

/** @returns where Python 3 has what Python 2 called `module.name`; a renamed name wins over a renamed module. */
export function python3Name(module: string, name: string): QualifiedName {
  return names.get(module)?.get(name) ?? [modules.get(module) ?? module, name];
}

function rename([module, name]: QualifiedName, now: QualifiedName): void {
  const renamed = names.get(module) ?? new Map<string, QualifiedName>();
  names.set(module, renamed.set(name, now));
}

function qualified(name: string): QualifiedName {
  const dot = name.lastIndexOf(".");
  return [name.slice(0, dot), name.slice(dot + 1)];
}

function pairs(lines: string): [string, string][] {
  return lines
    .trim()
    .split(/\s*\n\s*/)
    .map((line) => line.split(" ") as [string, string]);
}
