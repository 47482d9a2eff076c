/** Version numbers of the Python side, by which its behaviour is told apart. */
import { refused } from "./checks.ts";

/** Major and minor number; no behaviour that we follow changed in a patch. */
export type Version = readonly [major: number, minor: number];

/** @throws ConfigError where it is not like `3.1` or `2.2.5` */
export function versionOf(value: unknown, name: string): Version {
  const parts = typeof value === "string" ? /^(\d{1,3})\.(\d{1,3})(?:\.\d{1,3})?$/.exec(value) : null;
  if (parts === null) throw refused(name, 'it must be text such as "3.1"');
  return [Number(parts[1]), Number(parts[2])];
}

/** Whether a version is older than `major.minor`. */
export function isBefore(version: Version, major: number, minor: number): boolean {
  return version[0] < major || (version[0] === major && version[1] < minor);
}
