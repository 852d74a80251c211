import type { StoreApi } from "zustand";
import type { LanguageText } from "../../workers/languageApi.ts";
import type { ClewState } from "../store/clewState.ts";
import { languageText } from "./languageWorker.ts";
import type { monaco } from "./monaco.ts";
import { fileOf, textOf } from "./textModels.ts";

export type Store = Pick<StoreApi<ClewState>, "getState" | "subscribe">;
export type Model = NonNullable<ReturnType<ReturnType<typeof monaco.editor.create>["getModel"]>>;

/** What a question about the text of a model is about. */
export function about(store: Store, model: Model): LanguageText {
  return languageText(store.getState(), textOf(model), fileOf(model));
}
