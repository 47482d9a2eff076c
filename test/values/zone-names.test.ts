import { expect } from "chai";
import { py } from "../../src/values/py.ts";
import { isSpelledAsInPython } from "../../src/values/zone-names.ts";
import { python } from "./through-node.ts";

/** What Intl takes and zoneinfo does not find. */
const onlyIntl = [
  "utc",
  "Utc",
  "gmt",
  "est",
  "europe/paris",
  "EUROPE/PARIS",
  "Europe/PARIS",
  "america/port-au-prince",
  "America/Port-Au-Prince",
  "antarctica/mcmurdo",
  "ACT",
  "PST",
  "JST",
  "SystemV/AST4",
  "US/Pacific-New",
  "Canada/East-Saskatchewan",
];

/** Zones that `py.datetime` takes. */
function taken(zone: string): boolean {
  try {
    py.datetime({ year: 2024, month: 1, day: 1, tzinfo: zone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

describe("names of zones", () => {
  it("all those of Python are spelled so, and no other spelling of them", async () => {
    const zones = (await python("result = sorted(zoneinfo.available_timezones())", null)) as string[];
    expect(zones.length).to.be.greaterThan(590);
    expect(zones.filter((zone) => !isSpelledAsInPython(zone))).to.deep.equal([]);
    const known = new Set(zones);
    const others = zones.flatMap((zone) => [zone.toLowerCase(), zone.toUpperCase(), swapped(zone)]);
    expect(others.filter((zone) => !known.has(zone) && isSpelledAsInPython(zone))).to.deep.equal([]);
  });

  it("py.datetime takes none that Python does not find", async () => {
    const zones = [...onlyIntl, ...Intl.supportedValuesOf("timeZone"), "Asia/Kolkata", "Asia/Calcutta", "EST5EDT"];
    const ours = zones.filter(taken);
    expect(ours).to.include.members(["Europe/Paris", "Asia/Kolkata", "Asia/Calcutta", "EST5EDT"]);
    expect(ours.filter((zone) => onlyIntl.includes(zone))).to.deep.equal([]);
    const program = `
def found(zone):
    try:
        return str(ZoneInfo(zone)) == zone
    except zoneinfo.ZoneInfoNotFoundError:
        return False
result = [zone for zone in input if not found(zone)]`;
    expect(await python(program, ours)).to.deep.equal([]);
  });
});

/** The last letter in the other case. */
function swapped(zone: string): string {
  const last = zone.slice(-1);
  return zone.slice(0, -1) + (last === last.toUpperCase() ? last.toLowerCase() : last.toUpperCase());
}
