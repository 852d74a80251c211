import { Command } from "commander";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { compile } from "../evaluator/compile.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { busiestOfProgram, rankedGroups } from "../optimizer/rankedGroups.ts";
import type { Busiest } from "../optimizer/rankedGroups.ts";
import type { Evidence } from "../program/evidence.ts";
import { offers } from "../rewrites/driver.ts";
import type { Offer } from "../rewrites/driver.ts";
import type { Precondition, Selection } from "../rewrites/rewrite.ts";
import { offerTitles } from "../rewrites/offerTitles.ts";
import { numbered } from "../rewrites/words.ts";
import type { SimulationEngines } from "../simulator/clusterNodes.ts";
import { deploymentFor, loadGood } from "./load.ts";
import { print, printJson, Stop } from "./output.ts";

interface Options {
  readonly deployment?: string;
  readonly component?: string;
  readonly rules?: string;
  readonly groups?: boolean;
  readonly json?: boolean;
}

/** `clew rewrites FILE`: every rewrite with its verdict and all its preconditions. */
export function rewritesCommand(): Command {
  return new Command("rewrites")
    .description("List the rewrites of a program with their verdicts, conditions and evidence.")
    .argument("<file>", "program file")
    .option("--deployment <file>", "deployment (default: beside the program)")
    .option("--component <name>", "only this component")
    .option("--rules <numbers>", "of these rules together, by their numbers: 3,4,5 or 3-8")
    .option(
      "--groups",
      "instead, the largest groups of rules that can move together, by what it does to the busiest node",
    )
    .option("--json", "print offers as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  clew rewrites public/examples/kvs/base.ded --rules 3-8\n\nWithout --rules each component is offered whole and rule by rule.",
    )
    .action((file: string, options: Options) => {
      const { analyzed } = loadGood(file, deploymentFor(file, options.deployment));
      if (options.groups) return printGroups(analyzed, options);
      const found = selections(analyzed, options).map((selection) => ({
        selection,
        offers: offers(analyzed, selection),
      }));
      if (options.json) printJson(found);
      else for (const one of found) printOffers(analyzed, one.selection, one.offers);
    });
}

function selections(p: AnalyzedProgram, options: Options): readonly Selection[] {
  const { component, rules } = options;
  if (component !== undefined && !p.program.components.some((c) => c.name === component)) {
    const names = p.program.components.map((c) => c.name).join(", ");
    throw new Stop(`there is no component ${component}; there are ${names}.`, 2);
  }
  if (rules !== undefined) return [chosenByNumber(p, rules)];
  return p.program.components
    .filter((c) => component === undefined || c.name === component)
    .flatMap((c) => [
      { component: c.name, rules: [] },
      ...c.rules.map((rule) => ({ component: c.name, rules: [rule.id] })),
    ]);
}

function chosenByNumber(p: AnalyzedProgram, text: string): Selection {
  const outOfRange = (): Stop =>
    new Stop(`the program has rules 1 to ${p.rules.size}; --rules asks for ${text || "none"}.`, 2);
  const wanted = new Set(
    text.split(",").flatMap((part) => {
      const [from = NaN, to = from] = part.split("-").map(Number);
      if (!Number.isInteger(from) || !Number.isInteger(to)) {
        throw new Stop(`--rules takes numbers such as 3,4,5 or 3-8, not "${text}".`, 2);
      }
      if (from < 1 || to < from || to > p.rules.size) throw outOfRange();
      return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    }),
  );
  const chosen = [...p.rules.values()].filter((rule) => wanted.has(rule.number));
  const component = chosen[0]?.component;
  if (component === undefined) throw outOfRange();
  if (chosen.some((rule) => rule.component !== component)) {
    throw new Stop("--rules takes rules of one component.", 2);
  }
  return { component, rules: chosen.map(({ rule }) => rule.id) };
}

const ENGINES: SimulationEngines = {
  engine: compile,
  functions: standardFunctions(nobleCrypto),
  crypto: nobleCrypto,
};

/** The largest groups of rules that can move together, those first that leave the busiest node with the least to do. */
function printGroups(p: AnalyzedProgram, options: Options): void {
  if (options.rules !== undefined) {
    throw new Stop("--groups finds the rules by itself; leave --rules out.", 2);
  }
  const components = [...new Set(selections(p, options).map(({ component }) => component))];
  const found = components.map((component) => ({
    component,
    groups: finished(rankedGroups(p, component, ENGINES)),
  }));
  const before = busiestOfProgram(p, ENGINES);
  if (options.json) return printJson({ busiest: before, components: found });
  if (before !== undefined) print(`now: ${loadText(before)}`);
  for (const { component, groups } of found) {
    print(`\n${component}`);
    if (groups.length === 0) print("  no group of its rules can move");
    for (const { rules, offer, busiest } of groups) {
      print(`  ${MARK[offer.verdict]}: ${numbered(p, rules)}, ${offer.title}`);
      for (const sentence of offer.inserted) print(`      first: ${sentence}`);
      if (busiest !== undefined) print(`      then: ${loadText(busiest)}`);
    }
  }
}

function loadText({ address, messagesPerCommand }: Busiest): string {
  return `${address} is busiest, ${Number(messagesPerCommand.toFixed(1))} messages per command`;
}

function finished<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

const MARK = { holds: "✓ applies", lockstep: "◇ lock-step only", violated: "✗ refused" } as const;

function printOffers(p: AnalyzedProgram, selection: Selection, made: readonly Offer[]): void {
  if (made.length === 0) return;
  const numbers = selection.rules.map((id) => p.rules.get(id)!.number);
  const what =
    numbers.length === 0 ? "" : `, rule${numbers.length > 1 ? "s" : ""} ${numbers.join(", ")}`;
  print(`\n${selection.component}${what}`);
  const titles = offerTitles(p, made);
  for (const [i, offer] of made.entries()) {
    print(`  ${MARK[offer.verdict]}: ${titles[i]}`);
    for (const sentence of offer.inserted) print(`      first: ${sentence}`);
    for (const condition of offer.preconditions) print(conditionText(p, condition));
    if (offer.suggestion) print(`      what would work: ${offer.suggestion.sentence}`);
  }
}

/** One precondition with its evidence, as lines. */
export function conditionText(p: AnalyzedProgram, condition: Precondition): string {
  const isCaution = condition.verdict === "holds" && condition.caution;
  const mark = isCaution ? "!" : MARK[condition.verdict].slice(0, 1);
  const evidence = condition.evidence.map((e) => `          ${placeText(p, e)}: ${e.because}`);
  return [`      ${mark} ${condition.code}: ${condition.statement}`, ...evidence].join("\n");
}

function placeText(p: AnalyzedProgram, evidence: Evidence): string {
  const rule = (id: string): string => `rule ${p.rules.get(id)?.number ?? id}`;
  switch (evidence.kind) {
    case "rule":
      return rule(evidence.rule);
    case "head":
      return `head of ${rule(evidence.rule)}`;
    case "literal":
      return `${rule(evidence.rule)}, literal ${evidence.index + 1}`;
    case "relation":
      return evidence.relation;
    case "path":
      return evidence.rules.map(rule).join(" → ");
  }
}
