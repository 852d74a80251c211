import { PROGRAM_ENDINGS } from "../../program/programFiles.ts";
import type { IncludedFile } from "../../program/programFiles.ts";
import { newDocument } from "../store/clewDocument.ts";
import { useClew } from "../store/clewStore.ts";
import { workspace } from "../store/workspaceClient.ts";

/** Larger files are refused here, before any editor or worker is asked to hold them. */
const MAX_FILE_BYTES = 1_000_000;

/** Programs first: a deployment and a derivation dropped with one belong to it. */
export async function openFiles(files: readonly File[]): Promise<void> {
  // What was wrong with earlier files is not said of these.
  useClew.getState().report(undefined);
  const read = await Promise.all(files.map(readText));
  const texts = read.flatMap((each) => (each === undefined ? [] : [each]));
  const json = texts.filter(({ name }) => name.endsWith(".json"));
  await openPrograms(texts.filter((each) => !json.includes(each)));
  const parsed = json.flatMap(({ name, text }) => parseJson(name, text));
  for (const kind of ["deployment", undefined, "derivation"] as const) {
    for (const { name, value, format } of parsed.filter(({ format }) => kindOf(format) === kind)) {
      await openJson(name, value, format);
    }
  }
}

/** Each program is a document with the files that it includes; those that the open document includes go to it. */
async function openPrograms(files: readonly IncludedFile[]): Promise<void> {
  if (files.length === 0) return;
  const { document, report } = useClew.getState();
  const request = { files, open: document?.source };
  try {
    const { programs, completed, problems } = await workspace().call("gather", request);
    const { problem, includeFiles, openDocument } = useClew.getState();
    if (completed !== undefined && useClew.getState().document?.id === document?.id)
      includeFiles(completed);
    for (const { name, text, includes } of programs) {
      const among = includes.length === 0 ? {} : { includes };
      const source = { fileName: name, text, ...among, deployment: null, steps: [] };
      openDocument(newDocument(name.replace(/\.[^.]*$/, ""), source));
    }
    // What was wrong with other files is still to be said.
    const said = [...(problem === undefined ? [] : [problem]), ...problems];
    if (said.length > 0) report(said.join(" "));
  } catch (error) {
    report(`${files.map(({ name }) => name).join(", ")} could not be opened: ${message(error)}`);
  }
}

/** Undefined, and reported, when it is too large or no text. */
async function readText(file: File): Promise<IncludedFile | undefined> {
  const { report } = useClew.getState();
  if (file.size > MAX_FILE_BYTES) {
    report(`${file.name} has ${Math.round(file.size / 1000)} KB; Clew reads up to 1,000 KB.`);
    return undefined;
  }
  try {
    const bytes = await file.arrayBuffer();
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return { name: file.name, text: text.replaceAll(/\r\n?/g, "\n") };
  } catch {
    // Not UTF-8, or gone: said below.
  }
  report(`${file.name} is not a text in UTF-8, so it was not opened.`);
  return undefined;
}

interface JsonFile {
  readonly name: string;
  readonly value: unknown;
  /** What the file says it is: "clew/deployment". */
  readonly format: unknown;
}

function parseJson(name: string, text: string): readonly JsonFile[] {
  try {
    const value = JSON.parse(text) as unknown;
    const format =
      typeof value === "object" && value !== null && "format" in value ? value.format : undefined;
    return [{ name, value, format }];
  } catch (error) {
    useClew.getState().report(`${name} could not be read as JSON: ${message(error)}.`);
    return [];
  }
}

function kindOf(format: unknown): "deployment" | "derivation" | undefined {
  if (format === "clew/deployment") return "deployment";
  return format === "clew/derivation" ? "derivation" : undefined;
}

async function openJson(fileName: string, json: unknown, format: unknown): Promise<void> {
  const { document, report, setDeployment, replaceSteps } = useClew.getState();
  const kind = kindOf(format);
  if (document === undefined || kind === undefined) return report(notOpened(fileName, format));
  try {
    if (kind === "deployment") {
      const wrong = (await workspace().call("checkDeployment", { json })).message;
      if (wrong !== undefined) return report(`${fileName} was not opened. ${wrong}`);
      return setDeployment(json);
    }
    const request = { document: document.source, json };
    const answer = await workspace().call("importDerivation", request);
    if (answer.kind === "refused") return report(`${fileName} was not opened. ${answer.message}`);
    replaceSteps(answer.steps);
    if (answer.notices.length > 0) report(answer.notices.join(" "));
  } catch (error) {
    report(`${fileName} could not be opened: ${message(error)}`);
  }
}

function notOpened(fileName: string, format: unknown): string {
  switch (format) {
    case "clew/plan":
      return `${fileName} is a plan: \`clew run ${fileName}\` runs it. Here its program, deployment or derivation opens.`;
    case "clew/results":
      return `${fileName} holds a run's results. Here a program, a deployment or a derivation opens.`;
    default:
      return `${fileName} is neither a program, a deployment nor a derivation.`;
  }
}

/** The picker of the system; the file arrives as if it had been dropped. */
export function pickFile(): void {
  const input = globalThis.document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.accept = [...PROGRAM_ENDINGS, ".json", "text/plain", "application/json"].join(",");
  input.addEventListener("change", () => {
    void openFiles([...(input.files ?? [])]);
  });
  input.click();
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
