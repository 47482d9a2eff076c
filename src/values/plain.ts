/** Tells plain data from instances of classes, of any realm: `structuredClone` and test runners mix realms. */

/** Longer names are cut. */
const MAX_SHOWN = 100;

/** An object literal, or one without a prototype. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return isRootPrototype(prototype as object);
}

/** An Array, Map, Set or Date itself, not one of a class derived from them. */
export function isBuiltIn(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object;
  const parent: unknown = Object.getPrototypeOf(prototype);
  return parent === Object.prototype || (parent !== null && isRootPrototype(parent as object));
}

/** How a refused object is called: by its class. A class may have anything as its name. */
export function className(value: object): string {
  const prototype = Object.getPrototypeOf(value) as object;
  const made: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  const name: unknown = typeof made === "function" ? Object.getOwnPropertyDescriptor(made, "name")?.value : "";
  return typeof name === "string" && name !== "" ? `class ${name.slice(0, MAX_SHOWN)}` : "a class without a name";
}

/** `Object.prototype` of some realm. */
function isRootPrototype(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf");
}
