import type { PyUuid } from "../values/exact.ts";

/** The 36 characters of a UUID, as `str()` gives them; `undefined` where it is more than its integer. */
export function uuidText({ int }: PyUuid): string | undefined {
  if (int === undefined) return undefined;
  const hex = int.toString(16).padStart(32, "0");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
