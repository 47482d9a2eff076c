/** Inputs at which the fuzzer once found something wrong, shortened. Each is taken now. */
import { expect } from "chai";
import { targets } from "./targets.ts";

/** The target, what was wrong, and the bytes. */
const FOUND: readonly (readonly [target: string, about: string, hex: string])[] = [
  [
    "pickle",
    "a tuple was refused that an object in it holds, though nobody had changed it",
    "63300a300a3063300a300a71302863300a300a745271002868007471016168012e",
  ],
  ["record", "what lay deep below a key of a Map counted as new", `${"91".repeat(391)}81${"91".repeat(7)}9030`],
  [
    "pickle",
    "equal frozensets with an object among their members were not the same",
    "8f94284300282874948c0730303030303030948c0e303030303030303030303030303094939428749452945d288c0830303030303030308c09303030303030303030288c033030308a013074286806430a30303030303030303030646530912843063030303030308c0830303030303030308c0930303030303030303093285d743074302e",
  ],
  [
    "pickle",
    "a log of a deque that holds itself was megabytes long",
    "80048c0b636f6c6c656374696f6e738c0564657175659329529428680085652e",
  ],
  ["pickle", "a log of deques that each hold the next one twice had no end", deques(30)],
  ["pickle", "tuples that each hold the next one twice were written out a million times", `4b01${"3286".repeat(20)}2e`],
  [
    "dates",
    "one bound method was two members of a frozenset",
    "288c086275696c74696e738c0767657461747472938c087a6f6e65696e666f8c085a6f6e65496e666f938c095f756e7069636b6c6586528c086275696c74696e738c0767657461747472938c087a6f6e65696e666f8c085a6f6e65496e666f938c095f756e7069636b6c658652912e",
  ],
  ["utf8", "two surrogate halves side by side are one character afterwards, which is known", "eda080edb080"],
];

/** Deques in deques: memo entry 0 is the class, entry n the deque of level n. */
function deques(levels: number): string {
  let hex = "80048c0b636f6c6c656374696f6e738c05646571756593942952";
  for (let level = 1; level <= levels; level++) {
    const index = level.toString(16).padStart(2, "0");
    hex += `9430680029522868${index}68${index}65`;
  }
  return `${hex}2e`;
}

describe("what the fuzzer has found", () => {
  for (const [name, about, hex] of FOUND) {
    it(`${name}: ${about}`, async () => {
      const target = targets.find((candidate) => candidate.name === name);
      const startedAt = performance.now();
      await target?.run(Buffer.from(hex, "hex"));
      expect(target).not.to.equal(undefined);
      expect(performance.now() - startedAt).to.be.below(5000);
    });
  }
});
