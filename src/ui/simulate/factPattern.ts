import type { RelationName } from "../../program/program.ts";
import { integer, isTuple, valueKey } from "../../program/value.ts";
import type { Row, Value } from "../../program/value.ts";

/** A relation and what its columns must be; without columns any row of it fits. */
export interface FactPattern {
  readonly relation: RelationName;
  readonly columns: readonly ColumnPattern[] | undefined;
}

export type ColumnPattern =
  | { readonly kind: "any" }
  | { readonly kind: "value"; readonly value: Value }
  /** A bare word: an address of that name, or that string. */
  | { readonly kind: "word"; readonly word: string }
  /** Bytes, or what they begin with, as the panels show long ones. */
  | { readonly kind: "bytes"; readonly hex: string; readonly begins: boolean }
  | { readonly kind: "tuple"; readonly columns: readonly ColumnPattern[] };

export type ReadPattern =
  | { readonly kind: "pattern"; readonly pattern: FactPattern }
  | { readonly kind: "problem"; readonly sentence: string };

export function fits({ relation, columns }: FactPattern, of: RelationName, row: Row): boolean {
  return of === relation && (columns === undefined || columnsFit(columns, row));
}

function columnsFit(columns: readonly ColumnPattern[], row: Row): boolean {
  return columns.length === row.length && columns.every((column, i) => columnFits(column, row[i]!));
}

function columnFits(column: ColumnPattern, value: Value): boolean {
  switch (column.kind) {
    case "any":
      return true;
    case "value":
      return valueKey(value) === valueKey(column.value);
    case "word":
      if (typeof value === "string") return value === column.word;
      if (typeof value !== "object" || isTuple(value)) return false;
      return value.kind === "address" && value.name === column.word;
    case "bytes":
      if (typeof value !== "object" || isTuple(value) || value.kind !== "bytes") return false;
      return column.begins ? value.hex.startsWith(column.hex) : value.hex === column.hex;
    case "tuple":
      return typeof value === "object" && isTuple(value) && columnsFit(column.columns, value);
  }
}

const TOKEN =
  /\s*(?:(?<text>"(?:[^"\\]|\\.)*")|(?<bytes>0x[0-9a-fA-F]*(?:…|\.\.\.)?)|(?<integer>-?\d+(?![\w./:'-]))|(?<word>\w[\w./:'-]*)|(?<mark>[(),]))/y;

/** Reads `votes(_, 3)`: `_` fits anything, bytes may be cut off as the panels cut them, `votes` alone fits every row. */
export function readPattern(text: string): ReadPattern {
  const tokens = tokensOf(text.trim());
  if (typeof tokens === "string") return { kind: "problem", sentence: tokens };
  const [name, ...rest] = tokens;
  if (name?.kind !== "word") {
    const sentence = "A pattern begins with the name of a relation, as in votes(_, 3).";
    return { kind: "problem", sentence };
  }
  if (rest.length === 0) {
    return { kind: "pattern", pattern: { relation: name.text, columns: undefined } };
  }
  const read = { tokens: rest, at: 0 };
  const columns = readColumns(read);
  if (typeof columns === "string") return { kind: "problem", sentence: columns };
  if (read.at < rest.length) {
    return { kind: "problem", sentence: `Nothing may follow the last bracket of ${name.text}(…).` };
  }
  return { kind: "pattern", pattern: { relation: name.text, columns } };
}

interface Token {
  readonly kind: "text" | "bytes" | "integer" | "word" | "mark";
  readonly text: string;
}

/** A sentence when something cannot stand in a pattern. */
function tokensOf(text: string): readonly Token[] | string {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) {
      return `“${text.slice(from).trim().slice(0, 12)}” cannot stand in a pattern. Write values as the panels show them, and _ for any value.`;
    }
    for (const kind of ["text", "bytes", "integer", "word", "mark"] as const) {
      if (groups[kind] !== undefined) tokens.push({ kind, text: groups[kind] });
    }
  }
  return tokens;
}

interface Reading {
  readonly tokens: readonly Token[];
  at: number;
}

function readColumns(read: Reading): readonly ColumnPattern[] | string {
  if (read.tokens[read.at++]?.text !== "(")
    return "After the name come its columns in brackets, as in votes(_, 3).";
  if (read.tokens[read.at]?.text === ")") {
    read.at++;
    return [];
  }
  const columns: ColumnPattern[] = [];
  for (;;) {
    const column = readColumn(read);
    if (typeof column === "string") return column;
    columns.push(column);
    const next = read.tokens[read.at++]?.text;
    if (next === ")") return columns;
    if (next !== ",") return "Between two columns stands a comma, after the last one a bracket.";
  }
}

function readColumn(read: Reading): ColumnPattern | string {
  const token = read.tokens[read.at];
  if (token?.text === "(") {
    const columns = readColumns(read);
    return typeof columns === "string" ? columns : { kind: "tuple", columns };
  }
  read.at++;
  switch (token?.kind) {
    case "word":
      if (token.text === "_") return { kind: "any" };
      if (token.text === "true" || token.text === "false") {
        return { kind: "value", value: token.text === "true" };
      }
      return { kind: "word", word: token.text };
    case "text":
      return stringColumn(token.text);
    case "bytes": {
      const hex = token.text.slice(2).replace(/…|\.\.\./, "");
      return { kind: "bytes", hex: hex.toLowerCase(), begins: hex.length < token.text.length - 2 };
    }
    case "integer": {
      const value = integer(BigInt(token.text));
      return value === undefined
        ? `${token.text} does not fit in 64 bits.`
        : { kind: "value", value };
    }
    default:
      return "Every column needs a value, or _ for any value.";
  }
}

function stringColumn(text: string): ColumnPattern | string {
  try {
    return { kind: "value", value: JSON.parse(text) as string };
  } catch {
    return `${text} is not a string as the panels show one.`;
  }
}
