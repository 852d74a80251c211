import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Deployment } from "../program/deployment.ts";
import type { Evidence } from "../program/evidence.ts";
import type { ComponentName, Program, RuleId } from "../program/program.ts";

/**
 * One provably safe change of a program. The driver alone calls `apply`, and only where every precondition holds
 * (or holds in lock-step, with the user's waiver). A target is plain JSON in rule ids and names (files.md, Derivation).
 */
export interface Rewrite<Target = unknown> {
  /** The file's name. */
  readonly name: RewriteName;
  /** As it stands on a card: "Monotonic decoupling". */
  readonly title: string;
  readonly summary: string;
  readonly citation: Citation;
  /** Codes of the program's errors that this rewrite takes away; with any other error nothing can be done. */
  readonly mends?: readonly string[];
  /** What the user may mean by a selection, the most natural reading first; nothing when it makes no sense for this rewrite. */
  targets(p: AnalyzedProgram, selection: Selection): readonly Target[];
  /** Reads a target from untrusted JSON; a string says what is wrong with it and where (JSON pointer). */
  readTarget(json: unknown): Target | string;
  /** What of the target is not in this program (any longer), as a sentence; asked before anything else. */
  misfit(p: AnalyzedProgram, target: Target): string | undefined;
  /** All of them, never only the first that fails. */
  preconditions(p: AnalyzedProgram, target: Target, chain: Chain): readonly Precondition[];
  apply(p: AnalyzedProgram, target: Target): Rewritten;
  /** What the step is called unless the user says otherwise; the new component's name where there is one. */
  defaultName(p: AnalyzedProgram, target: Target): string;
  /** One sentence for the derivation strip: "leader → collector". */
  describe(p: AnalyzedProgram, target: Target): string;
}

/** What the steps before bind the next one to (rewrites.md section 9, rule 0). */
export interface Chain {
  /** A step before was taken in lock-step: the siblings of a node tick together from then on. */
  readonly lockstep: boolean;
}

export type RewriteName =
  | "copySplit"
  | "fold"
  | "relay"
  | "splitHead"
  | "declareDependency"
  | "decoupleMutuallyIndependent"
  | "decoupleMonotonic"
  | "decoupleFunctional"
  | "decoupleStateMachine"
  | "decoupleAsymmetric"
  | "partitionByCohashing"
  | "partitionWithDependencies"
  | "partitionPartially"
  | "sendSealed"
  | "verifySenders"
  | "verifyMessages";

/** Rules of one component, or a whole component when `rules` is empty. */
export interface Selection {
  readonly component: ComponentName;
  readonly rules: readonly RuleId[];
}

export interface Citation {
  readonly source: "SIGMOD 2024" | "PaPoC 2024";
  /** "section 3.2, Figure 3" */
  readonly where: string;
}

export type Verdict = "holds" | "lockstep" | "violated";

export type Precondition =
  | {
      readonly verdict: "holds";
      /** From the one vocabulary of cases.md. */
      readonly code: string;
      /** What is true of this program, naming rules by number and relations by name (ui.md, Words). */
      readonly statement: string;
      readonly evidence: readonly Evidence[];
      /** It holds as long as whoever runs the program sees to what the statement says. */
      readonly caution?: true;
    }
  | {
      readonly verdict: "lockstep";
      readonly code: string;
      readonly statement: string;
      readonly evidence: readonly [Evidence, ...Evidence[]];
    }
  | {
      readonly verdict: "violated";
      readonly code: string;
      readonly statement: string;
      readonly evidence: readonly [Evidence, ...Evidence[]];
      readonly suggestion?: Suggestion;
    };

/** What would make it legal: a sentence, and where it is computable the steps to take first. */
export interface Suggestion {
  readonly sentence: string;
  readonly steps?: readonly StepRequest[];
  /** A change of the program that no step makes; every other suggestion is tried by `remedies`. */
  readonly byHand?: true;
}

/** One rewrite to do, as a derivation records it. */
export interface StepRequest {
  readonly rewrite: RewriteName;
  readonly target: unknown;
  readonly waiver?: "tick-counts";
}

export interface Rewritten {
  readonly program: Program;
  /** Total over the new program's rules. */
  readonly origins: ReadonlyMap<RuleId, RuleOrigin>;
  /** The whole deployment of the new program; undefined when the old one had none. */
  readonly deployment: Deployment | undefined;
}

/** Where a rewritten rule came from. */
export type RuleOrigin =
  | { readonly kind: "kept"; readonly from: RuleId }
  | { readonly kind: "changed"; readonly from: readonly RuleId[]; readonly because: string }
  | { readonly kind: "added"; readonly because: string };
