import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Deployment } from "../program/deployment.ts";
import type { Diagnostic } from "../program/diagnostic.ts";
import { charactersOf } from "../program/programFiles.ts";
import type { IncludedFile } from "../program/programFiles.ts";
import type { Chain } from "../rewrites/rewrite.ts";
import type { Dialect } from "../syntax/dialect.ts";
import { read } from "../syntax/read.ts";
import type { ReadResult } from "../syntax/readResult.ts";
import { programDiagnostics } from "./programDiagnostics.ts";
import { textLines } from "./textLines.ts";
import type { TextLines } from "./textLines.ts";
import { MOST_CHARACTERS, tooLongText } from "../program/limits.ts";

export interface DocumentInput {
  readonly text: string;
  /** What the text includes, where that is known. */
  readonly includes?: readonly IncludedFile[];
  /** Names the component of the rules outside any block. */
  readonly fileName?: string;
  /** Detected from the text when absent. */
  readonly dialect?: Dialect;
  readonly deployment?: Deployment;
  /** What the steps before it bind the next rewrite to. */
  readonly chain?: Chain;
}

/** One text, read and analysed: what every feature is a function of. */
export interface LanguageDocument {
  readonly input: DocumentInput;
  readonly text: string;
  readonly lines: TextLines;
  readonly read: ReadResult;
  readonly analyzed: AnalyzedProgram;
  /** Of the reader and of the analysis, in text order, with their fixes. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Pure, and total on any text at all. */
export function openDocument(input: DocumentInput): LanguageDocument {
  const { text, includes, fileName, dialect, deployment } = input;
  const characters = charactersOf(text, includes);
  const readable = characters <= MOST_CHARACTERS;
  const result = read(readable ? text : "", {
    ...(includes !== undefined && { includes }),
    ...(fileName !== undefined && { fileName }),
    ...(dialect !== undefined && { dialect }),
  });
  const analyzed = analyze(result.program, deployment);
  return {
    input,
    text,
    lines: textLines(text),
    read: result,
    analyzed,
    diagnostics: readable ? programDiagnostics(text, result, analyzed) : [tooLarge(characters)],
  };
}

function tooLarge(characters: number): Diagnostic {
  const message = tooLongText(characters);
  return { severity: "error", code: "text-too-large", message, span: { start: 0, end: 0 } };
}
