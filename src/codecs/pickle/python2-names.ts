/**
 * What Python 3 calls the modules and names of Python 2, and the reverse: CPython puts the one in the other's place in
 * protocols below 3, reading and writing. The tables of `_compat_pickle` (3.11).
 */
import { moved, type QualifiedName, Renames, renamings, reversed } from "./renames.ts";

/** Modules that were renamed, and nothing else: both ways. */
const MODULES = renamings(`
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
`);

/** Names that moved to another module, or were renamed: both ways. */
const NAMES = [
  ...renamings(`
  __builtin__.xrange builtins.range
  __builtin__.reduce functools.reduce
  __builtin__.intern sys.intern
  __builtin__.unichr builtins.chr
  __builtin__.unicode builtins.str
  __builtin__.long builtins.int
  itertools.izip builtins.zip
  itertools.imap builtins.map
  itertools.ifilter builtins.filter
  itertools.ifilterfalse itertools.filterfalse
  itertools.izip_longest itertools.zip_longest
  UserDict.IterableUserDict collections.UserDict
  UserList.UserList collections.UserList
  UserString.UserString collections.UserString
  whichdb.whichdb dbm.whichdb
  _socket.fromfd socket.fromfd
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
`),
  // Python 2's module `exceptions`, whose classes are builtins now.
  ...moved(
    "exceptions",
    "builtins",
    `
  ArithmeticError AssertionError AttributeError BaseException BufferError BytesWarning DeprecationWarning EOFError
  EnvironmentError Exception FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning
  IndentationError IndexError KeyError KeyboardInterrupt LookupError MemoryError NameError NotImplementedError OSError
  OverflowError PendingDeprecationWarning ReferenceError RuntimeError RuntimeWarning StopIteration SyntaxError
  SyntaxWarning SystemError SystemExit TabError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError
  UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError`,
  ),
];

/** Modules that became part of another, or its only form. */
const JOINED_MODULES = renamings(`
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
`);

/** Names that became another's. */
const JOINED_NAMES = renamings(`
  __builtin__.basestring builtins.str
  UserDict.UserDict collections.UserDict
  socket._socketobject socket.SocketType
  exceptions.StandardError builtins.Exception
`);

/** Modules of Python 3 whose content Python 2 has in another: writing alone. */
const SPLIT_MODULES = renamings(`
  _bz2 bz2
  _dbm dbm
  _functools functools
  _gdbm gdbm
  _pickle pickle
`);

/** Names of Python 3 that are a part of what one of Python 2 was, or an inner name of it: writing alone. */
const SPLIT_NAMES = [
  ...renamings(`
  _functools.reduce __builtin__.reduce
  tkinter.simpledialog.SimpleDialog SimpleDialog.SimpleDialog
  http.server.SimpleHTTPRequestHandler SimpleHTTPServer.SimpleHTTPRequestHandler
  http.server.CGIHTTPRequestHandler CGIHTTPServer.CGIHTTPRequestHandler
  _socket.socket socket._socketobject
  builtins.ModuleNotFoundError exceptions.ImportError
`),
  ...moved("tkinter.filedialog", "FileDialog", "FileDialog LoadFileDialog SaveFileDialog"),
  ...moved(
    "xmlrpc.server",
    "DocXMLRPCServer",
    `
    ServerHTMLDoc XMLRPCDocGenerator DocXMLRPCRequestHandler DocXMLRPCServer DocCGIXMLRPCRequestHandler`,
  ),
];

/** Kinds of OSError that Python 2 does not tell apart. */
const OS_ERRORS = renamings(`
  builtins.BrokenPipeError exceptions.OSError
  builtins.ChildProcessError exceptions.OSError
  builtins.ConnectionAbortedError exceptions.OSError
  builtins.ConnectionError exceptions.OSError
  builtins.ConnectionRefusedError exceptions.OSError
  builtins.ConnectionResetError exceptions.OSError
  builtins.FileExistsError exceptions.OSError
  builtins.FileNotFoundError exceptions.OSError
  builtins.InterruptedError exceptions.OSError
  builtins.IsADirectoryError exceptions.OSError
  builtins.NotADirectoryError exceptions.OSError
  builtins.PermissionError exceptions.OSError
  builtins.ProcessLookupError exceptions.OSError
  builtins.TimeoutError exceptions.OSError
`);

const inPython3 = new Renames([...MODULES, ...JOINED_MODULES], [...NAMES, ...JOINED_NAMES]);
const inPython2 = new Renames(
  [...reversed(MODULES), ...SPLIT_MODULES],
  [...reversed(NAMES), ...SPLIT_NAMES, ...OS_ERRORS],
);

/** @returns where Python 3 has what Python 2 called `module.name` */
export function python3Name(module: string, name: string): QualifiedName {
  return inPython3.of(module, name);
}

/** @returns what Python 2 calls `module.name` of Python 3 */
export function python2Name(module: string, name: string): QualifiedName {
  return inPython2.of(module, name);
}
