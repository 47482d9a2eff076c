import { inspect } from "node:util";
import { expect } from "chai";
import * as fc from "fast-check";
import { BadSignature, BadTimeSignature, SignatureExpired } from "../../src/errors.ts";
import { Signer } from "../../src/signing/signer.ts";
import {
  TimestampSigner,
  type TimestampSignerOptions,
  type UnsignOptions,
} from "../../src/signing/timestamp-signer.ts";
import { judgeOf } from "../python/judge.ts";
import { fromHex, thrownBy, toHex, vectorsOf } from "./fixture.ts";
import { anyMutation, anyOptions, mutated, PYTHON_TIMESTAMP_SIGNER, writtenOptions } from "./live.ts";

interface SignedVector {
  readonly name: string;
  readonly value: string;
  readonly second: number;
  readonly signed: string;
}

/** What unsign gave (`value`, and `signedAt` where it was asked for) or raised (`error` and the rest). */
interface Outcome {
  readonly value?: string;
  readonly signedAt?: number | null;
  readonly error?: string;
  readonly message?: string;
  readonly payload?: string | null;
}

interface Behaviour {
  readonly name: string;
  readonly signed: string;
  readonly second: number;
  readonly maxAgeSeconds: number | null;
  readonly plain: Outcome;
  readonly withTimestamp: Outcome;
}

const vectors = vectorsOf("timestamp-signer") as {
  readonly signed: readonly SignedVector[];
  readonly behaviours: readonly Behaviour[];
};

const FROZEN = 1_700_000_000;

/** A signer whose clock stands nine tenths past a second. */
function signerAt(second: number, options: Partial<TimestampSignerOptions> = {}): TimestampSigner {
  return new TimestampSigner({ secretKey: "secret-key", now: () => new Date(second * 1000 + 900), ...options });
}

function maxAge(maxAgeSeconds: number | null): UnsignOptions {
  return maxAgeSeconds === null ? {} : { maxAgeSeconds };
}

function seconds(date: Date | undefined): number | null {
  return date === undefined ? null : date.getTime() / 1000;
}

/** Python's words by ours, which show neither token nor signature. */
const words: readonly (readonly [python: RegExp, ours: string])[] = [
  [/^No b'.*' found in value$/, "No separator found in value"],
  [/^Signature b'.*' does not match$/, "Signature does not match"],
  [/^timestamp missing$/, "Timestamp missing"],
];

/** What Python raises for a right signature of a time that datetime cannot hold, by how far it is off. */
const BARE_ERRORS = new Set(["ValueError", "OverflowError", "OSError"]);

/** What is expected of Node, where every error has a type. */
function expected(outcome: Outcome, value: string): Outcome {
  if (outcome.error !== undefined && BARE_ERRORS.has(outcome.error)) {
    return { error: "BadTimeSignature", message: "Malformed timestamp", payload: value, signedAt: null };
  }
  if (outcome.message === undefined) return outcome;
  return { ...outcome, message: words.reduce((text, [python, ours]) => text.replace(python, ours), outcome.message) };
}

/** What a call gave or threw, in the notation of the fixture. */
function outcomeOf(call: () => Outcome): Outcome {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof BadSignature)) throw error;
    return {
      error: error.name,
      message: error.message,
      payload: error.payload === undefined ? null : toHex(error.payload),
      signedAt: error instanceof BadTimeSignature ? seconds(error.signedAt) : null,
    };
  }
}

function plainly(signer: TimestampSigner, token: Uint8Array, options: UnsignOptions): Outcome {
  return outcomeOf(() => ({ value: toHex(signer.unsign(token, options)) }));
}

function withTimestamp(signer: TimestampSigner, token: Uint8Array, options: UnsignOptions): Outcome {
  return outcomeOf(() => {
    const { value, signedAt } = signer.unsignWithTimestamp(token, options);
    return { value: toHex(value), signedAt: seconds(signedAt) };
  });
}

