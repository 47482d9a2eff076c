// What users write; the empty import is what makes the declaration an addition.
// oxlint-disable-next-line unicorn/require-module-specifiers, import/no-empty-named-blocks
import type {} from "flask-session-node";

declare module "flask-session-node" {
  interface SessionData {
    uname?: string;
    cart?: { sku: string; quantity: number }[];
  }
}
