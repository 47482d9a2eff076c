import { expect } from "chai";
import { equalInConstantTime, hash, hmac, isDigest } from "../../src/bytes/crypto.ts";
import { toHex } from "../signing/fixture.ts";

describe("isDigest", () => {
  for (const name of ["sha1", "sha256", "sha512", "md5", "sha3-256", "SHA1"]) {
    it(`knows ${name}`, () => {
      expect(isDigest(name)).to.equal(true);
    });
  }
  for (const name of ["", "sha", "toString", "__proto__", "shake128"]) {
    it(`does not know ${JSON.stringify(name)}, or it makes no HMAC`, () => {
      expect(isDigest(name)).to.equal(false);
    });
  }
});

describe("hash", () => {
  it("hashes all parts as one", () => {
    const whole = "a9993e364706816aba3e25717850c26c9cd0d89d"; // FIPS 180, "abc"
    expect(toHex(hash("sha1", Buffer.from("abc")))).to.equal(whole);
    expect(toHex(hash("sha1", Buffer.from("a"), Buffer.from(""), Buffer.from("bc")))).to.equal(whole);
  });
});

describe("hmac", () => {
  it("is RFC 2202's", () => {
    const mac = hmac("sha1", Buffer.from("Jefe"), Buffer.from("what do ya want for nothing?"));
    expect(toHex(mac)).to.equal("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  });
});

describe("equalInConstantTime", () => {
  const cases: readonly (readonly [left: string, right: string, equal: boolean])[] = [
    ["", "", true],
    ["ab", "ab", true],
    ["ab", "ac", false],
    ["ab", "abc", false],
    ["ab", "", false],
  ];
  for (const [left, right, equal] of cases) {
    it(`says ${equal} of ${JSON.stringify([left, right])}`, () => {
      expect(equalInConstantTime(Buffer.from(left), Buffer.from(right))).to.equal(equal);
    });
  }
});
