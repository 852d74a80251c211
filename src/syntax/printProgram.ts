import { printCompact, printRule } from "../program/printCompact.ts";
import type { Program } from "../program/program.ts";
import { withCarriedComments } from "./carriedComments.ts";
import type { ReadText } from "./carriedComments.ts";
import { detectDialect } from "./detectDialect.ts";
import type { Dialect } from "./dialect.ts";
import type { Expressed } from "./express.ts";
import { sentence } from "./express.ts";
import { expressHydroflow } from "./expressHydroflow.ts";
import { expressMolly } from "./expressMolly.ts";
import { printHydroflow } from "./printHydroflow.ts";
import { expressPrototype } from "./expressPrototype.ts";
import { printMolly } from "./printMolly.ts";
import { printPrototype } from "./printPrototype.ts";
import { printPaper } from "./printPaper.ts";
import type { IsConstant, PaperText } from "./printPaper.ts";
import { read } from "./read.ts";

/** A program in any notation; what a notation cannot express is said, a sentence each. */
export function printProgram(
  program: Program,
  dialect: Dialect,
  isConstant: IsConstant,
): PaperText {
  switch (dialect) {
    case "compact":
      return { kind: "text", text: printCompact(program) };
    case "paper":
      return exactly(program, dialect, printPaper(program, isConstant));
    case "hydroflow":
      return printExpressed(expressHydroflow(program), dialect, printHydroflow);
    case "molly":
      return printExpressed(expressMolly(program), dialect, printMolly);
    case "prototype":
      return printExpressed(expressPrototype(program), dialect, printPrototype);
  }
}

/**
 * The same for a text that stands by itself, with the comments of the text that it comes from. Where its words would not
 * tell its notation, a first comment does.
 */
export function convertProgram(
  program: Program,
  dialect: Dialect,
  isConstant: IsConstant,
  from?: ReadText,
): PaperText {
  const printed = printProgram(program, dialect, isConstant);
  if (printed.kind === "problems") return printed;
  const text = from === undefined ? printed.text : withCarriedComments(printed.text, dialect, from);
  const said = `${dialect === "hydroflow" ? "#" : "//"} dialect: ${dialect}\n`;
  return { kind: "text", text: detectDialect(text) === dialect ? text : said + text };
}

/** The program may have faults of its own, which then are the text's. */
function exactly(program: Program, dialect: Dialect, printed: PaperText): PaperText {
  if (printed.kind === "problems") return printed;
  const different = firstDifference(program, read(printed.text, { dialect }).program);
  return different === undefined ? printed : notExact(different);
}

/** Reads the text again: a text that means another program must not leave. */
function printExpressed(
  expressed: Expressed,
  dialect: Dialect,
  print: (program: Program) => string,
): PaperText {
  if (expressed.kind === "problems") {
    return { kind: "problems", problems: expressed.problems.map(sentence) };
  }
  const text = print(expressed.program);
  const again = read(text, { dialect });
  const error = again.diagnostics.find((d) => d.severity === "error");
  if (error !== undefined) {
    const message = `It would read with an error: ${error.message}`;
    const rule = error.rule === undefined ? {} : { rule: error.rule };
    return { kind: "problems", problems: [sentence({ code: "not-exact", message, ...rule })] };
  }
  const different = firstDifference(expressed.program, again.program);
  return different === undefined ? { kind: "text", text } : notExact(different);
}

interface Difference {
  readonly id: string;
  readonly shown: string;
}

function notExact(different: Difference): PaperText {
  const message = `\`${different.shown}\` would read as another rule in this notation.`;
  return {
    kind: "problems",
    problems: [sentence({ code: "not-exact", message, rule: different.id })],
  };
}

function firstDifference(program: Program, again: Program): Difference | undefined {
  if (printCompact(program) === printCompact(again)) return undefined;
  const rules = again.components.flatMap((c) => c.rules);
  const all = program.components.flatMap((c) => c.rules);
  const first = all.find((rule, i) => {
    const other = rules[i];
    return other === undefined || other.id !== rule.id || printRule(rule) !== printRule(other);
  });
  return first === undefined
    ? { id: program.components[0]?.name ?? "", shown: "a declaration" }
    : { id: first.id, shown: printRule(first) };
}
