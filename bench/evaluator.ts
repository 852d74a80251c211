// One node's evaluator without network: streaming votes, cost against held facts, transitive closure, protocol nodes,
// start-up, memory; beside the same thing by hand and by other engines. Each part runs in a process of its own, in
// which its contenders take turns; figures are medians. `--only=PART` runs one part; `--profile=EXAMPLE` shows where the
// time of its nodes goes.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { report, type Figure } from "./report.ts";

const SEED = 1;

type Part = () => Promise<readonly Figure[]>;

const EXAMPLES = ["voting", "kvs", "twopc", "paxos", "pbft"];

/** Imported only where they run: what a part does not need would count as its memory. */
const PARTS: Readonly<Record<string, Part>> = {
  votes: async () => (await import("./evaluator/votes.ts")).votes(),
  growth: async () => (await import("./evaluator/growth.ts")).growth(),
  lookups: async () => (await import("./evaluator/lookups.ts")).lookups(),
  closure: async () => (await import("./evaluator/closure.ts")).closure(),
  ...Object.fromEntries(
    EXAMPLES.map((example): [string, Part] => [
      example,
      async () => (await import("./evaluator/nodes.ts")).nodes(example),
    ]),
  ),
  startUp: async () => (await import("./evaluator/startUp.ts")).startUp(),
  memory: async () => (await import("./evaluator/memory.ts")).memory(),
};

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    here: { type: "string" },
    profile: { type: "string" },
    json: { type: "boolean" },
  },
});
const names = Object.keys(PARTS).filter((name) => (values.only ?? name) === name);

if (values.profile !== undefined) {
  if (!EXAMPLES.includes(values.profile)) {
    console.error(`There are profiles of ${EXAMPLES.join(", ")}, none of ${values.profile}.`);
    process.exit(2);
  }
  await (await import("./evaluator/nodes.ts")).profiles(values.profile);
} else if (values.here !== undefined) {
  report("evaluator", SEED, await PARTS[values.here]!());
  // clingo's worker would keep the process.
  process.exit(0);
} else if (names.length === 0) {
  const all = Object.keys(PARTS).join(", ");
  console.error(`The evaluator's benchmark has no part ${values.only}; it has ${all}.`);
  process.exit(2);
} else report("evaluator", SEED, names.flatMap(inOwnProcess));

function inOwnProcess(part: string): readonly Figure[] {
  const file = fileURLToPath(import.meta.url);
  const printed = execFileSync(process.execPath, [file, `--here=${part}`, "--json"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return (JSON.parse(printed) as { readonly figures: readonly Figure[] }).figures;
}
