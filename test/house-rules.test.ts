import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Breach, filesOf, type SourceFile, shown } from "./rules/source-files.ts";
import { bareErrors, encryptionClaims, machinePaths, nameBreaches, undocumentedExports } from "./rules/style.ts";

/** A rule, the files it holds for, and files that break it, each with what must be shown. */
interface Rule {
  readonly name: string;
  readonly files: () => SourceFile[];
  readonly breachesOf: (file: SourceFile) => Breach[];
  readonly planted: readonly { readonly file: SourceFile; readonly expect: readonly string[] }[];
}

const sources = (): SourceFile[] => filesOf("src", /\.ts$/);
const written = (): SourceFile[] =>
  filesOf(".", /\.(?:ts|js|mjs|cjs|py|md|json|txt)$|(?:^|\/)\.ci\//).filter(({ path }) => path !== "package-lock.json");
const told = (): SourceFile[] => [...sources(), ...filesOf(".", /\.md$/)];

/** Joined here, so that this file itself keeps the rules. */
const home = ["", "home", "somebody", "flask"].join("/");
const claim = ["en", "crypted"].join("");

function file(path: string, ...lines: string[]): SourceFile {
  return { path, text: lines.map((line) => `${line}\n`).join("") };
}

const rules: readonly Rule[] = [
  {
    name: "every export of src is documented",
    files: sources,
    breachesOf: undocumentedExports,
    planted: [
      { file: file("a.ts", "/** What it is. */", "export function a(): void {}"), expect: [] },
      {
        file: file("a.ts", "/** One. */", "export function a(): void;", "export function a(b?: 1): void {}"),
        expect: [],
      },
      { file: file("a.ts", "/** What. */", "// oxlint-disable-next-line x", "export interface A {}"), expect: [] },
      { file: file("a.ts", "export function a(): void {}"), expect: ["a.ts:1: export a is not documented"] },
      { file: file("a.ts", "/* no */", "export class A {}"), expect: ["a.ts:2: export A is not documented"] },
      { file: file("a.ts", "/** Far. */", "", "export type A = 1;"), expect: ["a.ts:3: export A is not documented"] },
      { file: file("a.ts", "// no", "export abstract class A {}"), expect: ["a.ts:2: export A is not documented"] },
      { file: file("a.ts", "export async function* a() {}"), expect: ["a.ts:1: export a is not documented"] },
    ],
  },
  {
    name: "no error of src is thrown without a code",
    files: sources,
    breachesOf: bareErrors,
    planted: [
      { file: file("a.ts", 'throw new StoreError("x", { cause: new Error("y") });'), expect: [] },
      { file: file("a.ts", "", 'throw new Error("x");'), expect: ["a.ts:2: a bare Error has no code"] },
      { file: file("a.ts", 'throw Error("x");'), expect: ["a.ts:1: a bare Error has no code"] },
      { file: file("a.ts", 'reject(new Error("x"));'), expect: ["a.ts:1: a bare Error has no code"] },
    ],
  },
  {
    name: "a file of src is named for what it does, in kebab-case",
    files: sources,
    breachesOf: nameBreaches,
    planted: [
      { file: file("codecs/tagged-json.ts"), expect: [] },
      { file: file("codecs/taggedJson.ts"), expect: ["codecs/taggedJson.ts:1: the name is not kebab-case"] },
      { file: file("utils/a.ts"), expect: ["utils/a.ts:1: the name does not say what the file is for"] },
      {
        file: file("bytes/byte-helpers.ts"),
        expect: ["bytes/byte-helpers.ts:1: the name does not say what the file is for"],
      },
      {
        file: file("session-manager.ts"),
        expect: ["session-manager.ts:1: the name does not say what the file is for"],
      },
    ],
  },
  {
    name: "no file knows a path of somebody's machine",
    files: written,
    breachesOf: machinePaths,
    planted: [
      { file: file("README.md", "a URL: http://localhost/home/page, a folder: ./work/x"), expect: [] },
      {
        file: file("README.md", "", `see ${home}`),
        expect: [`README.md:2: ${home.replace("/flask", "")} is a path of one machine`],
      },
    ],
  },
  {
    name: "nothing says that sessions are kept secret by a signature",
    files: told,
    breachesOf: encryptionClaims,
    planted: [
      { file: file("README.md", "The sid is signed."), expect: [] },
      { file: file("README.md", `The sid is ${claim}.`), expect: [`README.md:1: ${claim}: signed is not encrypted`] },
    ],
  },
];

/** Rules of the linter on which the design rests, and a file that breaks each. */
const linted: readonly { readonly rule: string; readonly text: string }[] = [
  { rule: "import(no-default-export)", text: "export default 1;" },
  { rule: "typescript(no-explicit-any)", text: "export const a: any = 1;" },
  { rule: "typescript(no-floating-promises)", text: "async function a() {}\nexport function b() { a(); }" },
  { rule: "eslint(max-lines)", text: "// line\n".repeat(251) },
  { rule: "eslint(max-lines-per-function)", text: `export function a() {\n${"a();\n".repeat(40)}}` },
  {
    rule: "typescript(switch-exhaustiveness-check)",
    text: 'export function a(b: "x" | "y"): void {\n  switch (b) {\n    case "x":\n      break;\n  }\n}',
  },
];

describe("house rules", () => {
  for (const { name, files, breachesOf, planted } of rules) {
    it(name, () => {
      expect(files().flatMap(breachesOf).map(shown)).to.deep.equal([]);
    });

    it(`a breach is seen: ${name}`, () => {
      for (const { file: planting, expect: expected } of planted) {
        expect(breachesOf(planting).map(shown)).to.deep.equal(expected);
      }
    });
  }

  it("the linter sees what the rules leave to it", () => {
    const folder = mkdtempSync(join(tmpdir(), "house-rules-"));
    cpSync(".oxlintrc.json", join(folder, ".oxlintrc.json"));
    cpSync("tsconfig.json", join(folder, "tsconfig.json"));
    for (const [index, { text }] of linted.entries()) writeFileSync(join(folder, `${index}.ts`), text);
    const oxlint = join(process.cwd(), "node_modules", ".bin", "oxlint");
    const { stdout } = spawnSync(oxlint, ["--type-aware", "--format=json"], { cwd: folder, encoding: "utf8" });
    rmSync(folder, { recursive: true });
    const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] };
    for (const [index, { rule }] of linted.entries()) {
      const seen = diagnostics.filter(({ filename }) => filename === `${index}.ts`).map(({ code }) => code);
      expect(seen).to.include(rule);
    }
  });

  it("no development package compiles when it is installed", () => {
    expect(filesOf(".", /^\.npmrc$/)[0]?.text).to.include("ignore-scripts=true");
  });
});

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}
