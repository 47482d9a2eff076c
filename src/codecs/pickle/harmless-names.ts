/**
 * What a session may hold of the modules of `dangerous-modules.ts`, by the names under which CPython pickles it. Each
 * has a fixture that Python made. A class may be followed by its members and by classes within it.
 */

/** Exceptions, which only keep what they are given. */
const EXCEPTIONS = names(`
  aifc Error
  argparse ArgumentError ArgumentTypeError
  asyncio.base_futures InvalidStateError
  asyncio.exceptions BrokenBarrierError CancelledError IncompleteReadError InvalidStateError LimitOverrunError
  asyncio.exceptions SendfileNotAvailableError TimeoutError
  asyncio.queues QueueEmpty QueueFull QueueShutDown
  asyncio.streams IncompleteReadError LimitOverrunError
  bdb BdbQuit
  concurrent.futures._base BrokenExecutor CancelledError Error InvalidStateError TimeoutError
  concurrent.futures.process BrokenProcessPool
  concurrent.futures.thread BrokenThreadPool
  configparser DuplicateOptionError DuplicateSectionError Error InterpolationDepthError InterpolationError
  configparser InterpolationMissingOptionError InterpolationSyntaxError MissingSectionHeaderError NoOptionError
  configparser MultilineContinuationError NoSectionError ParsingError
  ctypes ArgumentError
  ftplib Error error_perm error_proto error_reply error_temp
  getopt GetoptError
  gzip BadGzipFile
  http.client BadStatusLine CannotSendHeader CannotSendRequest HTTPException ImproperConnectionState IncompleteRead
  http.client InvalidURL LineTooLong NotConnected RemoteDisconnected ResponseNotReady UnimplementedFileMode
  http.client UnknownProtocol UnknownTransferEncoding
  importlib.metadata PackageNotFoundError
  io UnsupportedOperation
  locale Error
  lzma LZMAError
  mailbox Error ExternalClashError FormatError NoSuchMailboxError NotEmptyError
  multiprocessing.context AuthenticationError BufferTooShort ProcessError TimeoutError
  netrc NetrcParseError
  nntplib NNTPDataError NNTPError NNTPPermanentError NNTPProtocolError NNTPReplyError NNTPTemporaryError
  optparse AmbiguousOptionError BadOptionError OptParseError OptionConflictError OptionError OptionValueError
  pickle PickleError PicklingError UnpicklingError
  poplib error_proto
  select error
  re error
  shutil Error ExecError ReadError RegistryError SameFileError SpecialFileError
  smtplib SMTPAuthenticationError SMTPConnectError SMTPDataError SMTPException SMTPHeloError SMTPNotSupportedError
  smtplib SMTPRecipientsRefused SMTPResponseException SMTPSenderRefused SMTPServerDisconnected
  socket error gaierror herror timeout
  sqlite3 DataError DatabaseError Error IntegrityError InterfaceError InternalError NotSupportedError OperationalError
  sqlite3 ProgrammingError Warning
  sre_constants error
  ssl CertificateError SSLCertVerificationError SSLEOFError SSLError SSLSyscallError SSLWantReadError SSLWantWriteError
  ssl SSLZeroReturnError
  struct error
  subprocess CalledProcessError SubprocessError TimeoutExpired
  tarfile AbsoluteLinkError AbsolutePathError CompressionError EOFHeaderError EmptyHeaderError ExtractError FilterError
  tarfile HeaderError InvalidHeaderError LinkOutsideDestinationError OutsideDestinationError ReadError SpecialFileError
  tarfile StreamError SubsequentHeaderError TarError TruncatedHeaderError
  threading BrokenBarrierError
  webbrowser Error
  xdrlib ConversionError Error
  xml.etree.ElementTree ParseError
  xml.parsers.expat ExpatError
  xml.sax._exceptions SAXException SAXNotRecognizedException SAXNotSupportedException SAXParseException
  xml.sax._exceptions SAXReaderNotAvailable
  xmlrpc.client Error Fault ProtocolError ResponseError
  zipfile BadZipFile LargeZipFile
  zlib error
`);

