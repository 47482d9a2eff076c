/** What each release of Flask-Session has left in Redis and in files: Node finds the session by the cookie, and in the same bytes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Format } from "../../src/codecs/codec.ts";
import { decodeRecord } from "../../src/codecs/fallback.ts";
import { flaskConfig } from "../../src/config/index.ts";
import { createSessions } from "../../src/session/sessions.ts";
import type { Store } from "../../src/session/store.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { notationOf } from "../codecs/pickle/notation.ts";
import { projectFolder } from "../python/judge.ts";
import { atEnd } from "../stores/redis/at-end.ts";
import { type Side, sides } from "./sides.ts";

/** What one request has sent, and the session that it has stored. */
interface Left {
  readonly setCookie: string;
  readonly session: { readonly [key: string]: unknown };
}

interface InRedis extends Left {
  readonly key: string;
  readonly value: string;
  /** Seconds. */
  readonly lifetime: number;
}

interface InFiles extends Left {
  /** Contents by name, the count file among them. */
  readonly files: { readonly [name: string]: string };
}

interface Vectors {
  readonly redis: { readonly [Name in Format]?: InRedis };
  readonly files: InFiles;
}

/** The instant of the requests, in seconds since 1970. */
const NOW = 1760000000;
const COUNT_FILE =
  /^(?:2029240f6d1128be89ddc32729463129|79bc207ee04a581ab2348ca1f3494e64cd0ec36128735b8c6bc85ddd8fe1938c)$/;

describe("what one request has left behind", () => {
  const realNow = Date.now;
  beforeEach(() => {
    Date.now = () => NOW * 1000;
  });
  afterEach(() => {
    Date.now = realNow;
  });

  for (const side of sides) {
    const { redis, files } = vectorsOf(side);

    for (const [format, left] of Object.entries(redis)) {
      it(`in Redis under Flask-Session ${side.name}, in ${format}`, async () => {
        const store = memoryStore();
        await store.set(left.key, Buffer.from(left.value, "hex"), new Date((NOW + left.lifetime) * 1000));
        await expectFound(side, store, left, { SESSION_SERIALIZATION_FORMAT: format === "json" ? "json" : "msgpack" });
        const { record } = (await store.get(left.key)) ?? {};
        expect(decodeRecord(record?.bytes as Uint8Array, format as Format).format).to.equal(format);
        expect(record?.expiresAt).to.deep.equal(new Date((NOW + left.lifetime) * 1000));
      });
    }

    it(`in files under Flask-Session ${side.name}`, async () => {
      const directory = mkdtempSync(join(tmpdir(), "stored-"));
      atEnd(() => {
        rmSync(directory, { recursive: true });
      });
      for (const [name, hex] of Object.entries(files.files)) writeFileSync(join(directory, name), hex, "hex");
      const config = { SESSION_TYPE: "filesystem", SESSION_FILE_DIR: directory };
      await expectFound(side, flaskConfig(config, side.options).store, files, {});
      const names = readdirSync(directory);
      expect(names).to.have.members(Object.keys(files.files));
      // The expiry in front of the record, in the layout of this cachelib.
      const name = names.find((one) => !COUNT_FILE.test(one)) as string;
      const header = /^.*?(?=80059)/.exec(files.files[name] as string)?.[0] as string;
      expect(readFileSync(join(directory, name), "hex").slice(0, header.length)).to.equal(header);
    });
  }
});

/** Node knows the session by its cookie, sees every value, sends the same cookie, and changes no key but its own. */
async function expectFound(side: Side, store: Store, { setCookie, session }: Left, config: object): Promise<void> {
  const keys = { SECRET_KEY: "a key for fixtures", SESSION_USE_SIGNER: true, SESSION_COOKIE_SAMESITE: "Lax" };
  const options = flaskConfig({ ...keys, ...config, SESSION_TYPE: "redis" }, { ...side.options, onEvent: () => {} });
  const stored = async () => {
    const found = await store.get(`session:${/=(.*?)\./.exec(setCookie)?.[1]}`);
    return notationOf(decodeRecord(found?.record.bytes as Uint8Array, store.format ?? "msgpack").value);
  };
  expect(await stored()).to.deep.equal(session);
  const request = await createSessions({ ...options, store }).open(setCookie.split(";")[0]);
  request.session["n"] = 1;
  expect((await request.finish()).setCookie).to.deep.equal([setCookie]);
  expect(await stored()).to.deep.equal({ ...session, n: 1 });
}

function vectorsOf({ environment }: Side): Vectors {
  const file = join(projectFolder, "fixtures", "sessions", `${environment}.json`);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly vectors: Vectors }).vectors;
}
