// Asks a CPython 2.7 what it writes, and whether it finds the same in what Node writes in protocol 2:
//
//   npm run build:test && node scripts/python2.mjs /path/to/python2.7
//
// The answers go into scripts/fixtures/python2/streams.json, from which a fixture is made, so that nobody else needs a
// Python 2. A pickle of Node's is on record only if Python 2 found it equal: if Node writes others, a test says so.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pickle } from "../build/src/codecs/pickle/codec.js";
import { madeByNode } from "../build/test/codecs/pickle/made-by-node.js";

const folder = fileURLToPath(new URL("fixtures/python2", import.meta.url));
const [python] = process.argv.slice(2);
if (python === undefined) throw new Error("usage: node scripts/python2.mjs /path/to/python2.7");

const { python: version, values } = ask("write");
const pairs = values.flatMap(({ streams }) => Object.values(streams).map((theirs) => [theirs, throughNode(theirs)]));
const made = madeByNode.map((value) => [null, hexOf(value)]);
const verdicts = ask("judge", [...pairs, ...made]);

const equal = {};
for (const [index, [theirs, ours]] of pairs.entries()) if (verdicts[index].equal) equal[theirs] = ours;
const found = made.map(([, hex], index) => ({ hex, repr: verdicts[pairs.length + index].repr }));
const answers = { python: version, values, equal, made: found };
writeFileSync(join(folder, "streams.json"), `${JSON.stringify(answers, null, 2)}\n`);
console.log(`Python ${version} finds ${Object.keys(equal).length} of ${pairs.length} pickles equal.`);

function throughNode(hex) {
  return hexOf(pickle.decode(Buffer.from(hex, "hex"), { ...limits(), python2Strings: "latin1" }).value);
}

function hexOf(value) {
  return Buffer.from(pickle.encode(value, { pickleProtocol: 2 })).toString("hex");
}

function limits() {
  return { maxBytes: 1e6, maxDepth: 500, maxItems: 1e5 };
}

function ask(verb, input) {
  const { status, stdout, stderr } = spawnSync(python, ["-B", join(folder, "streams.py"), verb], {
    input: JSON.stringify(input ?? null),
    encoding: "utf8",
    env: { ...process.env, PYTHONHASHSEED: "0", TZ: "UTC" },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
