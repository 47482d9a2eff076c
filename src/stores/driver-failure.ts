/** What of a driver's error may be shown. Drivers keep the arguments of the failed command, keys and records among them. */

/** The cause of a {@link StoreError}: an Error with the driver's name, code and command name, and nothing else of it. */
export class DriverFailure extends Error {
  /** The driver's or the server's code, such as `ECONNREFUSED` or `NOPERM`; empty where it has none. */
  readonly code: string;
  /** Name of the command or system call, never its arguments. */
  readonly command: string;

  constructor(name: string, code: string, command: string) {
    super(`${code === "" ? name : code} in ${command}`);
    this.name = name;
    this.code = code;
    this.command = command;
  }
}

/** What a driver's error calls itself, and the code it carries. */
export interface DriverError {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
}

/** @param command name of the command or system call that failed */
export function driverFailure({ name, code }: DriverError, command: string): DriverFailure {
  return new DriverFailure(name, typeof code === "string" ? code : "", command);
}
