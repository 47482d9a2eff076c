import { expect } from "chai";
import { ConfigError, SecretKeyMissingError } from "../../../src/errors.ts";
import { makeToken, openToken, rememberKeyOf } from "../../../src/extensions/login/remember-token.ts";
import { judgeOf } from "../../python/judge.ts";

const KEY = Buffer.from("s3cret");
const TOKEN =
  "42|640ec917ed01ec6bd9d7ccfd1494615d5e510ab2891b0c1f347839a92ee3f77485b47cd20db42eaacb6639b5b707b9de3b05d990c7b5e9e836660953b6dff021";

describe("remember tokens", () => {
  it("are Flask-Login's", () => {
    expect(makeToken("42", KEY)).to.equal(TOKEN);
    expect(openToken(TOKEN, KEY)).to.equal("42");
  });

  const refused: readonly (readonly [string, string])[] = [
    ["nothing", ""],
    ["no separator", "42"],
    ["no digest", "42|"],
    ["another user", TOKEN.replace("42", "43")],
    ["another digest", `${TOKEN.slice(0, -1)}0`],
    ["a longer digest", `${TOKEN}0`],
    ["a digest in upper case", TOKEN.toUpperCase()],
    ["a digest that is no ASCII", `42|${"é".repeat(128)}`],
    ["two users", `1|${TOKEN}`],
  ];
  for (const [name, token] of refused) {
    it(`with ${name} name nobody`, () => {
      expect(openToken(token, KEY)).to.equal(undefined);
    });
  }

  it("of any user and any key of latin-1 are the same in both", async () => {
    const users = ["", "a|b", "|", "é☃", "a b", "\0", "1".repeat(5000)];
    const keys = ["s3cret", "clé", "\xff\x80", "☃"];
    const made = (await (
      await judgeOf("fs080-flask31")
    ).run(
      `
from flask_login.utils import encode_cookie
result = []
for key in input["keys"]:
    try:
        result.append([encode_cookie(user, key) for user in input["users"]])
    except UnicodeEncodeError as error:
        result.append(type(error).__name__)
`,
      { users, keys },
    )) as unknown[];
    const ours = keys
      .slice(0, 3)
      .map((SECRET_KEY) => users.map((user) => makeToken(user, rememberKeyOf({ SECRET_KEY }))));
    expect(made).to.deep.equal([...ours, "UnicodeEncodeError"]);
    expect(() => rememberKeyOf({ SECRET_KEY: "☃" })).to.throw(ConfigError, "Cannot use SECRET_KEY: ");
    for (const [index, user] of users.entries())
      expect(openToken(ours[1]?.[index] ?? "", Buffer.from("clé", "latin1"))).to.equal(user);
  });

  it("need a key", () => {
    for (const config of [{}, { SECRET_KEY: "" }, { SECRET_KEY: new Uint8Array() }]) {
      expect(() => rememberKeyOf(config)).to.throw(SecretKeyMissingError);
    }
    expect(rememberKeyOf({ SECRET_KEY: KEY })).to.equal(KEY);
  });
});
