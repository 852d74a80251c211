import { isUtf8 } from "node:buffer";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readDeployment } from "../plan/deploymentFile.ts";
import type { Deployment } from "../program/deployment.ts";
import { MOST_CHARACTERS } from "../program/limits.ts";
import { PROGRAM_ENDINGS } from "../program/programFiles.ts";
import { includes } from "../syntax/includedFiles.ts";

/** The deployment that stands beside a program. */
export interface DeploymentBeside {
  readonly uri: string;
  readonly text: string;
  /** Undefined when the file is not a good deployment; `clew check` says why. */
  readonly deployment: Deployment | undefined;
}

/** Of a folder with more program files than this, and of longer files, nobody asks what they include. */
const MOST_FILES = 200;
/** A character has at most three bytes for each unit of UTF-16. */
const MOST_PROGRAM_BYTES = 3 * MOST_CHARACTERS;
/** Larger files are not read at all. */
const MOST_BYTES = 64_000_000;

/** Texts as the editor has them where it has them open, else as they are on disk. */
export class EditorTexts {
  private readonly texts = new Map<string, string>();
  /** Of open texts that are files: the file's path to the URI that the editor gives it. */
  private readonly paths = new Map<string, string>();
  private readonly onDisk = new Map<string, { readonly stamp: string; readonly text: string }>();
  private readonly including = new Map<string, readonly string[]>();

  set(uri: string, text: string): void {
    const path = pathOf(uri);
    if (path !== undefined) this.paths.set(path, uri);
    this.texts.set(uri, text);
  }

  close(uri: string): void {
    const path = pathOf(uri);
    if (path !== undefined) this.paths.delete(path);
    this.texts.delete(uri);
  }

  /** Files may have come or gone: a folder is listed again when it is asked for. */
  lookAgain(): void {
    this.including.clear();
  }

  /** In the order in which they were opened. */
  openUris(): readonly string[] {
    return [...this.texts.keys()];
  }

  openText(uri: string): string | undefined {
    return this.texts.get(uri);
  }

  uriOf(path: string): string {
    return this.paths.get(path) ?? pathToFileURL(path).href;
  }

  /** Undefined where there is no such file, or none that is a text. */
  fileText(path: string): string | undefined {
    const uri = this.paths.get(path);
    if (uri !== undefined) return this.texts.get(uri);
    const stamp = stampOf(path);
    const known = this.onDisk.get(path);
    if (known?.stamp === stamp) return known.text;
    const text = stamp === "" ? undefined : textOnDisk(path);
    if (text === undefined) this.onDisk.delete(path);
    else this.onDisk.set(path, { stamp, text });
    return text;
  }

  /** Program files of a folder that include others. */
  includingFiles(folder: string): readonly string[] {
    const known = this.including.get(folder);
    if (known !== undefined) return known;
    const found = programFiles(folder).filter((path) => includes(this.fileText(path) ?? ""));
    this.including.set(folder, found);
    return found;
  }

  deploymentBeside(path: string): DeploymentBeside | undefined {
    const beside = besidePath(path);
    const text = this.fileText(beside);
    if (text === undefined) return undefined;
    return { uri: this.uriOf(beside), text, deployment: deploymentOf(text) };
  }
}

/** base.ded has base.deployment.json. */
export function besidePath(program: string): string {
  return `${program.replace(/\.[^./\\]*$/, "")}.deployment.json`;
}

export function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith("file:") ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}

/** A folder and those around it, up to the innermost of the given ones that it is in; itself where it is in none. */
export function foldersUpTo(folder: string, roots: readonly string[]): readonly string[] {
  const folders = [folder];
  for (let at = folder; !roots.includes(at); at = dirname(at)) {
    if (dirname(at) === at) return [folder];
    folders.push(dirname(at));
  }
  return folders;
}

function programFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((e) => e.isFile() && PROGRAM_ENDINGS.some((ending) => e.name.endsWith(ending)))
      .slice(0, MOST_FILES)
      .map((e) => join(folder, e.name))
      .filter((path) => statSync(path).size <= MOST_PROGRAM_BYTES);
  } catch {
    return [];
  }
}

function textOnDisk(path: string): string | undefined {
  try {
    const bytes = readFileSync(path);
    return isUtf8(bytes) && !bytes.includes(0) ? bytes.toString("utf8") : undefined;
  } catch {
    return undefined;
  }
}

/** Changes when the file does; empty where no file is that could be read. */
function stampOf(path: string): string {
  try {
    const stats = statSync(path);
    const readable = stats.isFile() && stats.size <= MOST_BYTES;
    return readable ? `${stats.mtimeMs} ${stats.size}` : "";
  } catch {
    return "";
  }
}

function deploymentOf(text: string): Deployment | undefined {
  try {
    const result = readDeployment(JSON.parse(text));
    return result.kind === "ok" ? result.deployment : undefined;
  } catch {
    return undefined;
  }
}
