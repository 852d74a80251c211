import type {
  CodeAction,
  CompletionItem,
  Diagnostic,
  DocumentHighlight,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  Position,
  Range,
  SignatureHelp,
  TextEdit,
} from "vscode-languageserver-types";
import type { Formatting } from "../language-server/formatting.ts";
import type { Deployment } from "../program/deployment.ts";
import type { IncludedFile } from "../program/programFiles.ts";
import type { Dialect } from "./workspaceApi.ts";

/** The text that a question is about, and what it is read with. The worker keeps the last one read. */
export interface LanguageText {
  readonly text: string;
  /** What the text includes; undefined where it includes nothing. */
  readonly includes: readonly IncludedFile[] | undefined;
  /** Which of those the question is about, by its name; undefined for the text itself. */
  readonly file: string | undefined;
  readonly fileName: string;
  readonly dialect: Dialect | undefined;
  readonly deployment: Deployment | undefined;
}

/** Of locations in the text itself. */
export const TEXT_URI = "clew:program";

/** Of locations in a file that the text includes; of the text itself without a name. */
export function fileUri(name: string | undefined): string {
  return name === undefined ? TEXT_URI : `${TEXT_URI}/${encodeURIComponent(name)}`;
}

export function fileOfUri(uri: string): string | undefined {
  return uri === TEXT_URI ? undefined : decodeURIComponent(uri.slice(TEXT_URI.length + 1));
}

/** One of the program's files after a rename. */
export interface RenamedFile {
  /** Its name; undefined for the text itself. */
  readonly file: string | undefined;
  readonly edits: readonly TextEdit[];
  /** Once the edits are done. */
  readonly text: string;
}

interface At {
  readonly source: LanguageText;
  readonly position: Position;
}

/** Why a rename is refused, in one sentence. */
export interface Refused {
  readonly kind: "refused";
  readonly message: string;
}

/** The worker's methods (rpc.ts), one a feature of the language server. */
export interface LanguageApi {
  hover: { request: At; response: Hover | null; progress: never };
  completion: { request: At; response: readonly CompletionItem[]; progress: never };
  signatureHelp: { request: At; response: SignatureHelp | null; progress: never };
  definition: { request: At; response: readonly Location[]; progress: never };
  references: { request: At; response: readonly Location[]; progress: never };
  highlights: { request: At; response: readonly DocumentHighlight[]; progress: never };
  symbols: { request: LanguageText; response: readonly DocumentSymbol[]; progress: never };
  folding: { request: LanguageText; response: readonly FoldingRange[]; progress: never };
  /** As LSP numbers them; a list of plain numbers would be copied number by number. */
  tokens: { request: LanguageText; response: Uint32Array<ArrayBuffer>; progress: never };
  formatting: { request: LanguageText; response: Formatting; progress: never };
  hints: {
    request: { readonly source: LanguageText; readonly range: Range };
    response: readonly InlayHint[];
    progress: never;
  };
  /** What is wrong in the file that is asked about. */
  problems: { request: LanguageText; response: readonly Diagnostic[]; progress: never };
  /** Names of files that are included and not there. */
  missing: { request: LanguageText; response: readonly string[]; progress: never };
  /** What mends the problems in a range; rewrites come from the workspace, which knows the derivation. */
  fixes: {
    request: { readonly source: LanguageText; readonly range: Range };
    response: readonly CodeAction[];
    progress: never;
  };
  prepareRename: {
    request: At;
    response:
      { readonly kind: "range"; readonly range: Range; readonly placeholder: string } | Refused;
    progress: never;
  };
  rename: {
    request: At & {
      readonly newName: string;
      /** The deployment's file, whose names follow; null where the text has none of its own that could change. */
      readonly deploymentFile: unknown;
    };
    response:
      | {
          readonly kind: "renamed";
          /** Those that change. */
          readonly files: readonly RenamedFile[];
          /** Undefined when it stays as it is. */
          readonly deploymentFile: unknown;
        }
      | Refused;
    progress: never;
  };
}
