import type { Fact } from "../../evaluator/nodeEngine.ts";
import type { InvariantOutcome, InvariantViolation } from "../../simulator/invariantOutcome.ts";
import { reasonSentence, violationSentence } from "../../simulator/invariantText.ts";
import { traceIndex } from "../../simulator/stateAt.ts";
import type { Trace } from "../../simulator/trace.ts";
import { useCauses } from "./causeStore.ts";
import { factText } from "./factText.ts";
import type { Side, SimulatedRun } from "./simulatedRun.ts";
import { useSimulate } from "./simulateStore.ts";

export interface Finding {
  readonly outcome: Extract<InvariantOutcome, { readonly kind: "broken" }>;
  readonly violation: InvariantViolation;
}

/** What a run broke, earliest first; each invariant's first ones only. */
export function findings({ invariants = [] }: Trace): readonly Finding[] {
  return invariants
    .flatMap((outcome) =>
      outcome.kind === "broken"
        ? outcome.violations.map((violation) => ({ outcome, violation }))
        : [],
    )
    .toSorted((a, b) => a.violation.at - b.violation.at);
}

/** What is wrong, and what it follows from. */
export function findingText(trace: Trace, { outcome, violation }: Finding): string {
  const text = ({ relation, row }: Fact): string => factText(relation, row);
  const reason = reasonSentence(outcome, violation, text);
  return `${violationSentence(trace, outcome, violation, text)} ${reason}`.trim();
}

export function sidesOf(run: SimulatedRun): readonly { side: Side; trace: Trace }[] {
  const original = { side: "original", trace: run.original } as const;
  return run.rewritten === undefined
    ? [original]
    : [original, { side: "rewritten", trace: run.rewritten }];
}

/** Goes to the moment, to a node at which one can see it, and asks why what is seen there holds. */
export function showFinding(side: Side, trace: Trace, { violation }: Finding): void {
  const { look, moveTo } = useSimulate.getState();
  const { at, tick, because } = violation;
  const ran = tick === undefined ? undefined : trace.ticks[tick];
  const seen =
    because.find(({ place }) => ran !== undefined && trace.nodes[ran.node]?.original === place) ??
    because.find(({ place }) => trace.nodes.some(({ original }) => original === place));
  const node = ran?.node ?? trace.nodes.findIndex(({ original }) => original === seen?.place);
  moveTo(at);
  const shown = trace.nodes[node];
  if (shown === undefined) return;
  look(side, shown.address);
  if (seen === undefined || seen.place !== shown.original) return;
  const fact = { relation: seen.relation, row: seen.row };
  const number = ran?.tick ?? traceIndex(trace).tickAtTime(node, at);
  useCauses.getState().ask(trace, { kind: "fact", node, tick: number, fact });
}
