/**
 * A session with everything that Python can pickle, in a real store of a real Flask-Session: Node sets one key, and Python
 * finds every other value equal, of the same type, in the same order, shared where it was shared.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type FlaskConfigOptions, flaskConfig } from "../../src/config/index.ts";
import { createSessions } from "../../src/session/sessions.ts";
import { type EnvironmentName, judgeOf } from "../python/judge.ts";
import { type RedisServer, startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";
import { atEnd } from "../stores/redis/at-end.ts";

const SID = "12345678-1234-5678-1234-567812345678";

/** `session` is what the app has put into the session; `everything()` makes it anew. */
const EVERYTHING = `
import collections, datetime, decimal, pickle, uuid
from canonical import canonical
from markupsafe import Markup
import shop

def everything():
    shared = [1.0, {'deep': (2, 3.0)}]
    cycle = ['round', 10.0]
    cycle.append(cycle)
    return {
        '_permanent': True,
        'tuple': (1, 2.0, ('x',)),
        'set': {1, 'a', 2.5},
        'frozen': frozenset([b'k']),
        'bytes': b'\\x00\\xff',
        'array': bytearray(b'ab'),
        'float': 10.0,
        'minus_zero': -0.0,
        'huge': 2 ** 70,
        'negative': -2 ** 63,
        'naive': datetime.datetime(2024, 2, 29, 12, 30, 45, 123456),
        'aware': datetime.datetime(2024, 2, 29, 12, 30, 45, 123456, datetime.timezone.utc),
        'offset': datetime.datetime(2024, 1, 1, 0, 0, 0, 1, datetime.timezone(datetime.timedelta(hours=5, minutes=30))),
        'day': datetime.date(2024, 2, 29),
        'span': datetime.timedelta(days=1, microseconds=3),
        'amount': decimal.Decimal('1.10'),
        'id': uuid.UUID('12345678-1234-5678-1234-567812345678'),
        'markup': Markup('<b>x</b>'),
        'ordered': collections.OrderedDict([('b', 1.0), ('a', 2)]),
        'by_number': {1: 'a', 2: 2.0, (3, 4.0): None},
        'digits': {'10': 1.0, '2': 2, '__proto__': {'x': 1.0}},
        'shared': shared,
        'shared_again': shared,
        'nested_again': {'same': shared[1]},
        'cycle': cycle,
        'unknown': shop.Basket('alice', [shop.Line('tea', 4.0), shop.Point(1, 2.0), shop.Colour.RED]),
        7: 'an int key',
        b'k': 'a bytes key',
    }
`;

/** Puts the session where Flask-Session reads it, as it would itself: with the app's own interface and store. */
const APP = `
from flask import Flask
from flask_session import Session
import redis
app = Flask('fidelity')
config = dict(input['config'])
if 'SESSION_REDIS' in config:
    config['SESSION_REDIS'] = redis.from_url(config['SESSION_REDIS'])
app.config.update(config)
Session(app)
sessions = app.session_interface

def opened():
    with app.test_request_context(headers={'Cookie': 'session=' + input['sid']}) as context:
        return sessions.open_session(app, context.request)
`;

const WRITE = `
with app.test_request_context(headers={'Cookie': 'session=' + input['sid']}) as context:
    session = sessions.open_session(app, context.request)
    session.sid = input['sid']
    session.clear()
    session.update(everything())
    sessions.save_session(app, session, app.response_class())
`;

/** What Python finds, compared with what a pickle itself makes of the session: what the format loses does not count. */
const COMPARE = `
found = dict(opened())
n = found.pop('n')
wanted = pickle.loads(pickle.dumps(everything()))
describe = lambda pairs: [[canonical(key), canonical(value)] for key, value in pairs.items()]
result = {
    'n': [type(n).__name__, repr(n)],
    'found': describe(found),
    'wanted': describe(wanted),
    'whole': canonical(found) == canonical(wanted),
    'types': [type(value).__name__ for value in found.values()],
    'shared': found['shared'] is found['shared_again'] and found['nested_again']['same'] is found['shared'][1],
    'cycle': found['cycle'][2] is found['cycle'],
}
`;

interface Verdict {
  readonly n: readonly string[];
  readonly found: unknown;
  readonly wanted: unknown;
  readonly whole: boolean;
  readonly types: readonly string[];
  readonly shared: boolean;
  readonly cycle: boolean;
}

interface Side {
  readonly name: string;
  readonly environment: EnvironmentName;
  readonly store: "redis" | "filesystem";
  readonly options: FlaskConfigOptions;
}

const OLD: FlaskConfigOptions = { flaskSessionVersion: "0.5", flaskVersion: "2.2" };
const sides: readonly Side[] = [
  { name: "Flask-Session 0.5 on Redis", environment: "fs050-flask22", store: "redis", options: OLD },
  { name: "Flask-Session 0.5 on files", environment: "fs050-flask22", store: "filesystem", options: OLD },
  { name: "Flask-Session 0.8 on files", environment: "fs080-newest", store: "filesystem", options: {} },
];

describe("everything that Python can pickle", function () {
  this.timeout(30_000);
  let server: RedisServer | undefined;
  after(() => server?.stop());

  for (const { name, environment, store, options } of sides) {
    it(`is what it was after Node has set one key: ${name}`, async function () {
      const config = { SECRET_KEY: "fidelity", SESSION_TYPE: store, ...(await place(this, store)) };
      const judge = await judgeOf(environment);
      const input = { config, sid: SID };
      await judge.run(EVERYTHING + APP + WRITE, input);

      const sessions = createSessions(flaskConfig(config, options));
      atEnd(() => sessions.close());
      const request = await sessions.open(`session=${SID}`);
      expect(request.session.new).to.equal(false);
      request.session["n"] = 1;
      await request.finish();

      const verdict = (await judge.run(EVERYTHING + APP + COMPARE, input)) as Verdict;
      expect(verdict.n).to.deep.equal(["int", "1"]);
      expect(verdict.found).to.deep.equal(verdict.wanted);
      expect(verdict).to.include({ whole: true, shared: true, cycle: true });
      expect(verdict.types).to.include.members(["tuple", "OrderedDict", "Decimal", "UUID", "Markup", "Basket"]);
    });
  }

  async function place(context: Mocha.Context, store: Side["store"]): Promise<object> {
    if (store === "filesystem") {
      const directory = mkdtempSync(join(tmpdir(), "fidelity-"));
      atEnd(() => {
        rmSync(directory, { recursive: true });
      });
      return { SESSION_FILE_DIR: directory };
    }
    requireService(context, "redis-server");
    server ??= await startRedis(["--maxclients", "100"]);
    return { SESSION_REDIS: server.url };
  }
});
