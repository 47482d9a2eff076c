/** Clocks that differ: itsdangerous 2 refuses a token from the next second, so Node dates its own back. */
import { expect } from "chai";
import { createSessions } from "../../src/session/sessions.ts";
import { judgeOf } from "../python/judge.ts";

const COUNT = 1000;
const KEY = "a key of sixteen bytes";

/** Instants of real time in milliseconds, anywhere within a second. */
const instants = Array.from({ length: COUNT }, (_, number) => 1_760_000_000_000 + number * 1_137);

/** Works with `time.time()` at an instant. */
const SITE = `
import time
from unittest import mock
from flask import Flask
app = Flask('clock')
app.config['SECRET_KEY'] = input['key']
interface = app.session_interface

def at(seconds, work):
    with mock.patch.object(time, 'time', lambda: seconds):
        return work()

def opened(token):
    return interface.open_session(app, app.test_request_context(headers={'Cookie': 'session=' + token}).request)
`;

const READ = `${SITE}
result = sum('n' in at(millis / 1000, lambda: opened(token)) for millis, token in input['tokens'])`;

const WRITE = `${SITE}
serializer = interface.get_signing_serializer(app)
result = [at(millis / 1000 + input['ahead'], lambda: serializer.dumps({'n': 1})) for millis in input['instants']]`;

describe("clocks that differ, and Flask's own cookie", function () {
  this.timeout(60_000);

  const realNow = Date.now;
  afterEach(() => {
    Date.now = realNow;
  });

  /** How many of Node's cookies, its clock so many seconds ahead, Flask takes at once. */
  async function takenByFlask(secondsAhead: number, clockSkewSeconds?: number): Promise<unknown> {
    const skew = clockSkewSeconds === undefined ? {} : { clockSkewSeconds };
    const sessions = createSessions({ cookieSession: true, secretKey: KEY, ...skew });
    const tokens: [number, string][] = [];
    for (const millis of instants) {
      Date.now = () => millis + secondsAhead * 1000;
      const { session, finish } = await opened();
      session["n"] = 1;
      const [cookie = ""] = (await finish()).setCookie;
      tokens.push([millis, cookie.slice("session=".length, cookie.indexOf(";"))]);
    }
    Date.now = realNow;
    return (await judgeOf("fs080-flask31")).run(READ, { key: KEY, tokens });

    async function opened() {
      const request = await sessions.open(undefined);
      return { session: request.session, finish: async () => request.finish() };
    }
  }

  /** How many of Flask's cookies, its clock so many seconds ahead, Node takes at once. */
  async function takenByNode(secondsAhead: number): Promise<number> {
    const judge = await judgeOf("fs080-flask31");
    const tokens = (await judge.run(WRITE, { key: KEY, instants, ahead: secondsAhead })) as readonly string[];
    const sessions = createSessions({ cookieSession: true, secretKey: KEY, onEvent: () => {} });
    let taken = 0;
    for (const [index, token] of tokens.entries()) {
      Date.now = () => instants[index] as number;
      if ("n" in (await sessions.read(`session=${token}`))) taken++;
    }
    return taken;
  }

  it("Flask takes every cookie of a Node that is 2 s ahead", async () => {
    expect(await takenByFlask(2)).to.equal(COUNT);
  });

  it("and none where clockSkewSeconds is 0", async () => {
    expect(await takenByFlask(2, 0)).to.equal(0);
  });

  it("Node takes every cookie of a Flask that is 2 s ahead", async () => {
    expect(await takenByNode(2)).to.equal(COUNT);
  });

  it("and none of one that is 4 s ahead", async () => {
    expect(await takenByNode(4)).to.equal(0);
  });
});
