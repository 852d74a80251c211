import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Deployment } from "../program/deployment.ts";
import type { Diagnostic } from "../program/diagnostic.ts";
import { charactersOf } from "../program/programFiles.ts";
import type { IncludedFile } from "../program/programFiles.ts";
import type { Chain } from "../rewrites/rewrite.ts";
import type { Dialect } from "../syntax/dialect.ts";
import { BETWEEN_TEXTS, fileNameOf } from "../syntax/includes.ts";
import type { ParsedRules } from "../syntax/parsedRules.ts";
import { read } from "../syntax/read.ts";
import type { ReadResult } from "../syntax/readResult.ts";
import { programDiagnostics } from "./programDiagnostics.ts";
import { changedText } from "./renames.ts";
import type { TextChange } from "./renames.ts";
import { textFiles } from "./textFiles.ts";
import type { TextFile } from "./textFiles.ts";
import { contains, textLines } from "./textLines.ts";
import type { TextLines } from "./textLines.ts";
import { MOST_CHARACTERS, tooLongText } from "../program/limits.ts";

export interface DocumentInput {
  readonly text: string;
  /** What the text includes, where that is known by name, as in a browser. */
  readonly includes?: readonly IncludedFile[];
  /** The same where it is known by path, from the text's folder. */
  readonly include?: (path: string) => string | undefined;
  /** Names the component of the rules outside any block. */
  readonly fileName?: string;
  /** Detected from the text when absent. */
  readonly dialect?: Dialect;
  readonly deployment?: Deployment;
  /** What the steps before it bind the next rewrite to. */
  readonly chain?: Chain;
}

/** A program, read and analysed: what every feature is a function of. */
export interface LanguageDocument {
  readonly input: DocumentInput;
  /** Its own and after it those of the files that it includes: all places are places in this one text. */
  readonly text: string;
  readonly lines: TextLines;
  /** The program's own first. */
  readonly files: readonly TextFile[];
  readonly read: ReadResult;
  readonly analyzed: AnalyzedProgram;
  /** Of the reader and of the analysis, in text order, with their fixes. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Total on any text at all. Of rules that stay as they were in `known`, only the places are new. */
export function openDocument(input: DocumentInput, known?: ParsedRules): LanguageDocument {
  const { text: own, includes, deployment } = input;
  // By name all files are counted before any is read; by path those that are read.
  const given = charactersOf(own, includes);
  const result = readInput(given <= MOST_CHARACTERS ? input : { ...input, text: "" }, known);
  const included = result.included ?? [];
  const text = [own, ...included.map((file) => file.text)].join(BETWEEN_TEXTS);
  const lines = textLines(text);
  const files = textFiles(own, included, lines);
  const characters = Math.max(given, charactersOf(own, included));
  const readable = characters <= MOST_CHARACTERS;
  const good = readable ? result : readInput({ ...input, text: "" });
  const analyzed = analyze(good.program, deployment);
  const diagnostics = readable
    ? programDiagnostics(text, result, analyzed)
    : [tooLarge(characters)];
  return { input, text, lines, files, read: good, analyzed, diagnostics };
}

function readInput(
  { text, includes, include, fileName, dialect }: DocumentInput,
  known?: ParsedRules,
): ReadResult {
  return read(text, {
    joined: true,
    ...(known !== undefined && { known }),
    ...(includes !== undefined && { includes }),
    ...(include !== undefined && { include }),
    ...(fileName !== undefined && { fileName }),
    ...(dialect !== undefined && { dialect }),
  });
}

/** What the document would be read from after changes of its text that do not overlap. */
export function changedInput(
  { input, text, files }: LanguageDocument,
  changes: readonly TextChange[],
): DocumentInput {
  const texts = new Map(
    files.map(({ path, span }) => [
      path,
      changedText(
        text.slice(span.start, span.end),
        changes.flatMap((change) => {
          if (!contains(span, change.span)) return [];
          const { start, end } = change.span;
          return [{ ...change, span: { start: start - span.start, end: end - span.start } }];
        }),
      ),
    ]),
  );
  const { includes, include } = input;
  const named = new Map([...texts].map(([path, each]) => [path && fileNameOf(path), each]));
  return {
    ...input,
    text: texts.get(undefined)!,
    ...(includes !== undefined && {
      includes: includes.map((file) => ({ ...file, text: named.get(file.name) ?? file.text })),
    }),
    ...(include !== undefined && { include: (path) => texts.get(path) ?? include(path) }),
  };
}

function tooLarge(characters: number): Diagnostic {
  const message = tooLongText(characters);
  return { severity: "error", code: "text-too-large", message, span: { start: 0, end: 0 } };
}
