import { endingOf } from "../../program/programFiles.ts";
import { useClew } from "../store/clewStore.ts";
import { workspace } from "../store/workspaceClient.ts";
import { editorHandle } from "../text/editorCommands.ts";
import type { EditorHandle } from "../text/editorCommands.ts";
import type { Dialect } from "../../workers/workspaceApi.ts";
import { NOTATIONS } from "./notations.ts";
import { focusPanel } from "./panels.ts";

/** Writes the base in another notation, as one edit of its text; says why where that cannot say it. */
export async function convertBase(to: Dialect): Promise<void> {
  const { document, report } = useClew.getState();
  if (document === undefined) return;
  const { source } = document;
  try {
    const answer = await workspace().call("convert", { document: source, at: 0, to });
    if (answer.kind === "refused") return report(notIn(to, answer.message));
    const editor = await editorOfBase();
    if (useClew.getState().document?.source !== source) {
      return report("The text has changed meanwhile, so it was not converted. Try again.");
    }
    report(undefined);
    const whole = { start: { line: 0, character: 0 }, end: endOf(source.text) };
    const fileName = nameIn(source.fileName, to);
    editor.changeBase({
      label: `Convert to ${NOTATIONS[to]}`,
      files: [{ file: undefined, edits: [{ range: whole, newText: answer.text }] }],
      // What it includes is written out, and the text itself says its notation.
      along: { includes: undefined, dialect: undefined, fileName },
    });
    focusPanel("text");
    useClew
      .getState()
      .announce(`The base is in ${inWords(to)} now. Ctrl Z in the text brings it back.`);
  } catch (error) {
    report(
      `The base could not be converted: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Why a program is not had in a notation. */
export function notIn(to: Dialect, why: string): string {
  return `Not in ${inWords(to)}: ${why}`;
}

function inWords(to: Dialect): string {
  const name = NOTATIONS[to];
  return name.endsWith("notation") ? name.toLowerCase() : name;
}

function endOf(text: string): { readonly line: number; readonly character: number } {
  const lines = text.split("\n");
  return { line: lines.length - 1, character: lines.at(-1)!.length };
}

/** A name whose ending says another notation would be wrong. */
function nameIn(fileName: string, to: Dialect): string {
  const ending = endingOf(fileName);
  const others: Readonly<Record<string, Dialect>> = {
    ".dl": "hydroflow",
    ".hf": "hydroflow",
    ".molly": "molly",
  };
  const fits = ending !== ".rs" && (others[ending] ?? to) === to;
  return fits ? fileName : `${fileName.slice(0, -ending.length)}.ded`;
}

/** The editor with the base in it, which may not be shown or loaded yet. */
async function editorOfBase(): Promise<EditorHandle> {
  const state = useClew.getState();
  state.setMode("rewrite");
  state.walkTo(0);
  state.showTextTab("text");
  state.showNarrowTab("text");
  for (let tries = 0; tries < 200; tries++) {
    const editor = editorHandle();
    if (editor !== undefined) return editor;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the editor is not there.");
}
