import type { Fact } from "../evaluator/nodeEngine.ts";
import type { InvariantOutcome, InvariantViolation } from "./invariantOutcome.ts";
import { tickText } from "./trace.ts";
import type { Trace } from "./trace.ts";

type Broken = Extract<InvariantOutcome, { readonly kind: "broken" }>;

/** What is wrong and since when, in a sentence; facts stand between backticks. */
export function violationSentence(
  trace: Trace,
  { relation }: Broken,
  violation: InvariantViolation,
  text: (fact: Fact) => string,
): string {
  const { row, at } = violation;
  if (relation === "post") {
    return `\`${text({ relation, row })}\` is missing in the end, where \`pre\` asks for it.`;
  }
  const own = violation.because.find((seen) => seen.relation === relation);
  const fact =
    own === undefined
      ? `\`${text({ relation, row })}\``
      : `\`${text({ relation, row: own.row })}\` at ${own.place}`;
  return `${fact} must not be, and is from ${at.toFixed(1)} ms on, ${momentText(trace, violation)}.`;
}

/** What it follows from, in a sentence; empty where that is said already or not known. */
export function reasonSentence(
  { relation }: Broken,
  { because }: InvariantViolation,
  text: (fact: Fact) => string,
): string {
  const others = because.filter((seen) => seen.relation !== relation);
  if (others.length === 0) return "";
  const facts = others.map((seen) => `\`${text(seen)}\` at ${seen.place}`);
  const last = facts.pop()!;
  const reasons = facts.length === 0 ? last : `${facts.join(", ")} and ${last}`;
  return relation === "post" ? `It is due to ${reasons}.` : `It follows from ${reasons}.`;
}

function momentText({ ticks, nodes }: Trace, { tick }: InvariantViolation): string {
  const ran = tick === undefined ? undefined : ticks[tick];
  if (ran === undefined) return "with what clients had sent and received";
  return `${tickText(ran)} of ${nodes[ran.node]!.address}`;
}
