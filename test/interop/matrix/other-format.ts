/** The walk over records in a format that a side does not write itself: what an older or a newer version has left. */
import { expect } from "chai";
import { hasFlaskSessionBefore } from "../sides.ts";
import {
  assignment,
  describedByPython,
  exactly,
  MSGPACK,
  OLD_PICKLE,
  recordOf,
  reprOf,
  type Value,
} from "../values.ts";
import { type Bench, formatOf, keysOf } from "./bench.ts";
import { hasQuirk } from "./quirks.ts";

/** Beside Flask-Session up to 0.6 records of 0.8; since 0.7 records of 0.6. */
export async function otherFormat(bench: Bench): Promise<void> {
  await (hasFlaskSessionBefore(bench.side, 0, 7) ? newerRecords(bench) : olderRecord(bench));
}

const USER: Value = ["uname", "'alice'"];

/** A pickle stays one in Node, with its types; Flask reads it and makes it msgpack or JSON. */
async function olderRecord(bench: Bench): Promise<void> {
  const { side, setting } = bench;
  const isKept = ([key]: Value): boolean => setting.format === "msgpack" || key !== "by_number";
  const values = [...OLD_PICKLE.filter(isKept), USER];
  await bench.inFlask([assignment(USER)]);
  // Read without a change it would be saved in Flask's own format: Node comes first.
  await leave(bench, await recordOf(values, side.environment, "pickle.dumps(session, 4)"));
  const before = await describedByPython(values, side.environment);
  await bench.inNode("mark");
  expect(formatOf(await bench.record())).to.equal("pickle");

  const after = await bench.found();
  expect(after.map(({ key }) => key)).to.deep.equal([...before.map(({ key }) => key), "seen"]);
  expect(after.slice(0, -1).map(exactly)).to.deep.equal(before.map(exactly));

  await bench.inFlask(["session['n'] = 1"]);
  expect(formatOf(await bench.record())).to.equal(setting.format);
  expect(reprOf(await bench.found(), "pair")).to.equal("[1, 2.0]");
  expect(await bench.answer("who")).to.equal("alice");
}

/** msgpack and JSON are unreadable to Flask until Node has saved them. */
async function newerRecords(bench: Bench): Promise<void> {
  const records = [
    { python: "__import__('msgspec').msgpack.encode(session)", values: [USER] },
    { python: "__import__('msgspec').msgpack.encode(session)", values: [...MSGPACK, USER] },
    { python: "__import__('msgspec').json.encode(session)", values: [USER] },
  ];
  for (const { python, values } of records) {
    const bytes = await recordOf(values, "fs080-flask31", python);
    await expectUnreadable(bench, bytes, values.length === 1 && python.includes("msgpack"));

    await bench.place.clear();
    bench.browser.cookies.clear();
    await bench.inFlask([assignment(USER)]);
    await leave(bench, bytes);
    expect(await bench.answer("who")).to.equal("alice");
    await bench.inNode("mark");
    expect(formatOf(await bench.record())).to.equal("pickle");
    const [found, wanted] = [await bench.found(), await describedByPython(values, "fs080-flask31")];
    expect(found.slice(0, -1).map(exactly)).to.deep.equal(wanted.map(exactly));
    expect(reprOf(found, "seen")).to.equal("True");
  }
}

/** @param isShortMap whether the bytes are msgpack with two or three keys */
async function expectUnreadable(bench: Bench, bytes: Uint8Array, isShortMap: boolean): Promise<void> {
  await bench.place.clear();
  bench.browser.cookies.clear();
  await bench.inFlask([assignment(USER)]);
  await leave(bench, bytes);
  if (hasQuirk(bench.side, "blank or 500") && isShortMap) {
    expect((await bench.tryFlask([])).status).to.equal(500);
    expect((await bench.tryFlask([])).status, "until the record ends").to.equal(500);
    return;
  }
  expect(keysOf(await bench.found())).to.deep.equal([]);
  const [left] = await bench.place.lying();
  const isThere = Buffer.from(left?.bytes ?? []).equals(bytes);
  expect(isThere).to.equal(!hasQuirk(bench.side, "overwrites") || !bench.setting.permanent);
}

/** Puts these bytes in the place of the record. */
async function leave(bench: Bench, bytes: Uint8Array): Promise<void> {
  await bench.place.replace({ ...(await bench.record()), bytes });
}
