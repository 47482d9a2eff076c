/** The tables of the docs that must say what the tests say: Markdown made of the tests' own tables. */
import { groups, type Kind, kinds, type Refused } from "../other-way/kinds.ts";
import { keptBy, type PythonValue, pythonValues } from "./python-values.ts";

/** Every table, by the name that stands in the page's marker. */
export const tables: Readonly<Record<string, () => string>> = {
  "javascript-values": javascriptValues,
  "pickle-values": () => pythonTable(["Python", "Node"], inPickle),
  "pickle-refused-next": refusedNext,
  "msgpack-values": () => pythonTable(["Flask puts", "Flask finds", "Node"], (value) => inMsgspec(value, "msgpack")),
  "msgpack-refused": () => refusedIn("msgpack"),
  "json-values": () => pythonTable(["Flask puts", "Flask finds", "Node"], (value) => inMsgspec(value, "json")),
  "json-refused": () => refusedIn("json"),
};

/** One table a group: a value of JavaScript, Python's, and whether each format takes it. */
function javascriptValues(): string {
  return groups
    .map(
      ({ name, kinds: some }) =>
        `### ${name}\n\n${table(["JavaScript", "Python", "pickle", "msgpack", "JSON", ""], some.map(kindRow))}`,
    )
    .join("\n\n");
}

function kindRow(kind: Kind): string[] {
  const { js, python, refused, msgpack, json, note = "" } = kind;
  const takes = (reason: Refused | undefined): string => ((reason ?? refused) === undefined ? "yes" : "no");
  const then = kind.thenMsgpack !== undefined || kind.thenJson !== undefined;
  const inPickles = refused === undefined && then ? "yes, but" : takes(undefined);
  const shown = python === undefined ? reasonOf(refused) : python === null ? "nothing" : code(python);
  return [code(js), shown, inPickles, takes(msgpack), takes(json), note];
}

function reasonOf(refused: Refused | undefined): string {
  return (typeof refused === "string" ? refused : refused?.[0]) ?? "";
}

function inPickle({ python, node, isOfMsgpack }: PythonValue): string[] | undefined {
  return isOfMsgpack === true ? undefined : [code(python), nodeText(node)];
}

function inMsgspec(value: PythonValue, format: "msgpack" | "json"): string[] | undefined {
  if (value.environment !== undefined) return undefined;
  const kept = keptBy(value, format);
  if (typeof kept === "string") return [code(value.python), `the save raises \`${kept}\``, ""];
  const [python, node] = kept ?? [value.python, value.node];
  return [code(value.python), kept === undefined ? "the same" : code(python), nodeText(node)];
}

/** A PythonObject by what it says of itself. */
function nodeText(node: string): string {
  return node.startsWith("<") ? `a \`PythonObject\`, ${code(node)}` : code(node);
}

function pythonTable(heads: readonly string[], row: (value: PythonValue) => string[] | undefined): string {
  return table(
    heads,
    pythonValues.map(row).filter((cells) => cells !== undefined),
  );
}

/** What Python has, and the format not. */
function refusedIn(format: "msgpack" | "json"): string {
  const rows = kinds.flatMap(({ js, python, [format]: refused }) =>
    python === undefined || refused === undefined ? [] : [[code(js), code(python ?? ""), reasonOf(refused)]],
  );
  return table(["JavaScript", "Python", "refused, because"], rows);
}

function refusedNext(): string {
  const rows = kinds.flatMap(({ js, thenMsgpack, thenJson }) =>
    thenMsgpack === undefined && thenJson === undefined ? [] : [[code(js), reasonOf(thenMsgpack), reasonOf(thenJson)]],
  );
  return table(["JavaScript", "saved as msgpack next", "saved as JSON next"], rows);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return lines.join("\n").replaceAll("|  |", "| |");
}

/** Code in a cell: a bar would end the cell. */
function code(text: string): string {
  const shown = text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
  return shown.includes("`") ? `\`\` ${shown} \`\`` : `\`${shown}\``;
}
