/** Ways to a server that are tried in turn, because it says only then whether it has TLS. */
import type { Opened } from "./client.ts";
import { codeOf } from "./driver.ts";
import { sqlError } from "./failure.ts";
import { sql } from "./sql-text.ts";

/** Says that it is TLS that a server has not, or wants: 28000 is PostgreSQL's pg_hba.conf. */
const ABOUT_TLS = /SSL|TLS|EPROTO|\b28000\b/;

/**
 * The first way on which a statement is answered. Another one is tried only where it is TLS that failed.
 * @throws StoreError
 */
export async function firstThatConnects<Way>(
  [way, ...others]: readonly [Way, ...Way[]],
  open: (way: Way) => Opened,
): Promise<Opened> {
  const opened = open(way);
  try {
    await opened.driver.send(sql`SELECT 1`);
    return opened;
  } catch (thrown) {
    await opened.close();
    const [next, ...rest] = others;
    if (next !== undefined && ABOUT_TLS.test(`${codeOf(thrown)} ${(thrown as Error).message}`)) {
      return firstThatConnects([next, ...rest], open);
    }
    const { driver } = opened;
    throw sqlError(thrown, driver.failureOf(thrown), { database: driver.dialect.name, table: "", command: "CONNECT" });
  }
}
