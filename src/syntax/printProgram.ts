import { printCompact } from "../program/printCompact.ts";
import type { Program } from "../program/program.ts";
import type { Dialect } from "./dialect.ts";
import { printPaper } from "./printPaper.ts";
import type { IsConstant, PaperText } from "./printPaper.ts";

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
      return printPaper(program, isConstant);
  }
}
