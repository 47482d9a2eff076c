import { expect } from "chai";
import { floorBreaches } from "./rules/floors.ts";
import { filesOf, shown } from "./rules/source-files.ts";

/** A tree with one breach planted, and the line that must be shown for it. */
interface Planted {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly expect: string;
}

const breaches: readonly Planted[] = [
  {
    name: "bytes imports a codec",
    files: {
      "bytes/reader.ts": 'import { TruncatedError } from "../errors.ts";\nimport { encode } from "../codecs/json.ts";',
    },
    expect: "bytes/reader.ts:2: import of ../codecs/json.ts goes up, from bytes to codecs",
  },
  {
    name: "a type is imported upwards",
    files: { "session/store.ts": 'import type { RedisClient } from "../stores/redis.ts";' },
    expect: "session/store.ts:1: import of ../stores/redis.ts goes up, from session to stores",
  },
  {
    name: "an import of several lines goes up",
    files: { "values/view.ts": 'import {\n  open,\n  type Session,\n} from "../session/sessions.ts";' },
    expect: "values/view.ts:1: import of ../session/sessions.ts goes up, from values to session",
  },
  {
    name: "a re-export goes up",
    files: { "stores/redis.ts": 'export * from "../config/index.ts";' },
    expect: "stores/redis.ts:1: import of ../config/index.ts goes up, from stores to config",
  },
  {
    name: "a dynamic import goes up",
    files: { "stores/redis.ts": 'const { flaskConfig } = await import("../config/index.ts");' },
    expect: "stores/redis.ts:1: import of ../config/index.ts goes up, from stores to config",
  },
  {
    name: "an import for its effect goes up",
    files: { "errors.ts": 'import "./bytes/reader.ts";' },
    expect: "errors.ts:1: import of ./bytes/reader.ts goes up, from errors to bytes",
  },
  {
    name: "the barrel reaches a store",
    files: { "index.ts": 'export { redisStore } from "./stores/redis.ts";' },
    expect: "index.ts:1: import of ./stores/redis.ts goes up, from index to stores",
  },
  {
    name: "a store imports the barrel",
    files: { "stores/redis.ts": 'import { StoreError } from "../index.ts";' },
    expect: "stores/redis.ts:1: import of ../index.ts: the barrel is for users",
  },
  {
    name: "a folder that is no floor is imported",
    files: { "stores/redis.ts": 'import { retry } from "../tools/retry.ts";' },
    expect: "stores/redis.ts:1: import of ../tools/retry.ts: tools is no floor",
  },
  {
    name: "a folder that is no floor imports",
    files: { "tools/retry.ts": 'import { StoreError } from "../errors.ts";' },
    expect: "tools/retry.ts:1: tools is no floor",
  },
  {
    name: "a local import carries .js",
    files: { "bytes/reader.ts": 'import { TruncatedError } from "../errors.js";' },
    expect: "bytes/reader.ts:1: import of ../errors.js does not end in .ts",
  },
  {
    name: "an import leaves src",
    files: { "bytes/reader.ts": 'import { canonical } from "../../test/canonical.ts";' },
    expect: "bytes/reader.ts:1: import of ../../test/canonical.ts leaves src",
  },
  {
    name: "a vendor is imported when the file is loaded",
    files: { "stores/redis.ts": 'import { Redis } from "ioredis";' },
    expect:
      "stores/redis.ts:1: static import of ioredis: optional packages are loaded with import() when they are needed",
  },
  {
    name: "a vendor is imported in two files",
    files: { "config/redis.ts": 'await import("ioredis");', "stores/redis.ts": 'await import("ioredis/built/x.js");' },
    expect: "stores/redis.ts:1: import of ioredis, which config/redis.ts imports already",
  },
  {
    name: "a vendor's types are extended beside another file that imports it",
    files: { "frameworks/express.ts": 'declare module "express" {', "frameworks/nest.ts": 'await import("express");' },
    expect: "frameworks/nest.ts:1: import of express, which frameworks/express.ts imports already",
  },
  {
    name: "a scoped package is one package",
    files: { "stores/dynamodb.ts": 'await import("@aws/x/a");', "stores/sql.ts": 'await import("@aws/x");' },
    expect: "stores/sql.ts:1: import of @aws/x, which stores/dynamodb.ts imports already",
  },
  {
    name: "a module of Node's own is named without node:",
    files: { "stores/filesystem.ts": 'import { readFile } from "fs/promises";' },
    expect:
      "stores/filesystem.ts:1: static import of fs: optional packages are loaded with import() when they are needed",
  },
  {
    name: "a name is computed",
    files: { "stores/redis.ts": "await import(name);" },
    expect: "stores/redis.ts:1: a computed import (name) cannot be checked",
  },
  {
    name: "a require",
    files: { "stores/redis.ts": 'const redis = require("redis");' },
    expect: 'stores/redis.ts:1: a computed import ("redis") cannot be checked',
  },
];

function foundIn(files: Planted["files"]): string[] {
  return floorBreaches(Object.entries(files).map(([path, text]) => ({ path, text }))).map(shown);
}

describe("floors", () => {
  it("every import in src goes down or stays on its floor, and a vendor is imported in one file", () => {
    expect(floorBreaches(filesOf("src", /\.ts$/)).map(shown)).to.deep.equal([]);
  });

  it("the imports of src are seen", () => {
    const bottomUp = filesOf("src", /\.ts$/).map(({ path, text }) => ({ path: `cli/${path}`, text }));
    expect(floorBreaches(bottomUp)).to.not.equal([]);
  });

  it("nothing is found where nothing is wrong", () => {
    const fine = {
      "stores/redis.ts": [
        'import { createHash } from "node:crypto";',
        'import type { Store } from "../session/store.ts";',
        'import { entry } from "./entry.ts";',
        ' * import { redisStore } from "flask-session-node/stores/redis";',
        'const client = await import("ioredis").catch(missing);',
      ].join("\n"),
    };
    expect(foundIn(fine)).to.deep.equal([]);
  });

  for (const { name, files, expect: expected } of breaches) {
    it(`a breach is seen: ${name}`, () => {
      expect(foundIn(files)).to.deep.equal([expected]);
    });
  }
});
