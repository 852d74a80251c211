import { useEffect, useMemo, useState } from "react";
import type { ProgramView, StepView } from "../../workers/workspaceApi.ts";
import { afterLayout } from "../dataflow/layoutClient.ts";
import { simulationWorker } from "../simulate/simulationWorker.ts";

/** Messages in and out per command of a step's busiest node. */
export interface StepCost {
  readonly address: string;
  readonly perCommand: number;
}

/** By program: steps that share one, and undone steps, are not counted again. */
const known = new WeakMap<ProgramView, StepCost | undefined>();
const byText = new Map<string, StepCost | undefined>();
const QUIET_MILLISECONDS = 600;

/** The costs that are known by now, one a step. */
export function useCosts(steps: readonly StepView[]): readonly (StepCost | undefined)[] {
  return useMeasuredCosts(useMemo(() => steps.map((step) => step.view), [steps]));
}

/** Counted in the simulation worker once the text is at rest and the picture stands; the views must be the same array while nothing changes. */
export function useMeasuredCosts(
  views: readonly (ProgramView | undefined)[],
): readonly (StepCost | undefined)[] {
  const [, countUp] = useState(0);
  useEffect(() => {
    let stopped = false;
    const timer = setTimeout(async () => {
      await afterLayout();
      for (const view of views) {
        if (stopped) return;
        if (view !== undefined && (await count(view)) && !stopped) countUp((n) => n + 1);
      }
    }, QUIET_MILLISECONDS);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [views]);
  return views.map((view) => (view === undefined ? undefined : costOf(view)));
}

function costOf(view: ProgramView): StepCost | undefined {
  return known.get(view) ?? byText.get(keyOf(view));
}

/** True when there is something new to show. */
async function count(view: ProgramView): Promise<boolean> {
  if (known.has(view)) return false;
  const key = keyOf(view);
  if (!byText.has(key)) byText.set(key, await measured(view));
  const cost = byText.get(key);
  known.set(view, cost);
  return cost !== undefined;
}

async function measured({
  program,
  deployment,
  diagnostics,
}: ProgramView): Promise<StepCost | undefined> {
  if (deployment === undefined || diagnostics.some((d) => d.severity === "error")) return undefined;
  try {
    const busiest = await simulationWorker().call("cost", { program, deployment });
    return busiest === undefined || busiest.answered === 0
      ? undefined
      : { address: busiest.address, perCommand: busiest.messagesPerCommand };
  } catch {
    // A program that cannot be simulated has no bar; Simulate says why.
    return undefined;
  }
}

function keyOf(view: ProgramView): string {
  return view.text + JSON.stringify(view.deployment?.instances ?? {});
}
