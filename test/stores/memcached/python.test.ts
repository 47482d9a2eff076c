/** Keys, bytes and lifetimes among Node and the Python clients, on one server. */
import { expect } from "chai";
import { StoreError } from "../../../src/errors.ts";
import { type MemcachedStore, memcachedStore } from "../../../src/stores/memcached.ts";
import { describeLifetimes } from "../../interop/lifetimes.ts";
import { type EnvironmentName, type Judge, judgeOf } from "../../python/judge.ts";
import { type MemcachedServer, startMemcached } from "../../services/memcached-server.ts";
import { requireService } from "../../services/services.ts";

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, index) => index);
const soon = (): Date => new Date(Date.now() + 60_000);

/** `input` holds the client, the server, the key and the bytes as hexadecimal text; the name of what is raised is the result. */
const CLIENT = `
import sys
sys.path.insert(0, input["apps"])
import serving
client = serving.memcached(input["client"], input["server"])
def tried(work):
    try:
        return work()
    except Exception as error:
        return type(error).__name__
`;
const SET = `${CLIENT}\nresult = tried(lambda: client.set(input["key"], bytes.fromhex(input["bytes"]), 100))`;
const GET = `${CLIENT}\nfound = tried(lambda: client.get(input["key"]))\nresult = found.hex() if type(found) is bytes else found`;

interface Client {
  readonly environment: EnvironmentName;
  readonly client: string;
  /** Whether it takes a key of other letters than ASCII's. */
  readonly takesUnicode: boolean;
  /** What it raises for a key of more than 250 bytes. */
  readonly tooLong: string;
  /** Whether it refuses a key with a space before it sends anything. */
  readonly space: string;
}

const clients: readonly Client[] = [
  { environment: "fs080-stores", client: "pylibmc", takesUnicode: true, tooLong: "ValueError", space: "ClientError" },
  {
    environment: "fs080-stores",
    client: "python-memcached",
    takesUnicode: true,
    tooLong: "MemcachedKeyLengthError",
    space: "MemcachedKeyCharacterError",
  },
  {
    environment: "fs080-stores",
    client: "pymemcache",
    takesUnicode: false,
    tooLong: "MemcacheIllegalInputError",
    space: "MemcacheIllegalInputError",
  },
  {
    environment: "fs050-flask22",
    client: "python-memcached",
    takesUnicode: true,
    tooLong: "MemcachedKeyLengthError",
    space: "MemcachedKeyCharacterError",
  },
];

describe("memcached beside Python", () => {
  let server: MemcachedServer;
  let store: MemcachedStore;

  before(async function () {
    requireService(this, "memcached");
    server = await startMemcached();
    store = memcachedStore({ server: server.address });
  });
  after(async () => {
    await store?.close();
    await server?.stop();
  });

  for (const { environment, client, takesUnicode, tooLong, space } of clients) {
    describe(`${client} of ${environment}`, () => {
      let judge: Judge;

      before(async () => {
        judge = await judgeOf(environment);
      });

      const python = (program: string, key: string, bytes: Uint8Array = EVERY_BYTE): Promise<unknown> =>
        judge.run(program, {
          apps: "test/python/apps",
          client,
          server: server.address,
          key,
          bytes: Buffer.from(bytes).toString("hex"),
        });

      const keys = ["session:abc", "k".repeat(250), "a_b%[*]?\\:s", ...(takesUnicode ? ["ж".repeat(125)] : [])];
      for (const key of keys) {
        it(`and Node read each other's bytes under ${key.slice(0, 12)}, in ${Buffer.byteLength(key)} bytes`, async () => {
          expect(await python(SET, key)).to.equal(true);
          expect(Uint8Array.from((await store.get(key))?.record.bytes ?? [])).to.deep.equal(EVERY_BYTE);
          const reversed = EVERY_BYTE.toReversed();
          await store.set(key, reversed, soon());
          expect(await python(GET, key)).to.equal(Buffer.from(reversed).toString("hex"));
          await store.delete(key, { bytes: reversed });
          expect(await python(GET, key)).to.equal(null);
        });
      }

      it("and Node both refuse keys of 251 bytes, and with a space", async () => {
        expect(await python(SET, "k".repeat(251))).to.equal(tooLong);
        expect(await python(SET, "a b")).to.equal(space);
        for (const key of ["k".repeat(251), "a b"]) {
          expect(await store.get(key).catch((error: unknown) => error)).to.be.instanceOf(StoreError);
        }
      });
    });
  }

  it("pymemcache refuses keys of other letters than ASCII's, which Node writes", async () => {
    const input = { apps: "test/python/apps", client: "pymemcache", server: server.address, key: "ключ" };
    expect(await (await judgeOf("fs080-stores")).run(GET, input)).to.equal("MemcacheIllegalInputError");
  });

  describeLifetimes({
    memcached: () => ({
      flask: { SESSION_TYPE: "memcached", SESSION_MEMCACHED: { client: "pylibmc", server: server.address } },
      node: { SESSION_TYPE: "memcached", SESSION_MEMCACHED: server.address },
    }),
  });
});
