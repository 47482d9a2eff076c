/** Where in a session a value lies, in words: `session.cart[3].when`. */

/** A property, an index of a list, or a place that its own text names. */
export type Step = string | number | { readonly text: string };

/** Longer paths are cut anyway. */
const MAX_SHOWN = 200;

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** The path of steps from the session. */
export function pathText(steps: readonly Step[]): string {
  let text = "session";
  for (const step of steps) {
    if (text.length > MAX_SHOWN) break;
    text += stepText(step);
  }
  return text;
}

/** The value of a Map under a key: keys may be shown, but not what is in them. */
export function underKey(key: unknown, position: number): Step {
  const isShown = key === null || !["object", "symbol", "function"].includes(typeof key);
  return { text: isShown ? `.get(${keyText(key)})` : `.get(<key ${position}>)` };
}

/** A key of a Map itself. */
export function keyAt(position: number): Step {
  return { text: `<key ${position}>` };
}

/** A member of a Set, by its position: members are values and not shown. */
export function memberAt(position: number): Step {
  return { text: `<member ${position}>` };
}

/** What a Python object holds. */
export const inside: Step = { text: "<inside>" };

function stepText(step: Step): string {
  if (typeof step === "number") return `[${step}]`;
  if (typeof step === "object") return step.text;
  return IDENTIFIER.test(step.slice(0, MAX_SHOWN)) ? `.${step.slice(0, MAX_SHOWN)}` : `[${keyText(step)}]`;
}

function keyText(key: unknown): string {
  return typeof key === "string" ? JSON.stringify(key.slice(0, MAX_SHOWN)) : String(key);
}
