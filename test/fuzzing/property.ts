/** What must be true of whatever bytes are decoded: what a fuzzer asks of every input. */
import { inspect } from "node:util";
import type { Codec } from "../../src/codecs/codec.ts";
import { codecOf } from "../../src/codecs/fallback.ts";
import { CodecError, DecodeError, EncodeError, LimitError } from "../../src/errors.ts";
import { sameExact } from "../../src/values/equality.ts";
import { type Exact, PyDict } from "../../src/values/exact.ts";
import { patch } from "../../src/values/patch.ts";
import { type View, view } from "../../src/values/view.ts";
import { expectTrue } from "./difference.ts";

/** The result of `work`, or `undefined` where it refuses in the way that it may. */
export function unlessRefused<Result>(
  allowed: abstract new (...parts: never) => Error,
  work: () => Result,
): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof allowed) return undefined;
    throw error;
  }
}

/** Decodes, and where that succeeds does all that a session does with the value. */
export function throughCodec(codec: Codec, input: Uint8Array): void {
  const decoded = unlessRefused(DecodeError, () => codec.decode(input));
  if (decoded !== undefined) throughSession(decoded.value, codec);
}

/** @param own the codec of the record, which must write what reads as the same */
export function throughSession(value: Exact, own: Codec): void {
  const written = unlessRefused(EncodeError, () => own.encode(value));
  if (written !== undefined) {
    expectTrue(sameExact(own.decode(written).value, value), `${own.format} written and read again is another value`);
  }
  for (const format of ["pickle", "msgpack", "json"] as const) if (format !== own.format) converted(value, format);
  throughHandler(value, own);
}

/** Handlers that look at everything: the first changes nothing and logs what it has, the second sets one key. */
function throughHandler(value: Exact, own: Codec): void {
  const tree = value instanceof PyDict ? value : new PyDict(["value"], [value]);
  const target: Record<string, unknown> = {};
  const seen = unlessRefused(LimitError, () => view(tree, target));
  if (seen === undefined) return;
  inspect(target);
  const before = unlessRefused(EncodeError, () => own.encode(tree));
  expectTrue(changedKeys(target, seen, tree).length === 0, "a view that nobody has changed is changed");
  const after = unlessRefused(EncodeError, () => own.encode(tree));
  expectTrue(isSame(before, after), "a view that nobody has changed is written as another");
  target["set by a handler"] = 1;
  expectTrue(changedKeys(target, seen, tree).join() === "set by a handler", "another key is changed than the one set");
}

function changedKeys(target: object, seen: View, tree: PyDict): string[] {
  const changed = new Set<string>();
  const saved = unlessRefused(EncodeError, () => {
    patch(target, seen, tree, changed, []);
    return true;
  });
  expectTrue(saved === true, "a view in which nothing was changed that could be refused is refused");
  return [...changed];
}

/** Whether both are the same bytes, or both none. */
export function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;
}

/** A pickle of forty bytes can hold a list a million times over: it need not be written out to the last one. */
const MAX_CONVERTED_BYTES = 8 * 1024;

/** A format may say less than another, but what it has said once it says again. */
function converted(value: Exact, format: "pickle" | "msgpack" | "json"): void {
  const codec = codecOf(format);
  const twice = unlessRefused(CodecError, () => {
    const once = codec.decode(codec.encode(value, { maxBytes: MAX_CONVERTED_BYTES })).value;
    return [once, codec.decode(codec.encode(once)).value] as const;
  });
  if (twice !== undefined) expectTrue(sameExact(...twice), `a value in ${format} does not stay the same`);
}
