/** Hostile inputs of every format, and what comes of them. */
import type { Codec } from "../../../src/codecs/codec.ts";
import { json } from "../../../src/codecs/json.ts";
import { msgpack } from "../../../src/codecs/msgpack.ts";
import { pickle } from "../../../src/codecs/pickle/codec.ts";
import { DecodeError } from "../../../src/errors.ts";
import { largePickles } from "./large-pickles.ts";
import { hostileJson, hostileMsgpack } from "./large-texts.ts";
import { oddPickles } from "./odd-pickles.ts";
import type { Hostile } from "./parts.ts";

/** All of them, by codec. */
export const hostileInputs: readonly (readonly [Codec, readonly Hostile[]])[] = [
  [pickle, [...oddPickles, ...largePickles]],
  [msgpack, hostileMsgpack],
  [json, hostileJson],
];

/** What a decoder makes of an input. Errors of other kinds are bugs. */
export function outcomeOf(codec: Codec, input: Uint8Array): string {
  try {
    return codec.decode(input).dangerous === undefined ? "value" : "dangerous";
  } catch (error) {
    if (error instanceof DecodeError) return error.constructor.name;
    throw error;
  }
}
