import { writeFileSync } from "node:fs";
import { mayGenerateCode } from "../evaluator/mayGenerateCode.ts";
import type { Diagnostic } from "../program/diagnostic.ts";

/** Ends the command with a message and an exit code: 1 the input is at fault, 2 wrong usage, 3 a check did not decide. */
export class Stop extends Error {
  readonly exitCode: 1 | 2 | 3;
  constructor(message: string, exitCode: 1 | 2 | 3 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, jsonSafe, 2));
}

/** How rules run here; said when it is the slower way, because Node was told to make no code from text. */
export function codeOfRules(): "generated" | "interpreted" {
  if (mayGenerateCode()) return "generated";
  process.stderr.write(
    "Rules run on a slower path, because they may not become code here (--disallow-code-generation-from-strings).\n",
  );
  return "interpreted";
}

/** A file that the user named for output. */
export function writeFile(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Stop(`${file} cannot be written: ${systemReason(error)}`);
  }
}

export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Why the operating system refused a file, in words. */
export function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder.",
  EISDIR: "it is a folder.",
  ENOTDIR: "a part of its path is a file, not a folder.",
  EACCES: "this account may not.",
  EPERM: "this account may not.",
  EROFS: "the file system is read-only.",
  ENOSPC: "the disk is full.",
};

/** Maps and integers beyond JSON's numbers, as plain JSON. */
function jsonSafe(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return { int: String(value) };
  if (value instanceof Map) return Object.fromEntries(value);
  return value;
}

/** `file:line:column: severity code: message`, one a line, related places indented below. */
export function formatDiagnostics(
  file: string,
  text: string,
  diagnostics: readonly Diagnostic[],
): string {
  const place = linesOf(text);
  return diagnostics
    .toSorted((a, b) => a.span.start - b.span.start)
    .flatMap((d) => [
      `${file}:${place(d.span.start)}: ${paint(d.severity)} ${d.code}: ${d.message}`,
      ...(d.related ?? []).map((r) => `    ${file}:${place(r.span.start)}: ${r.message}`),
      ...(d.fix ? [`    fix: ${d.fix.title}`] : []),
    ])
    .join("\n");
}

/** Where an offset is in a text, as `line:column`. */
export function linesOf(text: string): (offset: number) => string {
  const place = placesIn(text);
  return (offset) => {
    const { line, column } = place(offset);
    return `${line}:${column}`;
  };
}

/** Line and column of an offset, both from 1. */
export function placesIn(text: string): (offset: number) => { line: number; column: number } {
  const starts = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return (offset) => {
    const line = starts.findLastIndex((start) => start <= offset);
    return { line: line + 1, column: offset - starts[line]! + 1 };
  };
}

function paint(severity: Diagnostic["severity"]): string {
  const colour = { error: 31, warning: 33, information: 36 }[severity];
  return coloured(process.stderr) ? `\u001B[${colour}m${severity}\u001B[0m` : severity;
}

function coloured(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && process.env["NO_COLOR"] === undefined;
}

/** A progress line on a terminal, after the first second; silent elsewhere. */
export function progressLine(): { show(text: string): void; clear(): void } {
  const started = performance.now();
  let shown = false;
  return {
    show(text) {
      if (!process.stderr.isTTY || performance.now() - started < 1000) return;
      process.stderr.write(`\r\u001B[K${text}`);
      shown = true;
    },
    clear() {
      if (shown) process.stderr.write("\r\u001B[K");
      shown = false;
    },
  };
}
