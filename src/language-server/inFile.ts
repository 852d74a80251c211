import type {
  CodeAction,
  CompletionItem,
  DocumentHighlight,
  Hover,
  InlayHint,
  Location,
  Position,
  Range,
  SignatureHelp,
} from "vscode-languageserver-types";
import { quickFixActions } from "./codeActions.ts";
import { completion } from "./completion.ts";
import type { CompletionOptions } from "./completion.ts";
import { definition } from "./definition.ts";
import { hover } from "./hover.ts";
import { inlayHints } from "./inlayHints.ts";
import { ownAction, ownLocation } from "./ownPlaces.ts";
import type { OpenProgram } from "./ownPlaces.ts";
import { highlights, references } from "./references.ts";
import { prepareRename, rename } from "./rename.ts";
import type { Renaming } from "./rename.ts";
import { rewriteActions } from "./rewriteActions.ts";
import { signatureHelp } from "./signatureHelp.ts";
import { fileOfLine, joinedPosition, joinedRange, ownPosition, ownRange } from "./textFiles.ts";
import type { TextFile } from "./textFiles.ts";

/**
 * A file of a program. What is asked here is asked at places in the file, and answered with places in it, or in those
 * files of the program that the answer names; the program itself is one text.
 */
export interface ProgramFile {
  readonly program: OpenProgram;
  readonly file: TextFile;
}

export function hoverIn({ program, file }: ProgramFile, position: Position): Hover | null {
  const found = hover(program.document, joinedPosition(file, position));
  return found?.range === undefined ? found : { ...found, range: ownRange(file, found.range) };
}

export function completionIn(
  { program, file }: ProgramFile,
  position: Position,
  options: CompletionOptions,
): readonly CompletionItem[] {
  return completion(program.document, joinedPosition(file, position), options).map((item) => {
    const { textEdit } = item;
    if (textEdit === undefined || !("range" in textEdit)) return item;
    return { ...item, textEdit: { ...textEdit, range: ownRange(file, textEdit.range) } };
  });
}

export function signatureHelpIn(
  { program, file }: ProgramFile,
  position: Position,
): SignatureHelp | null {
  return signatureHelp(program.document, joinedPosition(file, position));
}

export function definitionIn(
  { program, file }: ProgramFile,
  position: Position,
): readonly Location[] {
  return definition(program.document, joinedPosition(file, position), "").map(({ range }) =>
    ownLocation(program, range),
  );
}

export function referencesIn(
  { program, file }: ProgramFile,
  position: Position,
  options: { readonly includeDeclaration: boolean },
): readonly Location[] {
  return references(program.document, joinedPosition(file, position), "", options).map(
    ({ range }) => ownLocation(program, range),
  );
}

/** Those in the file itself. */
export function highlightsIn(
  { program, file }: ProgramFile,
  position: Position,
): readonly DocumentHighlight[] {
  return highlights(program.document, joinedPosition(file, position))
    .filter(({ range }) => fileOfLine(program.document.files, range.start.line) === file)
    .map((highlight) => ({ ...highlight, range: ownRange(file, highlight.range) }));
}

export function hintsIn({ program, file }: ProgramFile, range: Range): readonly InlayHint[] {
  return inlayHints(program.document, joinedRange(file, range)).map((hint) => ({
    ...hint,
    position: ownPosition(file, hint.position),
  }));
}

export function prepareRenameIn(
  { program, file }: ProgramFile,
  position: Position,
): ReturnType<typeof prepareRename> {
  const prepared = prepareRename(program.document, joinedPosition(file, position));
  return prepared.kind === "refused"
    ? prepared
    : { ...prepared, range: ownRange(file, prepared.range) };
}

/** Its changes are those of the program's text. */
export function renameIn(
  { program, file }: ProgramFile,
  position: Position,
  newName: string,
): Renaming {
  return rename(program.document, joinedPosition(file, position), newName);
}

export function fixesIn({ program, file }: ProgramFile, range: Range): readonly CodeAction[] {
  return quickFixActions(program.document, joinedRange(file, range), "").map((action) =>
    ownAction(program, action),
  );
}

/** Of the program as a whole, whichever of its files the rules are in. */
export function rewritesIn({ program, file }: ProgramFile, range: Range): readonly CodeAction[] {
  return rewriteActions(program.document, joinedRange(file, range), program.uris[0]!);
}
