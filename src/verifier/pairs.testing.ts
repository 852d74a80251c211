import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { printRule } from "../program/printCompact.ts";
import type { Rule } from "../program/program.ts";
import type { Row } from "../program/value.ts";
import { offers, UNBOUND } from "../rewrites/driver.ts";
import type { RewriteName } from "../rewrites/rewrite.ts";
import { FREE, originalOf, PARTITIONS } from "./allowedCases.testing.ts";
import { mechanisms } from "./mechanisms.testing.ts";
import { follow, refereeOfChain } from "./randomChains.testing.ts";
import type { Followed, Link } from "./randomChains.testing.ts";
import type { Refinement } from "./refines.ts";

/** A small program with messages that show its differences. */
export interface CorpusProgram {
  readonly name: string;
  readonly original: AnalyzedProgram;
  readonly inputs: readonly (readonly [string, ...Row])[];
}

/** Two rewrites, one after the other, of a program of the corpus. */
export interface Pair {
  readonly program: string;
  readonly first: RewriteName;
  readonly second: RewriteName;
  readonly judged: () => Refinement;
}

/** What sends to the program under test and what counts its messages. */
const OTHERS: readonly string[] = ["K", "R"];

export function corpus(): readonly CorpusProgram[] {
  const cases = [...FREE, ...PARTITIONS].map((one) => ({
    name: `case ${one.number}`,
    original: originalOf(one),
    inputs: one.inputs,
  }));
  const others = mechanisms
    .filter(({ name }) => !name.startsWith("case") && !name.startsWith("a seal"))
    .map(({ name, histories }) => {
      const { original, inputs } = histories()[0]!;
      return { name, original, inputs };
    });
  return [...cases, ...others];
}

/**
 * Every ordered pair of rewrites that apply one after the other: each rewrite of each component once, for the first
 * selection that it takes, and after it the same again.
 */
export function* pairsOf({ name, original, inputs }: CorpusProgram): Generator<Pair> {
  const start = { program: original, chain: UNBOUND, steps: [] };
  for (const first of links(start)) {
    const between = follow(start, first);
    if (between === undefined) continue;
    for (const second of links(between)) {
      const end = follow(between, second);
      if (end === undefined) continue;
      const chained = {
        original,
        rewritten: end.program,
        chain: end.chain,
        links: [first, second],
        steps: end.steps,
      };
      yield {
        program: name,
        first: first.rewrite,
        second: second.rewrite,
        judged: () => refereeOfChain(chained, inputs),
      };
    }
  }
}

function links({ program: p, chain }: Followed): readonly Link[] {
  return p.program.components
    .filter(({ name }) => !OTHERS.includes(name))
    .flatMap(({ name: component, rules }) => {
      const found = new Map<RewriteName, Link>();
      for (const selected of selections(rules)) {
        const selection = { component, rules: selected.map(({ id }) => id) };
        for (const { rewrite, verdict } of offers(p, selection, chain)) {
          if (verdict === "violated" || found.has(rewrite)) continue;
          found.set(rewrite, { rewrite, component, selected: selected.map((r) => printRule(r)) });
        }
      }
      return [...found.values()];
    });
}

/** The whole component, the last so many rules, each rule alone, each two neighbours. */
function selections(rules: readonly Rule[]): readonly (readonly Rule[])[] {
  return [
    [],
    ...rules.slice(1).map((_, i) => rules.slice(i + 1)),
    ...rules.map((rule) => [rule]),
    ...rules.slice(1).map((rule, i) => [rules[i]!, rule]),
  ];
}
