import type { ComponentName } from "../program/program.ts";
import { Assembly } from "./assembly.ts";
import { detectFromText, detectFromTokens } from "./detectDialect.ts";
import type { Dialect } from "./dialect.ts";
import type { IncludeOptions } from "./includes.ts";
import { movedRule } from "./movedPlaces.ts";
import { ParsedRules } from "./parsedRules.ts";
import { lowerPaper } from "./readPaper.ts";
import type { ParsedLayout } from "./parseLayout.ts";
import type { ReadResult } from "./readResult.ts";
import { readHydroflow } from "./readHydroflow.ts";
import { readMolly } from "./readMolly.ts";
import { readPrototype } from "./readPrototype.ts";
import { startOf } from "./readStatement.ts";

export type { Dialect } from "./dialect.ts";
export type { BrokenRule, ReadResult } from "./readResult.ts";
export { detectDialect } from "./detectDialect.ts";

export interface ReadOptions extends IncludeOptions {
  /** Detected from the text when absent. */
  readonly dialect?: Dialect;
  /** Also names the component of the rules outside any block; `main` when absent. */
  readonly fileName?: string;
  /** Rules that an earlier reading met: parsed again only where they differ. The result is the same without. */
  readonly known?: ParsedRules;
}

/**
 * Reads a program from any text at all (language.md section 2). What is wrong is a diagnostic, never an exception; an error
 * in one rule leaves all others as they are. The time is linear in the text's length.
 */
export function read(text: string, options: ReadOptions = {}): ReadResult {
  const result = readNotation(text, options);
  const { known } = options;
  return known === undefined ? result : { ...result, program: known.keep(result.program) };
}

function readNotation(text: string, options: ReadOptions): ReadResult {
  const name = componentNameOf(options.fileName);
  const dialect = options.dialect ?? detectFromText(text);
  switch (dialect) {
    case "compact":
    case "paper":
    case undefined:
      return readLaidOut(text, dialect, name, options.known);
    case "hydroflow":
      return { dialect, ...readHydroflow(text, name) };
    case "molly":
      return { dialect, ...readMolly(text, name, options) };
    case "prototype":
      return { dialect, ...readPrototype(text, name) };
  }
}

/** The notations that Clew's own grammar serves; which of the two it is may be left to the words. */
function readLaidOut(
  text: string,
  chosen: "compact" | "paper" | undefined,
  name: ComponentName,
  known: ParsedRules | undefined,
): ReadResult {
  const memory = known ?? new ParsedRules();
  const scanned = memory.scan(text);
  const dialect = chosen ?? detectFromTokens(scanned);
  const parsed = memory.parse(scanned, text, dialect === "paper");
  const assembly = new Assembly(parsed, name);
  addRules(parsed, dialect, assembly);
  for (const bar of parsed.layout.bars) {
    assembly.report({
      code: "bar",
      message: "`|` separates the two sides of a test case and means nothing in a program.",
      span: bar,
    });
  }
  const assembled = assembly.finish(memory.places);
  memory.places = assembled.sourceMap.rules;
  return { dialect, ...assembled };
}

function addRules(
  { rules, declarations }: ParsedLayout,
  dialect: "compact" | "paper",
  assembly: Assembly,
): void {
  switch (dialect) {
    case "compact":
      for (const { statement, rule } of rules) assembly.addPlain(statement, rule);
      return;
    case "paper": {
      const lowered = lowerPaper(
        rules.map(({ statement, rule }) => movedRule(rule.parsed, startOf(statement))),
        declarations.map((d) => d.parsed.declaration),
      );
      for (const declaration of lowered.declarations) assembly.addDeclaration(declaration);
      rules.forEach(({ statement }, i) => assembly.addRule(statement, lowered.rules[i]!));
    }
  }
}

function componentNameOf(fileName: string | undefined): ComponentName {
  const base = (fileName ?? "")
    .split(/[\\/]/)
    .at(-1)!
    .replace(/\.[^.]*$/, "");
  const name = base.replace(/[^A-Za-z0-9_']+/g, "_").replace(/^[^A-Za-z]+/, "");
  return name === "" ? "main" : name;
}
