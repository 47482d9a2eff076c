/** Uint8Arrays into bytes and bytearrays. */
import { type Exact, PyBytes } from "./exact.ts";
import type { Pass } from "./patch-pass.ts";

/** Writes the bytes of an array that was handed out into its node. @throws EncodeError */
export function patchBytes(pass: Pass, live: Uint8Array, node: PyBytes): void {
  if (sameBytes(live, node.bytes)) return;
  pass.change(node);
  node.bytes = Uint8Array.from(live);
}

/** The node of a new array; equal bytes of the same kind are what stood there. @throws EncodeError */
export function newBytes(pass: Pass, live: Uint8Array, kind: PyBytes["kind"], stood: Exact | undefined): PyBytes {
  if (stood instanceof PyBytes && stood.kind === kind && sameBytes(live, stood.bytes)) return stood;
  return pass.accept(new PyBytes(kind, Uint8Array.from(live)));
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
