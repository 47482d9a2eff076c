/** How large a value is to a format without references, which writes it anew wherever it is reached. */
import { type Exact, type ExactNode, PyBytes, PyDict, PyList, PyMarkup, PyObject } from "./exact.ts";
import { childValues, isNode } from "./exact-children.ts";

/** Counted as the decoders count. The bytes are those of text and bytes alone, so that no record has fewer. */
export interface Weight {
  readonly items: number;
  readonly bytes: number;
  /** Containers within containers. */
  readonly depth: number;
}

const WEIGHTLESS: Weight = { items: 0, bytes: 0, depth: 0 };

/** Weighs values that may share parts, each part once, so that time is linear however much they weigh. */
export class Scales {
  readonly #weights = new Map<ExactNode, Weight>();

  /** The weight of a value. The place where it holds itself weighs nothing. */
  weigh(value: Exact): Weight {
    const open = isNode(value) ? [value] : [];
    for (let node = open.at(-1); node !== undefined; node = open.at(-1)) {
      const unknown = this.#begin(node);
      for (const part of unknown) open.push(part);
      if (unknown.length > 0) continue;
      this.#finish(node);
      open.pop();
    }
    return this.#weightOf(value);
  }

  /** @returns the parts that must be weighed first; none where it was begun before */
  #begin(node: ExactNode): ExactNode[] {
    if (this.#weights.has(node)) return [];
    this.#weights.set(node, WEIGHTLESS);
    return partsOf(node)
      .filter(isNode)
      .filter((part) => !this.#weights.has(part));
  }

  #finish(node: ExactNode): void {
    if (this.#weights.get(node) !== WEIGHTLESS) return;
    const parts = partsOf(node);
    const { items, bytes, depth } = together(parts.map((part) => this.#weightOf(part)));
    this.#weights.set(node, {
      items: items + (node instanceof PyDict ? node.keys.length : parts.length),
      bytes: bytes + ownBytes(node),
      depth: depth + (node instanceof PyList || node instanceof PyDict ? 1 : 0),
    });
  }

  #weightOf(value: Exact): Weight {
    if (typeof value === "string") return { ...WEIGHTLESS, bytes: Buffer.byteLength(value) };
    return (isNode(value) ? this.#weights.get(value) : undefined) ?? WEIGHTLESS;
  }
}

/** What several weigh side by side. */
export function together(weights: readonly Weight[]): Weight {
  let [items, bytes, depth] = [0, 0, 0];
  for (const weight of weights) {
    items += weight.items;
    bytes += weight.bytes;
    depth = Math.max(depth, weight.depth);
  }
  return { items, bytes, depth };
}

/** What msgspec writes of a node; of dates and the like that is one text. */
function partsOf(node: ExactNode): readonly Exact[] {
  return node instanceof PyList || node instanceof PyDict || node instanceof PyObject ? childValues(node) : [];
}

function ownBytes(node: ExactNode): number {
  if (node instanceof PyBytes) return node.bytes.length;
  return node instanceof PyMarkup ? Buffer.byteLength(node.text) : 0;
}
