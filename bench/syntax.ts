// From a keystroke to diagnostics: reading programs of 1,000 and 10,000 rules, from scratch and after an edit, saying all
// that is wrong with them, and printing one.
import { openDocument } from "../src/language-server/languageDocument.ts";
import { printCompact } from "../src/program/printCompact.ts";
import { ParsedRules } from "../src/syntax/parsedRules.ts";
import { read } from "../src/syntax/read.ts";
import { example, programOf } from "./app/programs.ts";
import type { Figure } from "./report.ts";
import { quantile, report } from "./report.ts";

const SEED = 1;

/** Milliseconds of each run, after some that do not count. */
function milliseconds(runs: number, run: (index: number) => void): readonly number[] {
  for (let i = 0; i < Math.ceil(runs / 4); i++) run(i);
  return Array.from({ length: runs }, (_, i) => {
    const start = performance.now();
    run(i);
    return performance.now() - start;
  });
}

/** The text with up to so many blanks more in its first quarter: as somebody types there. */
function edited(text: string, index: number): string {
  const place = text.indexOf("\n", text.length >> 2);
  return `${text.slice(0, place)}${" ".repeat(index % 8)}${text.slice(place)}`;
}

function p95Of(what: string, times: readonly number[], goal: number): readonly Figure[] {
  const p95 = quantile(times, 0.95);
  return [
    { what: `${what} (median)`, value: quantile(times, 0.5), unit: "ms" },
    {
      what: `${what} (p95)`,
      value: p95,
      unit: "ms",
      goal: `≤ ${goal} ms`,
      met: p95 <= goal,
    },
  ];
}

const paxos = example("paxos");
const small = programOf(1_000);
const large = programOf(10_000);
const program = read(small).program;
const rules = program.components.reduce((n, c) => n + c.rules.length, 0);
if (rules < 1_000) throw new Error(`only ${rules} rules`);
const count = rules.toLocaleString("en");

const known = new ParsedRules();
const freshTimes = milliseconds(100, () => read(small));
const againTimes = milliseconds(100, (i) => read(edited(small, i), { known }));
const paxosTimes = milliseconds(100, (i) => openDocument({ text: edited(paxos, i) }, known));
const documentTimes = milliseconds(50, (i) => openDocument({ text: edited(small, i) }, known));
const largeTimes = milliseconds(11, () => read(large));
const printTimes = milliseconds(50, () => printCompact(program));

report("syntax", SEED, [
  {
    what: `read ${count} rules from scratch (median)`,
    value: quantile(freshTimes, 0.5),
    unit: "ms",
  },
  { what: "read them from scratch (p95)", value: quantile(freshTimes, 0.95), unit: "ms" },
  ...p95Of("syntax diagnostics after a keystroke in them", againTimes, 16),
  ...p95Of("all diagnostics of Multi-Paxos", paxosTimes, 50),
  ...p95Of(`all diagnostics of ${count} rules`, documentTimes, 250),
  {
    what: "read 10,000 rules (median)",
    value: quantile(largeTimes, 0.5),
    unit: "ms",
    goal: "≤ 200 ms",
    met: quantile(largeTimes, 0.5) <= 200,
  },
  { what: `print the ${count} (median)`, value: quantile(printTimes, 0.5), unit: "ms" },
]);
