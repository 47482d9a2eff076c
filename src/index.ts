/**
 * Sessions that a Node service and a Python Flask app share. No store, configuration or framework is imported here:
 * those are subpaths of their own.
 */
export { DEFAULT_LIMITS, type Limits } from "./bytes/limits.ts";
export type {
  Codec,
  Decoded,
  DecodeOptions,
  EncodeOptions,
  Format,
  PickleProtocol,
  Python2Strings,
} from "./codecs/codec.ts";
export { type DecodedRecord, decodeRecord } from "./codecs/fallback.ts";
export { json } from "./codecs/json.ts";
export { msgpack } from "./codecs/msgpack.ts";
export { pickle } from "./codecs/pickle/codec.ts";
export * from "./errors.ts";
export type { SessionEvent } from "./session/events.ts";
export type { OpenedSession } from "./session/opened-session.ts";
export type { CookieOptions, FlaskSessionVersion, SameSite, SessionOptions, SidSigner } from "./session/options.ts";
export type { ResponseHeaders } from "./session/response-headers.ts";
export { type Done, Session, type SessionControl, type SessionData, type SessionVerbs } from "./session/session.ts";
export { createSessions, type Sessions } from "./session/sessions.ts";
export type {
  Found,
  InspectableStore,
  ListedRecord,
  SetResult,
  Store,
  StoreCheck,
  StoredRecord,
} from "./session/store.ts";
export { HmacAlgorithm, NoneAlgorithm, type SigningAlgorithm } from "./signing/algorithm.ts";
export type { KeyDerivation } from "./signing/key-derivation.ts";
export { Signer, type SignerOptions } from "./signing/signer.ts";
export type { Epoch } from "./signing/timestamp.ts";
export {
  TimestampSigner,
  type TimestampSignerOptions,
  type Unsigned,
  type UnsignOptions,
} from "./signing/timestamp-signer.ts";
export * from "./values/exact.ts";
export { py } from "./values/py.ts";
export { PythonObject } from "./values/python-object.ts";
export { Decimal, Markup, PythonDate, PythonTime, Timedelta, Uuid } from "./values/value-types.ts";
