/** Certificates that a URL names by their file. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { ConfigError } from "../../errors.ts";

/** @throws ConfigError with the absolute path where the file cannot be read */
export function certificatesIn(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: unknown) => {
    throw new ConfigError(`Cannot read the certificates in ${resolve(path)}`, { cause });
  });
}
