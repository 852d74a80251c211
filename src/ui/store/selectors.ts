import type { Diagnostic } from "../../program/diagnostic.ts";
import type { Evidence } from "../../program/evidence.ts";
import type { Selection } from "../../rewrites/rewrite.ts";
import type { OfferView, ProgramView, RuleView, StepView } from "../../workers/workspaceApi.ts";
import type { ClewState } from "./clewState.ts";

/** The step that is shown, as the worker last computed it. */
export function shownStep(state: ClewState): StepView | undefined {
  return state.replay?.steps[state.document?.at ?? 0];
}

/** The program that is shown: that of the step, or of the last step before it that still applies. */
export function shownView(state: ClewState): ProgramView | undefined {
  return viewAt(state, state.document?.at ?? 0);
}

/** The first error of a program's text. */
export function firstError(view: ProgramView): Diagnostic | undefined {
  return view.diagnostics.find((diagnostic) => diagnostic.severity === "error");
}

export function baseView(state: ClewState): ProgramView | undefined {
  return state.replay?.steps[0]?.view;
}

export function viewAt(state: ClewState, at: number): ProgramView | undefined {
  const steps = state.replay?.steps ?? [];
  for (let index = Math.min(at, steps.length - 1); index >= 0; index--) {
    const view = steps[index]?.view;
    if (view !== undefined) return view;
  }
  return undefined;
}

/** The selected rules as the rewrites want them: of one component, in text order. */
export function selectedSelection(state: ClewState): Selection | undefined {
  const rules = selectedRuleViews(state);
  const component = rules[0]?.component;
  if (component === undefined || rules.some((rule) => rule.component !== component))
    return undefined;
  return { component, rules: rules.map((rule) => rule.id) };
}

export function selectedRuleViews(state: ClewState): readonly RuleView[] {
  return (shownView(state)?.rules ?? []).filter((rule) => state.selectedRules.has(rule.id));
}

export function focusedOfferView(state: ClewState): OfferView | undefined {
  return state.offers.find((offer) => offer.key === state.focusedOffer);
}

/** A culprit and the letter it carries in text, graph and card. */
export interface Mark {
  readonly letter: string;
  readonly place: Evidence;
}

const NO_MARKS: readonly Mark[] = [];
const lettered = new WeakMap<OfferView, readonly Mark[]>();

/** What the focused card paints red. The same array for the same offer, so that views may compare. */
export function marks(state: ClewState): readonly Mark[] {
  const offer = focusedOfferView(state);
  if (offer === undefined || offer.verdict !== "violated") return NO_MARKS;
  let list = lettered.get(offer);
  if (list === undefined) {
    list = offer.culprits.map((place, index) => ({ letter: letter(index), place }));
    lettered.set(offer, list);
  }
  return list;
}

/** A … Z, then A2 … */
function letter(index: number): string {
  const round = Math.floor(index / 26);
  return String.fromCharCode(65 + (index % 26)) + (round === 0 ? "" : String(round + 1));
}

/** Graph and inspector are covered by why the focused offer is refused. */
export function asksWhyNot(state: ClewState): boolean {
  return state.whyNot !== undefined && state.whyNot.offer === state.focusedOffer;
}
