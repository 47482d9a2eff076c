/**
 * Names of zones as Python must have them. Intl takes a zone in any letter case, and zones of ICU's own; zoneinfo looks
 * for a file of exactly that name and raises where there is none, which in a session is a 500 at every request.
 */

/** Words that are not spelled with one capital in front, of tzdata 2025.2. */
const SPELLINGS =
  "ACT BajaNorte BajaSur CET CHAT CST6CDT ComodRivadavia DeNoronha DumontDUrville EET EST EST5EDT EasterIsland GB GMT GMT0 HST IN LHI MET MST MST7MDT McMurdo NSW NZ PRC PST8PDT ROC ROK SU UCT US UTC WET au es of";

const spellings: ReadonlyMap<string, string> = new Map(SPELLINGS.split(" ").map((word) => [word.toLowerCase(), word]));

/** What only ICU has, of words that Python has too. */
const ICU_ZONES: ReadonlySet<string> = new Set(["ACT", "US/Pacific-New", "Canada/East-Saskatchewan"]);

/** Whether a zone that Intl knows is spelled as in the tz database, where alone Python looks for it. */
export function isSpelledAsInPython(zone: string): boolean {
  return zone === zone.replaceAll(/[A-Za-z\d]+/g, spelled) && !ICU_ZONES.has(zone);
}

function spelled(word: string): string {
  return spellings.get(word.toLowerCase()) ?? word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}
