/** The classes, functions and singletons that a pickle names. Nothing is imported. */
import { PyGlobal } from "../../values/exact.ts";
import { dangerOf } from "./dangerous.ts";
import { python3Name } from "./python2-names.ts";

/** No module and name of those that count as dangerous are longer, unless the point is to be long. */
const MAX_SHOWN = 200;
/** Control characters, spaces, and what turns the direction of text round: no name in Python has any. */
const UNSHOWN = /[\p{C}\p{Z}]/gu;

/** Globals by module and name, and the first dangerous one. */
export class Globals {
  /** The name of the first dangerous global, such as `os.system`. */
  dangerous: string | undefined;
  readonly #modules = new Map<string, Map<string, PyGlobal>>();

  /** What an opcode names. @param protocol below 3 the names are Python 2's */
  find(module: string, name: string, protocol: number): PyGlobal {
    if (protocol >= 3) return this.#known(module, name);
    const renamed = python3Name(module, name);
    return this.#known(renamed[0], renamed[1]);
  }

  /** What `getattr(global, name)` gives. A node of its own each time, because a bound method is another one each time. */
  attribute({ module, name }: PyGlobal, attribute: string): PyGlobal {
    return this.#make(module, `${name}.${attribute}`);
  }

  /** `getattr` is harmless where a pickle calls it with a name that we see, and only there. */
  heldAsValue({ module, name }: PyGlobal): void {
    if (name === "getattr" && module === "builtins") this.warn("builtins.getattr");
  }

  /**
   * Notes that the pickle is dangerous; the first name counts. It goes into logs, and who wrote the pickle may have put
   * lines, colours or a thousand letters into it.
   */
  warn(name: string): void {
    this.dangerous ??= name.slice(0, MAX_SHOWN).replace(UNSHOWN, "?");
  }

  #known(module: string, name: string): PyGlobal {
    let names = this.#modules.get(module);
    if (names === undefined) this.#modules.set(module, (names = new Map<string, PyGlobal>()));
    let node = names.get(name);
    if (node === undefined) names.set(name, (node = this.#make(module, name)));
    return node;
  }

  #make(module: string, name: string): PyGlobal {
    const danger = dangerOf(module, name);
    if (danger !== undefined) this.warn(danger);
    return new PyGlobal(module, name);
  }
}
