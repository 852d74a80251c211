import { readFileSync } from "node:fs";
import type { Position } from "vscode-languageserver-types";
import { readDeployment } from "../plan/deploymentFile.ts";
import type { Deployment } from "../program/deployment.ts";
import { openDocument } from "./languageDocument.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import { positionAt } from "./textLines.ts";

export const URI = "file:///base.ded";

export const EXAMPLES = [
  "kvs",
  "voting",
  "paxos",
  "pbft",
  "twopc",
  "cart",
  "rset-partial",
  "broadcast-retry",
] as const;

export function exampleText(name: string, file = "base.ded"): string {
  return readFileSync(new URL(`../../public/examples/${name}/${file}`, import.meta.url), "utf8");
}

export function exampleDeployment(name: string): Deployment {
  const result = readDeployment(JSON.parse(exampleText(name, "base.deployment.json")));
  if (result.kind !== "ok") throw new Error(JSON.stringify(result.problems));
  return result.deployment;
}

/** An example protocol as it is shipped. */
export function exampleDocument(name: string): LanguageDocument {
  return openDocument({
    text: exampleText(name),
    fileName: "base",
    deployment: exampleDeployment(name),
  });
}

/** A text with `‸` where the cursor is. */
export function atCursor(text: string): {
  readonly document: LanguageDocument;
  readonly position: Position;
} {
  const offset = text.indexOf("‸");
  if (offset < 0) throw new Error("no cursor in the text");
  const document = openDocument({ text: text.replace("‸", "") });
  return { document, position: positionAt(document.lines, offset) };
}

/** Where a piece of text stands, `plus` characters into it. */
export function positionOf(document: LanguageDocument, piece: string, plus = 0): Position {
  const offset = document.text.indexOf(piece);
  if (offset < 0) throw new Error(`${piece} is not in the text`);
  return positionAt(document.lines, offset + plus);
}

/** The lines that ranges are in, from 1, for snapshots that can be read. */
export function linesOf(
  ranges: readonly { readonly range: { start: Position } }[],
): readonly number[] {
  return ranges.map(({ range }) => range.start.line + 1);
}
