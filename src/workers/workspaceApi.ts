import type { GraphModel } from "../analysis/graphModel.ts";
import type { RelationInfo } from "../analysis/analyzedProgram.ts";
import type { Deployment } from "../program/deployment.ts";
import type { Diagnostic, Span } from "../program/diagnostic.ts";
import type { Evidence } from "../program/evidence.ts";
import type { ComponentName, Program, RelationName, RuleId } from "../program/program.ts";
import type { IncludedFile } from "../program/programFiles.ts";
import type {
  Precondition,
  RewriteName,
  RuleOrigin,
  Selection,
  StepRequest,
  Suggestion,
  Verdict,
} from "../rewrites/rewrite.ts";
import type { RemedyKind } from "../rewrites/remedy.ts";
import type { Gathered } from "../syntax/gatherFiles.ts";
import type { Alike } from "./rpc.ts";

export type Dialect = "compact" | "paper" | "hydroflow" | "molly" | "prototype";

/** What the page keeps of a document: everything else is computed from it here, in the workspace worker. */
export interface DocumentSource {
  readonly fileName: string;
  readonly text: string;
  /** What the base's text includes, as the files were when they were given; absent when it includes nothing. */
  readonly includes?: readonly IncludedFile[] | undefined;
  /** How to read the base's text; found out from the text when absent. */
  readonly dialect?: Dialect | undefined;
  /** A deployment file's JSON; null when the document has none. */
  readonly deployment: unknown;
  readonly steps: readonly DocumentStep[];
}

/** A derivation's step, as its file has it (files.md, Derivation). */
export type DocumentStep =
  | {
      readonly rewrite: RewriteName;
      readonly name: string;
      readonly target: unknown;
      readonly waiver?: "tick-counts";
      readonly note?: string;
    }
  | {
      readonly rewrite: "by-hand";
      readonly name: string;
      readonly text: string;
      readonly note?: string;
    };

/** One program of a document, ready to be shown. Plain data. */
export interface ProgramView {
  readonly text: string;
  /** The program as it is printed, without comments and layout: what differences are shown of. */
  readonly canonical: string;
  readonly dialect: Dialect;
  readonly program: Program;
  /** Read, and mapped by every rewrite up to here; absent when the document has none or it is wrong. */
  readonly deployment: Deployment | undefined;
  readonly components: readonly ComponentView[];
  /** In text order. */
  readonly rules: readonly RuleView[];
  /** Where each of them begins in the text: all that an edit before a rule changes of it (rulePlaces.ts). */
  readonly starts: Int32Array;
  readonly relations: readonly RelationView[];
  readonly diagnostics: readonly Diagnostic[];
  readonly graph: GraphModel;
  /** What the text includes; there a rule of theirs stands where its file is included. Absent where it includes nothing. */
  readonly files?: readonly FileView[];
}

/** A file that the base includes. */
export interface FileView {
  readonly name: string;
  readonly text: string;
  /** Those that stand in it, as they stand in it. */
  readonly rules: readonly RuleView[];
  /** By the numbers of the rules, as in the program's own text. */
  readonly starts: Int32Array;
}

export interface ComponentView {
  readonly name: ComponentName;
  readonly by: readonly string[];
  readonly rules: number;
  /** How many nodes the deployment gives it; absent without a deployment. */
  readonly nodes: number | undefined;
  readonly partitions: number | undefined;
  readonly block: Span;
  readonly nameSpan: Span;
}

export interface RuleView {
  readonly id: RuleId;
  /** What the gutter and every sentence show. */
  readonly number: number;
  readonly component: ComponentName;
  readonly head: RelationName;
  readonly timing: "now" | "next" | "async";
  readonly aggregates: boolean;
  /** In characters. */
  readonly length: number;
  /** From the rule's start. */
  readonly headWithin: Span;
  readonly literals: readonly LiteralView[];
  /** An error stands in it. */
  readonly broken: boolean;
}

export interface LiteralView {
  /** From the rule's start. */
  readonly within: Span;
  /** Absent for comparisons and assignments. */
  readonly relation: RelationName | undefined;
  readonly negated: boolean;
}

export interface RelationView extends RelationInfo {
  /** Rules that carry it over to the next tick. */
  readonly keptBy: readonly RuleId[];
}

export type StepVerdict = "base" | Verdict | "unverified";

/** A knot on the thread: what was done, with what right, and the program that came out. */
export interface StepView {
  readonly index: number;
  readonly name: string;
  /** The rewrite's title, "Base" or "By hand". */
  readonly title: string;
  /** "leader → collector" */
  readonly describe: string;
  readonly rewrite: RewriteName | "by-hand" | "base";
  readonly verdict: StepVerdict;
  readonly waiver?: "tick-counts";
  readonly preconditions: readonly Precondition[];
  readonly origins: readonly (readonly [RuleId, RuleOrigin])[];
  readonly note?: string;
  /** Why this step (or one before it) does not apply any longer; then `view` is absent. */
  readonly broken?: {
    readonly reason: string;
    readonly preconditions: readonly Precondition[];
    /** Only until an error in a text before it is mended: nothing is known against the step. */
    readonly waiting: boolean;
  };
  readonly view: ProgramView | undefined;
}

export interface Replay {
  /** The base and one for each step of the document. */
  readonly steps: readonly StepView[];
  /** What is wrong with the deployment or the derivation as a whole: one sentence each. */
  readonly notices: readonly string[];
  readonly milliseconds: number;
}

