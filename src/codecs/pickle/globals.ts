/** The classes, functions and singletons that a pickle names. Nothing is imported. */
import { PyGlobal } from "../../values/exact.ts";
import { dangerOf, isChecked, type ModuleOfGlobals, moduleOf } from "./dangerous.ts";
import { python3Name } from "./python2-names.ts";

/** No module and name of those that count as dangerous are longer, unless the point is to be long. */
const MAX_SHOWN = 200;
/** Control characters, spaces, and what turns the direction of text round: no name in Python has any. */
const UNSHOWN = /[\p{C}\p{Z}]/gu;

/** The names that a pickle takes of a module. */
interface ModuleNames {
  readonly of: ModuleOfGlobals;
  readonly nodes: Map<string, PyGlobal>;
}

/** Globals by module and name, and the first dangerous one. */
export class Globals {
  /** The name of the first dangerous global, such as `os.system`. */
  dangerous: string | undefined;
  /** How many names there are. */
  size = 0;
  readonly #modules = new Map<string, ModuleNames>();

  /**
   * What an opcode names.
   * @param protocol below 3 the names are Python 2's
   */
  find(module: string, name: string, protocol: number): PyGlobal {
    if (protocol >= 3) return this.#known(module, name);
    const renamed = python3Name(module, name);
    return this.#known(renamed[0], renamed[1]);
  }

  /** What `getattr(global, name)` gives. A node of its own each time, because a bound method is another one each time. */
  attribute({ module, name }: PyGlobal, attribute: string): PyGlobal {
    const node = this.#known(module, `${name}.${attribute}`);
    return new PyGlobal(node.module, node.name);
  }

  /** `getattr` and its like are harmless where a pickle calls them with what we see, and only there. */
  heldAsValue(global: PyGlobal): void {
    if (isChecked(global)) this.warnOf(global);
  }

  /** Notes that a global, or what it is used for, is dangerous. */
  warnOf({ module, name }: PyGlobal): void {
    this.#warn(`${module}.${name}`);
  }

  /**
   * Notes that the pickle is dangerous; the first name counts. It goes into logs, and who wrote the pickle may have put
   * lines, colours or a thousand letters into it.
   */
  #warn(name: string): void {
    this.dangerous ??= name.slice(0, MAX_SHOWN).replace(UNSHOWN, "?");
  }

  #known(module: string, name: string): PyGlobal {
    const names = this.#namesOf(module);
    let node = names.nodes.get(name);
    if (node === undefined) {
      this.#judge(names, name);
      names.nodes.set(name, (node = new PyGlobal(module, name)));
    }
    return node;
  }

  #namesOf(module: string): ModuleNames {
    let names = this.#modules.get(module);
    if (names === undefined)
      this.#modules.set(module, (names = { of: moduleOf(module), nodes: new Map<string, PyGlobal>() }));
    return names;
  }

  #judge({ of }: ModuleNames, name: string): void {
    this.size++;
    const danger = dangerOf(of, name);
    if (danger !== undefined) this.#warn(danger);
  }
}
