/**
 * Which globals make a pickle dangerous: those with which a pickle could run code, start a program, reach a file or
 * the network, or leave the object it was given. The tables are in `dangerous-modules.ts` and `harmless-names.ts`. They
 * are lists, not a proof: any class of the app may be one more.
 */
import type { PyGlobal } from "../../values/exact.ts";
import { isListed, kindOf, modulePath } from "./dangerous-modules.ts";
import { CHECKED, CONSTANTS, GIVING, HARMLESS } from "./harmless-names.ts";

/** Parts of a dotted name. Classes do not lie deeper in each other. */
const MAX_PARTS = 10;

/** Modules and functions that no one names a class or an enum's member after: they count wherever they are reached. */
const UNMISTAKABLE = words(`
  os posix nt subprocess posixsubprocess sys shutil socket importlib pty popen2 ctypes multiprocessing runpy pdb
  asyncio webbrowser builtins bltns pickle marshal
  Popen check_call check_output getoutput getstatusoutput import_module import_string execfile exec_ builtin_open
  attrgetter dottedgetter methodcaller getattr_static FunctionType CodeType ModuleType dispatch_table LocalProxy
  greenlet create_engine engine_from_config class_resolver get_type_hints
`);

/** The attribute that CPython below protocol 4 takes for `__getnewargs_ex__`: `functools.partial(C.__new__, …)`. */
const HARMLESS_DUNDER = "__new__";

/** Attributes through which a frame or a function gives away its globals, beside everything with two underscores. */
const REVEALING = words(`
  func_globals func_code func_closure func_defaults im_func im_self im_class f_globals f_locals f_builtins f_back f_code
  gi_frame gi_code gi_yieldfrom cr_frame cr_code cr_await ag_frame ag_code ag_await tb_frame tb_next cell_contents mro
`);

/** Methods of a Flask app, a path or an array that run code or write files, whatever the app calls the object. */
const METHODS = words(`
  from_pyfile from_envvar from_prefixed_env jinja_env open_resource open_instance_resource view_functions
  read_text read_bytes write_text write_bytes symlink_to hardlink_to link_to tofile
`);

const checkedByName = lastNames(CHECKED);
const givingByName = lastNames(GIVING);

/** The dotted name that the tables have for a global: `io.BytesIO` for `_io.BytesIO`. */
export function listedName(module: string, name: string): string {
  return `${modulePath(module).join(".")}.${name}`;
}

/** What the tables say of a module, whatever a pickle takes of it. */
export interface ModuleOfGlobals {
  readonly module: string;
  /** As the tables have it. */
  readonly path: readonly string[];
  readonly isListed: boolean;
}

/** A module, looked up once for all of its names. */
export function moduleOf(module: string): ModuleOfGlobals {
  const path = modulePath(module);
  return { module, path, isListed: isListed(path[0] as string) };
}

/** @returns the dotted name of a dangerous global as it is shown, or `undefined` for a harmless one. */
export function dangerOf(of: ModuleOfGlobals, name: string): string | undefined {
  return isDangerous(of, name.split(".")) ? `${of.module}.${name}` : undefined;
}

/** Whether `getattr(object, name)` gives more than the object's own data and methods. */
export function isDangerousAttribute(name: string): boolean {
  return (
    (name.startsWith("__") && name.endsWith("__") && name !== HARMLESS_DUNDER) ||
    REVEALING.has(name) ||
    METHODS.has(name)
  );
}

/** Whether the call of a global decides. */
export function isChecked(global: PyGlobal): boolean {
  return isIn(checkedByName, CHECKED, global);
}

/** Whether a global is a function that may give a live object of the app. */
export function isGiving(global: PyGlobal): boolean {
  return isIn(givingByName, GIVING, global);
}

/** Whether the tables know nothing of a module's package: it is the app's, or one that it has installed. */
export function isUnknown(module: string): boolean {
  return !isListed(modulePath(module)[0] as string);
}

/** Most names are in no table, which is known without a look at the module. */
function isIn(names: ReadonlySet<string>, table: ReadonlySet<string>, { module, name }: PyGlobal): boolean {
  return names.has(name) && table.has(listedName(module, name));
}

function isDangerous({ path, isListed: isInTables }: ModuleOfGlobals, parts: readonly string[]): boolean {
  if (parts.length > MAX_PARTS || isRunByImport(path)) return true;
  if (isInTables && isHarmless(path, parts)) return false;
  if (parts.some((part) => isDangerousAttribute(part) || UNMISTAKABLE.has(part.replace(/^_+/, "")))) return true;
  return (isInTables && isInDangerous([...path, ...parts], parts)) || leadsIntoModule(parts);
}

/** Whether the tables call a path dangerous, of which the last parts are attributes. */
function isInDangerous(path: readonly string[], attributes: readonly string[]): boolean {
  const kind = kindOf(path);
  return kind === "dangerous" || (kind === "data" && !attributes.every(isMember));
}

/**
 * Modules import each other: `logging` with `os.system` is `os.system`, and `tempfile` knows it as `_os`. CPython never
 * writes it so.
 */
function leadsIntoModule(parts: readonly string[]): boolean {
  return parts.some((part, index) => {
    const topmost = part.replace(/^_+/, "");
    const attributes = parts.slice(index + 1);
    return isListed(topmost) && attributes.length > 0 && isInDangerous([topmost, ...attributes], attributes);
  });
}

/** `pip.__main__`: to import it is to start it. The app's own `__main__` is its first part. */
function isRunByImport(path: readonly string[]): boolean {
  return path.lastIndexOf("__main__") > 0;
}

/** What is listed, and what lies in a listed class. */
function isHarmless(path: readonly string[], parts: readonly string[]): boolean {
  const module = path.join(".");
  const full = [module, ...parts].join(".");
  if (HARMLESS.has(full) || CONSTANTS.test(full)) return true;
  const holder = `${module}.${parts[0]}`;
  return HARMLESS.has(holder) && !CHECKED.has(holder) && parts.slice(1).every(isMember);
}

/** A class in a class, or an enum's member. Methods, functions and modules begin with a small letter. */
function isMember(part: string): boolean {
  return /^_*[A-Z]/.test(part) || part === HARMLESS_DUNDER;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

function lastNames(table: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...table].map((full) => full.slice(full.lastIndexOf(".") + 1)));
}
