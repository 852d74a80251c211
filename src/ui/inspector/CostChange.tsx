import { useMemo } from "react";
import type { ReactNode } from "react";
import { useMeasuredCosts } from "../derivation/useCosts.ts";
import type { StepCost } from "../derivation/useCosts.ts";
import { useClew } from "../store/clewStore.ts";
import { shownView } from "../store/selectors.ts";

/** What applying does to the busiest node: allowed is not the same as worthwhile. */
export function CostChange(): ReactNode {
  const before = useClew(shownView);
  const after = useClew((state) => state.preview?.view);
  const views = useMemo(() => [before, after], [before, after]);
  const [now, then] = useMeasuredCosts(views);
  if (now === undefined || then === undefined) return null;
  const busier = then.perCommand > now.perCommand;
  return (
    <p>
      <span className={busier ? "chip chip-caution" : "chip"}>
        {busier ? "busiest node gets busier: " : "busiest node: "}
        {words(now)} → {then.address === now.address ? amount(then) : words(then)} messages per
        command
      </span>
    </p>
  );
}

function words(cost: StepCost): string {
  return `${cost.address} ${amount(cost)}`;
}

function amount({ perCommand }: StepCost): number {
  return Number(perCommand.toFixed(1));
}
