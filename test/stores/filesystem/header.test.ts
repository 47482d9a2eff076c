/** The expiry at the front of session files, as every version of cachelib writes it. */
import { readFileSync } from "node:fs";
import { endianness } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  encodeHeader,
  HEAD_BYTES,
  type HeaderForm,
  headerIn,
  movedHeader,
} from "../../../src/stores/filesystem/header.ts";
import { judgeOf } from "../../python/judge.ts";

interface Vector {
  readonly key: string;
  readonly timeout: number;
  readonly file: string;
  readonly countFile: string;
}

const FROZEN = 1_700_000_000;
const RECORD = "80057d942e";

const fixtures: readonly (readonly [name: string, form: HeaderForm])[] = [
  ["md5", "packed"],
  ["sha256", "packed"],
  ["pickled", "pickled"],
  ["pickled-highest", "pickled"],
];

function vectorsOf(name: string): readonly Vector[] {
  const text = readFileSync(join("fixtures", "stores", `filesystem-${name}.json`), "utf8");
  return (JSON.parse(text) as { vectors: readonly Vector[] }).vectors;
}

function head(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex")).subarray(0, HEAD_BYTES);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

describe("the header of a session file", () => {
  for (const [name, form] of fixtures) {
    it(`is found in what cachelib writes: ${name}`, () => {
      for (const { timeout, file, countFile } of vectorsOf(name)) {
        const expiry = timeout === 0 ? 0 : FROZEN + timeout;
        const { length, ...header } = headerIn(head(file));
        expect(header).to.deep.equal({ form, expiry });
        expect(file.slice(2 * length)).to.match(/^8005/);
        expect(headerIn(head(countFile))).to.include({ form, expiry: 0 });
      }
    });
  }

  it("is written byte for byte as cachelib before 0.5 writes it, but for what has expired", () => {
    for (const { timeout, file } of vectorsOf("pickled").filter((vector) => vector.timeout > 0)) {
      const header = hexOf(encodeHeader("pickled", FROZEN + timeout));
      expect(file.slice(0, header.length)).to.equal(header);
    }
  });

  const heads: readonly (readonly [why: string, hex: string, form: HeaderForm, expiry: number, length: number])[] = [
    ["a J, as which a packed one may begin", `4a80cf65${RECORD}`, "packed", 0x65cf804a, 4],
    ["a J before a record of protocol 2", "4a80cf7c652e80027d71012e", "pickled", 0x657ccf80, 6],
    ["an int that ends as a record begins", `4a800580652e${RECORD}`, "pickled", 0x65800580, 6],
    ["of Python 2, as text", `49323135303136313230330a2e${RECORD}`, "pickled", 2150161203, 13],
    ["a K", `4bff2e${RECORD}`, "pickled", 255, 3],
    ["with no pickle behind it", "4a80cf7c652e00000000", "packed", 0x7ccf804a, 4],
    ["with a pickle of a protocol that is none behind it", "4a80cf7c652e8006", "packed", 0x7ccf804a, 4],
    ["a text", `58010000006171002e${RECORD}`, "packed", 0x158, 4],
    ["packed, with a record that is no pickle", "80cf7c6530", "packed", 0x657ccf80, 4],
    ["packed, with no record", "80cf7c65", "packed", 0x657ccf80, 4],
    ["packed, with one byte of a record", "80cf7c6580", "packed", 0x657ccf80, 4],
    ["packed, with a record of protocol 2", "80cf7c6580027d71012e", "packed", 0x657ccf80, 4],
  ];
  for (const [why, hex, form, expiry, length] of heads) {
    it(`is told by what follows: ${why}`, function () {
      if (form === "packed" && endianness() === "BE") this.skip();
      expect(headerIn(head(hex))).to.deep.equal({ form, expiry, length });
    });
  }

  const moves: readonly (readonly [why: string, hex: string, expiry: number, moved: string | undefined])[] = [
    ["packed", `80cf7c65${RECORD}`, 0x66778899, `99887766${RECORD}`],
    ["packed, beyond 2038", `80cf7c65${RECORD}`, 0xffffffff, `ffffffff${RECORD}`],
    ["pickled", `4a80cf7c652e${RECORD}`, 0x66778899, `4a998877662e${RECORD}`],
    ["in a frame", `80059506000000000000004a80cf7c652e${RECORD}`, 1, `80059506000000000000004a010000002e${RECORD}`],
    ["pickled, to 2038", `4a80cf7c652e${RECORD}`, 0x7fffffff, `4affffff7f2e${RECORD}`],
    ["pickled, beyond 2038", `4a80cf7c652e${RECORD}`, 0x80000000, undefined],
    ["pickled, back from beyond 2038", `4c343239343936373239354c0a2e${RECORD}`, 0x66778899, undefined],
    ["pickled, never", `4b002e${RECORD}`, 0x66778899, undefined],
  ];
  for (const [why, hex, expiry, moved] of moves) {
    it(`${moved === undefined ? "has no place for" : "takes"} another expiry: ${why}`, function () {
      if (why.startsWith("packed") && endianness() === "BE") this.skip();
      const content = Buffer.from(hex, "hex");
      const patch = movedHeader(headerIn(head(hex)), expiry);
      if (patch !== undefined) content.set(patch.bytes, patch.offset);
      expect(patch && content.toString("hex")).to.equal(moved);
      if (moved !== undefined) expect(headerIn(head(moved)).expiry).to.equal(expiry);
    });
  }

  for (const expiry of [0, 1, 255, 256, 65_535, 65_536, 0x657ccf80, 0x7fffffff, 0x80000000, 0xffffffff]) {
    it(`that says ${expiry} is read by Python and by Node in both forms`, async () => {
      const forms = (["packed", "pickled"] as const).map((form) => hexOf(encodeHeader(form, expiry)));
      const program = `
import pickle, struct
packed, pickled = map(bytes.fromhex, input)
result = [struct.unpack("I", packed)[0], pickle.loads(pickled)]`;
      expect(await (await judgeOf("fs080-flask31")).run(program, forms)).to.deep.equal([expiry, expiry]);
      for (const form of forms) expect(headerIn(head(form + RECORD)).expiry).to.equal(expiry);
    });
  }
});
