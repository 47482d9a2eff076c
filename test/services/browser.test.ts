import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { Browser } from "./browser.ts";

/** A Set-Cookie, met by a browser that has `session=old`, and the Cookie header of its next request. */
interface Case {
  readonly name: string;
  readonly setCookie: readonly string[];
  readonly expect: string | undefined;
}

const past = "Thu, 01 Jan 1970 00:00:00 GMT";

const cases: readonly Case[] = [
  { name: "a new value replaces the old", setCookie: ["session=new; HttpOnly; Path=/"], expect: "session=new" },
  { name: "another name stands beside it", setCookie: ["other=1"], expect: "session=old; other=1" },
  { name: "Max-Age=0 deletes", setCookie: ["session=; Max-Age=0; Path=/"], expect: undefined },
  { name: "Expires in the past deletes", setCookie: [`session=; Expires=${past}`], expect: undefined },
  {
    name: "Expires in the future keeps",
    setCookie: ["session=a; Expires=Fri, 01 Jan 2100 00:00:00 GMT"],
    expect: "session=a",
  },
  { name: "a value keeps its equals signs", setCookie: ["session=a=b="], expect: "session=a=b=" },
];

describe("browser", () => {
  let server: Server;
  let url = "";
  let setCookie: readonly string[] = [];
  let received: string | undefined;

  before(async () => {
    server = createServer((request, response) => {
      received = request.headers.cookie;
      response.writeHead(200, { "set-cookie": [...setCookie] }).end();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(() => {
    server.close();
    server.closeAllConnections();
  });

  for (const { name, setCookie: sent, expect: expected } of cases) {
    it(name, async () => {
      const browser = new Browser();
      browser.cookies.set("session", "old");
      setCookie = sent;
      expect((await browser.get(url)).setCookie).to.deep.equal(sent);
      expect(received).to.equal("session=old");
      await browser.get(url);
      expect(received).to.equal(expected);
    });
  }
});
