/** The cells of the login matrix: what a browser sends, and how Flask is configured. */

/** 2 KB, as some toolbars made of them. */
const LONG = `Mozilla/5.0 ${"(compatible; toolbar 1.0) ".repeat(80)}`.slice(0, 2048);

/** One character a byte, as headers are; `undefined`: no header. */
export const USER_AGENTS: readonly (string | undefined)[] = [
  "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  undefined,
  "It's \\ \xe9",
  "",
  LONG.trimEnd(),
  `say "hi"`,
  "it's",
  `it's "both"`,
  "\xc3\xa9t\xc3\xa9",
  "back\\slash",
  "tab\tinside",
  "\x80\x9f\xa0\xff",
  "a|b",
  "b'127.0.0.1'",
  "None",
  "curl/8.5.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
  "Opera/9.80 (Windows NT 6.1; U; en) Presto/2.8.131 Version/11.11",
  "\xf0\x9f\x8d\xaa",
  "'",
  '"',
  "\\",
  "''",
  '""',
  `'"'"`,
  "\\'",
  '\\"',
  "\\x41",
  "\\n",
  "a,b",
  "a;b=c",
  "%20",
  "{}",
  "x  y",
  "\xad",
  "\xe2\x98\x83 snowman",
  "<script>alert('1')</script>",
  "Dalvik/2.1.0 (Linux; U; Android 15)",
  "python-requests/2.32",
  "~`!@#$%^&*()_+-=[]{}:,./?",
];

/** X-Forwarded-For, `undefined`: no header. */
export const FORWARDED: readonly (string | undefined)[] = [undefined, "203.0.113.7, 10.0.0.1", ""];

/** SESSION_PROTECTION. */
export const PROTECTIONS = ["basic", "strong", null] as const;

/** Where Node listens: on `::` it sees IPv4 peers as `::ffff:127.0.0.1`. */
export const HOSTS = ["127.0.0.1", "::"] as const;

/** What one browser does against one pair of apps. */
export interface Cell {
  readonly protection: (typeof PROTECTIONS)[number];
  readonly permanent: boolean;
  readonly host: (typeof HOSTS)[number];
  readonly headers: Readonly<Record<string, string>>;
}

/** All of them: 1,440. */
export function allCells(): Cell[] {
  const cells: Cell[] = [];
  for (const userAgent of USER_AGENTS)
    for (const forwarded of FORWARDED)
      for (const protection of PROTECTIONS)
        for (const permanent of [true, false])
          for (const host of HOSTS)
            cells.push({ protection, permanent, host, headers: headersOf(userAgent, forwarded) });
  return cells;
}

/** As many, in which every value of the first three lists and the most telling User-Agents appear. */
export function someCells(count: number): Cell[] {
  return Array.from({ length: count }, (_, index): Cell => {
    const round = Math.floor(index / 6);
    return {
      protection: PROTECTIONS[index % 3] as Cell["protection"],
      permanent: index % 2 === 0,
      host: HOSTS[(index + round) % 2] as Cell["host"],
      headers: headersOf(USER_AGENTS[index % USER_AGENTS.length], FORWARDED[(index + round) % 3]),
    };
  });
}

/** A title that shows what is special. */
export function titleOf({ protection, permanent, host, headers }: Cell): string {
  const shown = JSON.stringify(headers).slice(0, 60);
  return `${protection ?? "no protection"}, ${permanent ? "permanent" : "not permanent"}, Node on ${host}, ${shown}`;
}

function headersOf(userAgent: string | undefined, forwarded: string | undefined): Record<string, string> {
  return {
    ...(userAgent === undefined ? {} : { "user-agent": userAgent }),
    ...(forwarded === undefined ? {} : { "x-forwarded-for": forwarded }),
  };
}
