import type { Fact } from "../evaluator/nodeEngine.ts";
import type { RelationName } from "../program/program.ts";
import type { Row } from "../program/value.ts";

/** What a run says of one invariant of its program. */
export type InvariantOutcome =
  | { readonly kind: "held"; readonly relation: RelationName }
  /** `violations` are the first of those `found`, in the order in which they came about. */
  | {
      readonly kind: "broken";
      readonly relation: RelationName;
      readonly found: number;
      readonly violations: readonly InvariantViolation[];
    }
  /** Why this run cannot say, in a sentence. */
  | { readonly kind: "unchecked"; readonly relation: RelationName; readonly why: string };

/** A fact that must not be; of `post` one that is missing where `pre` has it. */
export interface InvariantViolation {
  readonly row: Row;
  /** When it came about: simulated milliseconds. */
  readonly at: number;
  /** Index into `Trace.ticks` of the tick that brought it about; absent where what clients sent or received did. */
  readonly tick?: number;
  /** What was seen at nodes and clients that it follows from, by one rule. */
  readonly because: readonly SeenFact[];
}

export interface SeenFact extends Fact {
  /** An original node, or the clients. */
  readonly place: string;
}
