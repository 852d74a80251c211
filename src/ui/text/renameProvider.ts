import type { editor, IDisposable, IPosition, languages } from "monaco-editor/editor/editor.api.js";
import { DEDALUS } from "./dedalusLanguage.ts";
import { changeFiles } from "./editorCommands.ts";
import { about } from "./languageQuestion.ts";
import type { Model, Store } from "./languageQuestion.ts";
import { language } from "./languageWorker.ts";
import { monaco } from "./monaco.ts";
import { lspPosition, monacoEdit, monacoRange } from "./monacoShapes.ts";
import { expectRename } from "./renamedTexts.ts";
import { fileOf } from "./textModels.ts";

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
        const before = model.getValue();
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
        // Monaco would undo it file by file and leave the deployment; the document changes as one.
        if (files.length > 1 || only.file !== undefined || fileOf(model) !== undefined) {
          changeFiles(files, deployment === undefined ? {} : { deployment });
          return { edits: [] };
        }
        if (deployment !== undefined) {
          expectRename(
            { text: before, deployment: deploymentFile },
            { text: only.text, deployment },
          );
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

/** Monaco by itself would say it to the console only. */
function rejected(
  model: Model,
  position: IPosition,
  message: string,
): languages.WorkspaceEdit & languages.Rejection {
  const editor = monaco.editor.getEditors().find((each) => each.getModel() === model);
  editor
    ?.getContribution<MessageContribution>("editor.contrib.messageController")
    ?.showMessage(plain(message), position);
  return { edits: [], rejectReason: plain(message) };
}

interface MessageContribution extends editor.IEditorContribution {
  showMessage(message: string, position: IPosition): void;
}

function plain(sentence: string): string {
  return sentence.replaceAll("`", "");
}
