import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { isConstant } from "../analysis/persistence.ts";
import type { SourceMap } from "../program/diagnostic.ts";
import { printCompactWithMap, printRuleWrapped } from "../program/printCompact.ts";
import { printDeclarationWrapped } from "../program/printDeclaration.ts";
import type { Component, Declaration, Program, Rule, RuleId } from "../program/program.ts";
import { printDeclarationAnnotation } from "../syntax/annotations.ts";
import type { Dialect } from "../syntax/dialect.ts";
import { printProgram } from "../syntax/printProgram.ts";
import { read } from "../syntax/read.ts";
import { COMMENT_MARKS } from "./commentMarks.ts";
import { changedText } from "./renames.ts";

/** How the parts of a program are written in a notation. */
export interface WrittenProgram {
  /** All of it. */
  readonly text: string;
  /** What the text reads as. */
  readonly program: Program;
  /** Whether components stand one after the other, each in a block of its own. */
  readonly hasBlocks: boolean;
  rule(rule: Rule, indent: string): string;
  /** `dressed` puts its comments round a rule. */
  block(
    component: Component,
    dressed: (line: string, rule: RuleId, indent: string) => string,
  ): string;
  declaration(declaration: Declaration): string;
}

/** Ends a rule that stands by itself. */
const RULE_ENDS: Readonly<Record<Dialect, string>> = {
  compact: "",
  paper: "",
  hydroflow: "",
  molly: ";",
  prototype: ";",
};

/** Sentences where the notation cannot say the program. */
export function writtenProgram(
  p: AnalyzedProgram,
  dialect: Dialect,
): WrittenProgram | readonly string[] {
  const { program } = p;
  if (dialect === "compact") {
    const { text, sourceMap } = printCompactWithMap(program);
    return new Written(program, dialect, { text, sourceMap, program });
  }
  const printed = printProgram(program, dialect, (r) => isConstant(p, r));
  if (printed.kind === "problems") return printed.problems;
  const { text } = printed;
  const again = read(text, { dialect });
  return new Written(program, dialect, { text, ...again });
}

interface PrintedText {
  readonly text: string;
  readonly program: Program;
  readonly sourceMap: SourceMap;
}

class Written implements WrittenProgram {
  readonly text: string;
  readonly program: Program;
  readonly hasBlocks: boolean;
  readonly #dialect: Dialect;
  readonly #sourceMap: SourceMap;
  /** Where names had to change the ids have, too. */
  readonly #ids: ReadonlyMap<RuleId, RuleId>;

  constructor(original: Program, dialect: Dialect, { text, program, sourceMap }: PrintedText) {
    this.text = text;
    this.program = program;
    this.hasBlocks = dialect === "compact" || dialect === "paper";
    this.#dialect = dialect;
    this.#sourceMap = sourceMap;
    this.#ids = new Map(
      original.components.flatMap((component, c) =>
        component.rules.flatMap(({ id }, r): (readonly [RuleId, RuleId])[] => {
          const own = program.components[c]?.rules[r];
          return own === undefined ? [] : [[id, own.id]];
        }),
      ),
    );
  }

  rule(rule: Rule, indent: string): string {
    if (this.#dialect === "compact") return printRuleWrapped(rule, indent);
    const span = this.#sourceMap.rules.get(this.#ids.get(rule.id) ?? "")?.rule;
    if (span === undefined) return "";
    return `${this.text.slice(span.start, span.end)}${RULE_ENDS[this.#dialect]}`;
  }

  block(
    { name, rules }: Component,
    dressed: (line: string, rule: RuleId, indent: string) => string,
  ): string {
    const block = this.#sourceMap.components.get(name)?.block;
    if (block === undefined) return "";
    const changes = rules.flatMap(({ id }) => {
      const span = this.#sourceMap.rules.get(this.#ids.get(id) ?? "")?.rule;
      if (span === undefined) return [];
      const text = dressed(this.text.slice(span.start, span.end), id, "  ");
      return [{ span: { start: span.start - block.start, end: span.end - block.start }, text }];
    });
    return changedText(this.text.slice(block.start, block.end), changes);
  }

  declaration(declaration: Declaration): string {
    return this.hasBlocks
      ? printDeclarationWrapped(declaration, "")
      : printDeclarationAnnotation(COMMENT_MARKS[this.#dialect], declaration);
  }
}
