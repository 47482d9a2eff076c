/** House rules that no linter knows, each a scan of one file's text or path. */
import { type Breach, matches, type SourceFile } from "./source-files.ts";

/** A declaration that is exported where it stands. */
const EXPORT =
  /^export (?:declare |abstract |async )*(?:function\*?|class|const|let|interface|type|enum|namespace) (\w+)/gm;

/** Names that say nothing of what a file does. */
const EMPTY_NAME = /(?:^|[/-])(?:utils?|helpers?|manager|common|misc|shared)[-./]/;
const KEBAB_CASE = /^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test|\.test-d)?\.ts$/;

/** A home folder, or a folder at the root of somebody's machine. */
const MACHINE_PATH = /(?<![\w./}])\/(?:home|root|Users|work|mnt|srv)\/\w+/g;

/** What is only signed is not encrypted; who reads that it is stores a secret in a cookie. */
const ENCRYPT = /\bencrypt\w*/gi;

/** Every exported declaration without a doc comment directly before it; overloads need one, before the first. */
export function undocumentedExports(file: SourceFile): Breach[] {
  const documented = new Set<string>();
  return matches(file, EXPORT, ({ 1: name = "", index }) => {
    if (!documented.has(name) && !endsInDocComment(file.text.slice(0, index)))
      return `export ${name} is not documented`;
    documented.add(name);
    return undefined;
  });
}

/** Every throw of an error without a code. A plain Error may still be made, as a `cause`. */
export function bareErrors(file: SourceFile): Breach[] {
  return matches(file, /\b(?:throw|reject\(|Promise\.reject\()\s*(?:new )?Error\(/g, () => "a bare Error has no code");
}

/** A file's name is kebab-case and says what the file is for. */
export function nameBreaches({ path }: SourceFile): Breach[] {
  const reasons = [
    ...(KEBAB_CASE.test(path) ? [] : ["the name is not kebab-case"]),
    ...(EMPTY_NAME.test(path) ? ["the name does not say what the file is for"] : []),
  ];
  return reasons.map((reason) => ({ path, line: 1, reason }));
}

/** Every path of somebody's machine. */
export function machinePaths(file: SourceFile): Breach[] {
  return matches(file, MACHINE_PATH, ([path]) => `${path} is a path of one machine`);
}

/** Every claim that something is encrypted. */
export function encryptionClaims(file: SourceFile): Breach[] {
  return matches(file, ENCRYPT, ([word]) => `${word}: signed is not encrypted`);
}

/** A directive of the linter may stand between the comment and the export. */
function endsInDocComment(text: string): boolean {
  const comment = text.replace(/(?:\/\/ oxlint-disable.*\n)+$/, "");
  return comment.endsWith("*/\n") && comment.slice(comment.lastIndexOf("/*")).startsWith("/**");
}
