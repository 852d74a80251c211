import type { ReactNode } from "react";
import { useShallow } from "zustand/shallow";
import { useClew } from "../store/clewStore.ts";
import { selectedRuleViews } from "../store/selectors.ts";
import { ruleNumbers } from "./relationSentence.ts";

/** "8 Rule 8 in collector", "Rules 2 to 6 in leader", "acks". */
export function SelectedRules(): ReactNode {
  const rules = useClew(useShallow(selectedRuleViews));
  const relation = useClew((state) => state.selectedRelation);
  if (rules.length === 0) {
    return <h2>{relation === undefined ? "Nothing selected" : <code>{relation}</code>}</h2>;
  }
  const components = [...new Set(rules.map((rule) => rule.component))];
  const words = rangeWords(rules.map((rule) => rule.number)) ?? ruleNumbers(rules);
  return (
    <>
      {rules.length === 1 && (
        <span className="rule-badge rule-badge-selected">{rules[0]!.number}</span>
      )}
      <h2>{words[0]!.toUpperCase() + words.slice(1)}</h2>
      <span className="quiet">in {components.join(", ")}</span>
    </>
  );
}

/** "rules 2 to 6" for three or more in a row. */
function rangeWords(numbers: readonly number[]): string | undefined {
  const inRow = numbers.every((number, i) => i === 0 || number === numbers[i - 1]! + 1);
  return numbers.length > 2 && inRow ? `rules ${numbers[0]} to ${numbers.at(-1)}` : undefined;
}
