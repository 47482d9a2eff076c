// A process that works on tasks one after the other, and that may hang or die at any of them.
import { fork } from "node:child_process";
import { join } from "node:path";
import { readJournal } from "./journal.mjs";

const WORKER = join(import.meta.dirname, "worker.mjs");
const POLL_MILLIS = 100;
/** Loading and, on a busy machine, waiting for a core. */
const START_MILLIS = 60_000;
const MAX_COMPLAINT = 2000;

/** Works on tasks; after one at which it died it is not used again. */
export class WorkerProcess {
  #child;
  #complaint = "";

  /** @param folder for whatever targets write: nobody cleans up after a process that dies */
  constructor(folder) {
    const { NODE_V8_COVERAGE: _, NODE_OPTIONS: __, ...inherited } = process.env;
    const env = { ...inherited, TMPDIR: folder, TEMP: folder, TMP: folder };
    const execArgv = ["--enable-source-maps", "--max-old-space-size=512"];
    this.#child = fork(WORKER, {
      env,
      execArgv,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      serialization: "advanced",
    });
    this.#child.stderr.on("data", (text) => {
      this.#complaint = (this.#complaint + text).slice(-MAX_COMPLAINT);
    });
  }

  get isAlive() {
    return this.#child.connected;
  }

  /**
   * @param report is called with each fault that a search finds
   * @returns `done`, what the process answers, or `fault`, how it ended without an answer
   */
  run(task, deadlineMillis, report = () => undefined) {
    return new Promise((resolve) => {
      const child = this.#child;
      const end = (result) => {
        watch.end();
        child.off("message", hear).off("close", close);
        resolve(result);
      };
      const hear = (message) => {
        if (message.begun) watch.begin();
        else if (message.found !== undefined) report(message.found);
        else end(message);
      };
      const close = (code, signal) => {
        const about = watch.isOver ? `no end after ${deadlineMillis} ms` : this.#complaint;
        const [kind, key] = watch.isOver ? ["hang", "hang"] : ["crash", `crash ${signal ?? code}`];
        end({ fault: { kind, key, about } });
      };
      const watch = new Watch(task.journal, deadlineMillis, () => child.kill("SIGKILL"));
      child.on("message", hear).on("close", close);
      child.send(task);
    });
  }

  stop() {
    this.#child.kill("SIGKILL");
  }
}

/** Calls `stop` when a search is at the same trial for too long, or a look takes too long. */
class Watch {
  isOver = false;
  #journal;
  #deadlineMillis;
  #begun = false;
  #trials = 0;
  #silentMillis = 0;
  #polledAt = performance.now();
  #timer;

  /** @param journal of a search; none for a look */
  constructor(journal, deadlineMillis, stop) {
    this.#journal = journal;
    this.#deadlineMillis = deadlineMillis;
    this.#timer = setInterval(() => {
      this.isOver ||= this.#isTooLong();
      if (this.isOver) stop();
    }, POLL_MILLIS);
  }

  /** The module is loaded, or an attempt begins. */
  begin() {
    this.#begun = true;
    this.#silentMillis = 0;
  }

  end() {
    clearInterval(this.#timer);
  }

  /** While this process was stopped or asleep, so was the other: a poll that is late counts as one in time. */
  #isTooLong() {
    const now = performance.now();
    const trials = this.#journal === undefined ? 0 : readJournal(this.#journal).trials;
    const isSilent = trials === this.#trials;
    this.#silentMillis = isSilent ? this.#silentMillis + Math.min(now - this.#polledAt, 2 * POLL_MILLIS) : 0;
    [this.#trials, this.#polledAt] = [trials, now];
    return this.#silentMillis > (this.#begun ? this.#deadlineMillis : START_MILLIS);
  }
}
