/** Lifetimes among Node and Flask-Session, whose machine's zone shifts them. */
import { expect } from "chai";
import { dynamodbStore } from "../../../src/stores/dynamodb.ts";
import { describeLifetimes } from "../../interop/lifetimes.ts";
import { judgeOf } from "../../python/judge.ts";
import { addressOf, type DynamodbServer, startDynamodb } from "../../services/dynamodb-server.ts";
import { atEnd } from "../redis/at-end.ts";

const HOUR = 3_600_000;

/** Stores a session of an hour as Flask-Session 0.8 does on a machine in a zone. */
const STORE = `
import os, sys, time, datetime, warnings, flask, flask_session
sys.path.insert(0, "test/python/apps")
import serving
warnings.simplefilter("ignore")
before = os.environ.get("TZ")
os.environ["TZ"] = input["zone"]
time.tzset()
app = flask.Flask("app")
app.config.update(SESSION_TYPE="dynamodb", SESSION_DYNAMODB=serving.dynamodb(**input["address"]))
flask_session.Session(app)
app.session_interface._upsert_session(datetime.timedelta(hours=1), {"a": 1}, input["key"])
os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
time.tzset()
result = True
`;

describe("DynamoDB beside Flask-Session", () => {
  let server: DynamodbServer;

  before(async () => {
    server = await startDynamodb();
  });
  after(() => server?.stop());

  const expiryOf = async (zone: string, flaskTimeZone?: string): Promise<number | undefined> => {
    const key = `session:${zone}`;
    await (await judgeOf("fs080-stores")).run(STORE, { zone, key, address: addressOf(server) });
    const store = dynamodbStore({ address: addressOf(server), flaskTimeZone });
    atEnd(() => store.close());
    return (await store.get(key))?.record.expiresAt?.getTime();
  };

  for (const zone of ["UTC", "Asia/Kolkata", "America/New_York"]) {
    it(`agrees on an hour with Flask in ${zone}, by flaskTimeZone`, async () => {
      expect(await expiryOf(zone, zone)).to.be.closeTo(Date.now() + HOUR, 3000);
    });
  }

  it("finds a session of an hour over at once without it where Flask is east of Greenwich", async () => {
    expect(await expiryOf("Asia/Kolkata")).to.equal(undefined);
  });

  it("finds a session of an hour live for hours more without it where Flask is west of Greenwich", async () => {
    expect(await expiryOf("America/New_York")).to.be.above(Date.now() + 4 * HOUR);
  });

  describeLifetimes({
    dynamodb: () => ({
      flask: { SESSION_TYPE: "dynamodb", SESSION_DYNAMODB: addressOf(server) },
      options: (flaskTimeZone) => ({ flaskTimeZone }),
    }),
  });
});
