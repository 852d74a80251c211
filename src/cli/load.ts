import { isUtf8 } from "node:buffer";
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { programDiagnostics } from "../language-server/programDiagnostics.ts";
import { readDeployment } from "../plan/deploymentFile.ts";
import type { Deployment } from "../program/deployment.ts";
import type { Diagnostic } from "../program/diagnostic.ts";
import { DIALECTS } from "../syntax/dialect.ts";
import { BETWEEN_TEXTS } from "../syntax/includes.ts";
import { read, type Dialect, type ReadResult } from "../syntax/read.ts";
import { diagnosticLines } from "./fileDiagnostics.ts";
import type { LoadedFile } from "./fileDiagnostics.ts";
import { Stop, systemReason } from "./output.ts";

export interface Loaded {
  readonly file: string;
  readonly text: string;
  /** With what it includes; itself first. */
  readonly files: readonly LoadedFile[];
  /** With places in the text of all files. */
  readonly read: ReadResult;
  readonly analyzed: AnalyzedProgram;
  /** Of the reader and of the analysis together, with places in the text of all files. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and analyses a program file, whatever is wrong with it. */
export function load(file: string, deployment?: Deployment, dialect?: Dialect): Loaded {
  const text = readText(file, MAX_PROGRAM_BYTES);
  const result = read(text, {
    fileName: basename(file),
    joined: true,
    ...(dialect ? { dialect } : {}),
    include: (path) => includedText(dirname(file), path),
  });
  const included = (result.included ?? []).map(({ path, ...rest }) => ({
    file: join(dirname(file), path),
    ...rest,
  }));
  const files = [{ file, text, start: 0 }, ...included];
  const analyzed = analyze(result.program, deployment);
  const all = files.map((each) => each.text).join(BETWEEN_TEXTS);
  const diagnostics = programDiagnostics(all, result, analyzed);
  return { file, text, files, read: result, analyzed, diagnostics };
}

/** A file that a Molly program includes; what is no text is not there for it. */
function includedText(folder: string, path: string): string | undefined {
  const file = join(folder, path);
  if (!existsSync(file) || !statSync(file).isFile()) return undefined;
  return readText(file, MAX_PROGRAM_BYTES);
}

/** The same, but a program with errors ends the command; warnings go to stderr. */
export function loadGood(file: string, deployment?: Deployment, dialect?: Dialect): Loaded {
  return good(load(file, deployment, dialect));
}

/** The same of a program whose seals are still to be written out. */
export function loadSealed(file: string, deployment?: Deployment): Loaded {
  const loaded = load(file, deployment);
  const diagnostics = loaded.diagnostics.filter(({ code }) => code !== "sealing");
  return good({ ...loaded, diagnostics });
}

/** Says what is wrong with a program that is loaded, and ends the command if that is an error. */
export function good(loaded: Loaded): Loaded {
  if (loaded.diagnostics.length > 0) process.stderr.write(`${diagnosticLines(loaded)}\n`);
  if (hasErrors(loaded)) throw new Stop("");
  return loaded;
}

export function hasErrors(loaded: Loaded): boolean {
  return loaded.diagnostics.some((d) => d.severity === "error");
}

export function loadDeployment(file: string): Deployment {
  const result = readDeployment(readJson(file));
  if (result.kind === "ok") return result.deployment;
  throw new Stop(result.problems.map((p) => `${file}#${p.pointer}: ${p.message}`).join("\n"));
}

/**
 * The deployment named; or the one with which the derivation begins, where it has one of its own; or the one that stands
 * beside the program: base.ded has base.deployment.json.
 */
export function deploymentFor(
  program: string,
  named?: string,
  derivation?: string,
): Deployment | undefined {
  if (named !== undefined) return loadDeployment(named);
  const own = derivation === undefined ? undefined : deploymentOfBase(derivation);
  if (own !== undefined) return own;
  const beside = program.replace(/\.[^./]*$/, ".deployment.json");
  return existsSync(beside) ? loadDeployment(beside) : undefined;
}

/** `scaled20.derivation.json` may have `scaled20.deployment.json`, unless that is what rewriting led to: that has siblings. */
function deploymentOfBase(derivation: string): Deployment | undefined {
  const beside = derivation.replace(/\.derivation\.json$/, ".deployment.json");
  if (beside === derivation || !existsSync(beside)) return undefined;
  const deployment = loadDeployment(beside);
  return Object.keys(deployment.originals).length > 0 ? undefined : deployment;
}

export function readJson(file: string): unknown {
  const text = readText(file, MAX_JSON_BYTES);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Stop(`${file} is not JSON: ${(error as Error).message}`);
  }
}

/** What a person or a program of this package writes is far smaller; reading more would only look like hanging. */
const MAX_PROGRAM_BYTES = 1_000_000;
const MAX_JSON_BYTES = 256_000_000;

function readText(file: string, maxBytes: number): string {
  let bytes: Buffer;
  try {
    const { size } = statSync(file);
    if (size > maxBytes) {
      throw new Stop(
        `${file} is too large to read: it has ${size} bytes, and at most ${maxBytes} are read.`,
      );
    }
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof Stop) throw error;
    throw new Stop(`${file} cannot be read: ${systemReason(error)}`);
  }
  if (!isUtf8(bytes) || bytes.includes(0)) throw new Stop(`${file} is not a text file (UTF-8).`);
  return bytes.toString("utf8");
}

export function asDialect(name: string | undefined): Dialect | undefined {
  if (name === undefined) return undefined;
  const found = DIALECTS.find((d) => d === name);
  if (!found)
    throw new Stop(`there is no notation "${name}"; there are ${DIALECTS.join(", ")}.`, 2);
  return found;
}

/** A whole number from an option, within bounds. */
export function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = /^-?[0-9]+$/.test(text) ? Number(text) : NaN;
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Stop(`${name} takes a whole number from ${min} to ${max}, not "${text}".`, 2);
  }
  return value;
}
