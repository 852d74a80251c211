import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { RelationName, RuleId } from "../program/program.ts";
import { readCase } from "../syntax/readCase.ts";
import { applyStep } from "./driver.ts";
import type { StepResult } from "./driver.ts";
import type { RewriteName, StepRequest } from "./rewrite.ts";

/** A case of spec/cases.md in its shorthand: component `L`, before the bar what stays, behind it what moves. */
export interface CaseText {
  readonly rules: string;
  /** Relations that come from the environment itself; every other input is a channel from `K`. */
  readonly env?: readonly RelationName[];
  readonly edb?: readonly RelationName[];
  /** Channels to `K`, which can count how often each arrives. */
  readonly counted?: readonly RelationName[];
  /** More declarations, one a line. */
  readonly declarations?: string;
  /** Rules of `K` beside those that send L's inputs, in the shorthand. */
  readonly other?: string;
}

export interface Case {
  readonly program: AnalyzedProgram;
  readonly moves: readonly RuleId[];
}

/** EDB in every case that uses it (spec/cases.md). */
const CONSTANT = ["dom", "peers", "num", "nodes", "acc", "co", "rep"];

/** The program of a case, with a component `K` that sends it every channel it reads. */
export function caseProgram(text: CaseText): Case {
  const own = component("L", text.rules.replace("|", ";"));
  const { right } = readCase(text.rules.includes("|") ? component("L", text.rules) : own);
  const bare = analyze(readCase(`${own}\n${text.declarations ?? ""}`).program);
  const constant = [...(text.edb ?? []), ...CONSTANT].filter((r) => bare.relations.has(r));
  const declarations = constant.map((r) => `edb ${r}(${attributes(bare, r)})`);
  const sentByOther = readCase(component("K", text.other ?? "")).program.components.flatMap((c) =>
    c.rules.map((rule) => rule.head.relation),
  );
  const sends = [...bare.relations.values()]
    .filter((r) => r.kind === "env" && !constant.includes(r.name) && !text.env?.includes(r.name))
    .filter((r) => !sentByOther.includes(r.name))
    .map(
      ({ name }) =>
        `${name}@async(L)(${attributes(bare, name)}) <- to_${name}(${attributes(bare, name)})`,
    );
  const counts = (text.counted ?? []).map(
    (r) => `counted_${r}(${attributes(bare, r)}) <- ${r}(${attributes(bare, r)})`,
  );
  const others = [text.other ?? "", ...sends, ...counts].filter((rule) => rule !== "");
  const whole = [
    text.declarations ?? "",
    ...declarations,
    own,
    ...(others.length > 0 ? [component("K", others.join(";"))] : []),
  ].join("\n");
  const { program, diagnostics } = readCase(whole);
  const p = analyze(program);
  const errors = [...diagnostics, ...p.faults].filter((d) => d.severity === "error");
  if (errors.length > 0) throw new Error(`${errors.map((e) => e.message).join("\n")}\n${whole}`);
  return { program: p, moves: right };
}

function component(name: string, rules: string): string {
  return `component ${name} {\n${rules.replaceAll(";", "\n")}\n}`;
}

function attributes(p: AnalyzedProgram, relation: RelationName): string {
  return p.relations
    .get(relation)!
    .attributes.map(({ name }) => name)
    .join(", ");
}

/** The split that a case is about, as a step. */
export function split(rewrite: RewriteName, { moves }: Case): StepRequest {
  return { rewrite, target: { component: "L", rules: moves, name: "M" } };
}

export function cohash(keys: Readonly<Record<RelationName, readonly number[]>>): StepRequest {
  return { rewrite: "partitionByCohashing", target: { component: "L", partitions: 2, keys } };
}

/** Does steps that must apply; the program after them. */
export function afterSteps(p: AnalyzedProgram, steps: readonly StepRequest[]): AnalyzedProgram {
  return steps.reduce((program, step) => applied(applyStep(program, step)).program, p);
}

export function applied(result: StepResult): Extract<StepResult, { kind: "applied" }> {
  if (result.kind !== "applied") throw new Error(JSON.stringify(result, undefined, 2));
  return result;
}

/** "holds", "lockstep", or the codes of what is violated, sorted. */
export function outcome(result: StepResult): string {
  switch (result.kind) {
    case "applied":
      return result.verdict;
    case "refused": {
      if (result.verdict === "lockstep") return "lockstep";
      const codes = result.preconditions.filter((c) => c.verdict === "violated").map((c) => c.code);
      return [...new Set(codes)].sort().join(" ");
    }
    case "fault":
      return `fault: ${result.message}`;
  }
}
