import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Search } from "../search.ts";

/** More than there are. */
export const CASES = 1_000;

const root = fileURLToPath(new URL("../../", import.meta.url));
const EXAMPLES = "public/examples";

interface Found {
  readonly kind: "refines" | "not-known" | "counterexample";
  readonly explored: number;
  readonly outputs: number;
  readonly smaller?: Found & {
    readonly nodes: readonly string[];
    readonly tables: Readonly<Record<string, number>>;
  };
  readonly fired?: Found;
  readonly bounds: {
    readonly timers: readonly { readonly timer: string }[];
    readonly together: number;
    readonly leftOut?: boolean;
  };
}

interface Step extends Found {
  readonly step: string;
  readonly clocks: "free" | "lockstep";
}

/**
 * `clew verify` as it stands on every derivation that is shipped, so many of them from the seed on; prints a row for each step.
 * What differs or is not decided has failed.
 */
export async function fuzz(cases: number, seed: number, search: Search): Promise<number> {
  const all = shipped();
  const many = (search.cases = Math.min(cases, all.length));
  const counts = new Map<string, number>();
  let failures = 0;
  for (let i = 0; i < many && (await search.next()); i++) {
    const [example, form] = all[(seed + i) % all.length]!;
    const began = performance.now();
    const steps = verified(example, form);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`${example}/${form}: ${steps.length} steps in ${seconds} s`);
    for (const step of steps) {
      const verdict = verdictOf(step);
      counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
      if (verdict === "differs" || verdict === "not known") failures++;
      console.log(`  ${step.step} | ${rowText(step)} | ${verdict}`);
    }
  }
  const words = [...counts].map(([verdict, count]) => `${verdict} ${count}`).join(", ");
  console.log(`shipped: steps of ${many} of ${all.length} derivations: ${words}`);
  return failures;
}

function shipped(): readonly (readonly [string, string])[] {
  return readdirSync(`${root}${EXAMPLES}`).flatMap((example) =>
    readdirSync(`${root}${EXAMPLES}/${example}`)
      .filter((file) => file.endsWith(".derivation.json"))
      .map((file) => [example, file.replace(".derivation.json", "")] as const),
  );
}

/** As a new user asks, with nothing said of bounds. */
function verified(example: string, form: string): readonly Step[] {
  const folder = `${EXAMPLES}/${example}`;
  const asked = [`${folder}/base.ded`, "--derivation", `${folder}/${form}.derivation.json`];
  const args = ["src/cli/main.ts", "verify", ...asked, "--json"];
  const options = { cwd: root, encoding: "utf8", maxBuffer: 1e8 } as const;
  try {
    return JSON.parse(execFileSync(process.execPath, args, options)) as readonly Step[];
  } catch (error) {
    // What differs or is not decided is told, too.
    return JSON.parse((error as { readonly stdout: string }).stdout) as readonly Step[];
  }
}

/** What was decided last: with a timer where clients see nothing, of a smaller form where the whole is not decided. */
function lastOf(step: Found): Found {
  const of = step.fired ?? step;
  return of.smaller ?? of;
}

function verdictOf(step: Step): string {
  const last = lastOf(step);
  switch (last.kind) {
    case "counterexample":
      return "differs";
    case "not-known":
      return "not known";
    case "refines": {
      const size = (step.fired ?? step).smaller === undefined ? "refines" : "smaller form";
      return last.outputs === 0 ? `${size}, nothing seen` : size;
    }
  }
}

function rowText(step: Step): string {
  const of = step.fired ?? step;
  const last = lastOf(step);
  const form = of.smaller;
  const tables = Object.entries(form?.tables ?? {}).map(
    ([table, number]) => `${table} = ${number}`,
  );
  const timers = of.bounds.timers.map(({ timer }) => `${timer} once`);
  const size = form === undefined ? "all nodes" : [`${form.nodes.length} nodes`, ...tables].join(", "); // prettier-ignore
  const limit = last.bounds.leftOut ? [`${last.bounds.together} together`] : [];
  const clocks = step.clocks === "lockstep" ? ["lock-step"] : [];
  return [size, ...timers, ...limit, ...clocks, `${last.explored} states`].join("; ");
}
