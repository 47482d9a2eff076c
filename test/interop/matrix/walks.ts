/** The walks of the matrix, a column of its tables each: what a visitor does on both sides, and what either must find. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { assignment, exactly, JSON_VALUES, MSGPACK, PICKLE, reprOf, type Value } from "../values.ts";
import { type Bench, formatOf, keysOf, LIFETIME, told } from "./bench.ts";
import { otherFormat } from "./other-format.ts";
import type { Places } from "./place.ts";
import { hasQuirk, type QuirkName } from "./quirks.ts";

/** A column. */
export interface Walk {
  /** How tables call it. */
  readonly name: string;
  /** What it does, as the sentence of a test. */
  readonly about: string;
  /** Those that it meets. */
  readonly quirks: readonly QuirkName[];
  readonly run: (bench: Bench) => Promise<void>;
  /** Stores that it is for; all if absent. */
  readonly isFor?: (store: Places) => boolean;
}

/** In the order of the columns. */
export const walks: readonly Walk[] = [
  {
    name: "Flask, Node, Flask, Node",
    about:
      "Flask writes values of every type, Node changes keys, Flask finds all else as it was and changes, Node reads",
    quirks: ["idle"],
    run: thereAndBack,
  },
  {
    name: "begun in Node",
    about: "Node begins a session with a cookie and a record like Flask's own, Flask reads and changes it, Node reads",
    quirks: ["UUID", "no SameSite", "dashes", "no Vary", "always a cookie"],
    run: begunInNode,
  },
  {
    name: "log-out",
    about: "who logs out in Node is nobody in Flask and the reverse, with the old cookie too, and no record is left",
    quirks: ["always a cookie", "adopts", "clear forgets", "no expiry"],
    run: logOut,
  },
  {
    name: "regenerate",
    about: "after regenerate() on one side the other knows the new sid and nobody the old one",
    quirks: ["no regenerate", "always a cookie"],
    run: regenerate,
  },
  {
    name: "lifetime",
    about:
      "each side renews the lifetime, in the store and in the browser, and a session that is over is over for both",
    quirks: ["always a cookie", "idle"],
    run: lifetime,
  },
  {
    name: "another version's format",
    about: "what another version has left is read in Node, and what Node makes of it in Flask",
    quirks: ["blank or 500", "overwrites", "converts"],
    run: otherFormat,
    isFor: ({ serializes }) => serializes,
  },
];

const VALUES: Readonly<Record<string, readonly Value[]>> = { pickle: PICKLE, msgpack: MSGPACK, json: JSON_VALUES };

async function thereAndBack(bench: Bench): Promise<void> {
  const { side, setting } = bench;
  await bench.inFlask([...(VALUES[setting.format] as readonly Value[]), ["uname", "'alice'"] as const].map(assignment));
  const { token } = bench;
  expect(formatOf(await bench.record())).to.equal(setting.format);
  const before = await bench.found();

  expect(await bench.answer("who")).to.equal("alice");
  await bench.inNode("change");
  expect(bench.token).to.equal(token);
  expect(formatOf(await bench.record())).to.equal(setting.format);

  const after = await bench.found();
  expect(after.map(({ key }) => key)).to.deep.equal([...before.map(({ key }) => key), "seen"]);
  const untouched = ({ key }: { readonly key: string }): boolean => !["cart", "count", "seen"].includes(key);
  expect(after.filter(untouched).map(exactly)).to.deep.equal(before.filter(untouched).map(exactly));
  expect([reprOf(after, "count"), reprOf(after, "seen")]).to.deep.equal(["4", "True"]);
  expect(reprOf(after, "cart")).to.equal(
    "[{'name': 'tea', 'price': 4.0, 'count': 1}, {'name': 'jam', 'price': 2.5, 'count': 2}, {'name': 'nut', 'price': 7.0, 'count': 1}]",
  );

  await bench.inFlask(["session['count'] += 1"]);
  await bench.inFlask(["session['cart'].clear()"]);
  const lost = hasQuirk(side, "idle") && !setting.permanent;
  const shown = (await bench.answer("show")) as { readonly count: number; readonly cart: readonly unknown[] };
  expect([shown.count, shown.cart.length]).to.deep.equal([5, lost ? 3 : 0]);
}

