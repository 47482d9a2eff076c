// The process in which targets run, and which may hang or die: a search, or one input to be looked at.
import { Counters } from "./counters.mjs";
import { Journal } from "./journal.mjs";
import { Random } from "./random.mjs";
import { Search } from "./search.mjs";
import { tryOnce } from "./trial.mjs";

/** Bytes of memory that one input may cost, all told: it is decoded, viewed, and written in three formats. */
const MAX_MORE_BYTES = 160 * 1024 * 1024;

let counters;

process.once("disconnect", () => process.exit());
process.on("message", async (task) => {
  const { targets } = await import(task.module);
  const target = targets.find(({ name }) => name === task.target);
  process.send({ begun: true });
  process.send({ done: await (task.input === undefined ? search(target, task) : look(target, task.input)) });
});

function search(target, { journal, seed, runs, millis, avoided }) {
  counters ??= new Counters(globalThis.__coverage__ ?? {});
  counters.forget();
  return new Search({
    target,
    counters,
    random: new Random(seed),
    journal: new Journal(journal),
    avoided,
    report: (found) => process.send({ found }),
  }).run(runs, millis);
}

/** In a process that has done nothing else yet, memory can be measured from outside the heap. */
async function look(target, input) {
  const before = process.resourceUsage().maxRSS;
  const fault = await tryOnce(target, input, () => process.send({ begun: true }));
  if (fault !== undefined && fault.kind !== "memory") return { fault };
  const more = (process.resourceUsage().maxRSS - before) * 1024;
  if (more <= MAX_MORE_BYTES) return {};
  return { fault: { kind: "memory", key: "memory", about: `${Math.round(more / 2 ** 20)} MiB more memory` } };
}
