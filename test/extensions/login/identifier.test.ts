import { expect } from "chai";
import { identifierOf } from "../../../src/extensions/login/identifier.ts";
import { type EnvironmentName, judgeOf } from "../../python/judge.ts";
import { FORWARDED, USER_AGENTS } from "./cells.ts";

const PEER = { session: {}, remoteAddress: "127.0.0.1" };

describe("the identifier of a session", function () {
  this.timeout(60_000);

  it("is SHA-512 of what Python prints", () => {
    const forwarded = { "x-forwarded-for": "1.2.3.4, 5.6.7.8", "user-agent": "UA/1.0" };
    expect(identifierOf({ session: {}, headers: forwarded }, undefined)).to.equal(
      "e1bc3024303f033505a3d0f3ca770ae005ec82df017f577a711f114308f8df29ceb5b10ae81bb98ded385ded4a4bcd297a12e7916970529c3bd32931a3fc6256",
    );
    expect(identifierOf({ ...PEER, headers: { "user-agent": "UA/1.0" } }, undefined)).to.equal(
      "61f15f2833c7c26ee62dbf935724202f55bcf2e994fecd610561b56419b9356f5ca81dbf225982216f971a59c8808367663d2f66caa51583e9e850033f29b13c",
    );
  });

  it("takes no longer for spaces within an address", () => {
    const headers = { "x-forwarded-for": `a${" ".repeat(200_000)}b` };
    const startedAt = performance.now();
    identifierOf({ session: {}, headers }, undefined);
    expect(performance.now() - startedAt).to.be.below(2000);
  });

  for (const environment of ["fs080-flask31", "fs040-flask20"] as const satisfies readonly EnvironmentName[]) {
    it(`is what Flask-Login of ${environment} makes of any byte in any header`, async () => {
      const every = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
      const userAgents = [...USER_AGENTS, ...every, ...every.map((character) => `'${character}"`), every.join("")];
      const addresses = [...FORWARDED, " \t1.2.3.4 \v, 5", ",", "\xa01.2.3.4", "'", "\xe9"];
      const cases = [
        ...userAgents.map((userAgent) => [undefined, userAgent] as const),
        ...addresses.map((forwarded) => [forwarded, "UA"] as const),
      ];
      const made = await (await judgeOf(environment)).run(
        `
from flask import Flask
from flask_login.utils import _create_identifier
app = Flask("app")
result = []
for forwarded, agent in input:
    environ = {"REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", "SERVER_NAME": "x", "SERVER_PORT": "80", "REQUEST_METHOD": "GET"}
    if forwarded is not None:
        environ["HTTP_X_FORWARDED_FOR"] = forwarded
    if agent is not None:
        environ["HTTP_USER_AGENT"] = agent
    with app.request_context(environ):
        result.append(_create_identifier())
`,
        cases.map((pair) => pair.map((text) => text ?? null)),
      );
      const ours = cases.map(([forwarded, userAgent]) =>
        identifierOf({ ...PEER, headers: { "x-forwarded-for": forwarded, "user-agent": userAgent } }, undefined),
      );
      expect(ours).to.deep.equal(made);
    });
  }

  it("takes the address that it is told, whatever the headers say", () => {
    const headers = { "x-forwarded-for": "1.2.3.4" };
    expect(identifierOf({ ...PEER, headers }, "5.6.7.8")).to.equal(
      identifierOf({ session: {}, remoteAddress: "5.6.7.8", headers: {} }, undefined),
    );
  });

  it("knows an IPv4 peer by its IPv4 address, and nobody as None", () => {
    const of = (remoteAddress: string) => identifierOf({ session: {}, headers: {}, remoteAddress }, undefined);
    expect(of("::ffff:127.0.0.1")).to.equal(of("127.0.0.1"));
    expect(of("::1")).not.to.equal(of("127.0.0.1"));
    expect(identifierOf({ session: {}, headers: {} }, undefined)).to.equal(
      // sha512(b"None|None")
      "892f7fec2c15835660cba1324da22125e167e65bbe5de394d486a744c2c07be014719895f627ec258b1ab0de00d8e2b5bc9bb4e29a7e3c78329d9d2051ec0e84",
    );
  });
});
