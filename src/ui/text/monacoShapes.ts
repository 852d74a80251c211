import type { Position, Range, TextEdit } from "vscode-languageserver-types";
import type { IPosition, IRange, languages } from "monaco-editor/editor/editor.api.js";

/** LSP counts lines and characters from 0, Monaco from 1. */
export function lspPosition({ lineNumber, column }: IPosition): Position {
  return { line: lineNumber - 1, character: column - 1 };
}

export function lspRange(range: IRange): Range {
  return {
    start: { line: range.startLineNumber - 1, character: range.startColumn - 1 },
    end: { line: range.endLineNumber - 1, character: range.endColumn - 1 },
  };
}

export function monacoPosition({ line, character }: Position): IPosition {
  return { lineNumber: line + 1, column: character + 1 };
}

export function monacoRange({ start, end }: Range): IRange {
  return {
    startLineNumber: start.line + 1,
    startColumn: start.character + 1,
    endLineNumber: end.line + 1,
    endColumn: end.character + 1,
  };
}

export function monacoEdit({ range, newText }: TextEdit): languages.TextEdit {
  return { range: monacoRange(range), text: newText };
}
