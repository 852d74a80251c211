import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { KeyTerms } from "../analysis/keyTerm.ts";
import type { Deployment } from "../program/deployment.ts";
import type { Row } from "../program/value.ts";
import { applied } from "../rewrites/cases.testing.ts";
import { applyStep } from "../rewrites/driver.ts";
import type { RewriteName, StepRequest } from "../rewrites/rewrite.ts";
import { movedRules, program } from "./programs.testing.ts";

/** A case of spec/cases.md with the verdict REFUSE or LOCKSTEP, small enough to explore when the step is forced. */
export interface ForcedCase {
  readonly number: string;
  /** What is violated; absent where the step is right in lock-step only. */
  readonly code?: string;
  readonly rewrite: RewriteName;
  /** As in spec/cases.md; before a bar what stays, behind it what moves. Counters stop, so that states are finitely many. */
  readonly rules: string;
  /** Rules that the case lacks and that let clients see what goes wrong: acknowledgements, and what keeps a fact. */
  readonly stays?: string;
  readonly moves?: string;
  readonly channels: string;
  readonly edb?: Deployment["edb"];
  /** Rules of another component, R. */
  readonly other?: string;
  /** Clients send them straight to L. */
  readonly direct?: boolean;
  /** The rewrite that makes the two halves first, which is not in question. */
  readonly first?: RewriteName;
  /** Partitions, of which two are made. */
  readonly keys?: KeyTerms;
  readonly replicated?: readonly string[];
  /** What the step is asked of, where that is no group of rules. */
  readonly target?: object;
  readonly inputs: readonly (readonly [string, ...Row])[];
  /** What the referee finds: a difference, or none. */
  readonly found: "safety" | "quiescence" | "refines" | "not-known";
  /** Why it finds none. */
  readonly because?: string;
}

/** Tells clients when an `o` arrives again. */
export const COUNTS =
  "seen@next(x) <- o(x); seen@next(x) <- seen(x); twice@async(c)(x) <- o(x), seen(x)";

/** What an asymmetric decoupling leaves behind. */
export const KEEPS = "k(x) <- k2(x); k@next(x) <- k(x); p@async(c)(x) <- q(_), k(x)";

/** The rules with what lets clients see more, in each half. */
function rulesOf({ rules, stays, moves }: ForcedCase): string {
  const [left = "", right] = rules.split("|");
  const joined = (half: string, more: string | undefined): string =>
    more === undefined ? half : `${half}; ${more}`;
  return right === undefined
    ? joined(left, stays)
    : `${joined(left, stays)} | ${joined(right, moves)}`;
}

/** The program that the step is asked of. */
export function askedOf(forced: ForcedCase): AnalyzedProgram {
  const { channels, edb = {}, other, first } = forced;
  const all = channels.split(" ").map((channel) => [channel, "L"]);
  const written = program({
    nodes: { L: rulesOf(forced), ...(other !== undefined && { R: other }) },
    channels: Object.fromEntries(all),
    deployment: { edb },
  });
  if (first === undefined) return written;
  return applied(applyStep(written, splitOf(forced, first))).program;
}

export function requestOf(forced: ForcedCase): StepRequest {
  const { rewrite, keys, replicated, target } = forced;
  if (target !== undefined) return { rewrite, target };
  if (keys === undefined) return splitOf(forced, rewrite);
  const parts = replicated === undefined ? { keys } : { replicated, keys, name: "proxy" };
  return { rewrite, target: { component: "L", partitions: 2, ...parts } };
}

function splitOf(forced: ForcedCase, rewrite: RewriteName): StepRequest {
  const rules = movedRules("L", rulesOf(forced));
  return { rewrite, target: { component: "L", rules, name: "M" } };
}
