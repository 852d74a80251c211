import { useEffect } from "react";
import type { StepView } from "../../workers/workspaceApi.ts";
import { light } from "./touchedStep.ts";

/** Lights what a step touched in the program of step `at`, or of the last before it that applies. */
export function useLight(steps: readonly StepView[], index: number | undefined, at: number): void {
  useEffect(() => {
    let current = true;
    const shown = steps.findLastIndex((step) => step.index <= at && step.view !== undefined);
    if (index === undefined) light(undefined);
    else {
      void import("./touchedBy.ts").then(({ touchedBy }) => {
        if (current) light(touchedBy(steps, index, shown));
      });
    }
    return () => {
      current = false;
    };
  }, [steps, index, at]);
  useEffect(() => () => light(undefined), []);
}
