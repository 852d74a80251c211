import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Evidence } from "../program/evidence.ts";
import type { RuleId } from "../program/program.ts";
import { offers } from "../rewrites/driver.ts";
import type { Offer } from "../rewrites/driver.ts";
import type { Chain, Precondition, RewriteName, Selection, Verdict } from "../rewrites/rewrite.ts";
import { offerTitles } from "../rewrites/offerTitles.ts";
import { rewriteNamed } from "../rewrites/rewrites.ts";
import type { OfferView, RuleVerdict } from "./workspaceApi.ts";

const NORMALISATIONS: readonly RewriteName[] = [
  "fold",
  "copySplit",
  "relay",
  "splitHead",
  "declareDependency",
];
const ORDER: Readonly<Record<Verdict, number>> = { holds: 0, lockstep: 1, violated: 2 };

/** Applicable first, then lock-step, then refused; normalisations last. */
export function offerViews(
  p: AnalyzedProgram,
  selection: Selection,
  chain: Chain,
): readonly OfferView[] {
  const seen = new Map<RewriteName, number>();
  const made = offers(p, selection, chain);
  const titles = offerTitles(p, made);
  return made
    .map((offer, i) => {
      const nth = seen.get(offer.rewrite) ?? 0;
      seen.set(offer.rewrite, nth + 1);
      return offerView(p, offer, titles[i]!, nth);
    })
    .toSorted((a, b) => rank(a) - rank(b));
}

function rank(offer: OfferView): number {
  return ORDER[offer.verdict] + (offer.normalisation ? 10 : 0);
}

function offerView(p: AnalyzedProgram, offer: Offer, title: string, nth: number): OfferView {
  const rewrite = rewriteNamed(offer.rewrite)!;
  const { citation } = rewrite;
  const partitions = partitionsOf(offer.steps.at(-1)?.target);
  return {
    key: `${offer.rewrite} ${nth}`,
    rewrite: offer.rewrite,
    title,
    normalisation: NORMALISATIONS.includes(offer.rewrite),
    summary: rewrite.summary,
    citation: `${citation.source}, ${citation.where}`,
    verdict: offer.verdict,
    steps: offer.steps,
    inserted: offer.inserted,
    preconditions: gravestFirst(offer.preconditions),
    ...(offer.suggestion === undefined ? {} : { suggestion: offer.suggestion }),
    defaultName: freeName(p, offer),
    namesComponent: namesComponent(offer),
    ...(partitions === undefined ? {} : { partitions }),
    culprits: culprits(offer),
  };
}

/** The same rewrite by several keys needs several titles. */
function namesComponent({ steps }: Offer): boolean {
  const target = steps.at(-1)?.target;
  return typeof target === "object" && target !== null && "name" in target;
}

/** The name that the rewrite proposes, with a number where a component has it already. */
function freeName(p: AnalyzedProgram, offer: Offer): string {
  const taken = new Set(p.program.components.map((component) => component.name));
  const { defaultName } = offer;
  if (!namesComponent(offer) || !taken.has(defaultName)) return defaultName;
  let number = 2;
  while (taken.has(`${defaultName}${number}`)) number++;
  return `${defaultName}${number}`;
}

function partitionsOf(target: unknown): number | undefined {
  if (typeof target !== "object" || target === null || !("partitions" in target)) return undefined;
  return typeof target.partitions === "number" ? target.partitions : undefined;
}

/** Of the violated conditions, those first that no inserted step mends. */
function gravestFirst(conditions: readonly Precondition[]): readonly Precondition[] {
  const mendable = (c: Precondition): number =>
    c.verdict === "violated" && c.suggestion?.steps !== undefined ? 1 : 0;
  return conditions.toSorted((a, b) => mendable(a) - mendable(b));
}

/** Evidence of the violated conditions in order, each place once. */
function culprits(offer: Offer): readonly Evidence[] {
  const places = new Map<string, Evidence>();
  for (const condition of gravestFirst(offer.preconditions)) {
    if (condition.verdict !== "violated") continue;
    for (const evidence of condition.evidence) {
      const key = JSON.stringify({ ...evidence, because: "" });
      if (!places.has(key)) places.set(key, evidence);
    }
  }
  return [...places.values()];
}

/** The best that can be had for one rule alone. Normalisations and partitioning say nothing of a rule. */
export function ruleVerdict(p: AnalyzedProgram, rule: RuleId, chain: Chain): RuleVerdict {
  const component = p.rules.get(rule)!.component;
  const own = offerViews(p, { component, rules: [rule] }, chain).filter(
    (offer) => !offer.normalisation && !offer.rewrite.startsWith("partition"),
  );
  const best = own[0];
  const count = (verdict: Verdict): number => own.filter((o) => o.verdict === verdict).length;
  return {
    rule,
    verdict: best?.verdict ?? "none",
    inserted: (best?.inserted.length ?? 0) > 0,
    title: best === undefined ? "" : rewriteNamed(best.rewrite)!.title,
    counts: { holds: count("holds"), lockstep: count("lockstep"), violated: count("violated") },
  };
}
