// Mocha's reporter here: one line a file of tests, then the failures in full, and the counts for scripts/test.mjs.
const { writeFileSync } = require("node:fs");
const path = require("node:path");
const { reporters } = require("mocha");

const { Base } = reporters;

/** `--reporter-option output=FILE` receives `{ passed, failed, skipped, millisByFolder }` as JSON. */
module.exports = class FileReporter extends Base {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    const millisByFolder = {};
    let counts = { passed: 0, failed: 0, skipped: 0 };
    let startedAt = 0;

    runner.on("suite", (suite) => {
      if (!suite.parent?.root) return;
      counts = { passed: 0, failed: 0, skipped: 0 };
      startedAt = performance.now();
    });
    runner.on("pass", () => counts.passed++);
    runner.on("fail", (test) => {
      counts.failed++;
      Base.consoleLog(`  failed: ${test.fullTitle()}`);
    });
    runner.on("pending", (test) => {
      counts.skipped++;
      skipped.push(test.fullTitle());
    });
    runner.on("suite end", (suite) => {
      if (!suite.parent?.root) return;
      const millis = performance.now() - startedAt;
      const file = path.relative("build/test", suite.file ?? "").replace(/\.test\.js$/, "");
      const folder = file.split("/")[0];
      millisByFolder[folder] = (millisByFolder[folder] ?? 0) + millis;
      Base.consoleLog(line(file, suite.title, counts, millis));
    });
    runner.on("end", () => {
      this.epilogue();
      for (const title of skipped) Base.consoleLog(`  skipped: ${title}`);
      const output = options.reporterOptions?.output;
      const { passes: passed, failures: failed } = this.stats;
      if (output) writeFileSync(output, JSON.stringify({ passed, failed, skipped: skipped.length, millisByFolder }));
    });
  }
};

function line(file, title, { passed, failed, skipped }, millis) {
  const more = [failed > 0 ? `, ${failed} failed` : "", skipped > 0 ? `, ${skipped} skipped` : ""].join("");
  return `${(millis / 1000).toFixed(1).padStart(6)} s  ${file}: ${title}: ${passed} passed${more}`;
}
