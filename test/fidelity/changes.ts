/** A random change that a handler makes to a session, and its description for Python, which then makes the same. */
import { types } from "node:util";
import type { ExactNode } from "../../src/values/exact.ts";
import { isCloneable, isTable, shallowCopy } from "./copies.ts";
import type { Random } from "./random.ts";
import { type Kind, type Path, putAt, type Target, targetsOf, valueAt } from "./targets.ts";

/** A verb of `test/python/sessions/changes.py`, a path and what the verb takes. */
export type ChangeStep = readonly [verb: string, path: Path, ...operands: unknown[]];

/** What was done, in order. */
export type Change = readonly ChangeStep[];

/** A handler of one session, which is open. */
interface Handler {
  readonly session: object;
  readonly nodes: ReadonlyMap<object, ExactNode>;
  readonly random: Random;
}

const VALUES = ["changed", 7, -3, 2.5, true, null, "é😀\u0000"];
const NEW_KEYS = ["new key", "7", "__proto__", "é"];

/** Changes one key: of the session itself, nested, or in a copy. @returns what it did */
export function changeAtRandom(session: object, nodes: ReadonlyMap<object, ExactNode>, random: Random): Change {
  const change = random.pick([changeSession, changeNested, changeNested, changeCopy, changeCopy, changeAllCopies]);
  return change({ session, nodes, random });
}

/** Sets a new key of the session. @returns what it did */
export function addKey(session: object): Change {
  putAt(session, ["new key"], "changed");
  return [["set", ["new key"], "changed"]];
}

function changeSession({ session, random }: Handler): Change {
  return changeObject(session, [], random);
}

/** In a container that Python too can change in place. */
function changeNested({ session, nodes, random }: Handler): Change {
  const changeable = targetsOf(session, nodes).filter(({ live, kind }) => !isImmutable(kind) && !isNoBytes(live));
  return changeContainer(random.pick(changeable), random);
}

/** Puts a copy in the place of a container, and changes something in it. */
function changeCopy(handler: Handler): Change {
  const { session, nodes, random } = handler;
  const replaceable = targetsOf(session, nodes).filter(({ live, isReplaceable }) => isReplaceable && !isNoBytes(live));
  if (replaceable.length === 0) return changeSession(handler);
  const target = random.pick(replaceable);
  const { path, live, kind } = target;
  if (isTable(live, session) && random.below(2) === 0) return changeRows(session, path, live);
  const isDeep = canBeCloned(kind) && random.below(2) === 0 && isCloneable(live, session);
  const copy: object = isDeep ? structuredClone(live) : shallowCopy(live);
  putAt(session, path, copy);
  const step = isDeep ? changeClone(copy, path, kind, random) : changeContainer({ ...target, live: copy }, random);
  return [[isDeep ? "deep" : "shallow", path], ...step];
}

/** Puts structuredClones in the place of all values that it takes, and changes a key of the session. */
function changeAllCopies(handler: Handler): Change {
  const { session } = handler;
  const keys = Object.keys(session).filter((key) => isCloneable(valueAt(session, [key]), session));
  for (const key of keys) putAt(session, [key], structuredClone(valueAt(session, [key])));
  return [["all deep", keys], ...changeSession(handler)];
}

/** `array.map((row) => ({ ...row, done: "each" }))` */
function changeRows(session: object, path: Path, rows: readonly object[]): Change {
  putAt(
    session,
    path,
    rows.map((row) => ({ ...row, done: "each" })),
  );
  return [["each", path, "done", "each"]];
}

function changeContainer({ live, path, kind }: Target, random: Random): Change {
  if (kind === "dict") return live instanceof Map ? changeMap(live, path, random) : changeObject(live, path, random);
  if (kind === "set" || kind === "frozenset") return addMember(live as Set<unknown>, path);
  if (kind === "list" || kind === "tuple") return changeArray(live as unknown[], path, kind, random);
  return changeByte(live as Uint8Array, path, random);
}

/** In the clone of a list all items are new; they take after those that stood in their places, if it has its old length. */
function changeClone(live: object, path: Path, kind: Kind, random: Random): Change {
  return kind === "list"
    ? changeItem(live as unknown[], path, random)
    : changeContainer({ live, path, kind, isReplaceable: true }, random);
}

function changeObject(live: object, path: Path, random: Random): Change {
  const keys = Object.keys(live);
  const act = keys.length === 0 ? "add" : random.pick(["add", "set", "delete"]);
  const key = random.pick(act === "add" ? NEW_KEYS : keys);
  if (act === "delete") {
    Reflect.deleteProperty(live, key);
    return [["delete", [...path, key]]];
  }
  const value = random.pick(VALUES);
  putAt(live, [key], value);
  return [["set", [...path, key], value]];
}

function changeMap(live: Map<unknown, unknown>, path: Path, random: Random): Change {
  const place = random.below(live.size);
  if (random.below(3) === 0) {
    live.delete([...live.keys()][place]);
    return [["delete", [...path, place]]];
  }
  const value = random.pick(VALUES);
  putAt(live, [place], value);
  return [["set", [...path, place], value]];
}

/** A tuple keeps its length, so that only its item changes. */
function changeArray(live: unknown[], path: Path, kind: Kind, random: Random): Change {
  const act = kind === "tuple" ? "set" : random.pick(live.length === 0 ? ["push"] : ["set", "push", "shift"]);
  if (act === "set") return changeItem(live, path, random);
  if (act === "push") {
    live.push("pushed");
    return [["push", path, "pushed"]];
  }
  live.shift();
  return [["shift", path]];
}

/** Text is put in: what a number becomes depends on its siblings. */
function changeItem(live: unknown[], path: Path, random: Random): Change {
  if (live.length === 0) return [];
  const index = random.below(live.length);
  live[index] = "set";
  return [["set", [...path, index], "set"]];
}

function addMember(live: Set<unknown>, path: Path): Change {
  live.add("added");
  return [["add", path, "added"]];
}

/** To another one: an equal copy of a bytearray counts as itself. */
function changeByte(live: Uint8Array, path: Path, random: Random): Change {
  const index = random.below(live.length);
  const byte = live[index] === 7 ? 8 : 7;
  live[index] = byte;
  return [["set byte", path, index, byte]];
}

/** The clone of a tuple may lie in itself; then Python could not put another in all its places. */
function canBeCloned(kind: Kind): boolean {
  return !isImmutable(kind) && kind !== "bytearray";
}

/** There is nothing to change in it. */
function isNoBytes(live: object): boolean {
  return types.isUint8Array(live) && live.length === 0;
}

function isImmutable(kind: Kind): boolean {
  return kind === "tuple" || kind === "frozenset" || kind === "bytes";
}
