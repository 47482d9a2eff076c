/** What a session may well hold of modules that are dangerous otherwise, as Python pickles it. */
import { expect } from "chai";
import harmless from "../../../fixtures/codecs/pickle-harmless.json" with { type: "json" };
import { pickle } from "../../../src/codecs/pickle/codec.ts";
import { listedName } from "../../../src/codecs/pickle/dangerous.ts";
import { CALLED, HARMLESS } from "../../../src/codecs/pickle/harmless-names.ts";
import { judgeOf } from "../../python/judge.ts";
import { differences } from "./round-trip.ts";

/** Names of the second list that the environment's Python (3.11 on Linux) does not write, and what does. */
const ABSENT: Readonly<Record<string, readonly string[]>> = {
  "Python 2": ["select.error", "socket.error"],
  "Python 3.6 to 3.10": [
    "asyncio.base_futures.InvalidStateError",
    "asyncio.exceptions.TimeoutError",
    "asyncio.streams.IncompleteReadError",
    "asyncio.streams.LimitOverrunError",
    "concurrent.futures._base.Error",
    "concurrent.futures._base.TimeoutError",
    "socket.timeout",
    "sre_constants.error",
    "ssl.CertificateError",
  ],
  "Python 3.12 to 3.14": [
    "asyncio.queues.QueueShutDown",
    "configparser.MultilineContinuationError",
    "_pydatetime.date",
    "_pydatetime.datetime",
    "_pydatetime.time",
    "_pydatetime.timedelta",
    "_pydatetime.timezone",
    "_pydatetime.tzinfo",
  ],
  Windows: ["nt.times_result", "nt.uname_result"],
  // The pickles of zones have them; what they name is the class.
  "getattr of a class": ["zoneinfo.ZoneInfo._unpickle", "zoneinfo.ZoneInfo.no_cache"],
};

const vectors = harmless.vectors.flatMap(({ name, hex }) => hex.map((text) => ({ name, hex: text })));

describe("codecs/pickle: harmless names", () => {
  for (const { name, hex } of harmless.vectors) {
    it(name, () => {
      for (const text of hex) expect(pickle.decode(Buffer.from(text, "hex"))).to.not.have.property("dangerous");
    });
  }

  it("all of them come back to Python as they were", async () => {
    expect(await differences(await judgeOf("fs080-flask31"), vectors)).to.deep.equal([]);
  });

  it("are all that the second list has", () => {
    const seen = new Set(harmless.vectors.flatMap(({ names }) => names.map(listed)));
    expect([...HARMLESS, ...CALLED].filter((name) => !seen.has(name))).to.have.members(Object.values(ABSENT).flat());
  });

  const byName = ["socket.AF_INET", "socket.SOCK_STREAM", "signal.SIGINT", "signal.SIG_DFL", "ssl.PROTOCOL_TLS_CLIENT"];
  for (const constant of byName) {
    it(`${constant}, which Python 3.8 pickles by its name`, () => {
      const [module, name] = constant.split(".");
      const stream = Buffer.from(`\x80\x04c${module}\n${name}\n.`, "latin1");
      expect(pickle.decode(stream)).to.not.have.property("dangerous");
    });
  }

  it("a class of a class, and what is made of a harmless class", () => {
    for (const stream of ["\x80\x04csocket\nAddressFamily.AF_INET\n.", "\x80\x04cos\nstat_result.__new__\n."]) {
      expect(pickle.decode(Buffer.from(stream, "latin1"))).to.not.have.property("dangerous");
    }
  });
});

function listed(full: string): string {
  const dot = full.lastIndexOf(".");
  return listedName(full.slice(0, dot), full.slice(dot + 1));
}
