import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import * as fc from "fast-check";
import {
  deleteCookie,
  MAX_COOKIE_HEADER_BYTES,
  readCookie,
  writeCookie,
  writeQuotedCookie,
} from "../../src/session/cookie.ts";
import { cookieAttributes } from "../../src/session/cookie-attributes.ts";
import type { CookieOptions, SameSite } from "../../src/session/options.ts";
import type { Version } from "../../src/session/versions.ts";
import { type EnvironmentName, judgeOf, projectFolder } from "../python/judge.ts";

/** What dump_cookie is called with. */
interface Given {
  readonly domain?: string;
  readonly path?: string;
  readonly httponly?: boolean;
  readonly secure?: boolean;
  readonly samesite?: SameSite;
}

interface Fixture {
  readonly read: readonly { readonly header: string; readonly session: string | null }[];
  readonly deleted: string;
  readonly expiresAt: number;
  readonly written: readonly { readonly given: Given; readonly session: string; readonly permanent: string }[];
}

const { vectors: flask10 } = JSON.parse(
  readFileSync(join(projectFolder, "fixtures", "session", "cookie-flask10.json"), "utf8"),
) as { readonly vectors: Fixture };

const READ = `
from werkzeug.wrappers import Request
result = [Request({"HTTP_COOKIE": header}).cookies.get("session") for header in input]
`;

const WRITE = `
from datetime import datetime, timezone
from werkzeug.http import dump_cookie
def written(value, expires, given):
    if expires is not None:
        expires = datetime.fromtimestamp(expires / 1000, timezone.utc)
    deleted = {name: given[name] for name in given if name in ("domain", "path")}
    return [dump_cookie("session", value, expires=expires, **given), dump_cookie("session", "", expires=0, max_age=0, **deleted)]
result = [written(*case) for case in input]
`;

/** What cookies are made of, separated by spaces here. */
const PIECES: readonly string[] = String.raw`
session session= session=abc SESSION=x session="a;b" session="\ session="a"b session="" "session" other=1 __proto__=1 Path=/
abc.DEF-_ a" = = =" ; ; ;; , " \ \" \054 \303\251 \377 \9 \400`
  .trim()
  .split(/\s+/);

/** Headers as no browser sends them: pieces of cookies in any order. */
function headers(count: number, seed: number, space: readonly string[]): string[] {
  const pieces = fc.array(fc.constantFrom(...PIECES, ...space), { minLength: 1, maxLength: 9 });
  return fc.sample(pieces, { numRuns: count, seed }).map((chosen) => chosen.join(""));
}

async function expectRead(environment: EnvironmentName, sent: readonly string[]): Promise<void> {
  const judge = await judgeOf(environment);
  const found = (await judge.run(READ, sent)) as (string | null)[];
  const ours = sent.map((header) => readCookie(header, "session", "first") ?? null);
  expect(sent.filter((_, index) => ours[index] !== found[index])).to.deep.equal([]);
  expect(new Set(found).size).to.be.greaterThan(50);
}

describe("readCookie", () => {
  it("finds what Werkzeug 3.1 finds in 4,000 headers", async () => {
    const space = [" ", "\t", "\v\f", "\x1c", "\x1f", "\x85", "\xa0", "\xe9", "\xc3\xa9"];
    await expectRead("fs080-flask31", headers(4000, 1, space));
  });

  it("finds what Werkzeug 2.2 finds in 4,000 headers, of ASCII", async () => {
    await expectRead("fs050-flask22", headers(4000, 2, [" ", "\t", "\v\f"]));
  });

  it("lets the last of two count before Werkzeug 1.0", () => {
    for (const { header, session } of flask10.read) {
      expect(readCookie(header, "session", "last") ?? null, header).to.equal(session);
    }
  });

  // Source: https://github.com/python/cpython/issues/137566 (discussion), run on Werkzeug 0.16, 2.2 and 3.1.
  for (const other of ['prefs={"chips": "dark chocolate"}', 'prefs="{"a": 1}"', "bare", "=x"]) {
    it(`f73: finds the session behind ${other}`, () => {
      expect(readCookie(`${other}; session=abc.def.ghi; state=gooey`, "session", "first")).to.equal("abc.def.ghi");
    });
  }

  it("does not look at a header of more than 8 KiB", () => {
    const header = `session=abc; pad=${"x".repeat(MAX_COOKIE_HEADER_BYTES - 17)}`;
    expect(readCookie(header, "session", "first")).to.equal("abc");
    expect(readCookie(`${header}x`, "session", "first")).to.equal(undefined);
  });

  it("takes the name of a prototype's member for a name like any", () => {
    expect(readCookie("session=abc", "__proto__", "first")).to.equal(undefined);
    expect(readCookie("__proto__=abc", "__proto__", "first")).to.equal("abc");
  });

  it("needs one pass over whatever comes", () => {
    const pieces = ["=", ";", '="', 'a="\\";', '"', "\\", " ", 'a="b" ', 'a= "', "session", "a=\t"];
    const started = performance.now();
    for (const piece of pieces) {
      for (let round = 0; round < 100; round++) {
        readCookie(piece.repeat(MAX_COOKIE_HEADER_BYTES / piece.length), "session", "last");
      }
    }
    // 9 MiB; a quadratic reader would take a thousand times as long.
    expect(performance.now() - started).to.be.lessThan(3000);
  });
});

