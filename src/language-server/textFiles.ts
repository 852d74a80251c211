import type { Position, Range } from "vscode-languageserver-types";
import type { Span } from "../program/diagnostic.ts";
import type { IncludedText } from "../syntax/readResult.ts";
import { positionAt } from "./textLines.ts";
import type { TextLines } from "./textLines.ts";

/** One of the files that a document's text is joined of: the program's own, or one that it includes. */
export interface TextFile {
  /** Of an included file, from the program's folder; undefined for the program itself. */
  readonly path: string | undefined;
  readonly span: Span;
  /** In the joined text, where each file begins a line. */
  readonly firstLine: number;
}

/** The program itself first. */
export function textFiles(
  text: string,
  included: readonly IncludedText[],
  lines: TextLines,
): readonly TextFile[] {
  return [
    { path: undefined, span: { start: 0, end: text.length }, firstLine: 0 },
    ...included.map(({ path, start, text: own }) => ({
      path,
      span: { start, end: start + own.length },
      firstLine: positionAt(lines, start).line,
    })),
  ];
}

/** The file that a place of the joined text is in. */
export function fileOfLine(files: readonly TextFile[], line: number): TextFile {
  return files.findLast((file) => file.firstLine <= line) ?? files[0]!;
}

/** A place in a file as a place in the joined text. */
export function joinedPosition(file: TextFile, { line, character }: Position): Position {
  return { line: line + file.firstLine, character };
}

export function joinedRange(file: TextFile, { start, end }: Range): Range {
  return { start: joinedPosition(file, start), end: joinedPosition(file, end) };
}

/** A place in the joined text as one in the file that it is in. */
export function ownPosition(file: TextFile, { line, character }: Position): Position {
  return { line: line - file.firstLine, character };
}

export function ownRange(file: TextFile, { start, end }: Range): Range {
  return { start: ownPosition(file, start), end: ownPosition(file, end) };
}
