/** A resident Python of one of the pinned environments: the judge of what Node reads and writes. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

/** The pinned environments of `test/python/requirements` in which Flask-Session 0.3.2 to 0.8.0 runs. */
export type FlaskEnvironment =
  | "fs032-flask11"
  | "fs040-flask20"
  | "fs041-flask22"
  | "fs050-flask22"
  | "fs060-flask23"
  | "fs070-flask30"
  | "fs080-flask31"
  | "fs080-newest";

/** The pinned environments of `test/python/requirements` that tests use. */
export type EnvironmentName =
  | FlaskEnvironment
  | "cachelib01"
  | "cachelib06"
  | "fs080-stores"
  // Drivers of databases, lent to the sides that have none; a server of DynamoDB's protocol.
  | "drivers"
  | "moto"
  | "values"
  | "fidelity"
  // Made where a script asks for them.
  | "cookie-flask012"
  | "cookie-flask10"
  | "cookie-flask310";

/** The project's folder; compiled tests run in it. */
export const projectFolder: string = process.cwd();

/** What a program raised. */
export class PythonError extends Error {
  /** Name of the exception's class. */
  readonly type: string;

  constructor(type: string, message: string, traceback: string) {
    super(`${type}: ${message}\n${traceback}`);
    this.type = type;
  }
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
  readonly traceback?: string;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One Python process; programs run in the order in which they are sent. */
export class Judge {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;

  constructor(python: string) {
    this.#process = spawn(python, [join(projectFolder, "test", "python", "judge.py")], {
      env: { ...process.env, PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1" },
    });
    this.#process.stderr.resume();
    createInterface({ input: this.#process.stdout }).on("line", (line) => {
      this.#settle(JSON.parse(line) as Answer);
    });
    this.#process.on("exit", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("Python ended before it answered"));
    });
  }

  /** Runs a program that finds `input` and leaves `result`; both must be JSON. @throws PythonError */
  run(program: string, input: unknown): Promise<unknown> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.stdin.write(`${JSON.stringify({ id, program, input })}\n`);
    });
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    this.#process.stdin.end();
    await once(this.#process, "exit");
  }

  #settle({ id, result, error, message = "", traceback = "" }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new PythonError(error, message, traceback));
  }
}

/** The path of an environment's `python`, made first where it is missing. */
export async function pythonPath(name: EnvironmentName): Promise<string> {
  const script = pathToFileURL(join(projectFolder, "scripts", "python-environment.mjs")).href;
  const environments = (await import(script)) as { readonly pythonEnvironment: (name: string) => string };
  return environments.pythonEnvironment(name);
}

/** The folder of an environment's packages, for the PYTHONPATH of another one. */
export async function sitePackages(name: EnvironmentName): Promise<string> {
  const lib = join(dirname(dirname(await pythonPath(name))), "lib");
  const [python = ""] = readdirSync(lib);
  return join(lib, python, "site-packages");
}

const judges = new Map<EnvironmentName, Judge>();

/** The judge of an environment, started at its first use and shared by the tests of the process; {@link stopJudges} ends it. */
export async function judgeOf(name: EnvironmentName): Promise<Judge> {
  let judge = judges.get(name);
  if (judge === undefined) {
    judge = new Judge(await pythonPath(name));
    judges.set(name, judge);
  }
  return judge;
}

/** Ends every judge that {@link judgeOf} started. */
export async function stopJudges(): Promise<void> {
  await Promise.all([...judges.values()].map((judge) => judge.stop()));
  judges.clear();
}
