/** Programs that tests start: drained, waited for, and never left behind. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

/** How a program is started. */
export interface ProgramOptions {
  readonly command: string;
  readonly args?: readonly string[];
  /** Added to the environment of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

const LOG_LENGTH = 64 * 1024;
const STOP_MILLIS = 5000;

/** Linux only: ends the program with its parent, even where the parent is killed and runs no exit handler. */
const dieWithParent: readonly string[] =
  spawnSync("setpriv", ["--pdeathsig", "KILL", "--", "true"]).status === 0
    ? ["setpriv", "--pdeathsig", "KILL", "--"]
    : [];

const running = new Set<Program>();

process.on("exit", () => {
  for (const program of running) program.kill();
});

/** A running program. Its output is kept, so that it never blocks on a full pipe and a failed test can show it. */
export class Program {
  readonly #child: ChildProcess;
  readonly #name: string;
  #log = "";
  #ended: string | undefined;

  constructor({ command, args = [], env, cwd }: ProgramOptions) {
    const [first = command, ...rest] = [...dieWithParent, command, ...args];
    this.#name = command;
    this.#child = spawn(first, rest, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#log = (this.#log + text).slice(-LOG_LENGTH);
        this.#child.emit("output");
      });
    }
    running.add(this);
    this.#child.on("error", (error) => {
      this.#end(error.message);
    });
    this.#child.on("close", (code, signal) => {
      this.#end(`ended with ${signal ?? code}`);
    });
  }

  /** Of the process. */
  get pid(): number {
    return this.#child.pid as number;
  }

  /** Whether it has not ended yet. */
  get alive(): boolean {
    return this.#ended === undefined;
  }

  /** The end of what it wrote, to stdout and stderr. */
  get log(): string {
    return this.#log;
  }

  /**
   * Waits until its output matches.
   * @throws Error with the output, if the program ends first or `timeoutMillis` pass
   */
  async output(pattern: RegExp, timeoutMillis = 30_000): Promise<RegExpExecArray> {
    const signal = AbortSignal.timeout(timeoutMillis);
    for (;;) {
      const found = pattern.exec(this.#log);
      if (found !== null) return found;
      if (this.#ended !== undefined) throw new Error(`${this.#name} ${this.#ended}:\n${this.#log}`);
      await once(this.#child, "output", { signal }).catch((error: unknown) => {
        throw new Error(`${this.#name} did not write ${pattern} in ${timeoutMillis} ms:\n${this.#log}`, {
          cause: error,
        });
      });
    }
  }

  /** Ends it; after five seconds by force. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (!this.alive) return;
    const closed = once(this.#child, "close");
    this.#child.kill(signal);
    const force = setTimeout(() => {
      this.kill();
    }, STOP_MILLIS);
    await closed;
    clearTimeout(force);
  }

  /** Ends it at once. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #end(how: string): void {
    this.#ended = how;
    running.delete(this);
    this.#child.emit("output");
  }
}