async function begunInNode(bench: Bench): Promise<void> {
  const { side, setting } = bench;
  const inFlask = await bench.inFlask(["session['uname'] = 'bob'"]);
  const flaskSid = bench.sid;
  await bench.place.clear();
  bench.browser.cookies.clear();

  await bench.inFlask([]);
  await bench.expectRecords(hasQuirk(side, "always a cookie") && setting.permanent ? 1 : 0, "of who did nothing");
  const inNode = await bench.inNode("enter");
  expect(told(inNode)).to.deep.equal(told(inFlask)).and.have.length(1);
  expect(inNode.setCookie[0]?.includes("SameSite")).to.equal(!hasQuirk(side, "no SameSite"));
  expect(told(inNode)[0]?.includes("dashes")).to.equal(hasQuirk(side, "dashes") && setting.permanent);
  expect(inNode.headers.get("vary")).to.equal("Cookie");
  expect(inFlask.headers.get("vary")).to.equal(hasQuirk(side, "no Vary") ? null : "Cookie");
  const sid = hasQuirk(side, "UUID") ? /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/ : /^[\w-]{27}$/;
  expect(flaskSid).to.match(sid);
  expect(bench.sid).to.match(sid).and.not.equal(flaskSid);
  expect(formatOf(await bench.record())).to.equal(setting.format);

  const found = await bench.found();
  const permanent = setting.permanent ? [["_permanent", "True"]] : [];
  expect(found.map(({ key, repr }) => [key, repr])).to.deep.equal([
    ...permanent,
    ["uname", "'bob'"],
    ["price", "10.0"],
    ["count", "3"],
    ["nested", "{'a': [1, 2.5, None, 'é']}"],
  ]);
  await bench.inFlask(["session['count'] += 1", "session['nested']['a'].append(5)"]);
  expect(await bench.answer("show")).to.deep.equal({ uname: "bob", count: 4, nested: { a: [1, 2.5, null, "é", 5] } });
}

async function logOut(bench: Bench): Promise<void> {
  await bench.inFlask(["session['uname'] = 'alice'"]);
  const first = bench.token;
  const outOfNode = await bench.inNode("leave");
  expect(bench.browser.cookies.size).to.equal(0);
  await bench.expectRecords(0);
  await expectNobodyInFlask(bench, first);

  await bench.inNode("enter");
  const second = bench.token;
  const outOfFlask = await bench.inFlask(["session.clear()"]);
  expect(bench.browser.cookies.size).to.equal(0);
  expect(told(outOfNode)).to.deep.equal(told(outOfFlask)).and.have.length(1);
  await bench.expectRecords(0);
  expect(await bench.answer("who")).to.equal(null);
  expect(await bench.answer("who", bench.visitorWith(second))).to.equal(null);
  await bench.expectRecords(0, "Node stores nothing of who does nothing");

  await expectCleared(bench);
  await expectEmptied(bench);
}

/** What is set after clear() is as permanent as what was there before: in Node always, in Flask since 0.7. */
async function expectCleared(bench: Bench): Promise<void> {
  const { side, setting } = bench;
  await bench.inFlask(["session['a'] = 1"]);
  await bench.inNode("again");
  const afterNode = await bench.found();
  expect(keysOf(afterNode)).to.deep.equal(["b"]);
  expect(reprOf(afterNode, "_permanent")).to.equal(setting.permanent ? "True" : undefined);
  await bench.inFlask(["session.clear()", "session['c'] = 1"]);
  const { transient } = setting.store;
  if (hasQuirk(side, "no expiry", setting.store)) {
    const { status } = await bench.tryFlask(["session['d'] = 1"]);
    expect(status).to.equal(transient?.(side) === "error" ? 500 : 200);
    if (status === 200) expect(keysOf(await bench.found())).to.deep.equal(["d"]);
    return;
  }
  const kept = setting.permanent ? "True" : "False";
  expect(reprOf(await bench.found(), "_permanent")).to.equal(hasQuirk(side, "clear forgets") ? undefined : kept);
}

