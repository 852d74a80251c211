import { Command } from "commander";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { compile } from "../evaluator/compile.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { busiestOf, measured, shortened } from "../optimizer/busiestAfter.ts";
import type { Busiest } from "../optimizer/busiestAfter.ts";
import { rankedGroups } from "../optimizer/rankedGroups.ts";
import type { RankedGroup } from "../optimizer/rankedGroups.ts";
import { rankedKeys } from "../optimizer/rankedKeys.ts";
import type { RankedKey } from "../optimizer/rankedKeys.ts";
import type { Evidence } from "../program/evidence.ts";
import { offers } from "../rewrites/driver.ts";
import type { Offer } from "../rewrites/driver.ts";
import { remediesAtOnce } from "../rewrites/remedies.ts";
import type { Remedy } from "../rewrites/remedy.ts";
import type { Precondition, Selection } from "../rewrites/rewrite.ts";
import { describedOffer, offerTitles } from "../rewrites/offerTitles.ts";
import { numbered } from "../rewrites/words.ts";
import type { SimulationEngines } from "../simulator/clusterNodes.ts";
import { deploymentFor, loadGood } from "./load.ts";
import { print, printJson, Stop } from "./output.ts";

interface Options {
  readonly deployment?: string;
  readonly component?: string;
  readonly rules?: string;
  readonly groups?: boolean;
  readonly keys?: boolean;
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
    .option(
      "--keys",
      "instead, the keys that components can be partitioned by, by what it does to the busiest node",
    )
    .option("--json", "print offers as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  clew rewrites public/examples/kvs/base.ded --rules 3-8\n\nWithout --rules each component is offered whole and rule by rule.",
    )
    .action((file: string, options: Options) => {
      const { analyzed } = loadGood(file, deploymentFor(file, options.deployment));
      if (options.groups || options.keys) return printRanked(analyzed, options);
      // Looking for what would work takes far longer than a verdict: done where the rules are named.
      const found = selections(analyzed, options).map((selection) => ({
        selection,
        offers: offers(analyzed, selection).map((offer) =>
          options.rules === undefined && selection.rules.length > 0
            ? offer
            : withRemedies(analyzed, offer),
        ),
      }));
      if (options.json) printJson(found);
      else for (const one of found) printOffers(analyzed, one.selection, one.offers);
    });
}

/** A refused offer with what would make it legal. */
interface ToldOffer extends Offer {
  readonly remedies?: readonly Remedy[];
}

function withRemedies(p: AnalyzedProgram, offer: Offer): ToldOffer {
  if (offer.verdict !== "violated") return offer;
  return { ...offer, remedies: remediesAtOnce(p, offer.steps.at(-1)!) };
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

/** What can move together and what can be split by a key, those first that leave the busiest node with the least to do. */
function printRanked(p: AnalyzedProgram, options: Options): void {
  if (options.rules !== undefined) {
    const [flag, what] = options.groups ? ["--groups", "the rules"] : ["--keys", "the keys"];
    throw new Stop(`${flag} finds ${what} by itself; leave --rules out.`, 2);
  }
  const components = [...new Set(selections(p, options).map(({ component }) => component))];
  const found = components.map((component) => ({
    component,
    ...(options.groups && { groups: finished(rankedGroups(p, component, ENGINES)) }),
    ...(options.keys && { keys: finished(rankedKeys(p, component, ENGINES)) }),
  }));
  const now = measured(p, ENGINES);
  if (options.json) return printJson({ busiest: now && shortened(now), components: found });
  if (now !== undefined) print(`now: ${loadText(shortened(now))}`);
  for (const { component, groups, keys } of found) {
    const own = now && busiestOf(now, new Set([component]));
    print(`\n${component}`);
    if (groups) printGroups(p, groups);
    if (keys) printKeys(p, keys, own);
  }
}

function printGroups(p: AnalyzedProgram, groups: readonly RankedGroup[]): void {
  if (groups.length === 0) print("  no group of its rules can move");
  for (const { rules, offer, busiest } of groups) {
    print(`  ${MARK[offer.verdict]}: ${numbered(p, rules)}, ${offer.title}`);
    for (const sentence of offer.inserted) print(`      first: ${sentence}`);
    if (busiest !== undefined) print(`      then: ${loadText(busiest)}`);
  }
}

function printKeys(
  p: AnalyzedProgram,
  keys: readonly RankedKey[],
  before: Busiest | undefined,
): void {
  if (keys.length === 0) print("  nothing that it could be partitioned by");
  for (const { component, offer, busiest, own } of keys) {
    print(`  ${MARK[offer.verdict]}: ${describedOffer(p, offer)}, ${offer.title}`);
    for (const sentence of offer.inserted) print(`      first: ${sentence}`);
    const against = offer.preconditions.find(({ verdict }) => verdict === "violated");
    if (against !== undefined) print(`      ✗ ${against.code}: ${against.statement}`);
    if (busiest !== undefined) print(`      then: ${loadText(busiest)}`);
    if (own !== undefined && before !== undefined && own.address !== busiest?.address) {
      print(
        `      of ${component}: ${amount(before.messagesPerCommand)} → ${amount(own.messagesPerCommand)} messages per command`,
      );
    }
  }
}

function loadText({ address, messagesPerCommand }: Busiest): string {
  return `${address} is busiest, ${amount(messagesPerCommand)} messages per command`;
}

function amount(messages: number): number {
  return Number(messages.toFixed(1));
}

function finished<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

const MARK = { holds: "✓ applies", lockstep: "◇ lock-step only", violated: "✗ refused" } as const;

function printOffers(p: AnalyzedProgram, selection: Selection, made: readonly ToldOffer[]): void {
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
    const { remedies, suggestion } = offer;
    for (const { sentence } of remedies ?? []) print(`      what would work: ${sentence}`);
    // What was looked for and not found does not help.
    if (suggestion && (remedies === undefined || (suggestion.byHand && remedies.length === 0))) {
      print(`      what may help: ${suggestion.sentence}`);
    }
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
