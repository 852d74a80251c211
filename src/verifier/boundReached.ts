/** What there was more of than a check may look at. */
export type Bound =
  /** Pairs of a state of the rewritten program and the states that the original may be in. */
  | "states"
  /** States of the original. */
  | "originalStates"
  /** Different messages, or inputs, that may enter one tick in any combination. */
  | "choices";

/** More than the bound allows, and the answer is not known. */
export class BoundReached extends Error {
  override readonly name = "BoundReached";
  readonly bound: Bound;

  constructor(bound: Bound) {
    super(bound);
    this.bound = bound;
  }
}

/** Of more than so many messages there are too many combinations to try them all. */
export const MOST_CHOICES = 16;
