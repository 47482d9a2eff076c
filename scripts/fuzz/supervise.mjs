// Searches for faults of targets in another process, and looks at each that is found in a fresh one.
import { join } from "node:path";
import { readJournal } from "./journal.mjs";
import { minimise } from "./minimise.mjs";
import { WorkerProcess } from "./process.mjs";
import { digest } from "./search.mjs";

/** A target that kills that many processes has shown what there is to see. */
const MAX_DEATHS = 12;
/** An input that kills or hangs a process is shortened in so many attempts, for each costs a process. */
const SHORTENING_PROCESSES = 8;
/** Milliseconds after which such an attempt is taken to hang too. */
const SHORTENING_MILLIS = 2000;
/** What a search cannot shorten itself, because it dies of it. */
const KILLING = new Set(["hang", "crash"]);
/** What the instrumented code or a busy machine may have caused counts only if the plain code shows it too. */
const DOUBTFUL = new Set(["overflow", "hang", "memory", "crash"]);

/** Searches one target after the other, as long as it lives in one process. */
export class Supervisor {
  #searched;
  #plain;
  #folder;
  #deadlineMillis;
  #process;

  /**
   * @param searched and `plain`: the module of the targets with counters and without
   * @param folder for journals, and for what targets write
   * @param deadlineMillis for one input
   */
  constructor({ searched, plain, folder, deadlineMillis }) {
    this.#searched = searched;
    this.#plain = plain;
    this.#folder = folder;
    this.#deadlineMillis = deadlineMillis;
  }

  /** @returns inputs, branches, inputs kept, faults with how often they were met, and `doubts`, which only the search has seen */
  async search({ target, seed, runs, millis }) {
    const total = { inputs: 0, branches: 0, kept: 0, faults: [], doubts: [] };
    const avoided = [];
    const endsAt = performance.now() + millis;
    for (let deaths = 0; deaths < MAX_DEATHS; deaths++) {
      const journal = join(this.#folder, `journal-${target}-${deaths}`);
      const rest = { seed: seed + deaths, runs: runs - total.inputs, millis: endsAt - performance.now() };
      if (rest.runs <= 0 || rest.millis <= 0) break;
      const found = [];
      const { done, fault } = await this.#run({ target, journal, avoided, ...rest }, (each) => found.push(each));
      const { trials, inputs, input } = readJournal(journal);
      if (done === undefined && trials === 0) throw new Error(`${target} does not start: ${fault.about}`);
      total.inputs += done?.inputs ?? inputs;
      total.branches = Math.max(total.branches, done?.branches ?? 0);
      total.kept += done?.kept ?? 0;
      for (const each of found) await this.#add(total, target, { ...each, count: done?.failed[each.key] ?? 1 });
      if (done !== undefined) break;
      avoided.push(digest(input));
      await this.#add(total, target, { ...fault, input, count: 1 });
    }
    return total;
  }

  /** What a process that has seen nothing else makes of an input. */
  async look(target, input, deadlineMillis = this.#deadlineMillis) {
    const fresh = new WorkerProcess(this.#folder);
    const { done, fault } = await fresh.run({ module: this.#plain, target, input }, deadlineMillis);
    fresh.stop();
    return done === undefined ? fault : done.fault;
  }

  stop() {
    this.#process?.stop();
  }

  #run(task, report) {
    if (this.#process?.isAlive !== true) this.#process = new WorkerProcess(this.#folder);
    return this.#process.run({ module: this.#searched, ...task }, this.#deadlineMillis, report);
  }

  async #add(total, target, fault) {
    const seen = await this.look(target, fault.input);
    if (seen === undefined && DOUBTFUL.has(fault.kind)) {
      total.doubts.push(fault);
      return;
    }
    const told = { ...fault, ...seen };
    const known = total.faults.find(({ key }) => key === told.key);
    if (known !== undefined) known.count += told.count;
    else total.faults.push(KILLING.has(told.kind) ? await this.#shortened(target, told) : told);
  }

  /** A busy machine may take an input for one that hangs: the shortest one is asked again in peace. */
  async #shortened(target, fault) {
    const { key, input } = fault;
    const isSame = async (candidate, millis) => (await this.look(target, candidate, millis))?.key === key;
    const shortest = await minimise(input, (candidate) => isSame(candidate, SHORTENING_MILLIS), SHORTENING_PROCESSES);
    return { ...fault, input: (await isSame(shortest)) ? shortest : input };
  }
}
