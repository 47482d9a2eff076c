/** What the user of a database may do with the table, found out by statements that touch no row. */
import { StoreError, StoreUnavailableError } from "../../errors.ts";
import type { DriverFailure } from "../driver-failure.ts";
import type { Database } from "./database.ts";
import { type TableName, tableOf } from "./dialect.ts";
import { type Sql, sql } from "./sql-text.ts";

/** What is missing, in words such as `UPDATE (saving sessions): 42501`. @throws StoreUnavailableError */
export async function missingRights(database: Database, name: TableName): Promise<string[]> {
  const table = tableOf(name, database.dialect);
  const attempts: readonly (readonly [purpose: string, Sql])[] = [
    ["reading sessions", sql`SELECT id, session_id, data, expiry FROM ${table} WHERE 1 = 0`],
    ["writing new sessions", sql`INSERT INTO ${table} (session_id) SELECT session_id FROM ${table} WHERE 1 = 0`],
    ["saving sessions", sql`UPDATE ${table} SET data = data, expiry = expiry WHERE 1 = 0`],
    ["logging out", sql`DELETE FROM ${table} WHERE 1 = 0`],
  ];
  const missing: string[] = [];
  for (const [purpose, statement] of attempts) {
    const code = await refusalOf(database, statement);
    if (code !== undefined) missing.push(`${statement.verb} (${purpose}): ${code}`);
  }
  if (!(await mayNumber(database, name)))
    missing.push("INSERT (writing new sessions): no right to the sequence of its ids");
  return missing;
}

/** The code with which a statement is refused. */
async function refusalOf(database: Database, statement: Sql): Promise<string | undefined> {
  try {
    await database.rows(statement);
    return undefined;
  } catch (error) {
    if (!(error instanceof StoreError) || error instanceof StoreUnavailableError) throw error;
    return (error.cause as DriverFailure).code;
  }
}

async function mayNumber(database: Database, name: TableName): Promise<boolean> {
  const question = database.dialect.mayNumber(name);
  if (question === undefined) return true;
  const [answer] = await database.rows(question);
  return answer?.["allowed"] === true;
}
