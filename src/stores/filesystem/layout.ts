/** How Flask's cachelib writes its files: by what they are named, and in which form their expiry is. */
import { join } from "node:path";
import { readFile } from "./cache-file.ts";
import { nothingIfCorrupt } from "./failure.ts";
import type { HeaderForm } from "./header.ts";
import { type FileNames, namesOf, sessionNames } from "./names.ts";
import { type SeenFile, seen } from "./seen-file.ts";

/** What tells the versions of cachelib apart. */
export interface Layout {
  readonly names: FileNames;
  readonly header: HeaderForm;
}

/** As a file shows it; one that cannot be read is taken for one of today. */
export function layoutOf(path: string, file: { readonly form: HeaderForm } | undefined): Layout {
  return { names: namesOf(path), header: file?.form ?? "packed" };
}

/** The layout of the newest session file: where Flask's threshold is 0, it counts none. */
export async function newestLayout(directory: string): Promise<Layout | undefined> {
  let newest: SeenFile | undefined;
  for await (const name of sessionNames(directory)) {
    const file = await seen(join(directory, name));
    if (file !== undefined && file.changedAt >= (newest?.changedAt ?? 0)) newest = file;
  }
  return newest && layoutOf(newest.path, await readFile(newest.path).catch(nothingIfCorrupt));
}
