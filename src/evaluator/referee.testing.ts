import { analyze } from "../analysis/analyze.ts";
import type { Aggregate, HeadTerm, RelationName, Rule, Term } from "../program/program.ts";
import { isTuple, type Value } from "../program/value.ts";
import { caseText, simplifications } from "./compareEngines.testing.ts";
import { compile, type Code } from "./compile.ts";
import { EvaluationError } from "./evaluationError.ts";
import type { Fact, Send } from "./nodeEngine.ts";
import {
  ENVIRONMENT,
  holdsMuch,
  programOf,
  type EvaluatorCase,
  type Vocabulary,
} from "./randomComponent.testing.ts";

/**
 * An engine that is none of ours. A case becomes one program without time, in which a relation has a name of its own
 * for every tick, so that the engine needs to know nothing of ticks.
 */
export interface Referee {
  /** What it can express. */
  readonly vocabulary: Vocabulary;
  /** Up to here it computes as we do; a component that gets further is compared no further. */
  readonly largestInteger: number;
  /** What is derived, carried over and sent in each tick, in the engine's notation. */
  verdict(test: EvaluatorCase): Promise<ReadonlySet<string>>;
  /** A fact of a tick, or a message sent in it, in that notation. */
  notation(tick: number, fact: Fact | Send): string;
}

/** The first thing on which the evaluator and the referee disagree; `ticks`: how many they were compared in. */
export async function disagreement(
  test: EvaluatorCase,
  referee: Referee,
  code: Code,
): Promise<{ readonly ticks: number; readonly text: string | undefined }> {
  const ours = outcomes(test, code, referee.largestInteger);
  // What cannot be computed is an error here, and nothing or something else elsewhere.
  const schedule = test.schedule.slice(0, ours.length);
  if (schedule.length === 0) return { ticks: 0, text: undefined };
  const said = ours.flatMap((facts, i) => facts.map((f) => referee.notation(i + 1, f)));
  const expected = await referee.verdict({ ...test, schedule });
  const missing = [...expected].filter((x) => !said.includes(x));
  const extra = said.filter((x) => !expected.has(x));
  if (missing.length + extra.length === 0) return { ticks: schedule.length, text: undefined };
  const text = `${caseText(test)}\nmissing: ${missing.join(" ")}\nnot to be: ${extra.join(" ")}`;
  return { ticks: schedule.length, text };
}

/** The disagreement on the smallest case that is left of this one, in words. */
export async function smallestDisagreement(
  test: EvaluatorCase,
  referee: Referee,
  code: Code,
): Promise<string | undefined> {
  const { text } = await disagreement(test, referee, code);
  if (text === undefined) return undefined;
  for (const smaller of simplifications(test)) {
    const faults = analyze(programOf(smaller.rules)).faults;
    if (faults.some((f) => f.severity === "error" && f.code !== "type-conflict")) continue;
    const found = await smallestDisagreement(smaller, referee, code);
    if (found !== undefined) return found;
  }
  return text;
}

/** For each tick, up to an error, the facts of relations that rules derive, and all that is sent. */
function outcomes(
  test: EvaluatorCase,
  code: Code,
  largestInteger: number,
): readonly (readonly (Fact | Send)[])[] {
  const engine = compile(analyze(programOf(test.rules)), "c", { code }).start(ENVIRONMENT);
  const derived = derivedRelations(test.rules);
  const found: (readonly (Fact | Send)[])[] = [];
  for (const arrived of test.schedule) {
    try {
      const { sends } = engine.tick(arrived);
      const facts = derived.flatMap((relation) =>
        engine.facts(relation).map((row) => ({ relation, row })),
      );
      const all = [...facts, ...sends, ...engine.standing()];
      if (all.some((f) => f.row.some((v) => exceeds(v, largestInteger)))) break;
      found.push(all);
      if (holdsMuch(engine, derived)) break;
    } catch (error) {
      if (error instanceof EvaluationError) break;
      throw error;
    }
  }
  return found;
}

function exceeds(value: Value, largest: number): boolean {
  if (typeof value !== "number" && typeof value !== "bigint") {
    return isTuple(value) && value.some((v) => exceeds(v, largest));
  }
  return value > largest || value < -largest;
}

/** The relations whose facts this node derives for itself. */
export function derivedRelations(rules: readonly Rule[]): readonly RelationName[] {
  const own = rules.filter((r) => r.head.timing.kind !== "async");
  return [...new Set(own.map((r) => r.head.relation))];
}

/** The terms of a head by which valuations are grouped, the destination last, and what is aggregated. */
export function grouping(rule: Rule): {
  readonly by: readonly Term[];
  readonly aggregates: readonly Aggregate[];
} {
  const { terms, timing } = rule.head;
  const isAggregate = (t: HeadTerm): t is Aggregate => t.kind === "aggregate";
  const by = terms.filter((t): t is Term => !isAggregate(t));
  if (timing.kind === "async") by.push(timing.destination);
  return { by, aggregates: terms.filter(isAggregate) };
}

/** All variables of a rule's body. */
export function bodyVariables(rule: Rule): readonly string[] {
  const inTerm = (term: Term): readonly string[] => {
    switch (term.kind) {
      case "variable":
        return [term.name];
      case "tuple":
        return term.terms.flatMap(inTerm);
      case "arithmetic":
        return [...inTerm(term.left), ...inTerm(term.right)];
      default:
        return [];
    }
  };
  return [
    ...new Set(
      rule.body.flatMap((l) => {
        if (l.kind === "relation") return l.terms.flatMap(inTerm);
        if (l.kind === "assignment") return [l.variable, ...inTerm(l.value)];
        return [...inTerm(l.left), ...inTerm(l.right)];
      }),
    ),
  ];
}
