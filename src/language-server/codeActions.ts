import type { CodeAction, Diagnostic, Range, TextEdit } from "vscode-languageserver-types";
import type { Fix } from "../program/diagnostic.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import { lspDiagnostics } from "./lspDiagnostics.ts";
import { furtherFixes } from "./quickFixes.ts";
import { rangeOf, spanOfRange, touches } from "./textLines.ts";

/** The ways to mend what is wrong within a range, the most likely first, each with the diagnostic that it mends. */
export function quickFixActions(
  document: LanguageDocument,
  range: Range,
  uri: string,
): readonly CodeAction[] {
  const within = spanOfRange(document.lines, range);
  const shown = lspDiagnostics(document, uri);
  return document.diagnostics.flatMap((diagnostic, i) => {
    if (!touches(diagnostic.span, within)) return [];
    const { fix } = diagnostic;
    const further = furtherFixes(document, diagnostic);
    return [...(fix === undefined ? [] : [fix]), ...further].map((each) =>
      action(document, uri, each, shown[i]!, each === fix),
    );
  });
}

function action(
  document: LanguageDocument,
  uri: string,
  fix: Fix,
  mends: Diagnostic,
  isPreferred: boolean,
): CodeAction {
  return {
    title: plain(fix.title),
    kind: "quickfix",
    diagnostics: [mends],
    isPreferred,
    edit: { changes: { [uri]: fixEdits(document, fix) } },
  };
}

function fixEdits({ lines }: LanguageDocument, fix: Fix): TextEdit[] {
  return fix.edits.map(({ span, text }) => ({ range: rangeOf(lines, span), newText: text }));
}

/** Menus of editors do not read Markdown. */
export function plain(sentence: string): string {
  return sentence.replaceAll("`", "");
}