/** One way to read the selection for one rewrite, with its verdict and what applying it would do. */
export interface OfferView {
  /** Stable while the selection means the same. */
  readonly key: string;
  readonly rewrite: RewriteName;
  readonly title: string;
  /** A step that other rewrites insert where they need it: shown apart. */
  readonly normalisation: boolean;
  readonly summary: string;
  readonly citation: string;
  readonly verdict: Verdict;
  /** The steps to record; the waiver is added by the user's consent. */
  readonly steps: readonly StepRequest[];
  /** Sentences about the steps that come first: a relay, a fold, a copy. */
  readonly inserted: readonly string[];
  readonly preconditions: readonly Precondition[];
  readonly suggestion?: Suggestion;
  readonly defaultName: string;
  /** The name is the new component's, not only the step's. */
  readonly namesComponent: boolean;
  /** Target of the last step, when it can be split: how many partitions it asks for. */
  readonly partitions?: number;
  /** Evidence of the violated preconditions in order, each place once. */
  readonly culprits: readonly Evidence[];
}

/** A way to have a refused offer accepted. */
export interface RemedyView {
  readonly kind: RemedyKind;
  readonly sentence: string;
  /** The rules to choose in place of those chosen. */
  readonly rules?: readonly RuleId[];
  /** Steps to take before. */
  readonly first: readonly StepRequest[];
  /** Lines for the text, which are its author's to answer for. */
  readonly declare?: string;
}

export interface Offers {
  readonly offers: readonly OfferView[];
  /** The program has an error: part of it could not be read or judged, so nothing is offered. */
  readonly blocked: boolean;
  readonly milliseconds: number;
}

/** The best that can be had for one rule alone: what stands at the rule's end in the text. */
export interface RuleVerdict {
  readonly rule: RuleId;
  readonly verdict: Verdict | "none";
  readonly inserted: boolean;
  readonly title: string;
  readonly counts: { readonly holds: number; readonly lockstep: number; readonly violated: number };
}

/** A step of the document: 0 is the base. */
export interface At {
  readonly document: DocumentSource;
  readonly at: number;
}

/** How the offer is to be done. */
export interface OfferRequest {
  readonly steps: readonly StepRequest[];
  /** Name of the new component, or of the step where none is made; the rewrite's own choice when absent. */
  readonly name?: string;
  readonly partitions?: number;
  readonly waiver?: "tick-counts";
}

/** What a keystroke asks again and again. */
export const ALIKE: Alike<WorkspaceApi> = ["replay", "ruleVerdicts", "preview"];

/** The worker's methods (rpc.ts). */
export interface WorkspaceApi {
  /** Everything that is shown of a document. Unchanged beginnings come from a cache. */
  replay: { request: DocumentSource; response: Replay; progress: never };
  offers: {
    request: At & { readonly selection: Selection };
    response: Offers;
    progress: never;
  };
  /** What would make a refused step legal, each tried; slow compared to `offers`, so asked of the open card alone. */
  remedies: {
    request: At & { readonly step: StepRequest };
    response: readonly RemedyView[];
    progress: never;
  };
  /** For every rule alone; slow compared to `offers`, so asked last and cancelled first. */
  ruleVerdicts: { request: At; response: readonly RuleVerdict[]; progress: never };
  /** The steps an offer records and the program after them; refuses with an error's message. */
  preview: {
    request: At & { readonly offer: OfferRequest };
    response: {
      readonly steps: readonly DocumentStep[];
      /** One a step. */
      readonly origins: readonly StepView["origins"][];
      readonly view: ProgramView;
    };
    progress: never;
  };
  /**
   * The steps of an edited document with their targets in its rule ids. `before` is the document that the targets were
   * chosen in; `was` says which of its steps each step was.
   */
  rebase: {
    request: {
      readonly before: DocumentSource;
      readonly after: DocumentSource;
      readonly was: readonly (number | undefined)[];
    };
    response:
      | {
          readonly kind: "steps";
          readonly steps: readonly DocumentStep[];
          /** Every step applies. */
          readonly complete: boolean;
        }
      /** A text has an error: asked again once it is mended. */
      | { readonly kind: "waiting" };
    progress: never;
  };
  /** What files that are given together are; `open` is the document that they may belong to. */
  gather: {
    request: {
      readonly files: readonly IncludedFile[];
      readonly open: DocumentSource | undefined;
    };
    response: Gathered;
    progress: never;
  };
  /** The program of a step in a notation, or what that notation cannot express. */
  convert: {
    request: At & { readonly to: Dialect };
    response:
      | { readonly kind: "text"; readonly text: string }
      | { readonly kind: "refused"; readonly message: string };
    progress: never;
  };
  /** The derivation file of a document; `importDerivation` goes back. */
  exportDerivation: {
    request: { readonly document: DocumentSource; readonly name: string };
    response: { readonly json: unknown };
    progress: never;
  };
  /** What is wrong with a deployment file, in one sentence; undefined when nothing is. */
  checkDeployment: {
    request: { readonly json: unknown };
    response: { readonly message: string | undefined };
    progress: never;
  };
  importDerivation: {
    request: { readonly document: DocumentSource; readonly json: unknown };
    response:
      | {
          readonly kind: "derivation";
          readonly steps: readonly DocumentStep[];
          readonly notices: readonly string[];
        }
      | { readonly kind: "refused"; readonly message: string };
    progress: never;
  };
  /** The deployment plan of a step's program (plan.json), or why there is none. */
  plan: {
    request: At & { readonly name: string };
    response:
      | { readonly kind: "plan"; readonly file: unknown; readonly nodes: number }
      | { readonly kind: "refused"; readonly message: string };
    progress: never;
  };
}
