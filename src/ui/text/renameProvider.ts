import type { IDisposable, IPosition, languages } from "monaco-editor/editor/editor.api.js";
import { changeBase } from "./baseChange.ts";
import { plain, sayAtCursor } from "./cursorMessage.ts";
import { DEDALUS } from "./dedalusLanguage.ts";
import { about } from "./languageQuestion.ts";
import type { Model, Store } from "./languageQuestion.ts";
import { language } from "./languageWorker.ts";
import { monaco } from "./monaco.ts";
import { lspPosition, monacoEdit, monacoRange } from "./monacoShapes.ts";

/** Rename (F2), which takes the names in the document's deployment along. */
export function registerRename(store: Store): readonly IDisposable[] {
  return [
    monaco.languages.registerRenameProvider(DEDALUS, {
      resolveRenameLocation: async (model, position) => {
        const question = { source: about(store, model), position: lspPosition(position) };
        const found = await language().call("prepareRename", question);
        if (found.kind === "range") {
          return { range: monacoRange(found.range), text: found.placeholder };
        }
        const here = monaco.Range.fromPositions(position);
        return { range: here, text: "", rejectReason: plain(found.message) };
      },
      provideRenameEdits: async (model, position, newName) => {
        const { document } = store.getState();
        const versionId = model.getVersionId();
        // A later step's deployment is what the rewrites made of the base's.
        const deploymentFile = document?.at === 0 ? (document.source.deployment ?? null) : null;
        const result = await language().call("rename", {
          source: about(store, model),
          position: lspPosition(position),
          newName,
          deploymentFile,
        });
        if (result.kind === "refused") return rejected(model, position, result.message);
        const changed = store.getState().document?.source !== document?.source;
        if (changed || model.getVersionId() !== versionId) {
          return rejected(model, position, "The text has changed meanwhile. Try again.");
        }
        const { files, deploymentFile: deployment } = result;
        const [only] = files;
        if (only === undefined) return { edits: [] };
        if (document?.at === 0) {
          // Monaco would undo it file by file and leave the deployment; so it is done as one here.
          changeBase({
            label: `Rename to ${newName}`,
            files,
            along: deployment === undefined ? {} : { deployment },
          });
          return { edits: [] };
        }
        return {
          edits: only.edits.map((edit) => ({
            resource: model.uri,
            versionId,
            textEdit: monacoEdit(edit),
          })),
        };
      },
    }),
  ];
}

function rejected(
  model: Model,
  position: IPosition,
  message: string,
): languages.WorkspaceEdit & languages.Rejection {
  sayAtCursor(model, message, position);
  return { edits: [], rejectReason: plain(message) };
}
