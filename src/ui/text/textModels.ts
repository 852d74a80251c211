import { DEDALUS } from "./dedalusLanguage.ts";
import { monaco } from "./monaco.ts";
import type { ShownText } from "./shownText.ts";

type Model = ReturnType<typeof monaco.editor.createModel>;

/** Models outlive the editor: an edit can be undone after a change of mode. */
const models = new Map<string, Model>();
const files = new WeakMap<Model, string>();
const texts = new WeakMap<Model, { readonly version: number; readonly text: string }>();

/** The model of a text, which then has that text. */
export function modelOf({ key, text, file }: ShownText): Model {
  const known = models.get(key);
  if (known !== undefined) {
    if (textOf(known) !== text) known.setValue(text);
    return known;
  }
  const model = monaco.editor.createModel(text, DEDALUS);
  model.setEOL(monaco.editor.EndOfLineSequence.LF);
  model.updateOptions({ tabSize: 2 });
  models.set(key, model);
  if (file !== undefined) files.set(model, file);
  return model;
}

/** Its text, which Monaco puts together anew whenever it is asked. */
export function textOf(model: Model): string {
  const version = model.getVersionId();
  const known = texts.get(model);
  if (known?.version === version) return known.text;
  const text = model.getValue();
  texts.set(model, { version, text });
  return text;
}

/** Which file that the base includes a model is of; undefined for the program's own text. */
export function fileOf(model: Model): string | undefined {
  return files.get(model);
}
