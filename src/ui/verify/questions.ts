import type { StepView } from "../../workers/workspaceApi.ts";
import type { Question } from "./checkShown.ts";

/** Each step against the program before it. */
export function stepQuestions(steps: readonly StepView[]): readonly Question[] {
  return steps.slice(1).map(({ index }) => ({ from: index - 1, to: index }));
}

/** All steps together; undefined while there is only one. */
export function wholeQuestion(steps: readonly StepView[]): Question | undefined {
  return steps.length > 2 ? { from: 0, to: steps.length - 1 } : undefined;
}

export function sameQuestion(a: Question, b: Question): boolean {
  return a.from === b.from && a.to === b.to;
}
