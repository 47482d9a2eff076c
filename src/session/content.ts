/** The bytes of what a request stores, unless Node or Flask could not read them again. */
import { type Limits, MAX_NEW_DEPTH } from "../bytes/limits.ts";
import type { Format } from "../codecs/codec.ts";
import { codecOf } from "../codecs/fallback.ts";
import { EncodeError, LimitError, StoreRecordError } from "../errors.ts";
import type { Exact, PyDict } from "../values/exact.ts";
import { pathText } from "../values/path.ts";
import { Scales, together, type Weight } from "../values/weight.ts";
import { isForeign, nextFormatOf } from "./record.ts";
import type { SessionState } from "./state.ts";

/**
 * Encodes the dict of a session.
 * @param changed the keys that this request has changed: what is wrong with the others is not its fault
 * @throws EncodeError for what nobody could read again
 * @throws StoreRecordError for a dangerous pickle, and for what the handler took from one before it cleared the session
 */
export function encodeContent(state: SessionState, content: PyDict, changed: ReadonlySet<string>): Uint8Array {
  const { limits, pickleProtocol } = state.environment.options;
  if (state.dangerous !== undefined && !state.isCleared) throw refusal(state.dangerous);
  if (isForeign(content)) {
    throw new EncodeError("session.cookie", "with originalMaxAge in it, Node takes the record for express-session's");
  }
  const heavy = new Heavy(content, changed);
  const next = nextFormatOf(state.format, state.environment.options);
  if (next !== undefined) heavy.refuseBeyond(limits, next);
  const bytes = heavy.named(() => codecOf(state.format).encode(content, { maxBytes: limits.maxBytes, pickleProtocol }));
  refuseUnreadable(state, bytes, heavy);
  return bytes;
}

/** Why a dangerous pickle is not stored again; the name is Python's, such as `os.system`. */
export function refusal(name: string): StoreRecordError {
  return new StoreRecordError(`The record is a pickle that names ${name}: it is read, but never stored again`);
}

/** Decodes the bytes where they can be more than the limits let pass, or can be dangerous. An item has at least a byte. */
function refuseUnreadable({ environment, format, dangerous }: SessionState, bytes: Uint8Array, heavy: Heavy): void {
  const { limits } = environment.options;
  const isMany = bytes.length > limits.maxItems || limits.maxDepth < MAX_NEW_DEPTH;
  if (!isMany && dangerous === undefined) return;
  const found = heavy.named(() => codecOf(format).decode(bytes, limits));
  if (found.dangerous !== undefined) throw refusal(found.dangerous);
}

interface Heaviness {
  readonly key: Exact;
  readonly weight: Weight;
  readonly isChanged: boolean;
}

const ONE_ITEM: Weight = { items: 1, bytes: 0, depth: 0 };

/** Finds the key to which it is due that a record becomes too large. */
class Heavy {
  readonly #content: PyDict;
  readonly #changed: ReadonlySet<string>;

  constructor(content: PyDict, changed: ReadonlySet<string>) {
    this.#content = content;
    this.#changed = changed;
  }

  /**
   * Refuses what becomes too large where Flask saves it next, in a format that writes a value anew wherever it is reached.
   * @throws EncodeError
   */
  refuseBeyond(limits: Limits, format: Format): void {
    const weights = this.#weights();
    const all = together(weights.map(({ weight }) => weight));
    const others = together(weights.filter(({ isChanged }) => !isChanged).map(({ weight }) => weight));
    const excess = excessOf(all, limits);
    if (excess === undefined || excessOf(others, limits) !== undefined) return;
    throw new EncodeError(this.#path(), `as Flask saves it next, in ${format}, the record has ${excess}`);
  }

  /** Does what fails where the record is too large; the error then names the key. @throws EncodeError */
  named<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      const isOfSize = error instanceof LimitError || (error instanceof EncodeError && error.path === "session");
      if (!isOfSize) throw error;
      throw new EncodeError(this.#path(), `the record becomes too large (${error.message})`);
    }
  }

  /** Each key with its value. */
  #weights(): Heaviness[] {
    const scales = new Scales();
    return this.#content.entries().map(([key, value]) => {
      const weight = together([ONE_ITEM, scales.weigh(key), scales.weigh(value)]);
      return { key, weight, isChanged: typeof key === "string" && this.#changed.has(key) };
    });
  }

  /** Of the changed key that weighs most. */
  #path(): string {
    const changed = this.#weights().filter(({ isChanged }) => isChanged);
    const [heaviest] = changed.toSorted((a, b) => sizeOf(b.weight) - sizeOf(a.weight));
    return pathText(heaviest === undefined ? [] : [heaviest.key as string]);
  }
}

function sizeOf({ items, bytes }: Weight): number {
  return items + bytes;
}

function excessOf({ items, bytes, depth }: Weight, { maxItems, maxBytes, maxDepth }: Limits): string | undefined {
  if (items > maxItems) return `more than ${maxItems} items`;
  if (bytes > maxBytes) return `more than ${maxBytes} bytes`;
  return depth + 1 > maxDepth ? `more than ${maxDepth} levels` : undefined;
}
