import type { LanguageApi, LanguageText } from "../../workers/languageApi.ts";
import { connect } from "../../workers/rpc.ts";
import type { Client } from "../../workers/rpc.ts";
import type { ClewState } from "../store/clewState.ts";
import { shownView } from "../store/selectors.ts";

let client: Client<LanguageApi> | undefined;

/** The page's one language server, in a worker of its own so that verdicts and questions do not wait for each other. */
export function language(): Client<LanguageApi> {
  if (client !== undefined) return client;
  const worker = new Worker(new URL("../../workers/language.worker.ts", import.meta.url), {
    type: "module",
    name: "language",
  });
  // A worker that stopped answers no more: the next call starts another.
  worker.addEventListener("error", () => {
    worker.terminate();
    client = undefined;
  });
  client = connect<LanguageApi>(worker);
  return client;
}

/** What the editor shows, as the language server reads it: the text may be newer than what the workspace has answered. */
export function languageText(
  state: ClewState,
  text: string,
  file: string | undefined,
): LanguageText {
  const source = state.document?.source;
  const isBase = state.document?.at === 0;
  const includes = isBase ? source?.includes : undefined;
  return {
    text: file === undefined ? text : (source?.text ?? ""),
    includes:
      file === undefined ? includes : includes?.map((f) => (f.name === file ? { ...f, text } : f)),
    file,
    fileName: isBase ? (source?.fileName ?? "program") : "program",
    dialect: isBase ? source?.dialect : undefined,
    deployment: shownView(state)?.deployment,
  };
}
