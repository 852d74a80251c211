import type { Page } from "@playwright/test";
import { drop, openExample, standAt, typeBlanks, typeNumbers, withApp } from "./app/editor.ts";
import { example, programOf } from "./app/programs.ts";
import type { Figure } from "./report.ts";
import { quantile, report } from "./report.ts";

// From a keystroke to the verdicts of the selected rule, in the real app in Chromium: Monaco's change, reading,
// analysing, judging in the worker, and the answer's arrival on the page. Keys that change the program, and keys that
// leave it as it is. Needs a build: npm run build.
const KEYSTROKES = 100;
const KEYS = [
  { name: "numbers", type: typeNumbers },
  { name: "blanks", type: typeBlanks },
] as const;
/** Each in a browser of its own: the medians of their figures count. */
const RUNS = 3;

interface Typed {
  readonly what: string;
  readonly text: string;
  readonly open: (page: Page) => Promise<void>;
  /** Words of the rule that is typed at. */
  readonly line: string;
  /** Milliseconds. */
  readonly goal: number;
}

const LARGE = programOf(1_000);
const PROGRAMS: readonly Typed[] = [
  {
    what: "running example",
    text: example("kvs"),
    open: async () => {},
    line: "outInconsistent",
    goal: 50,
  },
  {
    what: "Multi-Paxos",
    text: example("paxos"),
    open: (page) => openExample(page, "Multi-Paxos"),
    line: "propose(s, b, c) :- rank",
    goal: 50,
  },
  {
    what: "1,005 rules",
    text: LARGE,
    open: (page) => drop(page, LARGE),
    line: "outInconsistent",
    goal: 250,
  },
];

/** Milliseconds of each keystroke's verdicts. */
async function typed(
  { text, open, line }: Typed,
  type: (page: Page, keystrokes: number) => Promise<void>,
): Promise<readonly number[]> {
  let durations: readonly number[] = [];
  await withApp(async (page) => {
    await open(page);
    await standAt(page, text, line);
    await page.evaluate(() => performance.clearMeasures("verdicts"));
    await type(page, KEYSTROKES);
    durations = await page.evaluate(() =>
      performance.getEntriesByName("verdicts").map((entry) => entry.duration),
    );
  });
  if (durations.length < 10) throw new Error(`only ${durations.length} verdicts came`);
  return durations;
}

async function figuresOf(
  program: Typed,
  { name, type }: (typeof KEYS)[number],
): Promise<readonly Figure[]> {
  const runs: (readonly number[])[] = [];
  for (let i = 0; i < RUNS; i++) runs.push(await typed(program, type));
  const overRuns = (q: number): number =>
    quantile(
      runs.map((durations) => quantile(durations, q)),
      0.5,
    );
  const { what, goal } = program;
  const p95 = overRuns(0.95);
  const all = runs.map((durations) => quantile(durations, 0.95).toFixed(0)).join(", ");
  return [
    { what: `${what}, ${name}: keystroke to verdicts, median`, value: overRuns(0.5), unit: "ms" },
    {
      what: `${what}, ${name}: 95th percentile (${all})`,
      value: p95,
      unit: "ms",
      goal: `≤ ${goal} ms`,
      met: p95 <= goal,
    },
  ];
}

const figures: Figure[] = [];
for (const program of PROGRAMS) {
  for (const keys of KEYS) figures.push(...(await figuresOf(program, keys)));
}
report("verdicts", 0, figures);
