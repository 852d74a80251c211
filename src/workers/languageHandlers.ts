import { quickFixActions } from "../language-server/codeActions.ts";
import { completion } from "../language-server/completion.ts";
import { definition } from "../language-server/definition.ts";
import { documentSymbols } from "../language-server/documentSymbols.ts";
import { foldingRanges } from "../language-server/foldingRanges.ts";
import { formatting } from "../language-server/formatting.ts";
import { hover } from "../language-server/hover.ts";
import { inlayHints } from "../language-server/inlayHints.ts";
import { openDocument } from "../language-server/languageDocument.ts";
import type { LanguageDocument } from "../language-server/languageDocument.ts";
import { highlights, references } from "../language-server/references.ts";
import { prepareRename, rename } from "../language-server/rename.ts";
import { renamedDeployment } from "../language-server/renamedDeployment.ts";
import { changedText } from "../language-server/renames.ts";
import { semanticTokens } from "../language-server/semanticTokens.ts";
import { signatureHelp } from "../language-server/signatureHelp.ts";
import { rangeOf } from "../language-server/textLines.ts";
import type { Deployment } from "../program/deployment.ts";
import { TEXT_URI } from "./languageApi.ts";
import type { LanguageApi, LanguageText } from "./languageApi.ts";
import type { Handlers } from "./rpc.ts";

/** The methods of one worker, which remembers the text that it read last. */
export function languageHandlers(): Handlers<LanguageApi> {
  let last: { readonly key: string; readonly document: LanguageDocument } | undefined;
  const open = (source: LanguageText): LanguageDocument => {
    const { text, includes, fileName, dialect, deployment } = source;
    const key = JSON.stringify([text, includes, fileName, dialect, deployment], jsonSafe);
    if (last?.key !== key) {
      const document = openDocument({
        text,
        includes: includes ?? [],
        fileName,
        ...(dialect !== undefined && { dialect }),
        ...(deployment !== undefined && { deployment }),
      });
      last = { key, document };
    }
    return last.document;
  };
  return {
    hover: ({ source, position }) => hover(open(source), position),
    completion: ({ source, position }) => completion(open(source), position, { snippets: true }),
    signatureHelp: ({ source, position }) => signatureHelp(open(source), position),
    definition: ({ source, position }) => definition(open(source), position, TEXT_URI),
    references: ({ source, position }) =>
      references(open(source), position, TEXT_URI, { includeDeclaration: true }),
    highlights: ({ source, position }) => highlights(open(source), position),
    symbols: (source) => documentSymbols(open(source)),
    folding: (source) => foldingRanges(open(source)),
    tokens: (source) => semanticTokens(open(source)),
    formatting: (source) => formatting(open(source)),
    hints: ({ source, range }) => inlayHints(open(source), range),
    fixes: ({ source, range }) => quickFixActions(open(source), range, TEXT_URI),
    prepareRename: ({ source, position }) => prepareRename(open(source), position),
    rename({ source, position, newName, deploymentFile }) {
      const document = open(source);
      const result = rename(document, position, newName);
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
        edits: changes.map(({ span, text }) => ({
          range: rangeOf(document.lines, span),
          newText: text,
        })),
        text: changedText(document.text, changes),
        // The file has the fields of what it is read as.
        deploymentFile:
          deployment === undefined
            ? undefined
            : renamedDeployment(deploymentFile as Deployment, deployment),
      };
    },
  };
}

function jsonSafe(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? { int: String(value) } : value;
}
