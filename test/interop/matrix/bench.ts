/** One setting of the matrix: a Flask app and a Node app with the same keys over one store, and a browser that visits both. */
import { expect } from "chai";
import type { Format } from "../../../src/codecs/codec.ts";
import { Browser, type Reply } from "../../services/browser.ts";
import type { FlaskApp, FlaskConfig } from "../../services/flask-app.ts";
import type { NodeApp } from "../node-app.ts";
import { hasFlaskSessionBefore, type Side } from "../sides.ts";
import type { Described } from "../values.ts";
import type { handlers } from "./handlers.ts";
import type { Lying, Place, Places } from "./place.ts";

/** How the apps of both sides are set up. */
export interface Setting {
  /** Also the path of the Flask app. */
  readonly name: string;
  readonly store: Places;
  /** Of the records. */
  readonly format: Format;
  readonly signed: boolean;
  readonly permanent: boolean;
}

/** Seconds that a session lives. */
export const LIFETIME = 3600;

/** Every setting of a store beside one side. */
export function settingsOf(side: Side, store: Places): readonly Setting[] {
  const serializes = store.serializes && !hasFlaskSessionBefore(side, 0, 7);
  const formats: readonly Format[] = serializes ? ["msgpack", "json"] : ["pickle"];
  const lifetimes = store.transient?.(side) !== undefined ? [true] : [false, true];
  return formats.flatMap((format) =>
    [false, true].flatMap((signed) =>
      lifetimes.map((permanent) => {
        const words = [format, signed ? "signed" : "unsigned", permanent ? "permanent" : "not-permanent"];
        return { name: words.join("-"), store, format, signed, permanent };
      }),
    ),
  );
}

/** The keys of both apps. SESSION_SERIALIZATION_FORMAT is there in every version: old ones must not mind. */
export function configOf({ format, signed, permanent }: Setting, place: Place): FlaskConfig {
  return {
    SECRET_KEY: "your-super-secret-key",
    SESSION_USE_SIGNER: signed,
    SESSION_PERMANENT: permanent,
    SESSION_SERIALIZATION_FORMAT: format === "json" ? "json" : "msgpack",
    SESSION_ID_LENGTH: 20,
    SESSION_COOKIE_SAMESITE: "Lax",
    PERMANENT_SESSION_LIFETIME: LIFETIME,
    ...place.config,
  };
}

/** Where one test works. */
export class Bench {
  readonly side: Side;
  readonly setting: Setting;
  readonly place: Place;
  readonly browser: Browser = new Browser();
  readonly #flask: FlaskApp;
  readonly #node: NodeApp;

  constructor(side: Side, setting: Setting, place: Place, apps: { readonly flask: FlaskApp; readonly node: NodeApp }) {
    this.side = side;
    this.setting = setting;
    this.place = place;
    this.#flask = apps.flask;
    this.#node = apps.node;
  }

  /** A request to Flask that runs these lines of Python. */
  async inFlask(steps: readonly string[], browser: Browser = this.browser): Promise<Reply> {
    const reply = await this.tryFlask(steps, browser);
    expect(reply.status, this.#flask.log()).to.equal(200);
    return reply;
  }

  /** As {@link inFlask}, where an error is what is looked for. */
  tryFlask(steps: readonly string[], browser: Browser = this.browser): Promise<Reply> {
    return browser.postJson(`${this.#flask.url}/${this.setting.name}/do`, steps);
  }

  /** What Flask finds in the session. */
  async found(browser: Browser = this.browser): Promise<readonly Described[]> {
    const reply = await browser.get(`${this.#flask.url}/${this.setting.name}/types`);
    expect(reply.status, this.#flask.log()).to.equal(200);
    return JSON.parse(reply.text) as Described[];
  }

  /** A request to Node. */
  async inNode(name: keyof typeof handlers, browser: Browser = this.browser): Promise<Reply> {
    const reply = await browser.post(`${this.#node.url}/${name}`);
    expect(reply.status, reply.text).to.equal(200);
    return reply;
  }

  /** What a route of Node answers. */
  async answer(name: keyof typeof handlers, browser: Browser = this.browser): Promise<unknown> {
    return JSON.parse((await this.inNode(name, browser)).text);
  }

  /** The value of the session's cookie. */
  get token(): string {
    return this.browser.cookies.get("session") ?? "";
  }

  /** The sid in it. */
  get sid(): string {
    return this.setting.signed ? this.token.replace(/\.[^.]*$/, "") : this.token;
  }

  /** A browser that sends this cookie, whatever it is told. */
  visitorWith(token: string): Browser {
    const visitor = new Browser();
    visitor.cookies.set("session", token);
    return visitor;
  }

  /** What lies in the store; there must be one record. */
  async record(): Promise<Lying> {
    const lying = await this.place.lying();
    expect(lying).to.have.length(1);
    return lying[0] as Lying;
  }

  /** Gives the record this many seconds to live; none: it is over. */
  async age(secondsLeft: number): Promise<void> {
    await this.place.replace({ ...(await this.record()), secondsLeft });
  }

  /** Expects that there are so many records. */
  async expectRecords(count: number, message?: string): Promise<void> {
    expect(await this.place.lying(), message).to.have.length(count);
  }
}

/** The keys of a session but `_permanent`. */
export function keysOf(found: readonly Described[]): readonly string[] {
  return found.map(({ key }) => key).filter((key) => key !== "_permanent");
}

/** A response's Set-Cookie with what differs from one to the next replaced: the value, and how far off the date is. */
export function told({ setCookie }: Reply): readonly string[] {
  return setCookie.map((line) =>
    line.replace(/^session=[^;]+/, "session=<sid>").replace(/Expires=[^;]*/, (text) => {
      const minutes = Math.round((Date.parse(text.slice("Expires=".length)) - Date.now()) / 60_000);
      return `Expires=${minutes < 0 ? "0" : `+${minutes}m`}${text.includes("-") ? " with dashes" : ""}`;
    }),
  );
}

/** The format of a record, by its first byte. */
export function formatOf({ bytes }: Lying): Format {
  // Protocol 0 has no mark; its dict begins with one for a list of items.
  if (bytes[0] === 0x80 || bytes[0] === 0x28) return "pickle";
  return bytes[0] === 0x7b ? "json" : "msgpack";
}
