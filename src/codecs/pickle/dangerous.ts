/**
 * Which globals make a pickle dangerous: those with which a pickle could run code, start a program, reach a file or
 * the network, or leave the object it was given. It is a list, not a proof: any class of the app may be one more.
 */

/** Modules none of whose contents belongs into a session. A dotted name that passes through one counts as well. */
const MODULES = words(`
  os posix nt subprocess posixsubprocess sys shutil socket importlib frozen_importlib frozen_importlib_external imp pty
  commands popen2 ctypes multiprocessing runpy code codeop pdb bdb asyncio webbrowser builtins pickle pickletools
  marshal shelve dill cloudpickle joblib zipimport pkgutil pydoc doctest ensurepip pip venv distutils setuptools
  pkg_resources idlelib lib2to3 gc atexit unittest jinja2 mako
`);

/** Those of them that no one names an attribute or an enum's member after: they count as the last part of a name too. */
const UNMISTAKABLE = words(`
  os posix nt subprocess posixsubprocess sys shutil socket importlib pty popen2 ctypes multiprocessing runpy pdb
  asyncio webbrowser builtins pickle marshal
`);

/** Modules of which only a part is dangerous, by the dotted beginning of module and name. */
const BEGINNINGS: readonly string[] = [
  "logging.config",
  "urllib.request",
  "six.moves",
  "flask.templating",
  "flask.render_template",
  "flask.render_template_string",
  "flask.stream_template",
  "flask.stream_template_string",
  "numpy.testing",
  "werkzeug.utils.import_string",
  "werkzeug.utils.find_modules",
];

/** Functions of modules that are harmless otherwise. */
const FUNCTIONS = words(`
  builtins.eval builtins.exec builtins.execfile builtins.compile builtins.__import__ builtins.open builtins.setattr
  builtins.delattr builtins.globals builtins.locals builtins.vars builtins.input builtins.breakpoint
  builtins.help builtins.exit builtins.quit builtins.apply builtins.file builtins.reload
  io.open io.open_code io.FileIO _io.open _io.open_code _io.FileIO codecs.open codecs.register codecs.register_error
  _codecs.register _codecs.register_error copyreg.pickle copyreg.constructor copyreg.add_extension
  copyreg.remove_extension operator.attrgetter operator.methodcaller _operator.attrgetter _operator.methodcaller
  types.FunctionType types.CodeType types.MethodType types.ModuleType _thread.start_new_thread _thread.start_new
  timeit.timeit timeit.repeat timeit.main timeit.Timer profile.run profile.runctx profile.Profile cProfile.run
  cProfile.runctx cProfile.Profile trace.Trace trace.main
`);

/**
 * What a session may hold of the modules above: data classes and exceptions, which only keep what they are given, and
 * what CPython's own picklers write.
 */
const HARMLESS = words(`
  os.stat_result os.statvfs_result os.terminal_size posix.uname_result posix.times_result
  nt.uname_result nt.times_result
  socket.AddressFamily socket.SocketKind socket.AddressInfo socket.MsgFlag socket.gaierror socket.herror socket.timeout
  socket.error
  subprocess.CompletedProcess subprocess.CalledProcessError subprocess.TimeoutExpired subprocess.SubprocessError
  shutil.Error shutil.SameFileError shutil.SpecialFileError shutil.ExecError shutil.ReadError shutil.RegistryError
  asyncio.exceptions.CancelledError asyncio.exceptions.TimeoutError asyncio.exceptions.InvalidStateError
  asyncio.exceptions.IncompleteReadError asyncio.exceptions.LimitOverrunError asyncio.exceptions.BrokenBarrierError
  asyncio.exceptions.SendfileNotAvailableError asyncio.queues.QueueFull asyncio.queues.QueueEmpty
  multiprocessing.context.ProcessError multiprocessing.context.TimeoutError
  multiprocessing.context.AuthenticationError multiprocessing.context.BufferTooShort
  pickle.PickleError pickle.PicklingError pickle.UnpicklingError _pickle.PickleError _pickle.PicklingError
  _pickle.UnpicklingError binascii.Error webbrowser.Error
  importlib.metadata.PackageNotFoundError
  jinja2.exceptions.TemplateError jinja2.exceptions.TemplateNotFound jinja2.exceptions.TemplatesNotFound
  jinja2.exceptions.TemplateSyntaxError jinja2.exceptions.TemplateAssertionError
  jinja2.exceptions.TemplateRuntimeError jinja2.exceptions.UndefinedError jinja2.exceptions.SecurityError
  jinja2.exceptions.FilterArgumentError
  copyreg.__newobj__ copyreg.__newobj_ex__ copyreg._reconstructor _codecs.encode
`);

/** The attribute that CPython below protocol 4 takes for `__getnewargs_ex__`: `functools.partial(C.__new__, …)`. */
const HARMLESS_DUNDER = "__new__";

/** Attributes through which a frame or a function gives away its globals, beside everything with two underscores. */
const REVEALING = words(
  "func_globals func_code f_globals f_locals f_builtins f_back f_code gi_frame gi_code cr_frame ag_frame tb_frame mro",
);

/** @returns the dotted name of a dangerous global as it is shown, or `undefined` for a harmless one. */
export function dangerOf(module: string, name: string): string | undefined {
  const full = `${module}.${name}`;
  if (HARMLESS.has(full)) return undefined;
  const dangerous = FUNCTIONS.has(full) || isBeginning(full) || isDangerousModule(module) || isDangerousPath(name);
  return dangerous ? full : undefined;
}

/** Whether `getattr(object, name)` gives more than the object's own data and methods. */
export function isDangerousAttribute(name: string): boolean {
  return (name.startsWith("__") && name.endsWith("__") && name !== HARMLESS_DUNDER) || REVEALING.has(name);
}

function isDangerousModule(module: string): boolean {
  const top = module.split(".", 1)[0] as string;
  return top !== "builtins" && MODULES.has(withoutUnderscores(top));
}

/** Modules import each other: `logging` with `os.system` is `os.system`, and `tempfile` knows it as `_os`. */
function isDangerousPath(name: string): boolean {
  const parts = name.split(".");
  if (parts.some(isDangerousAttribute)) return true;
  const last = parts.pop() as string;
  return parts.some((part) => MODULES.has(withoutUnderscores(part))) || UNMISTAKABLE.has(withoutUnderscores(last));
}

function isBeginning(full: string): boolean {
  return BEGINNINGS.some((beginning) => full === beginning || full.startsWith(`${beginning}.`));
}

function withoutUnderscores(name: string): string {
  return name.replace(/^_+/, "");
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
