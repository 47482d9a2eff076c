/** A database as the store asks it: what is held by others is waited for, and what fails is a typed error. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Dialect } from "./dialect.ts";
import type { Driver, Outcome, Row } from "./driver.ts";
import { sqlError } from "./failure.ts";
import type { Sql } from "./sql-text.ts";

/** As long as Python's sqlite3 waits for a lock. */
export const DEFAULT_BUSY_MILLIS = 5000;

/** Longest pause between two tries. Random, so that those who wait do not wake together. */
const PAUSE_MILLIS = 10;

/** Sends the statements of one store. */
export class Database {
  readonly dialect: Dialect;
  readonly #driver: Driver;
  readonly #table: string;
  readonly #busyMillis: number;
  readonly #underWay = new Set<Promise<Outcome>>();

  /**
   * @param table for messages
   * @param busyMillis how long a statement may be tried that others stand in the way of
   */
  constructor(driver: Driver, table: string, busyMillis: number) {
    this.dialect = driver.dialect;
    this.#driver = driver;
    this.#table = table;
    this.#busyMillis = busyMillis;
  }

  /** @throws StoreError, ConfigError */
  async rows(statement: Sql): Promise<readonly Row[]> {
    return (await this.#followed(this.#send(statement))).rows;
  }

  /** @returns how many rows it has changed; 0 for an INSERT whose key is there already @throws StoreError, ConfigError */
  async run(statement: Sql): Promise<number> {
    return (await this.#followed(this.#send(statement))).changed;
  }

  /** Waits for what has been asked, whatever becomes of it. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  async #followed(answer: Promise<Outcome>): Promise<Outcome> {
    this.#underWay.add(answer);
    try {
      return await answer;
    } finally {
      this.#underWay.delete(answer);
    }
  }

  async #send(statement: Sql): Promise<Outcome> {
    const until = performance.now() + this.#busyMillis;
    for (;;) {
      try {
        return await this.#driver.send(statement);
      } catch (thrown) {
        const failure = this.#driver.failureOf(thrown);
        if (failure.reason === "duplicate") return { rows: [], changed: 0 };
        if (failure.reason !== "busy" || performance.now() >= until) {
          const { name: database } = this.dialect;
          throw sqlError(thrown, failure, { database, table: this.#table, command: statement.verb });
        }
      }
      await sleep(Math.random() * PAUSE_MILLIS);
    }
  }
}
