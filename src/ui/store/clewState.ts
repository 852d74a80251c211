import type { RelationName, RuleId } from "../../program/program.ts";
import type { IncludedFile } from "../../program/programFiles.ts";
import type {
  Dialect,
  DocumentSource,
  DocumentStep,
  OfferRequest,
  OfferView,
  ProgramView,
  Replay,
  RuleVerdict,
} from "../../workers/workspaceApi.ts";
import type { Origins } from "./followRules.ts";
import type { ClewDocument } from "./clewDocument.ts";

export type Mode = "rewrite" | "simulate" | "cluster";
export type Dialog = "commands" | "keys" | "derivation";
export type TextTab = "text" | "diff" | "preview";
/** Which panel stands in the left column of a narrow window, or alone in a very narrow one. */
export type NarrowTab = "text" | "rewrites" | "outline" | "graph";

/** Something that walking the steps does not bring back, with the document as it was. */
export interface TakenAway {
  readonly sentence: string;
  readonly before: ClewDocument;
}

/** Why an offer is refused: by which of its conditions. */
export interface WhyNotQuestion {
  readonly offer: string;
  readonly code: string;
}

/** The document, and everything computed of it. */
export interface DocumentSlice {
  readonly document: ClewDocument | undefined;
  /** Of the document as it was `replayOf`; older than the document while the worker computes. */
  readonly replay: Replay | undefined;
  readonly replayOf: DocumentSource | undefined;
  /** What the last drop or replacement took away, until the next edit. */
  readonly takenAway: TakenAway | undefined;
  /** One sentence about what went wrong last, outside the program itself; undefined when dismissed. */
  readonly problem: string | undefined;
  openDocument(document: ClewDocument): void;
  /** The same document as another tab has just saved it. */
  followTab(document: ClewDocument): void;
  renameDocument(name: string): void;
  /** Typing in the base or in what it includes: later steps are checked again. Other changes take more along. */
  editBase(text: string, along?: Partial<Omit<DocumentSource, "text" | "steps">>): void;
  /** Typing at a later step: its own by-hand step, made at the first keystroke. */
  editByHand(text: string): void;
  insertSteps(steps: readonly DocumentStep[]): void;
  changeStep(index: number, change: { readonly name?: string; readonly note?: string }): void;
  /** Records or withdraws the consent that tick counts do not matter; the step is checked again. */
  waive(index: number, waived: boolean): void;
  dropStep(index: number): void;
  /** Gives the step another place in the order; all steps are checked again. */
  moveStep(index: number, to: number): void;
  /** A derivation from a file takes the place of the document's own. */
  replaceSteps(steps: readonly DocumentStep[]): void;
  putBack(): void;
  setDeployment(deployment: unknown): void;
  /** Files that the base includes were given; later steps are checked again. */
  includeFiles(includes: readonly IncludedFile[]): void;
  /** How to read the base's text; undefined to find it out from the text. */
  readBaseAs(dialect: Dialect | undefined): void;
  walkTo(step: number): void;
  /** Puts back what was taken away just now; otherwise one step back. */
  undo(): void;
  redo(): void;
  report(problem: string | undefined): void;
}

/** What the workspace worker says about the document and the selection; old answers stay until new ones come. */
export interface ComputedSlice {
  readonly offers: readonly OfferView[];
  /** How long the last verdicts took, from the change to their arrival here. */
  readonly verdictMilliseconds: number | undefined;
  /** The offers shown belong to an older selection or program: dim them. */
  readonly offersStale: boolean;
  readonly focusedOffer: string | undefined;
  readonly preview: { readonly key: string; readonly view: ProgramView } | undefined;
  /** Why the focused offer cannot be done as its form says. */
  readonly previewProblem: string | undefined;
  readonly ruleVerdicts: ReadonlyMap<RuleId, RuleVerdict>;
  recompute(): Promise<void>;
  refreshOffers(): Promise<void>;
  focusOffer(key: string | undefined): void;
  /** Computes the program after an offer, for the green preview and the diff. */
  refreshPreview(request: OfferRequest | undefined): Promise<void>;
  applyOffer(request: OfferRequest): Promise<void>;
}

/** One selection, many views. */
export interface SelectionSlice {
  readonly selectedRules: ReadonlySet<RuleId>;
  readonly selectedRelation: RelationName | undefined;
  /** Counts up whenever the selection was made outside the text, which then scrolls to it. */
  readonly revealInText: number;
  select(
    selection: { readonly rules: readonly RuleId[]; readonly relation?: RelationName | undefined },
    how: "replace" | "toggle",
    from: "text" | "elsewhere",
  ): void;
  clearSelection(): void;
  /** After a change of program: what is no longer there is no longer selected. True when that changed anything. */
  keepSelectionWhereItIs(): boolean;
  /** After a step: the selected rules under the ids they have now. */
  followRules(rules: readonly RuleId[], origins: readonly Origins[]): void;
}

/** What is shown where. Nothing here belongs to the document. */
export interface LayoutSlice {
  readonly mode: Mode;
  readonly dialog: Dialog | undefined;
  /** "preview": what the focused card would change. */
  readonly textTab: TextTab;
  readonly graphTab: "graph" | "outline";
  readonly inspectorTab: "rewrites" | "facts";
  readonly narrowTab: NarrowTab;
  readonly stripFolded: boolean;
  /** The derivation is being shown step by step. */
  readonly replaying: boolean;
  /** The violated condition that is being explained by a run, over graph and inspector, as long as its offer is focused. */
  readonly whyNot: WhyNotQuestion | undefined;
  /** Said once by the polite live region. */
  readonly announcement: string;
  setMode(mode: Mode): void;
  openDialog(dialog: Dialog | undefined): void;
  showTextTab(tab: TextTab): void;
  showGraphTab(tab: "graph" | "outline"): void;
  showInspectorTab(tab: "rewrites" | "facts"): void;
  showNarrowTab(tab: NarrowTab): void;
  foldStrip(folded: boolean): void;
  /** Shows the derivation from its base on, a step at a time, until it ends or something else is done. */
  startReplay(): void;
  stopReplay(): void;
  askWhyNot(question: WhyNotQuestion | undefined): void;
  announce(sentence: string): void;
}

export type ClewState = DocumentSlice & ComputedSlice & SelectionSlice & LayoutSlice;
