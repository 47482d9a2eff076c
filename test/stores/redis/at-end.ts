/** What a test has opened is closed however the test ends: an open client would keep the whole run from ending. */

const ends: (() => unknown)[] = [];

/** Closes something after the test under way; the last opened first. */
export function atEnd(end: () => unknown): void {
  ends.unshift(end);
}

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
