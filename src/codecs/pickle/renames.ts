/** Tables of what was renamed, written as lines of `old new`. */

/** A module and a name in it. */
export type QualifiedName = readonly [module: string, name: string];

/** A module or a dotted name, and what is called so elsewhere. */
type Renaming = readonly [from: string, to: string];

/** Where modules and names have gone. */
export class Renames {
  readonly #modules: ReadonlyMap<string, string>;
  readonly #names = new Map<string, Map<string, QualifiedName>>();

  constructor(modules: readonly Renaming[], names: readonly Renaming[]) {
    this.#modules = new Map(modules);
    for (const [from, to] of names) this.#rename(qualified(from), qualified(to));
  }

  /** A renamed name wins over a renamed module; what was not renamed stays what it is. */
  of(module: string, name: string): QualifiedName {
    return this.#names.get(module)?.get(name) ?? [this.#modules.get(module) ?? module, name];
  }

  #rename([module, name]: QualifiedName, to: QualifiedName): void {
    const renamed = this.#names.get(module) ?? new Map<string, QualifiedName>();
    this.#names.set(module, renamed.set(name, to));
  }
}

/** Reads `old new`, a pair a line. */
export function renamings(lines: string): readonly Renaming[] {
  return lines
    .trim()
    .split(/\s*\n\s*/)
    .map((line) => line.split(" ") as [string, string]);
}

/** The same names in another module, given as words. */
export function moved(from: string, to: string, words: string): readonly Renaming[] {
  return words
    .trim()
    .split(/\s+/)
    .map((name) => [`${from}.${name}`, `${to}.${name}`]);
}

/** From the new to the old. */
export function reversed(table: readonly Renaming[]): readonly Renaming[] {
  return table.map(([from, to]) => [to, from]);
}

function qualified(name: string): QualifiedName {
  const dot = name.lastIndexOf(".");
  return [name.slice(0, dot), name.slice(dot + 1)];
}
