import type { Refinement, RefinementBound } from "./refines.ts";

/** The greatest form that was decided, or what showed a difference; where none was decided, the smallest. */
export interface DecidedForm<Form> {
  readonly form: Form;
  readonly found: Refinement;
}

/** The smallest form may take so many times the states: it is the one that has to be decided. */
export const OF_SMALLEST = 50;
/** And so many times the original's, which take more room. */
export const OF_SMALLEST_ORIGINAL = 10;

/** The bound of a form that is or is not the smallest. */
export function boundOfForm(bound: RefinementBound, isSmallest: boolean): RefinementBound {
  if (!isSmallest) return bound;
  const { states, originalStates } = bound;
  const original = OF_SMALLEST_ORIGINAL * originalStates;
  return { ...bound, states: OF_SMALLEST * states, originalStates: original };
}

export interface Turn<Form> {
  readonly form: Form;
  readonly isSmallest: boolean;
}

/**
 * Which smaller form is asked next, from the smallest on: a greater one as long as the one before took no more than a tenth
 * of the states. The next one gets told what was found of the last.
 */
export function* smallerInTurn<Form>(
  formOf: (most: number) => Form | undefined,
  states: number,
): Generator<Turn<Form>, DecidedForm<Form> | undefined, Refinement> {
  let decided: DecidedForm<Form> | undefined;
  for (let most = 1; ; most++) {
    const form = formOf(most);
    if (form === undefined) return decided;
    const found = yield { form, isSmallest: most === 1 };
    const asked = { form, found };
    if (found.kind === "counterexample") return asked;
    if (found.kind === "not-known") return decided ?? asked;
    decided = asked;
    if (found.explored > states / 10) return decided;
  }
}
