import type { Diagnostic, DiagnosticSeverity } from "vscode-languageserver-types";
import type { Severity } from "../program/diagnostic.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import { rangeOf } from "./textLines.ts";

/** LSP's numbers for how grave something is. */
const SEVERITY: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: 1,
  warning: 2,
  information: 3,
};

/** What is wrong with a text, each with its code, its related places and a sentence. */
export function lspDiagnostics(document: LanguageDocument, uri: string): readonly Diagnostic[] {
  return document.diagnostics.map((d) => ({
    range: rangeOf(document.lines, d.span),
    severity: SEVERITY[d.severity],
    code: d.code,
    source: "clew",
    message: d.message,
    ...(d.related !== undefined && {
      relatedInformation: d.related.map(({ message, span }) => ({
        message,
        location: { uri, range: rangeOf(document.lines, span) },
      })),
    }),
  }));
}
