import { inspect } from "node:util";
import { expect } from "chai";
import * as errors from "../src/errors.ts";

interface Case {
  readonly error: errors.FlaskSessionError;
  readonly parents: readonly (abstract new (...args: never[]) => errors.FlaskSessionError)[];
  readonly name: string;
  readonly code: errors.ErrorCode;
}

const { BadData, BadSignature, BadTimeSignature, CodecError, ConfigError, DecodeError, SessionError, StoreError } =
  errors;

const cases: readonly Case[] = [
  { error: new BadSignature("m"), parents: [BadData], name: "BadSignature", code: "ERR_BAD_SIGNATURE" },
  {
    error: new BadTimeSignature("m"),
    parents: [BadSignature],
    name: "BadTimeSignature",
    code: "ERR_BAD_TIME_SIGNATURE",
  },
  {
    error: new errors.SignatureExpired("m"),
    parents: [BadTimeSignature, BadSignature],
    name: "SignatureExpired",
    code: "ERR_SIGNATURE_EXPIRED",
  },
  { error: new errors.BadPayload("m"), parents: [BadData], name: "BadPayload", code: "ERR_BAD_PAYLOAD" },
  { error: new DecodeError("m", 1), parents: [CodecError], name: "DecodeError", code: "ERR_DECODE" },
  { error: new errors.TruncatedError("m", 1), parents: [DecodeError], name: "TruncatedError", code: "ERR_TRUNCATED" },
  { error: new errors.LimitError("m", 1), parents: [DecodeError], name: "LimitError", code: "ERR_LIMIT" },
  { error: new errors.EncodeError("session.a", "m"), parents: [CodecError], name: "EncodeError", code: "ERR_ENCODE" },
  { error: new StoreError("m"), parents: [], name: "StoreError", code: "ERR_STORE" },
  {
    error: new errors.StoreUnavailableError("m"),
    parents: [StoreError],
    name: "StoreUnavailableError",
    code: "ERR_STORE_UNAVAILABLE",
  },
  {
    error: new errors.StoreTimeoutError("m"),
    parents: [StoreError],
    name: "StoreTimeoutError",
    code: "ERR_STORE_TIMEOUT",
  },
  {
    error: new errors.StoreConflictError("m"),
    parents: [StoreError],
    name: "StoreConflictError",
    code: "ERR_STORE_CONFLICT",
  },
  {
    error: new errors.StoreRecordError("m"),
    parents: [StoreError],
    name: "StoreRecordError",
    code: "ERR_STORE_RECORD",
  },
  {
    error: new errors.RecordTooLargeError("m"),
    parents: [StoreError],
    name: "RecordTooLargeError",
    code: "ERR_RECORD_TOO_LARGE",
  },
  {
    error: new errors.UnlistableStoreError("m"),
    parents: [StoreError],
    name: "UnlistableStoreError",
    code: "ERR_UNLISTABLE_STORE",
  },
  { error: new SessionError("m"), parents: [], name: "SessionError", code: "ERR_SESSION" },
  {
    error: new errors.HeadersSentError("m"),
    parents: [SessionError],
    name: "HeadersSentError",
    code: "ERR_HEADERS_SENT",
  },
  {
    error: new errors.ReadOnlySessionError("m"),
    parents: [SessionError],
    name: "ReadOnlySessionError",
    code: "ERR_READ_ONLY_SESSION",
  },
  {
    error: new errors.CookieTooLargeError("m", 2, ["a"]),
    parents: [SessionError],
    name: "CookieTooLargeError",
    code: "ERR_COOKIE_TOO_LARGE",
  },
  {
    error: Object.assign(new errors.CsrfError("The CSRF token is missing."), { message: "m" }),
    parents: [SessionError],
    name: "CsrfError",
    code: "ERR_CSRF",
  },
  {
    error: Object.assign(new errors.LoginRequiredError("stale"), { message: "m" }),
    parents: [SessionError],
    name: "LoginRequiredError",
    code: "ERR_LOGIN_REQUIRED",
  },
  { error: new ConfigError("m"), parents: [], name: "ConfigError", code: "ERR_CONFIG" },
  {
    error: new errors.SecretKeyMissingError("m"),
    parents: [ConfigError],
    name: "SecretKeyMissingError",
    code: "ERR_SECRET_KEY_MISSING",
  },
  {
    error: new errors.UnsupportedSessionTypeError("m"),
    parents: [ConfigError],
    name: "UnsupportedSessionTypeError",
    code: "ERR_UNSUPPORTED_SESSION_TYPE",
  },
  {
    error: new errors.MissingPackageError("m"),
    parents: [ConfigError],
    name: "MissingPackageError",
    code: "ERR_MISSING_PACKAGE",
  },
];

