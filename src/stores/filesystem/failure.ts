/** What goes wrong with files, as errors that name the system call and not the file. */
import { DecodeError, StoreError, StoreUnavailableError } from "../../errors.ts";
import { driverFailure } from "../driver-failure.ts";

/** The directory, or the disk or share it lies on, is not there now. */
const UNAVAILABLE: ReadonlySet<string> = new Set(["EIO", "ENOENT", "ENOTCONN", "ENOTDIR", "ESTALE", "ETIMEDOUT"]);

/** The error of a store for what `node:fs` threw; anything that comes from no system call stays what it is. */
export function fileError(thrown: unknown): unknown {
  const error = thrown as NodeJS.ErrnoException;
  if (error.syscall === undefined) return thrown;
  const cause = driverFailure(error, error.syscall);
  const message = `Cannot use the session directory: ${cause.message}`;
  return UNAVAILABLE.has(cause.code)
    ? new StoreUnavailableError(message, { cause })
    : new StoreError(message, { cause });
}

/** For `catch`: the value in place of an error with this code; any other error is thrown on. */
export function valueAt<T>(code: string, value: T): (error: unknown) => T {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code !== code) throw error;
    return value;
  };
}

/** For `catch`: nothing in place of what cannot be read as what it should be. */
export function nothingIfCorrupt(error: unknown): undefined {
  if (!(error instanceof DecodeError)) throw error;
}
