/** SQL and the values that belong into it, held apart until a driver puts them in its own way. */

/** What a statement compares with or stores: numbers are safe integers, a Date is a naive UTC timestamp. */
export type SqlValue = number | string | Uint8Array | Date;

/** A statement, or a piece of one. */
export class Sql {
  /** One more than there are values, which stand between them. */
  readonly texts: readonly string[];
  readonly values: readonly SqlValue[];

  constructor(texts: readonly string[], values: readonly SqlValue[]) {
    this.texts = texts;
    this.values = values;
  }

  /** The first word, such as `UPDATE`, by which messages name a statement. */
  get verb(): string {
    return /^\w*/.exec(this.texts[0] as string)?.[0] as string;
  }

  /** The text of the statement, with what `place` makes of each value. */
  render(place: (value: SqlValue) => string): string {
    return this.texts.reduce((text, next, index) => text + place(this.values[index - 1] as SqlValue) + next);
  }
}

/** SQL without values, such as a quoted name. */
export function raw(text: string): Sql {
  return new Sql([text], []);
}

/** A template of SQL: pieces of SQL are taken up into it, all else stays a value. */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Sql | SqlValue)[]): Sql {
  const texts: string[] = [strings[0] as string];
  const values: SqlValue[] = [];
  const append = (text: string): void => {
    texts.push((texts.pop() as string) + text);
  };
  for (const [index, part] of parts.entries()) {
    if (part instanceof Sql) {
      const [first = "", ...rest] = part.texts;
      append(first);
      texts.push(...rest);
      values.push(...part.values);
    } else {
      texts.push("");
      values.push(part);
    }
    append(strings[index + 1] as string);
  }
  return new Sql(texts, values);
}
