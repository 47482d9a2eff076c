// What a search has found, for people.

/** Which kinds of faults are counted together. */
const COLUMNS = {
  crashes: ["crash", "overflow", "memory"],
  hangs: ["hang"],
  untyped: ["untyped"],
  differences: ["difference"],
};
const MAX_ABOUT_LINES = 8;
const MAX_INPUT_BYTES = 200;

/** Each fault with the line that shows it again, then the table of targets. */
export function printReport(rows) {
  for (const { target, faults } of rows) {
    for (const { kind, key, about, input, count, file } of faults) {
      console.log(`\n${target}: ${kind}, ${count} times: ${key}`);
      console.log(about.split("\n").slice(0, MAX_ABOUT_LINES).join("\n"));
      console.log(input.length > MAX_INPUT_BYTES ? `${input.length} bytes` : Buffer.from(input).toString("hex"));
      console.log(`npm run fuzz -- --repro ${file}`);
    }
  }
  const table = rows.map(tableRow);
  const sums = Object.keys(table[0]).map((key) => [key, table.reduce((sum, row) => sum + row[key], 0)]);
  console.log();
  printTable([...table, { ...Object.fromEntries(sums), target: "in all", branches: "" }]);
}

function tableRow({ target, inputs, branches, faults, seconds }) {
  const counts = Object.entries(COLUMNS).map(([name, kinds]) => [name, countOf(faults, kinds)]);
  return { target, inputs, branches, ...Object.fromEntries(counts), seconds: Math.round(seconds) };
}

function countOf(faults, kinds) {
  return faults.filter(({ kind }) => kinds.includes(kind)).reduce((sum, { count }) => sum + count, 0);
}

function printTable(rows) {
  const names = Object.keys(rows[0]);
  const lines = [names, ...rows.map((row) => names.map((name) => String(row[name])))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const [name, ...numbers] of lines) {
    const padded = numbers.map((text, index) => text.padStart(widths[index + 1]));
    console.log([name.padEnd(widths[0]), ...padded].join("  "));
  }
}
