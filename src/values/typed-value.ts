/** A value whose Python type is said outright; what the constructors of `py` make. */
import { instantOf } from "./datetimes.ts";
import type { PyDateTime } from "./exact.ts";

/** What each type holds: a copy of what `py` was given. */
export interface TypedContents {
  readonly int: bigint;
  readonly float: number;
  readonly list: readonly unknown[];
  readonly tuple: readonly unknown[];
  readonly set: ReadonlySet<unknown>;
  readonly frozenset: ReadonlySet<unknown>;
  readonly dict: ReadonlyMap<unknown, unknown>;
  readonly bytes: Uint8Array;
  readonly bytearray: Uint8Array;
  /** In a zone that Node knows. */
  readonly datetime: PyDateTime;
}

/** Name of a Python type that `py` makes. */
export type TypeName = keyof TypedContents;

/** A type and a content that belong together. */
export type TypedContent = {
  readonly [Name in TypeName]: { readonly type: Name; readonly content: TypedContents[Name] };
}[TypeName];

/** An opaque value to put into a session. It wins over what stood in its place. */
export class TypedValue {
  readonly typed: TypedContent;

  constructor(typed: TypedContent) {
    this.typed = Object.freeze(typed);
    Object.freeze(this);
  }

  toJSON(): unknown {
    const { type, content } = this.typed;
    if (type === "int") return Number(content);
    if (type === "set" || type === "frozenset") return [...content];
    if (type === "dict") return Object.fromEntries(content);
    return type === "datetime" ? new Date(instantOf(content) as number).toJSON() : content;
  }
}
