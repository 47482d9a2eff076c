import { inspect } from "node:util";
import { expect } from "chai";
import * as fc from "fast-check";
import { BadSignature } from "../../src/errors.ts";
import { HmacAlgorithm, NoneAlgorithm } from "../../src/signing/algorithm.ts";
import { Signer, type SignerOptions } from "../../src/signing/signer.ts";
import { judgeOf } from "../python/judge.ts";
import { fromHex, signerOptions, thrownBy, toHex, vectorsOf, type WrittenOptions } from "./fixture.ts";
import { anyMutation, anyOptions, mutated, PYTHON_SIGNER, writtenOptions } from "./live.ts";

interface Vector {
  readonly name: string;
  readonly options: WrittenOptions;
  readonly value: string;
  readonly signed: string;
}

const { published, matrix } = vectorsOf("signer") as {
  readonly published: readonly Vector[];
  readonly matrix: readonly Vector[];
};

const secretKey = "secret-key";

/** What every itsdangerous signs whose constructor takes the options. */
const literals: readonly (readonly [name: string, options: Partial<SignerOptions>, value: string, signed: string])[] = [
  ["V1", {}, "value", "value.RI9crmxKpuX1wTw2mg_FHFGXRic"],
  ["V2", { salt: "flask-session", keyDerivation: "hmac" }, "abc", "abc.qHdohP2AdD3tm4fFdpaLQ-hcXUE"],
  ["V3", { salt: "s", keyDerivation: "concat" }, "abc", "abc.txMBNIsa9EOtSsrsRouNnSYztpA"],
  ["V4", { salt: "s", keyDerivation: "none" }, "abc", "abc.3glWzGOjEZAigLikwoZb5IVbO04"],
  ["V5", { digest: "sha256" }, "abc", "abc.ZjlmT00nENW8mn_MLGyNh5mXlaGUYCxTiaziI6qOajk"],
  [
    "V6",
    { salt: "s", keyDerivation: "hmac", digest: "sha512" },
    "abc",
    "abc.s8KMb8YE4CYjkIkxGoyWEChSmBqVT5YqNWf9HXml6O8lnX18WifiL4w8LDwVDYViPWxtQ9T-ufxMi4HaPlWzzA",
  ],
  ["V7", { digest: "md5" }, "abc", "abc.uVzyHHOA7vkvtmV15X2WDA"],
  ["V8", { separator: "|" }, "abc", "abc|oOai8fI4QcRZvYGQ1Va6RAMF8ZY"],
  ["V9", { separator: "::" }, "abc", "abc::oOai8fI4QcRZvYGQ1Va6RAMF8ZY"],
  ["V10", { secretKey: "clé-€" }, "héé", "héé.FMxqI967b-jancc2amRuy9s3wqs"],
  ["V11", { secretKey: Uint8Array.of(0x00, 0xff, 0xfe) }, "abc", "abc.A4yMqfp7tGwyIFvEa3lB8olKdJ8"],
  ["V12", {}, "", ".b4-og8DGknlZ-AXdHwT5DOiFoFs"],
  ["V13", { algorithm: new NoneAlgorithm() }, "abc", "abc."],
  ["V14", { algorithm: new HmacAlgorithm("sha256") }, "abc", "abc.P6K3Mjcm4CiCh5sZBKtDXKXuSH2dFKXAeZLag50NKUw"],
  ["V25", { secretKeyFallbacks: ["old"] }, "abc", "abc.oOai8fI4QcRZvYGQ1Va6RAMF8ZY"],
];