describe("errors", () => {
  for (const { error, parents, name, code } of cases) {
    it(`${name} says its name and code, and what it is a kind of`, () => {
      for (const parent of [Error, errors.FlaskSessionError, ...parents]) expect(error).to.be.instanceOf(parent);
      expect([error.name, error.code]).to.deep.equal([name, code]);
      expect(String(error)).to.match(new RegExp(`^${name}: .*m$`));
      expect(error.stack).to.contain("errors.test");
    });
  }

  it("are all in the table, each with a code of its own", () => {
    const abstract = ["FlaskSessionError", "BadData", "CodecError"];
    expect([...cases.map(({ name }) => name), ...abstract].toSorted()).to.deep.equal(Object.keys(errors).toSorted());
    expect(new Set(cases.map(({ code }) => code)).size).to.equal(cases.length);
  });

  it("keep their cause", () => {
    const cause = new Error("why");
    expect(new StoreError("m", { cause }).cause).to.equal(cause);
    expect(new DecodeError("m", 3, { cause }).cause).to.equal(cause);
    expect(new StoreError("m")).to.not.have.property("cause");
  });

  it("say at which byte decoding failed", () => {
    expect(new errors.LimitError("m", 14).offset).to.equal(14);
  });

  it("say when a signature claims to have been made", () => {
    const signedAt = new Date(1_700_000_000_000);
    expect(new errors.SignatureExpired("m", undefined, signedAt).signedAt).to.equal(signedAt);
    expect(new BadTimeSignature("m").signedAt).to.equal(undefined);
  });

  it("give the unverified payload to who asks for it, and show it nowhere", () => {
    const payload = Buffer.from("a secret sid");
    for (const kind of [BadSignature, BadTimeSignature, errors.SignatureExpired]) {
      const error = new kind("Signature does not match", payload);
      expect(error.payload).to.equal(payload);
      expect(Object.keys(error)).to.not.include("payload");
      for (const shown of [
        inspect(error, { depth: 9, showHidden: false }),
        inspect(error, { depth: 9, showHidden: false, getters: true }),
        inspect(error, { depth: 9, showHidden: true }),
        JSON.stringify(error),
        JSON.stringify(Object.entries(error)),
        String(error),
      ]) {
        expect(shown).to.not.match(/a secret sid|61 20 73|97, ?32, ?115/);
      }
    }
  });

  it("have no payload where nothing was signed", () => {
    expect(new BadSignature("m").payload).to.equal(undefined);
  });

  const paths: readonly (readonly [length: number, shown: string])[] = [
    [199, "p".repeat(199)],
    [200, "p".repeat(200)],
    [201, `${"p".repeat(199)}…`],
    [100_000, `${"p".repeat(199)}…`],
  ];
  for (const [length, shown] of paths) {
    it(`show ${Math.min(length, 200)} characters of a path of ${length}`, () => {
      const error = new errors.EncodeError("p".repeat(length), "a function is nothing that Python has");
      expect(error.path).to.equal(shown);
      expect(error.message).to.equal(`Cannot store ${shown}: a function is nothing that Python has`);
    });
  }
});
