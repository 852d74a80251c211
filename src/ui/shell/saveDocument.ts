import { endingOf } from "../../program/programFiles.ts";
import { useClew } from "../store/clewStore.ts";
import { workspace } from "../store/workspaceClient.ts";
import type { Dialect } from "../../workers/workspaceApi.ts";
import { notIn } from "./convertBase.ts";
import { download } from "./download.ts";

export type Saved = "program" | "shown" | "derivation" | "deployment";

/** Saves a part of the document as a file: a program as text, the rest as JSON. */
export async function saveDocument(what: Saved): Promise<void> {
  const { document, replay, report } = useClew.getState();
  if (document === undefined) return;
  const name = fileStem(document.name);
  const { source, at } = document;
  switch (what) {
    case "program":
      download(`${name}${endingOf(source.fileName)}`, source.text);
      for (const file of source.includes ?? []) download(file.name, file.text);
      return;
    case "shown":
      return download(`${name}-step-${at}.ded`, replay?.steps[at]?.view?.text ?? source.text);
    case "deployment":
      return download(`${name}.deployment.json`, pretty(source.deployment));
    case "derivation": {
      try {
        const { json } = await workspace().call("exportDerivation", {
          document: source,
          name: source.fileName,
        });
        return download(`${name}.derivation.json`, pretty(json));
      } catch (error) {
        return report(`The derivation could not be saved: ${message(error)}`);
      }
    }
  }
}

/** Saves the program shown in a notation; says why where that cannot say it. */
export async function saveIn(to: Dialect): Promise<void> {
  const { document, report } = useClew.getState();
  if (document === undefined) return;
  const { source, at, name } = document;
  try {
    const answer = await workspace().call("convert", { document: source, at, to });
    if (answer.kind === "refused") return report(notIn(to, answer.message));
    const step = at === 0 ? "" : `-step-${at}`;
    const ending = to === "hydroflow" ? ".hf" : ".ded";
    download(`${fileStem(name)}${step}-${to}${ending}`, answer.text);
  } catch (error) {
    report(`The program could not be saved: ${message(error)}`);
  }
}

function fileStem(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

function pretty(json: unknown): string {
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
