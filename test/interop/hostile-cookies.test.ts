/** What a client can send in place of Flask's own cookie, signed or not: as Flask where Flask finds a session, else a new one. */
import { expect } from "chai";
import type { SessionEvent } from "../../src/session/events.ts";
import { Session } from "../../src/session/session.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";
import { judgeOf } from "../python/judge.ts";

const KEY = "a key of sixteen bytes";
const NOW = 1_760_000_000_000;

/** A cookie, and Flask's answer to it. */
interface Told {
  readonly header: string;
  readonly status: number;
  /** In canonical form; `null`: Flask failed. */
  readonly session: unknown;
}

/** What Node does: what Flask does, or gives a new session and tells of it by this event. */
type Outcome = "as Flask" | "nothing" | "corrupt" | "signature" | "expired" | "future";

/** Flask fails at each corrupt one with 500, at every request until the cookie is gone; but for null, and the bomb, which it inflates. */
const outcomes: Readonly<Record<string, Outcome>> = {
  empty: "nothing",
  dots: "signature",
  "one dot": "signature",
  "one part": "signature",
  "two parts": "signature",
  cut: "signature",
  "wrong signature": "signature",
  "no signature": "signature",
  "a JWT": "signature",
  "an id of express-session": "signature",
  "signed for CSRF": "signature",
  "unsigned bomb": "signature",
  "signed bomb": "corrupt",
  // Longer than what is looked at.
  "100 KB": "nothing",
  // Two seconds are for clocks that differ, where Flask has none.
  "1 s ahead": "as Flask",
  "10 years ahead": "future",
  "no timestamp": "signature",
  "empty timestamp": "expired",
  "20 bytes of timestamp": "signature",
  "no base64 as timestamp": "expired",
  "epoch of 2011": "expired",
  "too old": "expired",
  "a list": "corrupt",
  "a string": "corrupt",
  "a number": "corrupt",
  null: "corrupt",
  "no JSON": "corrupt",
  "an empty payload": "corrupt",
  "bad UTF-8": "corrupt",
  "bad zlib": "corrupt",
  "cut zlib": "corrupt",
  "base64 of one letter": "corrupt",
  "a byte order mark": "corrupt",
  "UUID of zz": "corrupt",
  "tuple of 5": "corrupt",
  "date of nope": "as Flask",
  "bytes of ***": "as Flask",
  "an unknown tag": "as Flask",
  "an escaped tag": "as Flask",
  "all of it a tag": "corrupt",
  "all of it an escape": "as Flask",
  NaN: "as Flask",
  "2**63-1": "as Flask",
  "4,301 digits": "corrupt",
  "names of objects": "as Flask",
  twins: "as Flask",
  "a lone surrogate": "as Flask",
  "400 lists": "as Flask",
  "480 lists": "as Flask",
  "489 dicts": "as Flask",
  "600 lists": "corrupt",
  "50,000 lists": "nothing",
  padding: "as Flask",
  twin: "as Flask",
  quotes: "as Flask",
  "standard alphabet": "as Flask",
  "bad, good": "signature",
  "good, bad": "as Flask",
};

describe("hostile input in Flask's own cookie", function () {
  this.timeout(60_000);

  const realNow = Date.now;
  let told: Readonly<Record<string, Told>>;
  let changed: Readonly<Record<string, unknown>>;
  let events: SessionEvent[];
  let sessions: Sessions;

  before(async () => {
    const judge = await judgeOf("fs080-flask31");
    told = (await judge.run("import hostile_cookies as h\nresult = h.all_told()", {})) as typeof told;
    sessions = createSessions({
      cookieSession: true,
      secretKey: KEY,
      lifetimeSeconds: 3600,
      maxCookieSizeBytes: 0,
      onEvent: (event) => {
        events.push(event);
      },
    });
    const sent: Record<string, string> = {};
    for (const name of names("as Flask")) sent[name] = await withKey((told[name] as Told).header);
    changed = (await judge.run("import hostile_cookies as h\nresult = h.without_node(input)", sent)) as typeof changed;
  });

  beforeEach(() => {
    events = [];
    Date.now = () => NOW;
  });
  afterEach(() => {
    Date.now = realNow;
  });

  /** The cookie after a request that set a key. */
  async function withKey(header: string): Promise<string> {
    Date.now = () => NOW;
    try {
      events = [];
      const { session, ...request } = await opened(header);
      session["node"] = 1;
      const [cookie = ""] = await request.finish();
      return cookie.split(";", 1)[0] as string;
    } finally {
      Date.now = realNow;
    }
  }

  async function opened(header: string) {
    const request = await sessions.open(header);
    return { session: request.session, finish: async () => (await request.finish()).setCookie };
  }

  it("has an outcome for every cookie", () => {
    expect(Object.keys(told)).to.have.members(Object.keys(outcomes));
  });

  for (const name of names("as Flask")) {
    it(`${name}: the session that Flask finds, before and after Node`, async () => {
      const { header, status, session } = told[name] as Told;
      expect(Session.of((await opened(header)).session).new).to.equal(false);
      expect(events).to.deep.equal([]);
      expect(status).to.equal(200);
      if (name === "1 s ahead")
        expect([session, changed[name]]).to.deep.equal([["dict"], ["dict", ["str 61", "int 1"]]]);
      else expect(changed[name]).to.deep.equal(session);
    });
  }

  for (const [name, outcome] of Object.entries(outcomes).filter(([, kind]) => kind !== "as Flask")) {
    it(`${name}: a new session (${outcome}), and the cookie stays until something is put in`, async () => {
      const { header, status } = told[name] as Told;
      const { session, finish } = await opened(header);
      expect(Object.keys(session)).to.deep.equal([]);
      expect(session.new).to.equal(true);
      expect(events.map(kindOf)).to.deep.equal(outcome === "nothing" ? [] : [outcome]);
      expect(await finish()).to.deep.equal([]);
      expect(Object.keys(await sessions.read(header))).to.deep.equal([]);
      const failing = outcome === "corrupt" && name !== "null" && name !== "signed bomb";
      expect(status).to.equal(failing || name === "50,000 lists" ? 500 : 200);
    });
  }

  it("the unsigned bomb is never inflated, the signed one not beyond the limit", async () => {
    const started = performance.now();
    for (const name of ["unsigned bomb", "signed bomb"]) await sessions.read((told[name] as Told).header);
    expect(performance.now() - started).to.be.below(1000);
  });
});

function names(outcome: Outcome): string[] {
  return Object.keys(outcomes).filter((name) => outcomes[name] === outcome);
}

function kindOf(event: SessionEvent): string {
  return event.type === "signature-refused" ? event.reason : event.type;
}
