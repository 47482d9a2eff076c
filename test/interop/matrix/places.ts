/** The stores of the matrix, in the order of docs/interop.md. */
import { dynamodb } from "./dynamodb-places.ts";
import { fileSystemCache, files } from "./files-places.ts";
import { memcached, memcachedCache } from "./memcached-places.ts";
import { mongodb } from "./mongodb-places.ts";
import type { Places } from "./place.ts";
import { redis, redisCache } from "./redis-places.ts";
import { mariadb, postgresql, sqlite } from "./sql-places.ts";

/** Every store that both sides can use. */
export const stores: readonly Places[] = [
  redis,
  files,
  sqlite,
  postgresql,
  mariadb,
  memcached,
  mongodb,
  dynamodb,
  fileSystemCache,
  redisCache,
  memcachedCache,
];

/** Those of this run: all of them with INTEROP=all; the others have shorter tests of their own in `npm test`. */
export const storesOfRun: readonly Places[] = process.env["INTEROP"] === "all" ? stores : [redis, files];
