/** The project's files as texts, for the tests that read them. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** A file: its path with slashes, from the folder that was read, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** What a rule found: where, and what is wrong there. */
export interface Breach {
  readonly path: string;
  readonly line: number;
  readonly reason: string;
}

/** Folders that are made, not written. */
const MADE: ReadonlySet<string> = new Set([".git", ".nodes", ".venv", "build", "coverage", "dist", "node_modules"]);

/** The files below a folder whose names match, in order of their paths. */
export function filesOf(folder: string, name: RegExp): SourceFile[] {
  return pathsOf(folder)
    .filter((path) => name.test(path))
    .map((path) => ({ path: relative(folder, path).split(sep).join("/"), text: readFileSync(path, "utf8") }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Every match of a pattern, as breaches. @param reason made of the match */
export function matches(
  file: SourceFile,
  pattern: RegExp,
  reason: (match: RegExpMatchArray) => string | undefined,
): Breach[] {
  return [...file.text.matchAll(pattern)].flatMap((match) => {
    const text = reason(match);
    return text === undefined ? [] : [{ path: file.path, line: lineOf(file.text, match.index), reason: text }];
  });
}

/** A breach in one line, as editors open it. */
export function shown({ path, line, reason }: Breach): string {
  return `${path}:${line}: ${reason}`;
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

function pathsOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return [path];
    return entry.isDirectory() && !MADE.has(entry.name) ? pathsOf(path) : [];
  });
}
