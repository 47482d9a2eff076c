/** Compares what we read from fixtures with what a reader reads that knows nothing of ours, but for differences with a reason. */
import { expect } from "chai";
import { everyFixture, type Fixture, recordOf } from "./every-fixture.ts";

/** Why another reader reads something else, and from which fixtures. */
export interface Difference {
  readonly reason: string;
  /** As fixtures call themselves. @defaultValue all that `where` finds */
  readonly names?: readonly string[];
  /** Which of the fixtures of these names, by file and place. @defaultValue all */
  readonly where?: RegExp;
}

/** A reader that knows nothing of ours. */
export interface SecondReader {
  readonly format: "pickle" | "msgpack" | "json";
  readonly differences: readonly Difference[];
  /** Whether both make the same of the bytes of a record, or both refuse them. */
  readonly isAlike: (record: Buffer) => boolean;
}

/** Tests that the reader reads every record of its format as we do, but for what is on its list. */
export function compareReaders(title: string, { format, differences, isAlike }: SecondReader): void {
  const records = everyFixture.map((fixture) => ({ ...fixture, ...recordOf(fixture) }));
  const own = records.filter((record) => record.format === format);
  const differing = new Set(own.filter(({ bytes }) => !isAlike(bytes)));

  describe(title, () => {
    for (const file of new Set(own.map((record) => record.file))) {
      const here = own.filter((record) => record.file === file);
      it(`reads the same from ${here.length} records of ${file}, but for those on the list`, () => {
        expect(
          unlisted(
            here.filter((record) => differing.has(record)),
            differences,
          ),
        ).to.deep.equal([]);
      });
    }

    for (const difference of differences) {
      const meant = difference.names === undefined ? "a place" : `${difference.names.length} names`;
      it(`reads something else from all of ${meant}, because ${difference.reason}`, () => {
        expect(stale(own, (record) => differing.has(record), difference)).to.deep.equal([]);
      });
    }
  });
}

/** Those that no difference names. */
export function unlisted(differing: readonly Fixture[], differences: readonly Difference[]): string[] {
  return differing
    .filter((record) => !differences.some((difference) => isMeant(record, difference)))
    .map(({ file, place, name }) => `${file} ${place}: ${name}`);
}

/** Names that no fixture has, and fixtures that are read alike after all. */
export function stale<Record extends Fixture>(
  records: readonly Record[],
  isDiffering: (record: Record) => boolean,
  difference: Difference,
): string[] {
  const meant = records.filter((record) => isMeant(record, difference));
  const { names, where } = difference;
  const gone = names?.filter((name) => !meant.some((record) => record.name === name)) ?? [];
  if (meant.length === 0 && names === undefined) gone.push(String(where));
  const alike = meant
    .filter((record) => !isDiffering(record))
    .map(({ file, place, name }) => `${file} ${place}: ${name}`);
  return [...gone, ...alike];
}

function isMeant({ file, place, name }: Fixture, { names, where = /./ }: Difference): boolean {
  return (names?.includes(name) ?? true) && where.test(`${file} ${place}`);
}
