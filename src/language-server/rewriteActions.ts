import type { CodeAction, Range } from "vscode-languageserver-types";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { offers, UNBOUND } from "../rewrites/driver.ts";
import type { Offer } from "../rewrites/driver.ts";
import type { Selection, StepRequest } from "../rewrites/rewrite.ts";
import { plain } from "./codeActions.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import { rewriteEdit } from "./rewriteEdit.ts";
import { spanOfRange, touches } from "./textLines.ts";

/** What a chosen action says when its edit is asked for: the steps to take. */
export interface RewriteData {
  readonly uri: string;
  readonly steps: readonly StepRequest[];
}

/**
 * The rewrites of the rules within a range, or of the component whose name it touches, with the inspector's verdicts and
 * sentences. One that is refused is listed all the same, disabled by the condition that refuses it. A text has nowhere to
 * record a waiver, so what holds in lock-step only is disabled too.
 */
export function rewriteActions(
  document: LanguageDocument,
  range: Range,
  uri: string,
): readonly CodeAction[] {
  const selection = selectionIn(document, range);
  if (selection === undefined || hasErrors(document)) return [];
  return offers(document.analyzed, selection, document.input.chain ?? UNBOUND)
    .map((offer) => ({ offer, written: writtenOffer(document, offer) }))
    .toSorted((a, b) => ORDER[a.written.verdict] - ORDER[b.written.verdict])
    .map(({ offer, written: { verdict, reason, losesComments } }) => {
      const data: RewriteData = { uri, steps: offer.steps };
      const lost = losesComments ? " (prints the text again, without its comments)" : "";
      return {
        title: `${offer.title}: ${VERDICT_WORDS[verdict]}${inserted(offer)}${lost}`,
        kind: "refactor.rewrite",
        ...(reason === undefined ? { data } : { disabled: { reason: plain(reason) } }),
      };
    });
}

interface WrittenOffer {
  readonly verdict: Offer["verdict"];
  readonly reason: string | undefined;
  readonly losesComments: boolean;
}

/** An offer as this text can take it: what its notation has no words for is refused before it is chosen. */
function writtenOffer(document: LanguageDocument, offer: Offer): WrittenOffer {
  const { verdict } = offer;
  const reason = refusal(offer);
  if (reason !== undefined) return { verdict, reason, losesComments: false };
  const edit = rewriteEdit(document, offer.steps);
  return edit.kind === "refused"
    ? { verdict: "violated", reason: edit.message, losesComments: false }
    : { verdict, reason: undefined, losesComments: edit.losesComments };
}

const ORDER: Readonly<Record<Offer["verdict"], number>> = { holds: 0, lockstep: 1, violated: 2 };

/** As everywhere else: on cards, in menus, on the command line. */
export const VERDICT_WORDS: Readonly<Record<Offer["verdict"], string>> = {
  holds: "applies",
  lockstep: "lock-step only",
  violated: "refused",
};

function inserted(offer: Offer): string {
  if (offer.inserted.length === 0) return "";
  return ` (first: ${plain(offer.inserted.join(" "))})`;
}

/** The first condition that stands in the way, and what would work. */
function refusal(offer: Offer): string | undefined {
  if (offer.verdict === "holds") return undefined;
  const against = offer.preconditions.find((c) => c.verdict === offer.verdict);
  const suggestion = offer.suggestion === undefined ? "" : ` ${offer.suggestion.sentence}`;
  const waiver =
    offer.verdict === "lockstep"
      ? " Clew's app and `clew rewrite` take it with a waiver, which they record."
      : "";
  return `${against?.statement ?? ""}${suggestion}${waiver}`;
}

function hasErrors({ diagnostics }: LanguageDocument): boolean {
  // Errors that a rewrite mends are the analysis's; the driver knows them.
  return diagnostics.some((d) => d.severity === "error" && d.code !== "sealing");
}

/** The rules within a range, when they are of one component; a component's name stands for all of it. */
export function selectionIn(document: LanguageDocument, range: Range): Selection | undefined {
  const within = spanOfRange(document.lines, range);
  const { components, rules: spans } = document.read.sourceMap;
  for (const [component, { name }] of components) {
    if (touches(name, within)) return { component, rules: [] };
  }
  const p: AnalyzedProgram = document.analyzed;
  const chosen = [...p.rules.values()].filter(({ rule }) => {
    const span = spans.get(rule.id)?.rule;
    return span !== undefined && touches(span, within);
  });
  const component = chosen[0]?.component;
  if (component === undefined || chosen.some((r) => r.component !== component)) return undefined;
  return { component, rules: chosen.map(({ rule }) => rule.id) };
}
