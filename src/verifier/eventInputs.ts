import type { Send } from "../evaluator/nodeEngine.ts";

/** Inputs for all events that are asked for, or the first sentence that says why there is no such event. */
export function eventInputs<Asked>(
  asked: readonly Asked[],
  inputsOf: (one: Asked) => readonly Send[] | string,
): readonly Send[] | string {
  const all: Send[] = [];
  for (const one of asked) {
    const inputs = inputsOf(one);
    if (typeof inputs === "string") return inputs;
    all.push(...inputs);
  }
  return all;
}
