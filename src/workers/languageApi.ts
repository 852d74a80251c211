import type {
  CodeAction,
  CompletionItem,
  DocumentHighlight,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  Position,
  Range,
  SemanticTokens,
  SignatureHelp,
  TextEdit,
} from "vscode-languageserver-types";
import type { Deployment } from "../program/deployment.ts";
import type { IncludedFile } from "../program/programFiles.ts";
import type { Dialect } from "./workspaceApi.ts";

/** The text that a question is about, and what it is read with. The worker keeps the last one read. */
export interface LanguageText {
  readonly text: string;
  /** What the text includes; undefined where it includes nothing. */
  readonly includes: readonly IncludedFile[] | undefined;
  readonly fileName: string;
  readonly dialect: Dialect | undefined;
  readonly deployment: Deployment | undefined;
}

/** Of every location in an answer: there is one text only. */
export const TEXT_URI = "clew:program";

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
  tokens: { request: LanguageText; response: SemanticTokens; progress: never };
  formatting: { request: LanguageText; response: readonly TextEdit[]; progress: never };
  hints: {
    request: { readonly source: LanguageText; readonly range: Range };
    response: readonly InlayHint[];
    progress: never;
  };
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
          readonly edits: readonly TextEdit[];
          /** The text once the edits are done. */
          readonly text: string;
          /** Undefined when it stays as it is. */
          readonly deploymentFile: unknown;
        }
      | Refused;
    progress: never;
  };
}
