import type { RuleSpans } from "../program/diagnostic.ts";
import type { Head, Literal } from "../program/program.ts";
import type { Problem } from "./problem.ts";

/** A rule in the program's own terms, before it has an id. */
export interface LoweredRule {
  readonly head: Head;
  readonly body: readonly Literal[];
  readonly spans: RuleSpans;
  /** What is wrong with it; the rule is good enough to draw all the same. */
  readonly problems: readonly Problem[];
}
