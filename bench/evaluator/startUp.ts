import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { quantile, type Figure } from "../report.ts";

const PROCESSES = 7;
const LIMIT =
  "Most of it is our own code that runs for the first time, a fifth V8 looking through the generated text; a component would have to run interpreted first.";
const GOAL = 20;

/** How long a component takes from the analysed program to the end of its first tick, each time in a new process. */
export function startUp(): readonly Figure[] {
  const file = fileURLToPath(new URL("startUpOnce.ts", import.meta.url));
  const samples = Array.from(
    { length: PROCESSES },
    () => JSON.parse(execFileSync(process.execPath, [file], { encoding: "utf8" })) as number[],
  );
  const value = quantile(
    samples.map(([compiling, starting]) => compiling! + starting!),
    0.5,
  );
  const starting = quantile(
    samples.map((s) => s[1]!),
    0.5,
  );
  return [
    {
      what: "start-up of Multi-Paxos's proposer",
      value,
      unit: "ms",
      goal: `<= ${GOAL}`,
      met: value <= GOAL,
      limit: LIMIT,
    },
    { what: "of it, once compiled: start and first tick", value: starting, unit: "ms" },
  ];
}
