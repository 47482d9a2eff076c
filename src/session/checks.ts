/** Checks of what a user gave as an option; a failure is a ConfigError that names the option and never shows its value. */
import { isWellFormed } from "../bytes/utf8.ts";
import { ConfigError } from "../errors.ts";
import { nearest } from "./nearest.ts";

/** Takes what a user gave under a name and returns it typed. @throws ConfigError */
export type Check<T> = (value: unknown, name: string) => T;

/** A check for each member of an object. */
export type Checks<T> = { readonly [Name in keyof T]-?: Check<Exclude<T[Name], undefined>> };

/** The error of an option that cannot work. */
export function refused(name: string, reason: string): ConfigError {
  return new ConfigError(`Cannot use ${name}: ${reason}`);
}

const KINDS = {
  bigint: "a bigint",
  boolean: "a boolean",
  function: "a function",
  number: "a number",
  object: "an object",
  string: "text",
  symbol: "a symbol",
  undefined: "undefined",
};

/** What a value is, in words that say nothing of what it holds. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return KINDS[typeof value];
}

/** `true` or `false`, nothing that only counts as such. */
export function booleanOf(value: unknown, name: string): boolean {
  if (typeof value !== "boolean") throw refused(name, `it must be true or false, not ${kindOf(value)}`);
  return value;
}

/** Text that UTF-8 can hold, without NUL, which stores and headers cut at. */
export function textOf(value: unknown, name: string): string {
  if (typeof value !== "string") throw refused(name, `it must be text, not ${kindOf(value)}`);
  if (value.includes("\0")) throw refused(name, "it must not hold a NUL character");
  if (!isWellFormed(value)) throw refused(name, "it must not hold half a surrogate pair");
  return value;
}

/** Text that says something. */
export function nonEmptyTextOf(value: unknown, name: string): string {
  const text = textOf(value, name);
  if (text === "") throw refused(name, "it must not be empty");
  return text;
}

/** An object, whatever it holds; no list. */
export function objectOf(value: unknown, name: string): object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refused(name, `it must be an object, not ${kindOf(value)}`);
  }
  return value;
}

/** One of a few values. */
export function oneOf<const T extends string | number>(...allowed: readonly T[]): Check<T> {
  return (value, name) => {
    if (!allowed.includes(value as T)) throw refused(name, `it must be ${allowed.map(shown).join(" or ")}`);
    return value as T;
  };
}

function shown(value: string | number): string {
  return JSON.stringify(value);
}

/** A whole number within both bounds. */
export function wholeNumber(least: number, most: number): Check<number> {
  return (value, name) => {
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) {
      throw refused(name, `it must be a whole number from ${least} to ${most}`);
    }
    return value as number;
  };
}

/** An object whose own members all have a check; members that are `undefined` count as absent. */
export function members<T extends object>(checks: Checks<T>, path = ""): Check<Partial<T>> {
  return (value, name) => {
    const checked: Partial<Record<string, unknown>> = {};
    for (const [member, given] of Object.entries(objectOf(value, name))) {
      if (!Object.hasOwn(checks, member)) throw unknownMember(path + member, Object.keys(checks), path);
      if (given !== undefined) checked[member] = checks[member as keyof T](given, path + member);
    }
    return checked as Partial<T>;
  };
}

function unknownMember(member: string, known: readonly string[], path: string): ConfigError {
  const meant = nearest(member.slice(path.length), known);
  return refused(member, meant === undefined ? "there is no such option" : `did you mean ${path}${meant}?`);
}
