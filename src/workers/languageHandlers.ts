import { documentSymbols } from "../language-server/documentSymbols.ts";
import { foldingRanges } from "../language-server/foldingRanges.ts";
import { formatting } from "../language-server/formatting.ts";
import {
  completionIn,
  definitionIn,
  fixesIn,
  highlightsIn,
  hintsIn,
  hoverIn,
  prepareRenameIn,
  referencesIn,
  renameIn,
  signatureHelpIn,
} from "../language-server/inFile.ts";
import type { ProgramFile } from "../language-server/inFile.ts";
import { openDocument } from "../language-server/languageDocument.ts";
import type { DocumentInput, LanguageDocument } from "../language-server/languageDocument.ts";
import { ownChanges, ownDiagnostics } from "../language-server/ownPlaces.ts";
import { renamedDeployment } from "../language-server/renamedDeployment.ts";
import { changedText } from "../language-server/renames.ts";
import { semanticTokens } from "../language-server/semanticTokens.ts";
import { spanOfRange, textLines } from "../language-server/textLines.ts";
import type { Deployment } from "../program/deployment.ts";
import { fileNameOf } from "../syntax/includes.ts";
import { ParsedRules } from "../syntax/parsedRules.ts";
import { fileOfUri, fileUri } from "./languageApi.ts";
import type { LanguageApi, LanguageText, RenamedFile } from "./languageApi.ts";
import type { Handlers } from "./rpc.ts";

/** The methods of one worker, which remembers the text that it read last. */
export function languageHandlers(): Handlers<LanguageApi> {
  let last: { readonly key: string; readonly document: LanguageDocument } | undefined;
  const known = new ParsedRules();
  const read = (input: DocumentInput): LanguageDocument => {
    const key = JSON.stringify(input, jsonSafe);
    if (last?.key !== key) last = { key, document: openDocument(input, known) };
    return last.document;
  };
  const open = (source: LanguageText): ProgramFile => {
    const { text, includes = [], file, fileName, dialect, deployment } = source;
    const document = read({
      text,
      includes,
      fileName,
      ...(dialect !== undefined && { dialect }),
      ...(deployment !== undefined && { deployment }),
    });
    const names = document.files.map(({ path }) => path && fileNameOf(path));
    const found = document.files[names.indexOf(file)];
    if (found !== undefined)
      return { program: { document, uris: names.map(fileUri) }, file: found };
    // A file that nothing includes any longer is read for itself.
    const own = includes.find(({ name }) => name === file)?.text ?? "";
    const alone = openDocument({ text: own, dialect: "molly", includes });
    const uris = alone.files.map(({ path }) =>
      fileUri(path === undefined ? file : fileNameOf(path)),
    );
    return { program: { document: alone, uris }, file: alone.files[0]! };
  };
  return {
    hover: ({ source, position }) => hoverIn(open(source), position),
    completion: ({ source, position }) => completionIn(open(source), position, { snippets: true }),
    signatureHelp: ({ source, position }) => signatureHelpIn(open(source), position),
    definition: ({ source, position }) => definitionIn(open(source), position),
    references: ({ source, position }) =>
      referencesIn(open(source), position, { includeDeclaration: true }),
    highlights: ({ source, position }) => highlightsIn(open(source), position),
    symbols(source) {
      const { program, file } = open(source);
      return documentSymbols(program.document, file);
    },
    folding(source) {
      const { program, file } = open(source);
      return foldingRanges(program.document, file);
    },
    tokens(source) {
      const { program, file } = open(source);
      return Uint32Array.from(semanticTokens(program.document, file).data);
    },
    formatting(source) {
      const { program, file } = open(source);
      return formatting(program.document, file);
    },
    hints: ({ source, range }) => hintsIn(open(source), range),
    problems: (source) => ownDiagnostics([open(source).program]).get(fileUri(source.file)) ?? [],
    missing(source) {
      const { diagnostics, text } = open(source).program.document;
      const lines = diagnostics.filter(({ code }) => code === "include");
      return lines.flatMap(({ span }) => {
        const path = /"(.*)"/.exec(text.slice(span.start, span.end))?.[1];
        return path === undefined ? [] : [fileNameOf(path)];
      });
    },
    fixes: ({ source, range }) => fixesIn(open(source), range),
    prepareRename: ({ source, position }) => prepareRenameIn(open(source), position),
    rename({ source, position, newName, deploymentFile }) {
      const at = open(source);
      const result = renameIn(at, position, newName);
      if (result.kind === "refused") return result;
      const { changes, deployment } = result;
      if (deployment !== undefined && deploymentFile === null) {
        return {
          kind: "refused",
          message: "The deployment has this name too: rename it in the base, where both follow.",
        };
      }
      return {
        kind: "renamed",
        files: Object.entries(ownChanges(at.program, changes)).map(([uri, edits]): RenamedFile => {
          const file = fileOfUri(uri);
          const before = textOf(source, file);
          const lines = textLines(before);
          const own = edits.map((e) => ({ span: spanOfRange(lines, e.range), text: e.newText }));
          return { file, edits, text: changedText(before, own) };
        }),
        // The file has the fields of what it is read as.
        deploymentFile:
          deployment === undefined
            ? undefined
            : renamedDeployment(deploymentFile as Deployment, deployment),
      };
    },
  };
}

function textOf({ text, includes }: LanguageText, file: string | undefined): string {
  return file === undefined ? text : (includes?.find(({ name }) => name === file)?.text ?? "");
}

function jsonSafe(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? { int: String(value) } : value;
}
