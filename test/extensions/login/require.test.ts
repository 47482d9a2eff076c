/** Pages for who is logged in, in Express as in Flask. */
import { expect } from "chai";
import express from "express";
import express4 from "express4";
import { LoginRequiredError } from "../../../src/errors.ts";
import { type GuardOptions, type GuardRequest, loginRequired } from "../../../src/extensions/login.ts";
import { createSessions } from "../../../src/session/sessions.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import { type FlaskApp, startFlask } from "../../services/flask-app.ts";
import { startLoginApp } from "./app.ts";
import { PlainBrowser } from "./plain-browser.ts";

const SECRET_KEY = "your-super-secret-key";

describe("loginRequired and freshLoginRequired", function () {
  this.timeout(60_000);

  for (const [name, framework] of [
    ["Express 5", express],
    ["Express 4", express4],
  ] as const) {
    describe(name, () => {
      it("answer 401 as Flask does", async () => {
        const flask = await startFlask({ app: "login", config: { SECRET_KEY } });
        const node = await startLoginApp({ SECRET_KEY }, {}, { framework });
        const statuses = [];
        for (const { url } of [flask, node]) {
          const browser = new PlainBrowser();
          const seen = async () => [
            (await browser.get(`${url}/page`)).status,
            (await browser.get(`${url}/fresh`)).status,
          ];
          const anonymous = await seen();
          const options = await browser.send("OPTIONS", `${url}/page`);
          await browser.post(`${url}/login`, { id: "42", fresh: false });
          const stale = await seen();
          await browser.post(`${url}/login`, { id: "42" });
          const fresh = await seen();
          await browser.post(`${url}/login`, { id: "deleted" });
          statuses.push({ anonymous, options: options.status, stale, fresh, deleted: await seen() });
        }
        await flask.stop();
        const { body } = await new PlainBrowser().get(`${node.url}/page`);
        await node.stop();
        expect(statuses[1]).to.deep.equal(statuses[0]);
        expect(statuses[0]).to.deep.equal({
          anonymous: [401, 401],
          options: 200,
          stale: [200, 401],
          fresh: [200, 200],
          deleted: [401, 401],
        });
        expect(body).to.equal("LoginRequiredError: Nobody is logged in");
      });

      describe("redirect", () => {
        const views: readonly (readonly [loginView: string, refreshView: string])[] = [
          ["/login", "/again"],
          ["/login?x=1&next=old&y=", "/again#top"],
          ["https://login.example.com/?a=1", "//login.example.com/again"],
        ];
        let flask: FlaskApp;

        for (const [loginView, refreshView] of views) {
          it(`to ${loginView} and ${refreshView}, as Flask does`, async () => {
            flask = await startFlask({
              app: "login",
              config: { SECRET_KEY, LOGIN_VIEW: loginView, REFRESH_VIEW: refreshView },
            });
            const node = await startLoginApp({ SECRET_KEY }, {}, { framework, guards: { loginView, refreshView } });
            const answers = [];
            for (const { url } of [flask, node]) {
              const browser = new PlainBrowser({ host: "app.example.com" });
              const anonymous = await browser.get(`${url}/page?a=1&b=c+d`);
              const flashed = await browser.json(`${url}/flashed`);
              await browser.post(`${url}/login`, { id: "42", fresh: false });
              const stale = await browser.get(`${url}/fresh`);
              const both = await browser.json(`${url}/flashed`);
              answers.push(
                [anonymous, stale].map(({ status, headers }) => [status, headers.location]),
                flashed,
                both,
              );
            }
            await flask.stop();
            await node.stop();
            expect(answers.slice(3)).to.deep.equal(answers.slice(0, 3));
          });
        }

        it("with other words, or none", async () => {
          const guards: GuardOptions = {
            loginView: "/login",
            loginMessage: "Bitte anmelden.",
            loginMessageCategory: "info",
            refreshView: "/again",
            needsRefreshMessage: "",
            needsRefreshMessageCategory: "never",
          };
          const node = await startLoginApp({ SECRET_KEY }, {}, { framework, guards });
          const browser = new PlainBrowser();
          await browser.get(`${node.url}/page`);
          expect(await browser.json(`${node.url}/flashed`)).to.deep.equal([["info", "Bitte anmelden."]]);
          await browser.post(`${node.url}/login`, { id: "42", fresh: false });
          expect((await browser.get(`${node.url}/fresh`)).headers.location).to.equal("/again?next=%2Ffresh");
          expect(await browser.json(`${node.url}/flashed`)).to.deep.equal([["info", "Bitte anmelden."]]);
          await node.stop();
        });
      });

      it("know the browser by the address that they are told", async () => {
        const guards: GuardOptions = {
          clientAddress: (request) => (request.headers as Record<string, string>)["x-client"],
        };
        const node = await startLoginApp({ SECRET_KEY, SESSION_PROTECTION: "strong" }, {}, { framework, guards });
        const browser = new PlainBrowser({ "x-client": "10.1.1.1" });
        await browser.post(`${node.url}/login`, { id: "42", clientAddress: "10.1.1.1" });
        expect((await browser.get(`${node.url}/page`)).status).to.equal(200);
        browser.headers = { "x-client": "10.1.1.2" };
        expect((await browser.get(`${node.url}/page`)).status).to.equal(401);
        await node.stop();
      });
    });
  }

  const pages: readonly (readonly [string, Partial<GuardRequest>, GuardOptions, string])[] = [
    [
      "a path is no host",
      { originalUrl: "//evil.example.com/" },
      { loginView: "/login" },
      "/login?next=%2Fevil.example.com%2F",
    ],
    ["nor with backslashes", { originalUrl: "/\\evil" }, { loginView: "/login" }, "/login?next=%2Fevil"],
    ["without a path the root", {}, { loginView: "/login" }, "/login?next=%2F"],
    [
      "our own origin is left away",
      { originalUrl: "/a" },
      { loginView: "http://a.b/login" },
      "http://a.b/login?next=%2Fa",
    ],
    ["and with nothing behind it", { originalUrl: "/a" }, { loginView: "http://a.b" }, "http://a.b?next=%2Fa"],
    [
      "another is not",
      { originalUrl: "/a", protocol: "https" },
      { loginView: "http://a.b/" },
      "http://a.b/?next=https%3A%2F%2Fa.b%2Fa",
    ],
    [
      "nor where nobody knows ours",
      { originalUrl: "/a", headers: {} },
      { loginView: "http://a.b/" },
      "http://a.b/?next=http%3A%2F%2F%2Fa",
    ],
  ];
  for (const [name, parts, options, location] of pages) {
    it(`the page to come back to: ${name}`, async () => {
      const { session } = await createSessions({ store: memoryStore() }).open(undefined);
      const request = { session, headers: { host: "a.b" }, ...parts };
      const found = await new Promise((resolve, reject) => {
        loginRequired(options)(request, { redirect: resolve }, reject);
      });
      expect(found).to.equal(location);
    });
  }

  it("hand on a redirect that comes too late", async () => {
    const { session } = await createSessions({ store: memoryStore() }).open(undefined);
    const tooLate = new RangeError("the head went out");
    const redirect = () => {
      throw tooLate;
    };
    const error = await new Promise((resolve) => {
      loginRequired({ loginView: "/login" })({ session, headers: {} }, { redirect }, resolve);
    });
    expect(error).to.equal(tooLate);
  });

  it("hand on what goes wrong", async () => {
    const request = { session: {}, headers: {} };
    const error = await new Promise((resolve) => {
      loginRequired()(request, { redirect: () => undefined }, resolve);
    });
    expect(error).to.be.instanceOf(TypeError).and.not.instanceOf(LoginRequiredError);
  });
});
