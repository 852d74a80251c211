import type { Place } from "../program/evidence.ts";
import type { RelationName, Rule } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { componentRules, idbLiterals, isTimeless } from "./componentRules.ts";
import { persistenceRule } from "./persistence.ts";
import { hasAggregate } from "../program/variables.ts";
import { quoted, ruleName } from "./wording.ts";

/** Whether a receiver can notice how often a message arrives (rewrites.md sections 1.6 and 3). */
export type ChannelUse =
  /** Only clients receive it, and they look at the first arrival of an answer. */
  | { readonly kind: "to-clients"; readonly because: string }
  /** Every reader only puts it into a relation that is kept for good. */
  | { readonly kind: "arrival-idempotent"; readonly because: string }
  /** Some rule that reads it could count the ticks in which it arrives. */
  | { readonly kind: "counted"; readonly because: string; readonly place: Place };

export function channelUse(p: AnalyzedProgram, channel: RelationName): ChannelUse {
  const info = p.relations.get(channel);
  if (info === undefined) throw new Error(`no relation ${channel}`);
  const keepers = new Set<RelationName>();
  for (const component of info.readBy) {
    for (const rule of componentRules(p, component).readers.get(channel) ?? []) {
      if (!onlyKeeps(p, component, rule)) {
        const place: Place = { kind: "rule", rule: rule.id };
        const because = `${ruleName(p, rule.id)} could count how often ${quoted(channel)} arrives`;
        return { kind: "counted", because, place };
      }
      keepers.add(rule.head.relation);
    }
  }
  if (keepers.size === 0) {
    return { kind: "to-clients", because: `clients take the first ${quoted(channel)}` };
  }
  const kept = [...keepers].map(quoted).join(", ");
  return {
    kind: "arrival-idempotent",
    because: `${quoted(channel)} only goes into ${kept}, which is kept for good`,
  };
}

/** A now or next rule without aggregate, with the channel as its only IDB literal, whose head is kept for good. */
function onlyKeeps(p: AnalyzedProgram, component: string, rule: Rule): boolean {
  const literals = idbLiterals(p, rule);
  return (
    rule.head.timing.kind !== "async" &&
    !hasAggregate(rule) &&
    isTimeless(rule) &&
    literals.length === 1 &&
    !literals[0]!.literal.negated &&
    persistenceRule(p, component, rule.head.relation) !== undefined
  );
}
