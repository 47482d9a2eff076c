/** Runs a few lines of JavaScript in a Node process of its own, to see what becomes of that process. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From start to end. */
  readonly millis: number;
}

/** The address of a compiled source file, such as `stores/redis.js`, for a program to import. */
export function compiled(file: string): string {
  return pathToFileURL(join(process.cwd(), "build", "src", file)).href;
}

/**
 * Runs a program and waits for its end.
 * @param source an ES module
 * @param args what `process.argv` holds from its third place on
 * @param timeout after how many milliseconds it is killed
 * @param node whose path is this
 */
export function runProgram(
  source: string,
  args: readonly string[] = [],
  timeout = 10_000,
  node: string = process.execPath,
): Promise<Ended> {
  const started = performance.now();
  // Another version counts what it has run in another way.
  const env = node === process.execPath ? process.env : { ...process.env, NODE_V8_COVERAGE: undefined };
  const child = spawn(node, ["--input-type=module", "-", ...args], { timeout, env });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data: Buffer) => {
    stdout += data.toString();
  });
  child.stderr.on("data", (data: Buffer) => {
    stderr += data.toString();
  });
  child.stdin.end(source);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code, stdout, stderr, millis: performance.now() - started });
    });
  });
}
