// From a keystroke to syntax diagnostics: reading programs of 1,000 and 10,000 rules from scratch, and printing one.
import { readFileSync } from "node:fs";
import { printCompact } from "../src/program/printCompact.ts";
import { read } from "../src/syntax/read.ts";
import { quantile, report } from "./report.ts";

const SEED = 1;
const kvs = readFileSync(new URL("../public/examples/kvs/base.ded", import.meta.url), "utf8");

/** The running example again and again, each time under other component names. */
function programOf(rules: number): string {
  const copies: string[] = [];
  for (let i = 0; copies.length * 15 < rules; i++) {
    copies.push(kvs.replace(/component (\w+)/g, `component $1${i}`));
  }
  return copies.join("\n");
}

function milliseconds(runs: number, run: () => void): readonly number[] {
  for (let i = 0; i < Math.ceil(runs / 4); i++) run();
  return Array.from({ length: runs }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
}

const small = programOf(1_000);
const large = programOf(10_000);
const program = read(small).program;
const rules = program.components.reduce((n, c) => n + c.rules.length, 0);
if (rules < 1_000) throw new Error(`only ${rules} rules`);

const smallTimes = milliseconds(100, () => read(small));
const largeTimes = milliseconds(11, () => read(large));
const printTimes = milliseconds(50, () => printCompact(program));

report("syntax", SEED, [
  {
    what: `read ${rules.toLocaleString("en")} rules (p95)`,
    value: quantile(smallTimes, 0.95),
    unit: "ms",
    goal: "≤ 16 ms",
    met: quantile(smallTimes, 0.95) <= 16,
  },
  { what: "read them (median)", value: quantile(smallTimes, 0.5), unit: "ms" },
  {
    what: "read 10,000 rules (median)",
    value: quantile(largeTimes, 0.5),
    unit: "ms",
    goal: "≤ 200 ms",
    met: quantile(largeTimes, 0.5) <= 200,
  },
  { what: "print the 1,000 (median)", value: quantile(printTimes, 0.5), unit: "ms" },
]);
