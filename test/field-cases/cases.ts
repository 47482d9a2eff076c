/** The cases that `scripts/fixtures/field_cases.py` made, with what Python does in each. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type EnvironmentName, projectFolder } from "../python/judge.ts";

/** Environments that were asked. */
export type Asked = Extract<EnvironmentName, `fs0${string}`> | "cookie-flask10";

/** A case as one environment answers it. */
export interface FieldCase<Input, Answer> {
  readonly id: string;
  readonly source: string;
  readonly about: string;
  readonly input: Input;
  readonly python: Answer;
}

const ASKED: readonly Asked[] = ["fs080-flask31", "fs080-newest", "fs050-flask22", "fs032-flask11", "cookie-flask10"];

const vectors = new Map(ASKED.map((environment) => [environment, vectorsOf(environment)]));

/** Every case there is, once. */
export const ids: readonly string[] = [
  ...new Set([...vectors.values()].flatMap((cases) => cases.map(({ id }) => id))),
].toSorted();

/** A case by its number, as one environment answers it. */
export function caseOf<Input, Answer>(id: string, environment: Asked): FieldCase<Input, Answer> {
  const found = vectors.get(environment)?.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`${environment} was not asked for ${id}`);
  return found as FieldCase<Input, Answer>;
}

/** What a case is about, as the sentence of a test. */
export function about(id: string): string {
  const found = [...vectors.values()].flat().find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`There is no case ${id}`);
  return `${id}: ${found.about} (${found.source})`;
}

function vectorsOf(environment: Asked): readonly FieldCase<unknown, unknown>[] {
  const file = join(projectFolder, "fixtures", "field-cases", `${environment}.json`);
  return (JSON.parse(readFileSync(file, "utf8")) as { vectors: FieldCase<unknown, unknown>[] }).vectors;
}
