import { analyze } from "../analysis/analyze.ts";
import { printCompact } from "../program/printCompact.ts";
import type { Program, Rule } from "../program/program.ts";
import { rowKey } from "../program/value.ts";
import { compile, type Code } from "./compile.ts";
import { EvaluationError, factText } from "./evaluationError.ts";
import type { Fact, NodeEngine, NodeEnvironment, Send } from "./nodeEngine.ts";
import {
  ENVIRONMENT,
  holdsMuch,
  programOf,
  withIds,
  type EvaluatorCase,
} from "./randomComponent.testing.ts";

import { reference } from "./reference.ts";

/** Runs both evaluators side by side; the first difference in words, or undefined. */
export function difference(test: EvaluatorCase, code: Code): string | undefined {
  return differenceIn(programOf(test.rules), ENVIRONMENT, test, code);
}

/** The same of any program, of whose components the first runs. */
export function differenceIn(
  program: Program,
  environment: NodeEnvironment,
  test: Pick<EvaluatorCase, "schedule" | "lazy" | "bulk" | "most">,
  code: Code,
): string | undefined {
  const p = analyze(program);
  // Values of any type may meet: evaluation compares them and says what it cannot compute.
  const faults = p.faults.filter((f) => f.severity === "error" && f.code !== "type-conflict");
  if (faults.length > 0) return undefined;
  const component = program.components[0]!.name;
  const options = { observe: test.lazy !== true };
  const expected = reference(p, component).start(environment, options);
  const actual = compile(p, component, { code }).start(environment, options);
  const relations = [...p.relations.keys()];
  for (const [i, arrived] of test.schedule.entries()) {
    if (test.bulk !== true && holdsMuch(expected, relations, test.most)) return undefined;
    const depth = !test.lazy ? "all" : i === test.schedule.length - 1 ? "unchanged" : "report";
    const a = outcome(expected, arrived, relations, depth);
    const b = outcome(actual, arrived, relations, depth);
    if (a === "error" && b === "error") return undefined;
    if (a === "error" || b === "error") return `tick ${i + 1}: expected ${a}\n  but got ${b}`;
    for (const key of Object.keys(a)) {
      if (a[key] !== b[key])
        return `tick ${i + 1}, ${key}: expected ${a[key]}\n  but got ${b[key]}`;
    }
  }
  return undefined;
}

/** How much is asked for after a tick: what it reports, what holds besides, and what changed, too. */
type Depth = "report" | "unchanged" | "all";

function outcome(
  engine: NodeEngine,
  arrived: readonly Fact[],
  relations: readonly string[],
  depth: Depth,
): "error" | Record<string, string> {
  try {
    const { tick, sends, standing, unsettled } = engine.tick(arrived);
    const report = {
      tick: String(tick),
      sends: sent(sends),
      standing: String(standing),
      unsettled: String(unsettled),
    };
    if (depth === "report") return report;
    const held = {
      ...report,
      ...Object.fromEntries(relations.map((r) => [r, engine.facts(r).map(rowKey).join(" ")])),
      standingSends: sent(engine.standing()),
      standingOne: sent(engine.standing(new Set(["o1"]))),
      ceased: sent(engine.standingChange(new Set(relations)).ceased),
      standingOfOne: String(engine.standingChange(new Set(["o1"])).standing),
      size: String(engine.size()),
    };
    if (depth === "unchanged") return held;
    const change = engine.change();
    return {
      ...held,
      appeared: change.appeared.map(factText).sort().join(" "),
      disappeared: change.disappeared.map(factText).sort().join(" "),
    };
  } catch (error) {
    if (error instanceof EvaluationError) return "error";
    throw error;
  }
}

function sent(sends: readonly Send[]): string {
  return sends
    .map((s) => `${factText(s)}@${s.to}`)
    .sort()
    .join(" ");
}

/** Like `difference`, but a crash of an evaluator is a difference too. */
export function failure(test: EvaluatorCase, code: Code): string | undefined {
  try {
    return difference(test, code);
  } catch (error) {
    return `crash: ${error instanceof Error ? error.stack : String(error)}`;
  }
}

/** The case with whatever can be left out left out, so that it still fails. */
export function shrunk(test: EvaluatorCase, code: Code): EvaluatorCase {
  let best = test;
  for (let smaller: EvaluatorCase | undefined = best; smaller !== undefined;) {
    best = smaller;
    smaller = firstFailing(simplifications(best), code);
  }
  return best;
}

function firstFailing(cases: Iterable<EvaluatorCase>, code: Code): EvaluatorCase | undefined {
  for (const test of cases) if (failure(test, code) !== undefined) return test;
  return undefined;
}

/** The case with one thing left out, in every way; what remains may be no program. */
export function* simplifications(test: EvaluatorCase): Iterable<EvaluatorCase> {
  const { rules, schedule } = test;
  for (let i = 0; i < rules.length; i++) {
    yield { ...test, rules: withIds(rules.filter((_, k) => k !== i)) };
  }
  for (let i = 0; i < schedule.length; i++) yield { ...test, schedule: schedule.toSpliced(i, 1) };
  for (const [i, facts] of schedule.entries()) {
    // Of thousands, an eighth at a time.
    const many = Math.max(1, Math.floor(facts.length / 8));
    for (let k = 0; k < facts.length; k += many) {
      yield { ...test, schedule: schedule.with(i, facts.toSpliced(k, many)) };
    }
  }
  for (const [i, rule] of rules.entries()) {
    for (let k = 0; k < rule.body.length; k++) {
      const less: Rule = { ...rule, body: rule.body.toSpliced(k, 1) };
      yield { ...test, rules: rules.with(i, less) };
    }
  }
}

const SHOWN = 40;

/** A case as a program and a schedule to be read by people. */
export function caseText(test: EvaluatorCase): string {
  const ticks = test.schedule.map((facts, i) => {
    const more = facts.length > SHOWN ? ` and ${facts.length - SHOWN} more` : "";
    return `tick ${i + 1}: ${facts.slice(0, SHOWN).map(factText).join(", ")}${more}`;
  });
  return [printCompact(programOf(test.rules)), ...ticks].join("\n");
}
