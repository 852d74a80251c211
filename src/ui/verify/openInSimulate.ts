import type { StepView } from "../../workers/workspaceApi.ts";
import type { CheckedPrograms, Violation } from "../simulate/simulatedRun.ts";
import { useSimulate } from "../simulate/simulateStore.ts";
import { settingsOf } from "../simulate/simulationTold.ts";
import { useClew } from "../store/clewStore.ts";
import type { Question } from "./checkShown.ts";
import type { CheckVerdict } from "./checkStore.ts";
import { questionWords } from "./checkWords.ts";

type Difference = Extract<CheckVerdict, { readonly kind: "difference" }>;

/** The same counterexample opened again is the same run. */
const opened = new WeakMap<Difference, Violation>();

/** Both programs run as the counterexample says, beside each other, in a run of its own. */
export function openInSimulate(
  steps: readonly StepView[],
  question: Question,
  verdict: Difference,
): void {
  const { replay, counterexample } = verdict;
  const of = checkedPrograms(steps, question);
  if (replay === undefined || of === undefined) return;
  const { difference, original, rewritten } = replay;
  const violation = opened.get(verdict) ?? { kind: counterexample.violation, difference };
  opened.set(verdict, violation);
  useSimulate.getState().showCounterexample({
    name: `Violation: ${questionWords(question).toLowerCase()}`,
    // Both sides are told the same but for their faults.
    settings: settingsOf(rewritten),
    faults: { original: original.faults ?? [], rewritten: rewritten.faults ?? [] },
    of,
    violation,
  });
  useClew.getState().setMode("simulate");
}

function checkedPrograms(
  steps: readonly StepView[],
  { from, to }: Question,
): CheckedPrograms | undefined {
  const [original, rewritten] = [steps[from]?.view, steps[to]?.view];
  if (original?.deployment === undefined || rewritten?.deployment === undefined) return undefined;
  return {
    original: { program: original.program, deployment: original.deployment },
    rewritten: { program: rewritten.program, deployment: rewritten.deployment },
    from,
    to,
  };
}