/** A session whose last key is taken out is over: in Node always, in Flask up to 0.5 only where it is not permanent. */
async function expectEmptied(bench: Bench): Promise<void> {
  await bench.place.clear();
  await bench.inFlask(["session['b'] = 1"]);
  await bench.inNode("empty");
  await bench.expectRecords(0);
  expect(bench.browser.cookies.size).to.equal(0);
  await bench.inFlask(["session['b'] = 1"]);
  await bench.inFlask(["session.pop('b')"]);
  const left = hasQuirk(bench.side, "always a cookie") && bench.setting.permanent ? 1 : 0;
  await bench.expectRecords(left);
  expect(bench.browser.cookies.size).to.equal(left);
}

/** The cookie of a session that is over gives nothing in Flask, and Flask's next session is the one that its version makes. */
async function expectNobodyInFlask(bench: Bench, token: string): Promise<void> {
  const { side, setting } = bench;
  const visitor = bench.visitorWith(token);
  expect(keysOf(await bench.found(visitor))).to.deep.equal([]);
  await bench.expectRecords(hasQuirk(side, "always a cookie") && setting.permanent ? 1 : 0);
  await bench.inFlask(["session['uname'] = 'carol'"], visitor);
  expect(visitor.cookies.get("session") === token).to.equal(hasQuirk(side, "adopts"));
  expect(await bench.answer("who", visitor)).to.equal("carol");
  await bench.place.clear();
}

async function regenerate(bench: Bench): Promise<void> {
  const { side } = bench;
  await bench.inFlask(["session['uname'] = 'alice'"]);
  const first = bench.token;
  await bench.inNode("renew");
  const second = bench.token;
  expect(second).not.to.equal(first);
  await bench.expectRecords(1);
  expect(keysOf(await bench.found())).to.deep.equal(["uname"]);

  if (hasQuirk(side, "no regenerate")) {
    expect((await bench.tryFlask(["regenerate()"])).status).to.equal(500);
    expect(bench.token).to.equal(second);
  } else {
    await bench.inFlask(["regenerate()", "session['uname'] = 'carol'"]);
    expect(bench.token).not.to.equal(second);
    expect(await bench.answer("who")).to.equal("carol");
    expect(await bench.answer("who", bench.visitorWith(second))).to.equal(null);
    await bench.expectRecords(1);
  }
  expect(await bench.answer("who", bench.visitorWith(first))).to.equal(null);
  expect(keysOf(await bench.found(bench.visitorWith(first)))).to.deep.equal([]);
}

async function lifetime(bench: Bench): Promise<void> {
  const { side, setting } = bench;
  const renewing = setting.permanent ? 1 : 0;
  await bench.inFlask(["session['uname'] = 'alice'", "session['count'] = 1"]);
  await expectRenewed(bench);

  await bench.age(100);
  expect(told(await bench.inNode("who"))).to.have.length(renewing);
  await expectRenewed(bench);
  await bench.age(100);
  const changed = told(await bench.inNode("mark"));
  await expectRenewed(bench);

  await bench.age(100);
  const idle = told(await bench.inFlask([]));
  expect(idle).to.have.length(hasQuirk(side, "always a cookie") ? 1 : renewing);
  if (hasQuirk(side, "idle") && !setting.permanent) expect((await bench.record()).secondsLeft).to.be.at.most(100);
  else await expectRenewed(bench);
  await bench.age(100);
  expect(told(await bench.inFlask(["session['count'] = 2"]))).to.deep.equal(changed);
  expect(changed.join().includes("Expires=+60m")).to.equal(setting.permanent);
  await expectRenewed(bench);

  const { token } = bench;
  await bench.age(-10);
  expect(await bench.answer("who", bench.visitorWith(token))).to.equal(null);
  expect(keysOf(await bench.found(bench.visitorWith(token)))).to.deep.equal([]);
}

/** The lifetime is the whole one; where a store cannot renew it while it reads, Node does so after the response. */
async function expectRenewed(bench: Bench): Promise<void> {
  for (const end = Date.now() + 2000; Date.now() < end; await sleep(5)) {
    if ((await bench.record()).secondsLeft > 100) break;
  }
  expect((await bench.record()).secondsLeft).to.be.within(LIFETIME - 30, LIFETIME + 1);
}