describe("Signer", () => {
  for (const [name, options, value, signed] of literals) {
    it(`signs ${name} as itsdangerous does`, () => {
      const signer = new Signer({ secretKey, ...options });
      expect(signer.sign(value)).to.equal(signed);
      expect(signer.unsign(signed)).to.equal(value);
      const vector = published.find((one) => one.name === name);
      expect(vector?.signed, "the fixture").to.equal(toHex(Buffer.from(signed)));
    });
  }

  for (const { name, options, value, signed } of [...published, ...matrix]) {
    it(`signs and unsigns the bytes of the fixture: ${name}`, () => {
      const signer = new Signer(signerOptions(options));
      expect(toHex(signer.sign(fromHex(value)))).to.equal(signed);
      expect(signer.unsign(fromHex(signed))).to.deep.equal(fromHex(value));
    });
  }

  describe("with several keys", () => {
    const oldest = new Signer({ secretKey: "oldest" });
    const newest = new Signer({ secretKey: "newest" });
    const current = new Signer({ secretKey: "current", secretKeyFallbacks: ["oldest", "newest"] });

    it("signs with the secret key alone", () => {
      expect(current.sign("v")).to.equal(new Signer({ secretKey: "current" }).sign("v"));
    });

    it("takes what any of them signed, and nothing else", () => {
      for (const signer of [oldest, newest, current]) expect(current.unsign(signer.sign("v"))).to.equal("v");
      expect(current.validate(new Signer({ secretKey: "other" }).sign("v"))).to.equal(false);
      expect(newest.validate(current.sign("v"))).to.equal(false);
    });

    it("tries the secret key first, then the fallbacks from the newest to the oldest", () => {
      const tried: string[] = [];
      const algorithm = {
        signature(key: Uint8Array): Uint8Array {
          tried.push(Buffer.from(key).toString());
          return Uint8Array.of(1);
        },
      };
      const options = {
        secretKey: "current",
        secretKeyFallbacks: ["oldest", "newest"],
        keyDerivation: "none",
        algorithm,
      } as const;
      expect(new Signer(options).validate("v.")).to.equal(false);
      expect(tried).to.deep.equal(["current", "newest", "oldest"]);
    });

    it("keeps what it derived when the key that it was given changes", () => {
      const secret = Buffer.from("secret");
      const signer = new Signer({ secretKey: secret, keyDerivation: "none" });
      const signed = signer.sign("v");
      secret.fill(0);
      expect(signer.sign("v")).to.equal(signed);
    });
  });

  describe("gives the kind that it was given", () => {
    const signer = new Signer({ secretKey });

    it("text for text", () => {
      expect(signer.sign("h\u00e9")).to.be.a("string");
      expect(signer.unsign(signer.sign("h\u00e9\ufeff\ufffd"))).to.equal("h\u00e9\ufeff\ufffd");
    });

    it("bytes for bytes, with nothing else behind them", () => {
      const signed = signer.sign(Buffer.from("value"));
      expect(signed).to.deep.equal(new Uint8Array(Buffer.from("value.RI9crmxKpuX1wTw2mg_FHFGXRic")));
      expect(signed.buffer.byteLength).to.equal(signed.length);
      const value = signer.unsign(Buffer.from(signed));
      signed.fill(0);
      expect(value).to.deep.equal(new Uint8Array(Buffer.from("value")));
      expect(value.buffer.byteLength).to.equal(5);
    });
  });

  const refused: readonly (readonly [signed: string, message: string, payload: string | undefined])[] = [
    ["", "No separator found in value", undefined],
    ["abc", "No separator found in value", undefined],
    [".", "Signature does not match", ""],
    ["abc.def", "Signature does not match", "abc"],
    ["a.b.def", "Signature does not match", "a.b"],
    ["value.", "Signature does not match", "value"],
    ["value.RI9crmxKpuX1wTw2mg_FHFGXRi", "Signature does not match", "value"],
    ["value.RI9crmxKpuX1wTw2mg_FHFGXRicA", "Signature does not match", "value"],
    ["value.RI9crmxKpuX1wTw2mg_FHFGXRiA", "Signature does not match", "value"],
    ["Value.RI9crmxKpuX1wTw2mg_FHFGXRic", "Signature does not match", "Value"],
  ];
  for (const [signed, message, payload] of refused) {
    it(`refuses ${JSON.stringify(signed)}`, () => {
      const signer = new Signer({ secretKey });
      const error = thrownBy(() => signer.unsign(signed)) as BadSignature;
      expect(error).to.be.instanceOf(BadSignature);
      expect([error.name, error.message, error.code]).to.deep.equal(["BadSignature", message, "ERR_BAD_SIGNATURE"]);
      expect(error.payload && Buffer.from(error.payload).toString()).to.equal(payload);
      expect(signer.validate(signed)).to.equal(false);
    });
  }

  const lenient: readonly (readonly [why: string, signature: string])[] = [
    ["padded", "RI9crmxKpuX1wTw2mg_FHFGXRic="],
    ["padded too much", "RI9crmxKpuX1wTw2mg_FHFGXRic====="],
    ["in the other alphabet", "RI9crmxKpuX1wTw2mg/FHFGXRic"],
    ["with junk in fours", "RI9crmxK!!!!puX1wTw2mg_FHFGXRic"],
    ["with other unused bits", "RI9crmxKpuX1wTw2mg_FHFGXRif"],
    ["with anything behind complete padding", "RI9crmxKpuX1wTw2mg_FHFGXRic=QUJD"],
  ];
  for (const [why, signature] of lenient) {
    it(`takes a signature ${why}, as Python does`, () => {
      expect(new Signer({ secretKey }).unsign(`value.${signature}`)).to.equal("value");
    });
  }

  it("gives a payload that does not change with the input", () => {
    const signed = Buffer.from("abc.def");
    const error = thrownBy(() => new Signer({ secretKey }).unsign(signed)) as BadSignature;
    signed.fill(0);
    expect(error.payload).to.deep.equal(new Uint8Array(Buffer.from("abc")));
  });

  it("shows neither key nor token in an inspection or an error", () => {
    const signer = new Signer({ secretKey: "the key", secretKeyFallbacks: ["the old key"], keyDerivation: "none" });
    const error = thrownBy(() => signer.unsign("the token.the signature"));
    for (const shown of [signer, error]) {
      const text = inspect(shown, { depth: 9 }) + JSON.stringify(shown);
      for (const word of ["the ", Buffer.from("the ").toString("hex"), "74 68 65", "116, 104", "116,104"]) {
        expect(text).to.not.contain(word);
      }
    }
  });

  const separators: readonly (readonly [separator: string, taken: boolean])[] = [
    [".", true],
    ["::", true],
    ["ba", true],
    ["+", true],
    ["=-", true],
    ["\u20ac", true],
    ["", false],
    ["a", false],
    ["ab", false],
    ["zA", false],
    ["9-_=", false],
    ["-_=", false],
    ["=", false],
  ];
  for (const [separator, taken] of separators) {
    it(`${taken ? "takes" : "refuses"} the separator ${JSON.stringify(separator)}, as Python does`, async () => {
      const judge = await judgeOf("fs080-flask31");
      const program = `
from itsdangerous import Signer
try:
    Signer("k", sep=input)
    result = True
except ValueError:
    result = False
`;
      expect(await judge.run(program, separator)).to.equal(taken);
      const make = () => new Signer({ secretKey, separator });
      if (taken) expect(make).to.not.throw();
      else expect(make).to.throw(RangeError, "can stand in a signature");
    });
  }

  const mistakes: readonly (readonly [what: string, options: object, kind: typeof TypeError, message: string])[] = [
    ["an unknown digest", { digest: "sha42" }, TypeError, "sha42"],
    ["a digest that makes no HMAC", { digest: "shake128" }, TypeError, "shake128"],
    ["an unknown digest beside an algorithm", { digest: "sha42", algorithm: new NoneAlgorithm() }, TypeError, "sha42"],
    ["an unknown key derivation", { keyDerivation: "pbkdf2" }, TypeError, "pbkdf2"],
    ["an inherited name as key derivation", { keyDerivation: "constructor" }, TypeError, "constructor"],
    ["no secret key", { secretKey: undefined }, TypeError, "a secret key must be a string or a Uint8Array"],
    ["a number as secret key", { secretKey: 1 }, TypeError, "a secret key must be a string or a Uint8Array"],
    ["an empty secret key", { secretKey: "" }, RangeError, "a secret key is empty"],
    ["an empty fallback", { secretKeyFallbacks: [new Uint8Array()] }, RangeError, "a secret key is empty"],
    ["a lone surrogate in a secret key", { secretKey: "\ud800" }, TypeError, "a secret key has a lone surrogate"],
    ["a lone surrogate in the salt", { salt: "\ud800" }, TypeError, "salt has a lone surrogate"],
    ["a lone surrogate in the separator", { separator: "\ud800" }, TypeError, "the separator has a lone surrogate"],
  ];
  for (const [what, options, kind, message] of mistakes) {
    it(`refuses ${what} when it is made`, () => {
      expect(() => new Signer({ secretKey, ...options })).to.throw(kind, message);
    });
  }

  it("refuses text with a lone surrogate, which has no UTF-8", () => {
    const signer = new Signer({ secretKey });
    expect(() => signer.sign("\ud800")).to.throw(TypeError, "Cannot sign: the value has a lone surrogate");
    expect(() => signer.unsign("\ud800.a")).to.throw(TypeError, "the signed value has a lone surrogate");
    expect(() => signer.validate("\ud800.a")).to.throw(TypeError, "the signed value has a lone surrogate");
  });

  it("signs what Python takes, takes what Python signs, and refuses or takes what was changed as Python does", async () => {
    const seed = Date.now();
    const anyCase = fc.record({
      options: anyOptions,
      value: fc.uint8Array({ maxLength: 24 }),
      changes: fc.array(anyMutation, { minLength: 8, maxLength: 8 }),
    });
    const cases = fc.sample(anyCase, { numRuns: 400, seed }).map(({ options, value, changes }) => {
      const signer = new Signer(options);
      const signed = signer.sign(value);
      const forged =
        value.length > 0 ? [Uint8Array.from([...value.map((byte) => byte ^ 1), ...signed.subarray(value.length)])] : [];
      return {
        signer,
        options,
        value,
        signed,
        forged,
        tokens: [signed, ...forged, ...changes.map((change) => mutated(signed, change))],
      };
    });
    const judge = await judgeOf("fs080-flask31");
    const answers = (await judge.run(
      PYTHON_SIGNER,
      cases.map(({ options, value, tokens }) => ({
        ...writtenOptions(options),
        value: toHex(value),
        tokens: tokens.map(toHex),
      })),
    )) as { readonly signed: string; readonly values: readonly (string | null)[] }[];
    for (const [index, { signer, value, signed, forged, tokens }] of cases.entries()) {
      const answer = answers[index];
      const values = tokens.map((token) => (signer.validate(token) ? toHex(signer.unsign(token)) : null));
      expect(toHex(signed), `seed ${seed}, case ${index}`).to.equal(answer?.signed);
      expect(values, `seed ${seed}, case ${index}`).to.deep.equal(answer?.values);
      expect(values[0]).to.equal(toHex(value));
      if (forged.length > 0) expect(values[1]).to.equal(null);
    }
    expect(
      new Set(answers.flatMap(({ values }) => values.slice(2).map((value) => value === null))).size,
      "both verdicts",
    ).to.equal(2);
  });
});
