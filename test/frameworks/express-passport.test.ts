import { expect } from "chai";
import flash from "connect-flash";
import { Redis } from "ioredis";
import { Passport } from "passport";
import { Strategy } from "passport-local";
import { flaskSession } from "../../src/frameworks/express.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";
import type { Store } from "../../src/session/store.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { redisStore } from "../../src/stores/redis.ts";
import { type RedisServer, startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";
import { refuseUnhandledRejections } from "./express/rejections.ts";
import { cookieOf, cookiesOf, type Served, serve, versions, whole } from "./express/serving.ts";

type Express = (typeof versions)[number]["express"];

/** A user as a strategy finds it. */
interface User {
  readonly id: string;
}

/** Browser, application and its sessions. */
class Visit {
  readonly sessions: Sessions;
  readonly #site: Served;
  cookie: string | undefined;

  constructor(site: Served, sessions: Sessions) {
    this.#site = site;
    this.sessions = sessions;
  }

  /** What a page says, after the browser has taken its cookie. */
  async to(method: string, path: string, form?: string): Promise<unknown> {
    const headers = {
      ...(this.cookie === undefined ? {} : { cookie: this.cookie }),
      ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
    };
    const answer = whole(await this.#site.ask({ method, path, headers, body: form }));
    const [text] = cookiesOf(answer);
    if (text !== undefined) this.cookie = text.includes("Max-Age=0") ? undefined : cookieOf(answer);
    const { location } = answer.headers;
    return location ?? JSON.parse(answer.body);
  }

  /** The keys that are stored under a cookie. */
  async stored(cookie = this.cookie): Promise<string[]> {
    return Object.keys(await this.sessions.read(cookie));
  }

  async end(): Promise<void> {
    await this.#site.close();
    await this.sessions.close();
  }
}

async function visit(express: Express, store: Store): Promise<Visit> {
  const passport = new Passport();
  const strategy = new Strategy((id, password, done) => {
    if (password === "right") done(null, { id });
    else done(null, false, { message: "wrong password" });
  });
  passport.use(strategy);
  passport.serializeUser((user, done) => {
    done(null, (user as User).id);
  });
  passport.deserializeUser((id: string, done) => {
    done(null, { id });
  });

  const sessions = createSessions({ store, permanent: false, useSigner: true, secretKey: "a key of some length" });
  const app = express();
  app.set("env", "test");
  app.use(flaskSession(sessions));
  app.use(express.urlencoded({ extended: false }));
  app.use(flash());
  app.use(passport.initialize());
  app.use(passport.session());
  app.get("/cart", (request, response) => {
    request.session["cart"] = ["tea"];
    response.json("in the cart");
  });
  app.post(
    "/login",
    passport.authenticate("local", { successRedirect: "/me", failureRedirect: "/login", failureFlash: true }),
  );
  app.post("/login-and-keep", passport.authenticate("local", { keepSessionInfo: true }), (request, response) => {
    response.json(Object.keys(request.session));
  });
  app.get("/login", (request, response) => {
    response.json(request.flash("error"));
  });
  app.get("/me", (request, response) => {
    response.json((request.user as User | undefined)?.id ?? null);
  });
  app.post("/logout", (request, response, next) => {
    request.logout((failed: unknown) => {
      if (failed === undefined) response.redirect("/me");
      else next(failed);
    });
  });
  app.post("/logout-and-keep", (request, response, next) => {
    request.logout({ keepSessionInfo: true }, (failed: unknown) => {
      if (failed === undefined) response.redirect("/me");
      else next(failed);
    });
  });
  return new Visit(await serve(app), sessions);
}

function walk(express: Express, makeStore: () => Store): void {
  let visitor: Visit;

  beforeEach(async () => {
    visitor = await visit(express, makeStore());
  });

  afterEach(() => visitor.end());

  it("logs in under a new sid, and leaves what the visitor had behind", async () => {
    await visitor.to("GET", "/cart");
    const before = visitor.cookie;
    expect(await visitor.to("POST", "/login", "username=alice&password=right")).to.equal("/me");
    expect(await visitor.to("GET", "/me")).to.equal("alice");
    expect(visitor.cookie).to.not.equal(before);
    expect(await visitor.stored()).to.deep.equal(["passport"]);
    expect(await visitor.stored(before)).to.deep.equal([]);
  });

  it("logs in with keepSessionInfo, and keeps what the visitor had", async () => {
    await visitor.to("GET", "/cart");
    const before = visitor.cookie;
    const keys = await visitor.to("POST", "/login-and-keep", "username=alice&password=right");
    expect(keys).to.have.members(["cart", "passport"]);
    expect(await visitor.stored()).to.have.members(["cart", "passport"]);
    expect(await visitor.stored(before)).to.deep.equal([]);
    expect(await visitor.to("GET", "/me")).to.equal("alice");
  });

  it("flashes why a login failed, once", async () => {
    expect(await visitor.to("POST", "/login", "username=alice&password=false")).to.equal("/login");
    expect(await visitor.to("GET", "/login")).to.deep.equal(["wrong password"]);
    expect(await visitor.to("GET", "/login")).to.deep.equal([]);
    expect(await visitor.to("GET", "/me")).to.equal(null);
  });

  it("logs out under a new sid, and leaves nothing of the visitor", async () => {
    await visitor.to("POST", "/login", "username=alice&password=right");
    await visitor.to("GET", "/cart");
    const before = visitor.cookie;
    expect(await visitor.to("POST", "/logout")).to.equal("/me");
    expect(await visitor.to("GET", "/me")).to.equal(null);
    expect(await visitor.stored(before)).to.deep.equal([]);
    expect(await visitor.stored()).to.not.include.members(["cart"]);
  });

  it("logs out with keepSessionInfo, and keeps all but the user", async () => {
    await visitor.to("POST", "/login", "username=alice&password=right");
    await visitor.to("GET", "/cart");
    const before = visitor.cookie;
    expect(await visitor.to("POST", "/logout-and-keep")).to.equal("/me");
    expect(await visitor.to("GET", "/me")).to.equal(null);
    expect(await visitor.stored()).to.include("cart");
    expect(await visitor.stored(before)).to.deep.equal([]);
  });
}

describe("Passport 0.7 and connect-flash over flaskSession", () => {
  refuseUnhandledRejections();

  let server: RedisServer | undefined;
  let client: Redis | undefined;

  after(async () => {
    client?.disconnect();
    await server?.stop();
  });

  for (const { version, express } of versions) {
    describe(`${version}, a store in memory`, () => {
      walk(express, memoryStore);
    });

    describe(`${version}, Redis`, () => {
      before(async function () {
        requireService(this, "redis");
        server ??= await startRedis();
        client ??= new Redis(server.url);
      });

      walk(express, () => redisStore(client as Redis));
    });
  }
});
