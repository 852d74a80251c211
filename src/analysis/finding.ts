import type { Evidence } from "../program/evidence.ts";

/** One way in which a program fails a predicate: a code of cases.md, a sentence about this program, the culprits. */
export interface Finding {
  readonly code: string;
  /** What is true of this program and why it matters; rules by number, relations by name (ui.md, Words). */
  readonly statement: string;
  readonly evidence: readonly [Evidence, ...Evidence[]];
}
