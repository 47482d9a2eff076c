/** better-sqlite3 is a client by its types, which `npm run interop:all` checks where it is installed. */
import Database from "better-sqlite3";
import { sqlStore } from "../../../../src/stores/sql.ts";

sqlStore({ client: new Database(":memory:") });
