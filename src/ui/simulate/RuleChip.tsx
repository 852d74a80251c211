import type { ReactNode } from "react";
import { printRule } from "../../program/printCompact.ts";
import type { RuleId } from "../../program/program.ts";
import type { RuleCause } from "../../simulator/causes.ts";
import { useClew } from "../store/clewStore.ts";
import type { ClewState } from "../store/clewState.ts";
import { rulesAfter } from "../store/followRules.ts";
import type { ToldRun } from "./causeStore.ts";
import type { Side } from "./simulatedRun.ts";

/** A rule by its number: a click selects it in text, graph and outline, where the shown program has it. */
export function RuleChip(props: {
  readonly told: ToldRun;
  readonly side: Side;
  readonly cause: RuleCause;
}): ReactNode {
  const { told, side, cause } = props;
  const selected = useClew((state) => {
    const there = shownRules(state, side, cause.rule);
    return there.length > 0 && there.every((rule) => state.selectedRules.has(rule));
  });
  const rule = told.deployed.program.components
    .flatMap((component) => component.rules)
    .find((each) => each.id === cause.rule);
  return (
    <button
      className="rule-chip"
      aria-label={`Select rule ${cause.number}`}
      aria-pressed={selected}
      title={rule && printRule(rule)}
      onClick={() => {
        const rules = shownRules(useClew.getState(), side, cause.rule);
        useClew.getState().select({ rules }, "replace", "elsewhere");
      }}
    >
      <span>{cause.number}</span>
    </button>
  );
}

/** The original's rule under the names it has in the step that is shown. */
function shownRules(state: ClewState, side: Side, rule: RuleId): readonly RuleId[] {
  const at = state.document?.at ?? 0;
  if (side === "rewritten" || at === 0) return [rule];
  const steps = (state.replay?.steps ?? []).slice(1, at + 1);
  return rulesAfter(
    [rule],
    steps.map((step) => step.origins),
  );
}