describe("TimestampSigner", () => {
  const literals: readonly (readonly [name: string, second: number, epoch: "1970" | "2011", signed: string])[] = [
    ["V15", FROZEN, "1970", "value.ZVPxAA.P9Grfsn5n1eHqbiYrPP0fn7INiw"],
    ["V15b", FROZEN, "2011", "value.GDWCgA.winrH3TUYV28jKWRe5-QMVtgceg"],
    ["V26", 0, "1970", "value..4Po_VIOIeLmyD0b4u-53Wj90ZOI"],
  ];
  for (const [name, second, epoch, signed] of literals) {
    it(`signs ${name} as the itsdangerous of its epoch does`, () => {
      const signer = signerAt(second, { epoch });
      expect(signer.sign("value")).to.equal(signed);
      expect(signer.unsign(signed, { maxAgeSeconds: 0 })).to.equal("value");
      expect(signer.unsignWithTimestamp(signed)).to.deep.equal({ value: "value", signedAt: new Date(second * 1000) });
    });
  }

  it("has the literals in its fixture, but for the itsdangerous that is too old to run beside Flask 3", () => {
    for (const [name, , epoch, signed] of literals) {
      const vector = vectors.signed.find((one) => one.name === name);
      expect(vector?.signed).to.equal(epoch === "2011" ? undefined : toHex(Buffer.from(signed)));
    }
  });

  for (const { name, value, second, signed } of vectors.signed) {
    it(`signs the fixture: ${name}`, () => {
      const signer = signerAt(second);
      expect(toHex(signer.sign(fromHex(value)))).to.equal(signed);
      expect(withTimestamp(signer, fromHex(signed), {})).to.deep.equal({ value, signedAt: second });
    });
  }

  for (const { name, signed, second, maxAgeSeconds, plain, withTimestamp: timed } of vectors.behaviours) {
    it(`unsigns as Python: ${name}`, () => {
      const signer = signerAt(second);
      const token = fromHex(signed);
      const options = maxAge(maxAgeSeconds);
      const value = toHex(Buffer.from("value"));
      expect(plainly(signer, token, options)).to.deep.equal(expected(plain, value));
      expect(withTimestamp(signer, token, options)).to.deep.equal(expected(timed, value));
      expect(signer.validate(token, options)).to.equal(plain.error === undefined);
    });
  }

  it("counts ages in the epoch of 2011 as well", () => {
    const signed = signerAt(FROZEN, { epoch: "2011" }).sign("value");
    const later = signerAt(FROZEN + 100, { epoch: "2011" });
    expect(later.unsign(signed, { maxAgeSeconds: 100 })).to.equal("value");
    const error = thrownBy(() => later.unsign(signed, { maxAgeSeconds: 99 })) as SignatureExpired;
    expect(error).to.be.instanceOf(SignatureExpired);
    expect(error.message).to.equal("Signature age 100 > 99 seconds");
    expect(error.signedAt).to.deep.equal(new Date(FROZEN * 1000));
    const forged = thrownBy(() => later.unsign(`${signed.slice(0, -1)}A`)) as BadTimeSignature;
    expect([forged.name, forged.signedAt]).to.deep.equal(["BadTimeSignature", new Date(FROZEN * 1000)]);
  });

  it("finds a token of the other epoch 41 years older or younger", () => {
    const old = signerAt(FROZEN, { epoch: "2011" });
    const current = signerAt(FROZEN);
    const hour = { maxAgeSeconds: 3600 };
    expect(() => current.unsign(old.sign("v"), hour)).to.throw(
      SignatureExpired,
      "Signature age 1293840000 > 3600 seconds",
    );
    expect(() => old.unsign(current.sign("v"), hour)).to.throw(
      SignatureExpired,
      "Signature age -1293840000 < 0 seconds",
    );
  });

  it("reads the system's clock where it is given none", () => {
    const signer = new TimestampSigner({ secretKey: "k" });
    const before = Math.floor(Date.now() / 1000) * 1000;
    const { value, signedAt } = signer.unsignWithTimestamp(signer.sign("v"), { maxAgeSeconds: 10 });
    expect(value).to.equal("v");
    expect(signedAt.getTime()).to.be.within(before, Date.now());
  });

  it("takes any age where the maximum is infinite or absent, yet with one no future", () => {
    const signed = signerAt(0).sign("v");
    expect(signerAt(FROZEN).unsign(signed, { maxAgeSeconds: Number.POSITIVE_INFINITY })).to.equal("v");
    expect(signerAt(FROZEN).unsign(signed, {})).to.equal("v");
    const options = { maxAgeSeconds: Number.POSITIVE_INFINITY };
    expect(() => signerAt(FROZEN).unsign(signerAt(FROZEN + 1).sign("v"), options)).to.throw(SignatureExpired);
  });

  it("tries the fallbacks", () => {
    const signed = signerAt(FROZEN, { secretKey: "old" }).sign("v");
    expect(signerAt(FROZEN, { secretKeyFallbacks: ["older", "old"] }).unsign(signed)).to.equal("v");
  });

  it("gives the kind that it was given, bytes with nothing behind them", () => {
    const signer = signerAt(FROZEN);
    expect(signer.unsignWithTimestamp(signer.sign("hé")).value).to.equal("hé");
    const { value } = signer.unsignWithTimestamp(signer.sign(Buffer.from("hé")));
    expect(value).to.deep.equal(new Uint8Array(Buffer.from("hé")));
    expect(value.buffer.byteLength).to.equal(3);
  });

  for (const wrong of [Number.NaN, "10", null]) {
    it(`refuses ${inspect(wrong)} as a maximum age`, () => {
      const signer = signerAt(FROZEN);
      const options = { maxAgeSeconds: wrong } as unknown as UnsignOptions;
      for (const token of [signer.sign("v"), "v"]) {
        expect(() => signer.unsign(token, options)).to.throw(TypeError, "maxAgeSeconds must be a number");
        expect(() => signer.validate(token, options)).to.throw(TypeError, "maxAgeSeconds must be a number");
      }
    });
  }

  it("does not trust a broken clock", () => {
    const broken = signerAt(Number.NaN);
    expect(() => broken.sign("v")).to.throw(RangeError, "invalid Date");
    const token = signerAt(FROZEN).sign("v");
    expect(() => broken.unsign(token, { maxAgeSeconds: 1 })).to.throw(RangeError, "invalid Date");
    expect(() => broken.validate(token, { maxAgeSeconds: 1 })).to.throw(RangeError, "invalid Date");
    expect(broken.unsign(token), "no age, no clock").to.equal("v");
  });

  it("signs nothing before its epoch, as Python", () => {
    expect(() => signerAt(-1).sign("v")).to.throw(RangeError, "before the epoch");
    expect(() => signerAt(FROZEN - 1_000_000_000, { epoch: "2011" }).sign("v")).to.throw(
      RangeError,
      "before the epoch",
    );
  });

  it("refuses an epoch that no itsdangerous had", () => {
    const options = { secretKey: "k", epoch: "toString" } as unknown as TimestampSignerOptions;
    expect(() => new TimestampSigner(options)).to.throw(TypeError, "unknown epoch toString");
  });

  it("gives payloads that do not change with the input", () => {
    const signed = Buffer.from(signerAt(FROZEN).sign("value"));
    for (const [token, options] of [
      [Buffer.from(signed), { maxAgeSeconds: 1 }],
      [Buffer.from(signed).fill("A", signed.length - 4), {}],
    ] as const) {
      const error = thrownBy(() => signerAt(FROZEN + 100).unsign(token, options)) as BadTimeSignature;
      token.fill(0);
      expect(error.payload).to.deep.equal(new Uint8Array(Buffer.from("value")));
    }
  });

  it("shows neither token nor payload in its errors", () => {
    const signer = signerAt(FROZEN + 100);
    const token = signerAt(FROZEN).sign("private");
    for (const call of [
      () => signer.unsign(token, { maxAgeSeconds: 1 }),
      () => signer.unsign(`${token.slice(0, -1)}A`),
      () => signer.unsign("private.x"),
      () => signer.unsign(new Signer({ secretKey: "secret-key" }).sign("private")),
      () => signer.unsign(new Signer({ secretKey: "secret-key" }).sign("private.A")),
    ]) {
      const error = thrownBy(call);
      expect(error).to.be.instanceOf(BadSignature);
      expect(inspect(error, { depth: 9 }) + JSON.stringify(error)).to.not.match(/private|70 72 69|ZVPxAA/);
    }
  });

  it("signs and unsigns as Python in hundreds of random cases, broken tokens and odd timestamps among them", async () => {
    const seed = Date.now();
    const second = fc.oneof(fc.nat(3), fc.integer({ min: FROZEN - 2, max: FROZEN + 2 }), fc.nat(2 ** 40));
    const stamp = fc.oneof(
      fc.uint8Array({ maxLength: 9 }).map((raw) => Buffer.from(raw).toString("base64url")),
      fc.string({ unit: fc.constantFrom("A", "_", "=", "!", "é", "Z"), maxLength: 14 }),
    );
    const anyCase = fc.record({
      options: anyOptions,
      value: fc.uint8Array({ maxLength: 12 }),
      stamp,
      signedSecond: second,
      readSecond: second,
      maxAgeSeconds: fc.option(fc.oneof(fc.integer({ min: -2, max: 4 }), fc.nat(2 ** 41)), { nil: null }),
      changes: fc.array(anyMutation, { minLength: 6, maxLength: 6 }),
    });
    const cases = fc.sample(anyCase, { numRuns: 400, seed }).map((one) => {
      const { options, value } = one;
      const body = Buffer.concat([value, Buffer.from(options.separator), Buffer.from(one.stamp)]);
      const signed = signerAt(one.signedSecond, options).sign(value);
      const changed = one.changes.map((change) => mutated(signed, change));
      return Object.assign(one, { body, signed, tokens: [signed, ...changed] });
    });
    const judge = await judgeOf("fs080-flask31");
    const answers = (await judge.run(
      PYTHON_TIMESTAMP_SIGNER,
      cases.map(({ options, value, body, tokens, signedSecond, readSecond, maxAgeSeconds }) =>
        Object.assign(writtenOptions(options), {
          value: toHex(value),
          body: toHex(body),
          tokens: tokens.map(toHex),
          signedSecond,
          readSecond,
          maxAgeSeconds,
        }),
      ),
    )) as { readonly signed: string; readonly outcomes: unknown[][]; readonly plain: (string | null)[] }[];
    const seen = new Set<unknown>();
    for (const [index, { options, body, signed, tokens, readSecond, maxAgeSeconds }] of cases.entries()) {
      const { signed: pythons, outcomes, plain } = answers[index] as (typeof answers)[number];
      const signer = signerAt(readSecond, options);
      const all = [...tokens, new Signer(options).sign(body)];
      expect(toHex(signed), `seed ${seed}, case ${index}`).to.equal(pythons);
      for (const [number, token] of all.entries()) {
        const message = `seed ${seed}, case ${index}, token ${number}`;
        const ours = withTimestamp(signer, token, maxAge(maxAgeSeconds));
        const theirs = outcomes[number] as unknown[];
        seen.add(theirs[0]);
        if (theirs[0] === "no datetime") expect(ours.message, message).to.equal("Malformed timestamp");
        else expect([ours.error ?? "value", ours.value ?? ours.payload, ours.signedAt], message).to.deep.equal(theirs);
        expect(plainly(signer, token, maxAge(maxAgeSeconds)).value ?? null, message).to.equal(plain[number]);
      }
    }
    expect(seen, "every kind of outcome").to.include.all.keys(
      "value",
      "BadSignature",
      "BadTimeSignature",
      "SignatureExpired",
    );
  });
});
