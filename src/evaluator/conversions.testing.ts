import { analyze } from "../analysis/analyze.ts";
import type { Program, Rule } from "../program/program.ts";
import { rowKey } from "../program/value.ts";
import type { Dialect } from "../syntax/dialect.ts";
import type { PaperText } from "../syntax/printPaper.ts";
import { printProgram } from "../syntax/printProgram.ts";
import { read } from "../syntax/read.ts";
import { EvaluationError } from "./evaluationError.ts";
import type { EvaluatorCase } from "./randomComponent.testing.ts";
import { ARRIVING, DERIVED, ENVIRONMENT, programOf, withIds } from "./randomComponent.testing.ts";
import { reference } from "./reference.ts";

export interface Conversion {
  /** How many of the component's rules the notation can express. */
  readonly rules: number;
  /** How the converted component differs, in words. */
  readonly difference?: string;
}

/** Whether those rules of a component that a notation can express do the same in every tick when they come back from it. */
export function conversion(test: EvaluatorCase, to: Dialect): Conversion {
  const constant = (relation: string): boolean => ENVIRONMENT.edb.has(relation);
  const print = (rules: readonly Rule[]): PaperText => printProgram(programOf(rules), to, constant);
  const rules = withIds(test.rules.filter((rule) => print([rule]).kind === "text"));
  const printed = print(rules);
  if (printed.kind === "problems" || rules.length === 0) return { rules: 0 };
  const before = runs(programOf(rules), test);
  const after = runs(read(printed.text, { dialect: to }).program, test);
  // An error of the run may come earlier or later: a comparison computes before or after another literal.
  if (before === undefined || after === undefined) return { rules: 0 };
  const tick = before.findIndex((shown, i) => shown !== after[i]);
  if (tick < 0) return { rules: rules.length };
  const difference = `tick ${tick + 1}: ${before[tick]}\nconverted: ${after[tick]}\n${printed.text}`;
  return { rules: rules.length, difference };
}

function runs(program: Program, test: EvaluatorCase): readonly string[] | undefined {
  const p = analyze(program);
  if (p.faults.some((f) => f.severity === "error" && f.code !== "type-conflict")) return undefined;
  const engine = reference(p, program.components[0]!.name).start(ENVIRONMENT);
  const relations = [...DERIVED, ...ARRIVING].map(([relation]) => relation);
  try {
    return test.schedule.map((arrived) => {
      const { sends } = engine.tick(arrived);
      const held = relations.map((r) => `${r}: ${engine.facts(r).map(rowKey).join(" ")}`);
      const sent = sends.map((s) => `${s.relation} ${s.to} ${rowKey(s.row)}`).toSorted();
      return [...held, ...sent].join("\n");
    });
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}