/** Classes of data, among them what `os.stat`, `urlparse` and `HTTPStatus` give, and iterators over data. */
const CLASSES = names(`
  argparse Namespace
  array array
  builtins bool bytearray bytes complex dict enumerate float frozenset int list memoryview object range reversed set slice
  builtins str tuple zip
  collections defaultdict deque
  csv excel excel_tab unix_dialect
  datetime date datetime time timedelta timezone tzinfo
  _pydatetime date datetime time timedelta timezone tzinfo
  flask.config Config
  grp struct_group
  io BytesIO StringIO
  itertools _grouper _tee _tee_dataobject chain combinations combinations_with_replacement compress count cycle islice
  itertools permutations product repeat zip_longest
  logging LogRecord
  nt times_result uname_result
  os stat_result statvfs_result terminal_size
  platform uname_result
  posix times_result uname_result
  pwd struct_passwd
  signal Handlers Sigmasks Signals
  socket AddressFamily AddressInfo MsgFlag SocketKind
  ssl AlertDescription Options SSLErrorNumber TLSVersion VerifyFlags VerifyMode
  subprocess CompletedProcess
  tarfile TarInfo
  time struct_time
  types GenericAlias SimpleNamespace
  wsgiref.headers Headers
  xml.etree.ElementTree Element
  xmlrpc.client Binary DateTime
  zipfile ZipInfo
`);

/** Functions with which CPython's picklers put an object together. */
const PARTS = names(`
  array _array_reconstructor
  copyreg __newobj__ __newobj_ex__ _reconstructor
  email.headerregistry _reconstruct_header
  operator itemgetter
  re _compile
  zoneinfo ZoneInfo._unpickle ZoneInfo.no_cache
`);

/** Functions that only compute, and the one that CPython writes for a logger. */
const FUNCTIONS = names(`
  builtins abs all any ascii bin callable chr divmod format hash hex id isinstance issubclass len max min next oct ord pow
  builtins repr round sorted sum
  logging getLogger
  operator abs add and_ concat contains countOf eq floordiv ge gt index indexOf inv invert is_ is_not le length_hint lshift
  operator lt mod mul matmul ne neg not_ or_ pos pow rshift sub truediv truth xor
`);

/** What gives a part of what it was given, which may be a live object too: harmless in the calls of `checked-calls.ts`. */
const GIVE = names(`
  builtins getattr type
  functools reduce
  operator getitem
`);

/** Functions that call what they are given, or make anything of it: harmless in the calls of `checked-calls.ts` alone. */
const CALL = names(`
  builtins filter iter map
  codecs encode
  functools partial
  itertools accumulate dropwhile filterfalse groupby starmap takewhile
`);

/** Functions of which the call decides. */
export const CHECKED: ReadonlySet<string> = new Set([...GIVE, ...CALL]);

/** Functions whose result may be a live object of the app: CPython never does anything to it. */
export const GIVING: ReadonlySet<string> = new Set([...FUNCTIONS, ...GIVE]);

/** The only class of a package in the tables whose pickler calls an instance: `_UnpickleDispatch()(class)`. */
export const CALLED: ReadonlySet<string> = names(`
  sqlalchemy.event.base _UnpickleDispatch
`);

/** Every name of this page. */
export const HARMLESS: ReadonlySet<string> = new Set([...EXCEPTIONS, ...CLASSES, ...PARTS, ...FUNCTIONS, ...CHECKED]);

/** Constants that some versions (3.8, 3.12 and newer for some) pickle by name: `socket.AF_INET`, `signal.SIGINT`. */
export const CONSTANTS: RegExp =
  /^(?:socket\.(?:AF|AI|MSG|SOCK)|signal\.SIG|ssl\.(?:CERT|OP|PROTOCOL|VERIFY))_?[A-Z0-9_]+$/;

/** Lines of a module and names in it. */
function names(lines: string): Set<string> {
  const made = new Set<string>();
  for (const line of lines.trim().split("\n")) {
    const [module, ...inIt] = line.trim().split(" ");
    for (const name of inIt) made.add(`${module}.${name}`);
  }
  return made;
}
