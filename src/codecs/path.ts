/** Finds out where a value stands: asked only once it is refused, so that writing need not keep track. */
import { type Exact, PyDateTime, PyDict, PyList, PyObject, PyUuid } from "../values/exact.ts";

/** A value and how it was reached. */
interface Place {
  readonly value: unknown;
  readonly step: string;
  readonly parent: Place | undefined;
}

/**
 * The shortest way to a value, as JavaScript would write it: `session.cart[3].when`.
 * @param target a value in the tree; there is always a way to one that the writer has come to
 */
export function pathOf(root: Exact, target: unknown): string {
  const seen = new Set<unknown>();
  let place: Place = { value: root, step: "session", parent: undefined };
  const places = [place];
  for (let next = 1; place.value !== target; next++) {
    const parent = place;
    const isNew = !seen.has(parent.value);
    seen.add(parent.value);
    if (isNew) for (const [step, value] of contents(parent.value)) places.push({ value, step, parent });
    place = places[next] as Place;
  }
  return pathTo(place);
}

function pathTo(place: Place): string {
  const steps: string[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.parent) steps.push(at.step);
  return steps.toReversed().join("");
}

type Step = readonly [step: string, value: unknown];

function contents(node: unknown): Step[] {
  if (node instanceof PyList) return indexed(node.items);
  if (node instanceof PyDict) return [...entries(node), ...node.keys.map((key): Step => ["<key>", key])];
  if (node instanceof PyDateTime) return [[".tzinfo", node.tzinfo]];
  if (node instanceof PyUuid && node.object !== undefined) return [["", node.object]];
  return node instanceof PyObject ? objectContents(node) : [];
}

function objectContents({ callee, args, kwargs, operations }: PyObject): Step[] {
  const states = operations.flatMap(({ kind, operands }) => operands.map((operand): Step => [`.${kind}`, operand]));
  const keywords: Step[] = kwargs === undefined ? [] : [[".kwargs", kwargs]];
  return [[".callee", callee], [".args", args], ...keywords, ...states];
}

function indexed(items: readonly Exact[]): Step[] {
  return items.map((item, index) => [`[${index}]`, item]);
}

function entries({ keys, values }: PyDict): Step[] {
  return values.map((value, index) => [stepTo(keys[index] as Exact), value]);
}

function stepTo(key: Exact): string {
  if (typeof key === "string") return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  return typeof key === "number" ? `[${key}]` : "[…]";
}
