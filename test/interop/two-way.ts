/** One login on both sides, over whatever store: from Flask to Node and back, and from Node to Flask and back. */
import { expect } from "chai";
import type { FlaskConfig, FlaskConfigOptions } from "../../src/config/index.ts";
import type { Session } from "../../src/session/session.ts";
import { py } from "../../src/values/py.ts";
import type { EnvironmentName } from "../python/judge.ts";
import { Browser } from "../services/browser.ts";
import { type FlaskApp, type FlaskConfig as FlaskJson, startFlask } from "../services/flask-app.ts";
import { type NodeApp, startNode } from "./node-app.ts";

/** What every format holds, as Python says it. */
const PLAIN: readonly string[] = [
  "price = 10.0",
  "count = 3",
  "big = 2**53 + 1",
  "ratio = 1.1",
  "text = 'é€😀' * 3",
  "nothing = None",
  "cart = [{'name': 'tea', 'price': 4.0}, {'name': 'jam', 'price': 2.5}]",
  "order = {'10': 'a', '2': 'b', 'x': {'__proto__': 1}}",
];

const VALUES: Readonly<Record<"json" | "msgpack" | "pickle", readonly string[]>> = {
  json: [...PLAIN, "huge = 2**70"],
  msgpack: [
    ...PLAIN,
    "data = b'\\x00\\xff\\r\\n'",
    "when = datetime.datetime(2024, 2, 29, 12, 30, 45, 123456, datetime.timezone.utc)",
    "by_number = {1: 'a', None: 2.0}",
  ],
  pickle: [
    ...PLAIN,
    "huge = 2**70",
    "data = b'\\x00\\xff\\r\\n'",
    "pair = (1, 2.0)",
    "colours = {'red', 'blue'}",
    "naive = datetime.datetime(2024, 2, 29, 12, 30, 45, 123456)",
    "amount = decimal.Decimal('1.10')",
    "id = uuid.UUID('12345678-1234-5678-1234-567812345678')",
    "ordered = collections.OrderedDict([('b', 1.0), ('a', 2)])",
    "basket = shop.Basket('alice', [shop.Point(1, 2.0)])",
    "shared = (lambda items: [items, items])([1.0])",
  ],
};

/** How both sides are told of one store. */
export interface BothSides {
  readonly flask: FlaskJson;
  readonly node: FlaskConfig;
  readonly end: () => Promise<void>;
}

/** A Flask app and the store that it keeps its sessions in. */
export interface Cell {
  readonly name: string;
  readonly environment: EnvironmentName;
  /** The format of Flask's records. */
  readonly format: keyof typeof VALUES;
  readonly options?: FlaskConfigOptions;
  /** Starts or makes the store; is given the suite's hook, which it may skip. */
  readonly open: (context: Mocha.Context) => Promise<BothSides>;
}

/** A key as Python finds it. */
interface Described {
  readonly key: string;
  readonly type: string;
  readonly repr: string;
  readonly canonical: unknown;
}

const handlers = {
  who: (session: Session) => session["uname"],
  change: (session: Session) => {
    session["seen"] = true;
    session["count"] = (session["count"] as number) + 1;
  },
  leave: (session: Session) => session.destroy(),
  enter: (session: Session) => {
    session["uname"] = "bob";
    session["price"] = py.float(10);
    session["count"] = 3;
    session["nested"] = { a: [1, 2.5, null, "é"] };
  },
  show: (session: Session) => ({ uname: session["uname"], count: session["count"], nested: session["nested"] }),
};

/** Walks through a cell. */
export function describeTwoWay({ name, environment, format, options, open }: Cell): void {
  describe(name, function () {
    this.timeout(60_000);
    let sides: BothSides;
    let flask: FlaskApp;
    let node: NodeApp;
    let browser: Browser;

    before(async function () {
      sides = await open(this);
      const SECRET_KEY = "your-super-secret-key";
      flask = await startFlask({ environment, app: "workbench", config: { SECRET_KEY, ...sides.flask } });
      node = await startNode({ SECRET_KEY, ...sides.node }, handlers, options);
    });
    beforeEach(() => {
      browser = new Browser();
    });
    after(async () => {
      await node?.stop();
      await flask?.stop();
      await sides?.end();
    });

    const inFlask = async (steps: readonly string[]): Promise<void> => {
      const reply = await browser.postJson(`${flask.url}/do`, steps);
      expect(reply.status, flask.log()).to.equal(200);
    };
    const inNode = async (handler: keyof typeof handlers): Promise<unknown> => {
      const reply = await browser.post(`${node.url}/${handler}`);
      expect(reply.status, reply.text).to.equal(200);
      return JSON.parse(reply.text);
    };
    const types = async (): Promise<readonly Described[]> => {
      const reply = await browser.get(`${flask.url}/types`);
      expect(reply.status, flask.log()).to.equal(200);
      return JSON.parse(reply.text) as Described[];
    };

    it("who logs in on Flask is known in Node, and Flask finds every value as it left it", async () => {
      await inFlask([...VALUES[format], "uname = 'alice'"].map((step) => step.replace(/^(\w+)/, 'session["$1"]')));
      const before = await types();
      expect(await inNode("who")).to.equal("alice");
      await inNode("change");
      const after = await types();
      expect(after.map(({ key }) => key)).to.deep.equal([...before.map(({ key }) => key), "seen"]);
      for (const [index, was] of before.entries()) {
        if (was.key === "count") expect(after[index]?.repr).to.equal("4");
        else expect([after[index]?.type, after[index]?.canonical], was.key).to.deep.equal([was.type, was.canonical]);
      }
      await inNode("leave");
      expect(browser.cookies.size).to.equal(0);
      expect((await types()).filter(({ key }) => key !== "_permanent")).to.deep.equal([]);
    });

    it("who logs in in Node is known in Flask, and who logs out there is nobody in Node", async () => {
      await inNode("enter");
      const found = new Map((await types()).map(({ key, repr }) => [key, repr]));
      expect(found.get("uname")).to.equal("'bob'");
      expect(found.get("price")).to.equal("10.0");
      expect(found.get("nested")).to.equal("{'a': [1, 2.5, None, 'é']}");
      await inFlask(["session['count'] += 1", "session['nested']['a'].append(5)"]);
      expect(await inNode("show")).to.deep.equal({ uname: "bob", count: 4, nested: { a: [1, 2.5, null, "é", 5] } });
      await inFlask(["session.clear()"]);
      expect(await inNode("who")).to.equal(null);
    });

    it("a log-out in Node is one on Flask, though the browser keeps its cookie", async () => {
      await inFlask(["session['uname'] = 'carol'"]);
      const kept = new Map(browser.cookies);
      await inNode("leave");
      for (const [cookie, value] of kept) browser.cookies.set(cookie, value);
      expect((await types()).filter(({ key }) => key !== "_permanent")).to.deep.equal([]);
      expect(await inNode("who")).to.equal(null);
    });
  });
}
