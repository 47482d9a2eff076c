/** SESSION_TYPE sqlalchemy: which database the keys of Flask-Session and Flask-SQLAlchemy mean. */
import { kindOf, objectOf, refused } from "../session/checks.ts";
import type { InspectableStore } from "../session/store.ts";
import { sqlStore } from "../stores/sql.ts";
import type { CheckedKeys } from "./key-checks.ts";
import type { FlaskConfigOptions } from "./own-options.ts";
import { sqlClientOf } from "./sql-client.ts";

/** What of `flaskConfig`'s own options concerns this store. */
type SqlOptions = { readonly [Name in "create" | "flaskInstancePath"]: FlaskConfigOptions[Name] | undefined };

/** Options of an engine that say how to connect; the others concern its pool. */
const CONNECTING: readonly string[] = ["connect_args", "creator"];

/** @throws ConfigError where no database is named, or one that cannot be opened from Node as Python opens it */
export function sqlalchemyStore(keys: CheckedKeys, { create, flaskInstancePath }: SqlOptions): InspectableStore {
  return sqlStore({
    client: keys.SESSION_SQLALCHEMY ?? uriIn(keys),
    table: keys.SESSION_SQLALCHEMY_TABLE,
    schema: keys.SESSION_SQLALCHEMY_SCHEMA,
    sequence: keys.SESSION_SQLALCHEMY_SEQUENCE,
    create,
    flaskInstancePath,
  });
}

/** What the URL of a database stands under, and what else is said of its engine. */
interface Engine {
  /** Its name, for messages. */
  readonly key: string;
  readonly uri: unknown;
  readonly options: unknown;
}

function uriIn(keys: CheckedKeys): string {
  const { key, uri, options } = engineIn(keys);
  if (typeof uri !== "string") throw refused(key, `it must be the URL of a database, not ${kindOf(uri)}`);
  const given = objectOf(options ?? {}, `the options of ${key}`);
  for (const option of CONNECTING) {
    // An sslmode may stand there, and without it the password would go out in the clear.
    if (Object.hasOwn(given, option)) {
      throw refused(`${option} of ${key}`, "it has no counterpart in Node; give a client as SESSION_SQLALCHEMY");
    }
  }
  return sqlClientOf(uri, key) as string;
}

function engineIn(keys: CheckedKeys): Engine {
  const { SESSION_SQLALCHEMY_BIND_KEY: bindKey } = keys;
  if (bindKey === undefined) {
    return {
      key: "SQLALCHEMY_DATABASE_URI",
      uri: keys.SQLALCHEMY_DATABASE_URI,
      options: keys.SQLALCHEMY_ENGINE_OPTIONS,
    };
  }
  const binds = objectOf(keys.SQLALCHEMY_BINDS, "SQLALCHEMY_BINDS");
  const key = `SQLALCHEMY_BINDS[${JSON.stringify(bindKey)}]`;
  const bind: unknown = Object.hasOwn(binds, bindKey) ? (binds as Record<string, unknown>)[bindKey] : undefined;
  if (typeof bind !== "object" || bind === null) return { key, uri: bind, options: undefined };
  return { key, uri: (bind as { readonly url?: unknown }).url, options: bind };
}
