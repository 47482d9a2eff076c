/** Sessions pickled by Python, changed in Node, and judged by Python again. */
import { expect } from "chai";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import type { PyDict } from "../../src/values/exact.ts";
import type { FormatRules } from "../../src/values/format-rules.ts";
import { patch } from "../../src/values/patch.ts";
import { type View, view } from "../../src/values/view.ts";
import { type Judge, judgeOf } from "../python/judge.ts";

/** A session that is open in Node. */
export interface Opened {
  readonly live: object;
  readonly view: View;
  readonly root: PyDict;
}

/** What Python found. */
interface Verdict {
  readonly found: unknown;
  readonly wanted: unknown;
  readonly foundRepr: string;
  readonly wantedRepr: string;
  readonly changed: readonly string[];
}

/** Runs a program that finds everything of value_sessions.py, and leaves `result`. */
export async function python(program: string, input: unknown): Promise<unknown> {
  const judge: Judge = await judgeOf("values");
  return judge.run(`from value_sessions import *\n${program}`, input);
}

/** Opens the session that a Python expression gives. */
export async function open(expression: string, protocol = 4): Promise<Opened> {
  const hex = (await python(`result = dump(eval(input[0]), input[1])`, [expression, protocol])) as string;
  const root = pickle.decode(Buffer.from(hex, "hex")).value as PyDict;
  const live = {};
  return { live, view: view(root, live), root };
}

/** Patches an opened session. @returns the changed keys */
export function save({ live, view: seen, root }: Opened, rules: readonly FormatRules[] = [pickle.rules]): string[] {
  const changed = new Set<string>();
  patch(live, seen, root, changed, rules);
  return [...changed].toSorted();
}

/** Expects that Python finds in Node's bytes what it would find had it run `statements` itself. */
export async function expectAsInPython(
  expression: string,
  opened: Opened,
  statements: string,
  protocol = 4,
): Promise<readonly string[]> {
  const hex = Buffer.from(pickle.encode(opened.root)).toString("hex");
  const input = [hex, expression, statements, protocol];
  const verdict = (await python("result = read_back(input[0], eval(input[1]), input[2], input[3])", input)) as Verdict;
  if (JSON.stringify(verdict.found) !== JSON.stringify(verdict.wanted)) {
    expect(verdict.foundRepr).to.equal(verdict.wantedRepr);
    expect(verdict.found).to.deep.equal(verdict.wanted);
  }
  return verdict.changed;
}

/** What a handler does, and what Python would have to do for the same result. */
export interface Case<Session> {
  readonly name: string;
  /** The session as a Python expression; the shop of value_sessions.py if absent. */
  readonly python?: string;
  readonly protocol?: number;
  readonly change: (session: Session) => void;
  /** Python statements on the session `s`. */
  readonly same: string;
  /** The changed keys, where Python cannot tell: a copy is a change, though equal. */
  readonly changed?: readonly string[];
}

/** A test of every case: Python finds what it would find, the changed keys are known, and another patch finds nothing. */
export function judged<Session>(title: string, cases: readonly Case<Session>[]): void {
  describe(title, () => {
    for (const { name, python: expression = "shop()", protocol, change, same, changed } of cases) {
      it(name, async () => {
        const opened = await open(expression, protocol);
        change(opened.live as Session);
        const found = save(opened);
        const inPython = await expectAsInPython(expression, opened, same, protocol);
        expect(found).to.deep.equal(changed ?? inPython);
        expect(save(opened), "a second patch").to.deep.equal([]);
        await expectAsInPython(expression, opened, same, protocol);
      });
    }
  });
}
