/** Signs values, not only text; itsdangerous 2.2.0's `Serializer` and `URLSafeSerializer`. */
import { COMPACT, SPACED } from "../codecs/python-json.ts";
import { BadPayload, BadSignature } from "../errors.ts";
import { jsonPayload } from "./json-payload.ts";
import { DEFAULT_MAX_PAYLOAD_BYTES, type PayloadFormat, urlSafe } from "./payload.ts";
import { Signer, type SignerOptions } from "./signer.ts";
import { bytesOf } from "./text.ts";

/** Options of a serializer: those of its signer, of which `salt` is `"itsdangerous"` unless given, and these. */
export interface SerializerOptions<Value, Options extends SignerOptions = SignerOptions> extends SignerOptions {
  /** How values become bytes. @defaultValue JSON of natural values */
  readonly format?: PayloadFormat<Value>;
  /**
   * Signers that only verify, tried after this one with each of the secret keys: options that replace those of this
   * one's signer, salt and keys apart.
   */
  readonly fallbackSigners?: readonly Omit<Partial<Options>, "secretKey" | "secretKeyFallbacks" | "salt">[];
}

/** Options of a URL-safe serializer. */
export interface UrlSafeOptions {
  /** Bytes of a payload once it is inflated. @defaultValue 1 MiB */
  readonly maxPayloadBytes?: number;
}

/** What {@link Serializer.loadsUnsafe} found: `value` is absent where the payload cannot be read. */
export interface UnsafeLoaded<Value> {
  readonly signatureMatches: boolean;
  readonly value?: Value;
}

/** What every serializer does with its signers. @internal */
export abstract class SigningSerializer<Value, Kind extends Signer> {
  readonly #format: PayloadFormat<Value>;
  /** The one that signs, then those that only verify. */
  readonly #signers: readonly [Kind, ...Kind[]];

  protected constructor(
    options: SerializerOptions<Value>,
    format: PayloadFormat<Value>,
    makeSigner: (options: SignerOptions) => Kind,
  ) {
    const { secretKey, secretKeyFallbacks = [], salt = "itsdangerous", fallbackSigners = [] } = options;
    this.#format = format;
    const verifying = fallbackSigners.flatMap((fallback) =>
      [...secretKeyFallbacks, secretKey].map((key) => makeSigner({ salt, ...fallback, secretKey: key })),
    );
    this.#signers = [makeSigner({ ...options, salt }), ...verifying];
  }

  /** The signed text of a value. @throws as the format does; TypeError where it gives bytes that are no UTF-8 */
  dumps(value: Value): string {
    const payload = this.#format.encode(value);
    return textOf(this.#signers[0].sign(payload));
  }

  /** @internal */
  protected payload(bytes: Uint8Array): Value {
    try {
      return this.#format.decode(bytes);
    } catch (error) {
      if (error instanceof BadPayload) throw error;
      throw new BadPayload("Could not load the payload: its format does not read it", { cause: error });
    }
  }

  /** What the first signer that fits has to say; the error of the last where none does. @internal */
  protected opened<Result>(token: string | Uint8Array, open: (signer: Kind, signed: Uint8Array) => Result): Result {
    const signed = bytesOf(token, "the signed value");
    let failure: unknown;
    for (const signer of this.#signers) {
      try {
        return open(signer, signed);
      } catch (error) {
        if (!(error instanceof BadSignature) || isFinal(error)) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  /** @internal */
  protected unsafely(load: () => Value): UnsafeLoaded<Value> {
    try {
      return { signatureMatches: true, value: load() };
    } catch (error) {
      if (!(error instanceof BadSignature)) throw error;
      return { signatureMatches: false, ...this.#claimed(error.payload) };
    }
  }

  #claimed(payload: Uint8Array | undefined): { readonly value?: Value } {
    try {
      return payload === undefined ? {} : { value: this.payload(payload) };
    } catch {
      return {};
    }
  }
}

/** Signs values as text: their JSON, then the signature. */
export class Serializer<Value = unknown> extends SigningSerializer<Value, Signer> {
  /** @throws TypeError, RangeError as {@link Signer} */
  constructor(options: SerializerOptions<Value>) {
    super(options, options.format ?? defaultFormat(SPACED), (signing) => new Signer(signing));
  }

  /**
   * The value, if it was signed with one of the keys.
   * @throws BadSignature if it was not
   * @throws BadPayload if it was, and cannot be read
   */
  loads(token: string | Uint8Array): Value {
    return this.payload(this.opened(token, (signer, signed) => signer.unsign(signed)));
  }

  /** The value whoever signed it, for looking at. @throws BadPayload if the signature is right and the value cannot be read */
  loadsUnsafe(token: string | Uint8Array): UnsafeLoaded<Value> {
    return this.unsafely(() => this.loads(token));
  }
}

/** Signs values as text that may stand in a URL or a cookie, deflated where that is shorter. */
export class UrlSafeSerializer<Value = unknown> extends Serializer<Value> {
  /** @throws TypeError, RangeError as {@link Signer} */
  constructor(options: SerializerOptions<Value> & UrlSafeOptions) {
    super({ ...options, format: urlSafeFormat(options) });
  }
}

/** What a URL-safe serializer makes of its options. @internal */
export function urlSafeFormat<Value>({
  format = defaultFormat(COMPACT),
  maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES,
}: SerializerOptions<Value> & UrlSafeOptions): PayloadFormat<Value> {
  return urlSafe(format, maxPayloadBytes);
}

/** Who gives no format gets JSON, whose values he names himself. @internal */
export function defaultFormat<Value>(style: Parameters<typeof jsonPayload>[0]): PayloadFormat<Value> {
  return jsonPayload(style) as PayloadFormat<Value>;
}

/** A signature that fits but has expired is the answer: no other signer is asked. */
function isFinal(error: BadSignature): boolean {
  return error.code === "ERR_SIGNATURE_EXPIRED";
}

function textOf(token: Uint8Array): string {
  const text = Buffer.from(token).toString("utf8");
  if (text.includes("\ufffd") && !Buffer.from(text, "utf8").equals(token)) {
    throw new TypeError("Cannot sign: the payload is no text; a URL-safe serializer takes any bytes");
  }
  return text;
}