/** What a random configuration may hold. */
const given: fc.Arbitrary<Given> = fc.record(
  {
    domain: fc.constantFrom("example.com", ".example.com", "..a.example.com", "Example.Com:5000", "a_b.example-1.org"),
    path: fc.constantFrom(
      "/",
      "",
      "/app",
      "/a b",
      "/é/ü",
      "/100%",
      "/a%20b",
      "/%zz",
      '/"<>\\^`{|}~',
      "/!$&'()*+,:=@",
      "/😀",
    ),
    httponly: fc.boolean(),
    secure: fc.boolean(),
    samesite: fc.constantFrom<SameSite>("Strict", "Lax", "None"),
  },
  { requiredKeys: [] },
);

const value: fc.Arbitrary<string> = fc.stringMatching(/^[\w.|!#$%&'*+^`~-]{0,60}$/);

/** Milliseconds since 1970, up to the year 9999. */
const expires: fc.Arbitrary<number | null> = fc.option(fc.integer({ min: 0, max: 253_402_300_799_999 }));

async function expectWritten(environment: EnvironmentName, version: Version, extra: readonly Given[]): Promise<void> {
  const sample = fc.sample(fc.tuple(value, expires, given), { numRuns: 2000, seed: 3 });
  const cases = [...sample, ...extra.map((options) => ["abc", null, options] as [string, number | null, Given])];
  const judge = await judgeOf(environment);
  const theirs = (await judge.run(WRITE, cases)) as [string, string][];
  for (const [index, [text, instant, options]] of cases.entries()) {
    expect(written(text, instant, options, version)).to.deep.equal(theirs[index]);
  }
}

function written(text: string, instant: number | null, options: Given, version: Version): [string, string] {
  const attributes = cookieAttributes(optionsOf(options), version);
  const sent = instant === null ? attributes : { ...attributes, expires: new Date(instant) };
  return [writeCookie("session", text, sent), deleteCookie("session", attributes)];
}

/** Werkzeug names two of them otherwise, and has other defaults. */
function optionsOf({ httponly = false, samesite, ...same }: Given): CookieOptions {
  return { ...same, httpOnly: httponly, ...(samesite === undefined ? {} : { sameSite: samesite }) };
}

describe("writeCookie and deleteCookie", () => {
  it("write what Werkzeug 3.1 writes, for 2,000 cookies", async () => {
    await expectWritten("fs080-flask31", [3, 1], [{ path: "/a?b#c[d]" }]);
  });

  it("write what Werkzeug 2.2 writes, for 2,000 cookies", async () => {
    await expectWritten("fs050-flask22", [2, 2], [{ path: "/a?b#c[d]" }]);
  });

  it("write what Werkzeug 0.16 writes, dates with dashes", () => {
    for (const { given: options, session, permanent } of flask10.written) {
      expect(written("abc", null, options, [1, 0])[0]).to.equal(session);
      expect(written("abc", flask10.expiresAt * 1000, options, [1, 0])[0]).to.equal(permanent);
    }
    expect(written("", null, { domain: "example.com" }, [1, 0])[1]).to.equal(flask10.deleted);
  });

  it("refuse a value that would end the cookie", () => {
    const attributes = cookieAttributes({}, [3, 1]);
    for (const text of ["a;b", "a\r\nSet-Cookie: b=c", "a\0", "a b", 'a"b', "a,b", "a\\b", "é"]) {
      expect(() => writeCookie("session", text, attributes), text).to.throw(TypeError, "not a plain token");
    }
  });
});

describe("writeQuotedCookie", () => {
  const attributes = { path: "/", secure: false, httpOnly: false, dashedExpires: false };

  it("is written without quotes where it can be", () => {
    expect(writeQuotedCookie("a", "42|x", attributes)).to.equal("a=42|x; Path=/");
  });

  it("is written so that every header may hold it, and read as it was", () => {
    const every = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");
    for (const text of [every, "☃", '"', "\\", '\\"', "a,b;c d", "\\101"]) {
      const line = writeQuotedCookie("a", text, attributes);
      expect(line).to.match(/^a="[ -~]*"; Path=\/$/);
      expect(line.slice(0, line.lastIndexOf(";"))).not.to.include(";");
      expect(readCookie(`b=1; ${line}`, "a", "first")).to.equal(text);
    }
  });
});
