import { registerCodeActionMenu } from "./codeActionMenu.ts";
import { registerCodeActions } from "./codeActionProvider.ts";
import type { Store } from "./languageQuestion.ts";
import { registerNavigation } from "./navigationProviders.ts";
import { registerPainting } from "./paintingProviders.ts";
import { registerRename } from "./renameProvider.ts";
import { registerWriting } from "./writingProviders.ts";

/** The language server's features in Monaco; every answer comes from its worker. Returns what ends them. */
export function registerLanguageFeatures(store: Store): () => void {
  const parts = [
    ...registerNavigation(store),
    ...registerWriting(store),
    ...registerPainting(store),
    ...registerRename(store),
    ...registerCodeActions(store),
    ...registerCodeActionMenu(store),
  ];
  return () => parts.forEach((part) => part.dispose());
}
