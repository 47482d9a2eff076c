/** Where in a session a value can be put, and the same in Python. */
import type { Format } from "../../src/codecs/codec.ts";
import { pythonText } from "./python-text.ts";

/** A session that has such places. */
export interface Held {
  n: unknown;
  price: unknown;
  user: { name: unknown; [key: string]: unknown };
  cart: unknown[];
  ids: Map<unknown, unknown>;
  tags: Set<unknown>;
  [key: string]: unknown;
}

const COMMON =
  "'_permanent': True, 'n': 1, 'price': 10.0, 'user': {'name': 'alice'}, 'cart': [1, 2.5, 'x', {'id': 1}, [1, 'y'], None]";
const IDS = "'ids': {1000000000000007: 'one', 'a key of the session': 2}";
const TAGS = "'tags': {'a member', 'another member'}";

/** The session as Python has it, in what its format can hold. */
export const held: Readonly<Record<Format, string>> = {
  pickle: `{${COMMON}, ${IDS}, ${TAGS}}`,
  msgpack: `{${COMMON}, ${IDS}}`,
  json: `{${COMMON}}`,
};

/** A place, and the formats that have it. */
export interface Place {
  readonly name: string;
  readonly formats: readonly Format[];
  /** A property takes `undefined` for nothing; keys and members must be hashable. */
  readonly role: "property" | "item" | "key" | "member";
  readonly put: (session: Held, value: unknown) => void;
  /** Python's statement on the session `s`, of the value's expression. */
  readonly same: (python: string) => string;
  /** Python's statement for a property that is not there. */
  readonly without?: string;
  /** Where a refusal says that it is. */
  readonly path: string;
  /** A float stood there, so that numbers become floats. */
  readonly takesFloats?: boolean;
}

const ALL = ["pickle", "msgpack", "json"] as const;

/** Every place. */
export const places: readonly Place[] = [
  {
    name: "a new key",
    formats: ALL,
    role: "property",
    put: (session, value) => {
      session["x"] = value;
    },
    same: (python) => `s['x'] = ${python}`,
    without: "",
    path: ".x",
  },
  ...["__proto__", "", "10", "save", "\ud83d\ude00", "a\0b"].map((key): Place => {
    return {
      name: `a new key ${JSON.stringify(key)}`,
      formats: ALL,
      role: "property",
      put: (session, value) => {
        Object.defineProperty(session, key, { value, writable: true, enumerable: true, configurable: true });
      },
      same: (python) => `s[${pythonText(key)}] = ${python}`,
      without: "",
      path: /^\w+$/.test(key) && key !== "10" ? `.${key}` : `[${JSON.stringify(key)}]`,
    };
  }),
  {
    name: "in a list of objects under a new key",
    formats: ALL,
    role: "property",
    put: (session, value) => {
      session["x"] = [{ y: value }];
    },
    same: (python) => `s['x'] = [{'y': ${python}}]`,
    without: "s['x'] = [{}]",
    path: ".x[0].y",
  },
  {
    name: "where an int stood",
    formats: ALL,
    role: "property",
    put: (session, value) => {
      session.n = value;
    },
    same: (python) => `s['n'] = ${python}`,
    without: "del s['n']",
    path: ".n",
  },
  {
    name: "where a float stood",
    formats: ALL,
    role: "property",
    put: (session, value) => {
      session.price = value;
    },
    same: (python) => `s['price'] = ${python}`,
    without: "del s['price']",
    path: ".price",
    takesFloats: true,
  },
  {
    name: "a new key of a dict",
    formats: ALL,
    role: "property",
    put: (session, value) => {
      session.user["a key"] = value;
    },
    same: (python) => `s['user']['a key'] = ${python}`,
    without: "",
    path: '.user["a key"]',
  },
  {
    name: "where text stood",
    formats: ALL,
    role: "property",
    put: (session, value) => {
      session.user.name = value;
    },
    same: (python) => `s['user']['name'] = ${python}`,
    without: "del s['user']['name']",
    path: ".user.name",
  },
  {
    name: "pushed to a list",
    formats: ALL,
    role: "item",
    put: (session, value) => {
      session.cart.push(value);
    },
    same: (python) => `s['cart'].append(${python})`,
    path: ".cart[6]",
  },
  {
    name: "over an item of a list",
    formats: ALL,
    role: "item",
    put: (session, value) => {
      session.cart[1] = value;
    },
    same: (python) => `s['cart'][1] = ${python}`,
    path: ".cart[1]",
  },
  {
    name: "under a new key of a Map",
    formats: ["pickle", "msgpack"],
    role: "item",
    put: (session, value) => {
      session.ids.set(7, value);
    },
    same: (python) => `s['ids'][7] = ${python}`,
    path: ".ids.get(7)",
  },
  {
    name: "a key of a Map",
    formats: ["pickle", "msgpack"],
    role: "key",
    put: (session, value) => {
      session.ids.set(value, 1);
    },
    same: (python) => `s['ids'][${python}] = 1`,
    path: ".ids<key 2>",
  },
  {
    name: "a member of a Set",
    formats: ["pickle"],
    role: "member",
    put: (session, value) => {
      session.tags.add(value);
    },
    same: (python) => `s['tags'].add(${python})`,
    path: ".tags<member 2>",
  },
];
