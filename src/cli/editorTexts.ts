import { existsSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { openDocument } from "../language-server/languageDocument.ts";
import type { LanguageDocument } from "../language-server/languageDocument.ts";
import { readDeployment } from "../plan/deploymentFile.ts";
import type { Deployment } from "../program/deployment.ts";

/** The file that stands beside a program: base.ded has base.deployment.json. */
export interface DeploymentBeside {
  readonly uri: string;
  readonly text: string;
  /** Undefined when the file is not a good deployment; `clew check` says why. */
  readonly deployment: Deployment | undefined;
}

/** The texts that an editor has open, read when they are asked for and as long as they stay the same. */
export class EditorTexts {
  private readonly texts = new Map<string, string>();
  private readonly documents = new Map<
    string,
    { readonly text: string; readonly stamp: string; readonly document: LanguageDocument }
  >();

  set(uri: string, text: string): void {
    this.texts.set(uri, text);
  }

  close(uri: string): void {
    this.texts.delete(uri);
    this.documents.delete(uri);
  }

  isOpen(uri: string): boolean {
    return this.texts.has(uri);
  }

  /** Undefined for a text that the editor has not opened. */
  document(uri: string): LanguageDocument | undefined {
    const text = this.texts.get(uri);
    if (text === undefined) return undefined;
    const file = pathOf(uri);
    const beside = file === undefined ? undefined : besidePath(file);
    const stamp = beside === undefined ? "" : stampOf(beside);
    const known = this.documents.get(uri);
    if (known?.text === text && known.stamp === stamp) return known.document;
    const deployment = this.deploymentBeside(uri)?.deployment;
    const document = openDocument({
      text,
      ...(file !== undefined && { fileName: basename(file) }),
      ...(deployment !== undefined && { deployment }),
    });
    this.documents.set(uri, { text, stamp, document });
    return document;
  }

  /** As the editor has it, where it has it open, else as it is on disk. */
  deploymentBeside(uri: string): DeploymentBeside | undefined {
    const file = pathOf(uri);
    const beside = file === undefined ? undefined : besidePath(file);
    if (beside === undefined || !existsSync(beside)) return undefined;
    const besideUri = pathToFileURL(beside).href;
    const text = this.texts.get(besideUri) ?? readFileSync(beside, "utf8");
    return { uri: besideUri, text, deployment: deploymentOf(text) };
  }
}

function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith("file:") ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}

function besidePath(file: string): string {
  return file.replace(/\.[^./\\]*$/, "") + ".deployment.json";
}

/** Changes when the file does. */
function stampOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.mtimeMs} ${stats.size}`;
}

function deploymentOf(text: string): Deployment | undefined {
  try {
    const result = readDeployment(JSON.parse(text));
    return result.kind === "ok" ? result.deployment : undefined;
  } catch {
    return undefined;
  }
}
