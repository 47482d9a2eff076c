/** The sessions of the benchmark, as Flask-Session stored them: Node changes one key, and Python finds all else as it was. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { createSessions } from "../../src/session/sessions.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { type EnvironmentName, judgeOf, projectFolder } from "../python/judge.ts";

type Stored = Readonly<Record<"small" | "medium" | "large", Readonly<Record<string, string>>>>;

/** Bytes of the pickle, in which the benchmark's sizes are named. */
const SIZES = { small: [250, 350], medium: [2500, 3500], large: [65_000, 75_000] } as const;

const versions: readonly (readonly [version: "0.5" | "0.8", EnvironmentName, read: string])[] = [
  ["0.5", "fs050-flask22", "import pickle\nread = pickle.loads"],
  [
    "0.8",
    "fs080-flask31",
    "from flask import Flask\nfrom flask_session.base import MsgSpecSerializer\nread = MsgSpecSerializer(Flask('x'), 'msgpack').decode",
  ],
];

/** What Python finds in the records before and after, without the key that Node has set. */
const COMPARE = `
from canonical import canonical
before, after = [read(bytes.fromhex(record)) for record in input]
result = [after.pop('n'), list(before) == list(after), canonical(before) == canonical(after)]`;

describe("sessions of the benchmark", () => {
  for (const [version, environment, read] of versions) {
    const vectors = vectorsOf(version);
    for (const size of ["small", "medium", "large"] as const) {
      for (const [format, base64] of Object.entries(vectors[size])) {
        it(`the ${size} one that Flask-Session ${version} wrote in ${format} is the same but for the key that Node sets`, async () => {
          const before = Buffer.from(base64, "base64");
          const store = memoryStore();
          await store.set("session:known", before, new Date(Date.now() + 1_000_000));
          const sessions = createSessions({ store, flaskSessionVersion: version });
          const request = await sessions.open("session=known");
          request.session["n"] = 1;
          await request.finish();
          const after = Buffer.from((await store.get("session:known"))?.record.bytes ?? []);
          const program = read + COMPARE;
          const answer = await (await judgeOf(environment)).run(program, [
            before.toString("hex"),
            after.toString("hex"),
          ]);
          expect(answer).to.deep.equal([1, true, true]);
        });
      }
    }
  }

  it("are as large as their names say", () => {
    for (const [size, [least, most]] of Object.entries(SIZES)) {
      const { pickle = "" } = vectorsOf("0.5")[size as keyof Stored];
      expect(Buffer.from(pickle, "base64").length, size).to.be.within(least, most);
    }
  });
});

function vectorsOf(version: string): Stored {
  const file = join(projectFolder, "fixtures", "sessions", `flask-session-${version}.json`);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly vectors: Stored }).vectors;
}
