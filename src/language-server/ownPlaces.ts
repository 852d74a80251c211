import type {
  CodeAction,
  Diagnostic,
  Location,
  Range,
  TextEdit,
} from "vscode-languageserver-types";
import type { LanguageDocument } from "./languageDocument.ts";
import { lspDiagnostics } from "./lspDiagnostics.ts";
import type { TextChange } from "./renames.ts";
import { fileOfLine, ownRange } from "./textFiles.ts";
import { rangeOf } from "./textLines.ts";

/** A program with what its files are called. */
export interface OpenProgram {
  readonly document: LanguageDocument;
  /** One for each file of the document, the program's own first. */
  readonly uris: readonly string[];
}

/** Where a range of a program's joined text is: which file, and where in it. */
export function ownLocation({ document, uris }: OpenProgram, range: Range): Location {
  const file = fileOfLine(document.files, range.start.line);
  return { uri: uris[document.files.indexOf(file)]!, range: ownRange(file, range) };
}

/** What is wrong with programs, by the file that it is in; what several programs say of one file once. */
export function ownDiagnostics(
  programs: readonly OpenProgram[],
): ReadonlyMap<string, readonly Diagnostic[]> {
  const found = new Map<string, Diagnostic[]>();
  for (const program of programs) {
    for (const diagnostic of lspDiagnostics(program.document, "")) {
      const { uri } = ownLocation(program, diagnostic.range);
      found.set(uri, [...(found.get(uri) ?? []), ownDiagnostic(program, diagnostic)]);
    }
  }
  return new Map([...found].map(([uri, each]) => [uri, eachOnce(each)]));
}

function ownDiagnostic(program: OpenProgram, diagnostic: Diagnostic): Diagnostic {
  const { relatedInformation: related, range } = diagnostic;
  return {
    ...diagnostic,
    range: ownLocation(program, range).range,
    ...(related && {
      relatedInformation: related.map(({ message, location }) => ({
        message,
        location: ownLocation(program, location.range),
      })),
    }),
  };
}

/** Changes of a program's text, by the file that each is in. */
export function ownChanges(
  program: OpenProgram,
  changes: readonly TextChange[],
): Record<string, TextEdit[]> {
  const { lines } = program.document;
  return ownEdits(
    program,
    changes.map(({ span, text }) => ({ range: rangeOf(lines, span), newText: text })),
  );
}

function ownEdits(program: OpenProgram, edits: readonly TextEdit[]): Record<string, TextEdit[]> {
  const changes: Record<string, TextEdit[]> = {};
  for (const { range, newText } of edits) {
    const own = ownLocation(program, range);
    (changes[own.uri] ??= []).push({ range: own.range, newText });
  }
  return changes;
}

export function ownAction(program: OpenProgram, action: CodeAction): CodeAction {
  const { diagnostics, edit } = action;
  return {
    ...action,
    ...(diagnostics && { diagnostics: diagnostics.map((d) => ownDiagnostic(program, d)) }),
    ...(edit?.changes && {
      edit: { changes: ownEdits(program, Object.values(edit.changes).flat()) },
    }),
  };
}

export function eachOnce<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
