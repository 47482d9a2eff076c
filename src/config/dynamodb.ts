/** SESSION_TYPE dynamodb: Flask's keys as the options of the store. */
import { UnsupportedSessionTypeError } from "../errors.ts";
import type { Store } from "../session/store.ts";
import { isBefore, type Version } from "../session/versions.ts";
import { isDynamodbClient } from "../stores/dynamodb/client.ts";
import { dynamodbStore } from "../stores/dynamodb.ts";
import type { CheckedKeys } from "./key-checks.ts";
import type { StoreOptions } from "./own-options.ts";

/** @throws UnsupportedSessionTypeError */
export function dynamodb(keys: CheckedKeys, { flaskTimeZone }: StoreOptions, flaskSessionVersion: Version): Store {
  if (isBefore(flaskSessionVersion, 0, 8)) {
    throw new UnsupportedSessionTypeError('Cannot use SESSION_TYPE "dynamodb": it came with Flask-Session 0.8');
  }
  const { SESSION_DYNAMODB: given, SESSION_DYNAMODB_TABLE: table } = keys;
  return dynamodbStore({ ...(isDynamodbClient(given) ? { client: given } : { address: given }), table, flaskTimeZone });
}
