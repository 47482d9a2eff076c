/** Uint8Arrays into bytes and bytearrays. */
import { type Exact, PyBytes } from "./exact.ts";
import type { Pass } from "./patch-pass.ts";

/**
 * The node of an array that was handed out. A bytearray is changed in place; changed bytes are another node, because what
 * else holds the old one is not changed with it.
 * @param content the array itself, or what a typed value holds
 * @throws EncodeError
 */
export function patchBytes(pass: Pass, live: object, content: Uint8Array, node: PyBytes): PyBytes {
  if (sameBytes(content, node.bytes)) return node;
  if (node.kind === "bytearray") {
    pass.change(node);
    node.bytes = Uint8Array.from(content);
    return node;
  }
  pass.refuseReadOnly(live);
  const made = pass.accept(new PyBytes("bytes", Uint8Array.from(content)));
  pass.pairs.add(live, made);
  return made;
}

/** The node of a new array; equal bytes of the same kind are what stood there. @throws EncodeError */
export function newBytes(pass: Pass, live: Uint8Array, kind: PyBytes["kind"], stood: Exact | undefined): PyBytes {
  if (stood instanceof PyBytes && stood.kind === kind && sameBytes(live, stood.bytes)) return stood;
  return pass.accept(new PyBytes(kind, Uint8Array.from(live)));
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
