import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import {
  globalRules,
  nameAtNodes,
  OUTSIDE,
  outsideOfNodes,
  seenAtNodes,
} from "../analysis/globalRules.ts";
import { allDeclarations } from "../analysis/occurrences.ts";
import { nodeEnvironment } from "../evaluator/environment.ts";
import type { Fact, NodeEngine } from "../evaluator/nodeEngine.ts";
import type { Literal, RelationName, Rule, Term } from "../program/program.ts";
import { rowKey } from "../program/value.ts";
import type { Address, Value } from "../program/value.ts";
import type { SimulationEngines } from "./clusterNodes.ts";
import type { InvariantOutcome, InvariantViolation, SeenFact } from "./invariantOutcome.ts";
import { momentsOf } from "./moments.ts";
import type { Outage } from "./moments.ts";
import type { Trace } from "./trace.ts";
import { whyUnchecked } from "./whyUnchecked.ts";

const VIOLATIONS_SHOWN = 10;
const REASONS_SHOWN = 12;

/** What a program says must hold: relations that must stay empty, and `post` where it says what must be there in the end. */
export function statedInvariants(p: AnalyzedProgram): readonly RelationName[] {
  const stated = allDeclarations(p.program).flatMap((d) =>
    d.kind === "invariant" ? [d.relation] : [],
  );
  return [...new Set([...stated, ...(saysWhatComes(p) ? ["post"] : [])])];
}

/** Whether it says, as Molly does, what must be there in the end: all of `pre` in `post`. */
export function saysWhatComes(p: AnalyzedProgram): boolean {
  const heads = new Set(globalRules(p.program).map((rule) => rule.head.relation));
  return heads.has("pre") && heads.has("post");
}

/**
 * Looks at a whole run from outside of all nodes (docs/adr/0046): after each change, what all nodes hold in their last tick
 * and what clients have sent and received. It reads the trace, so a run is the same whether or not somebody looks.
 */
export function invariantOutcomes(
  p: AnalyzedProgram,
  trace: Trace,
  engines: SimulationEngines,
  outages: readonly Outage[] = [],
): readonly InvariantOutcome[] {
  const watch = new Watch(p, trace, engines);
  try {
    watch.run(outages);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "EvaluationError") throw error;
    const why = error.message;
    return statedInvariants(p).map((relation) => ({ kind: "unchecked", relation, why }));
  }
  return statedInvariants(p).map((relation) => watch.outcome(relation));
}

/** What arrives at the observer: a fact that is seen from now on, or no longer. */
function appears(view: RelationName): RelationName {
  return `@appears ${view}`;
}

function goes(view: RelationName): RelationName {
  return `@goes ${view}`;
}

class Watch {
  readonly #p: AnalyzedProgram;
  readonly #trace: Trace;
  readonly #rules: readonly Rule[];
  /** How many columns each relation has as it is seen. */
  readonly #views: ReadonlyMap<RelationName, number>;
  readonly #engine: NodeEngine;
  readonly #violations = new Map<RelationName, InvariantViolation[]>();
  readonly #known = new Map<RelationName, Set<string>>();
  #unsettled = false;

  constructor(p: AnalyzedProgram, trace: Trace, engines: SimulationEngines) {
    this.#p = p;
    this.#trace = trace;
    this.#rules = globalRules(p.program);
    this.#views = this.#viewed();
    const kept = [...this.#views].flatMap(([view, columns]) => keepingRules(view, columns));
    const outside = analyze(outsideOfNodes(p.program, kept), p.deployment);
    const { engine, functions, crypto } = engines;
    this.#engine = engine(outside, OUTSIDE).start(
      nodeEnvironment(outside, p.deployment!, OUTSIDE, "", functions, crypto),
    );
  }

  run(outages: readonly Outage[]): void {
    const relations = new Set([...this.#views.keys()].flatMap((view) => seenAtNodes(view) ?? []));
    for (const moment of momentsOf(this.#p, this.#trace, relations, outages)) {
      const { at, tick, appeared, disappeared } = moment;
      // A tick of its own for what goes, so that it is never seen together with what takes its place.
      if (disappeared.length > 0) this.#tick(disappeared.map((f) => arriving(goes, f)));
      this.#tick(appeared.map((f) => arriving(appears, f)));
      this.#look(at, tick);
    }
    if (this.#unsettled) this.#tick([]);
    this.#look(this.#trace.end.at, undefined);
  }

  outcome(relation: RelationName): InvariantOutcome {
    const why = whyUnchecked(this.#p, relation);
    if (why !== undefined) return { kind: "unchecked", relation, why };
    if (relation === "post" && saysWhatComes(this.#p)) return this.#end();
    const violations = this.#violations.get(relation) ?? [];
    const found = violations.length;
    if (found === 0) return { kind: "held", relation };
    return {
      kind: "broken",
      relation,
      found,
      violations: violations.slice(0, VIOLATIONS_SHOWN),
    };
  }

  #tick(arrived: readonly Fact[]): void {
    this.#unsettled = this.#engine.tick(arrived).unsettled;
  }

  #look(at: number, tick: number | undefined): void {
    for (const d of allDeclarations(this.#p.program)) {
      if (d.kind === "invariant") this.#lookAt(d.relation, at, tick);
    }
  }

  #lookAt(relation: RelationName, at: number, tick: number | undefined): void {
    const watched = this.#isGlobal(relation) ? relation : nameAtNodes(relation);
    const known = this.#known.get(relation) ?? new Set();
    this.#known.set(relation, known);
    for (const row of this.#engine.facts(watched)) {
      const key = rowKey(row);
      if (known.has(key)) continue;
      known.add(key);
      const fact = { relation: watched, row };
      const violations = this.#violations.get(relation) ?? [];
      // The later ones are counted only.
      const because = violations.length < VIOLATIONS_SHOWN ? this.#because(fact) : [];
      violations.push({ row, at, ...(tick !== undefined && { tick }), because });
      this.#violations.set(relation, violations);
    }
  }

  #end(): InvariantOutcome {
    const { kind, at } = this.#trace.end;
    if (kind !== "quiet" && kind !== "timers") {
      const why = "The run was stopped before its end, and what must hold in the end is not known.";
      return { kind: "unchecked", relation: "post", why };
    }
    const post = new Set(this.#engine.facts("post").map(rowKey));
    const missing = this.#engine.facts("pre").filter((row) => !post.has(rowKey(row)));
    if (missing.length === 0) return { kind: "held", relation: "post" };
    const violations = missing.slice(0, VIOLATIONS_SHOWN).map((row): InvariantViolation => ({
      row,
      at,
      because: this.#because({ relation: "pre", row }),
    }));
    return { kind: "broken", relation: "post", found: missing.length, violations };
  }

  /** What was seen that a fact follows from, through rules of the same moment. */
  #because(fact: Fact): readonly SeenFact[] {
    const found = new Map<string, SeenFact>();
    const follow = (one: Fact): void => {
      if (found.size >= REASONS_SHOWN) return;
      const relation = this.#views.has(one.relation) ? seenAtNodes(one.relation) : undefined;
      if (relation !== undefined) {
        const [place, ...row] = one.row;
        const name = (place as Address).name;
        found.set(`${name} ${relation} ${rowKey(row)}`, { place: name, relation, row });
      } else if (this.#isGlobal(one.relation)) {
        const [derivation] = this.#engine.explain("now", one);
        for (const { facts } of derivation?.members ?? []) for (const f of facts) follow(f);
      }
    };
    follow(fact);
    return [...found.values()];
  }

  #isGlobal(relation: RelationName): boolean {
    return this.#rules.some((rule) => rule.head.relation === relation);
  }

  #viewed(): ReadonlyMap<RelationName, number> {
    const views = new Map<RelationName, number>();
    for (const literal of this.#rules.flatMap((rule) => rule.body)) {
      if (literal.kind !== "relation" || this.#isGlobal(literal.relation)) continue;
      if (seenAtNodes(literal.relation) === undefined) continue;
      views.set(literal.relation, literal.terms.length);
    }
    for (const d of allDeclarations(this.#p.program)) {
      if (d.kind !== "invariant" || this.#isGlobal(d.relation)) continue;
      views.set(nameAtNodes(d.relation), (this.#p.relations.get(d.relation)?.arity ?? 0) + 1);
    }
    return views;
  }
}

function arriving(
  how: (view: RelationName) => RelationName,
  { place, relation, row }: { readonly place: Value } & Fact,
): Fact {
  return { relation: how(nameAtNodes(relation)), row: [place, ...row] };
}

/** What is seen is seen until it goes: a gcpersisted relation, so that a moment costs what changed in it. */
function keepingRules(view: RelationName, columns: number): readonly Rule[] {
  const terms = Array.from({ length: columns }, (_, i): Term => {
    return { kind: "variable", name: `x${i}` };
  });
  const rule = (n: number, kind: "now" | "next", body: readonly Literal[]): Rule => ({
    id: `${OUTSIDE}/${view}/${n}`,
    head: { relation: view, terms, timing: { kind } },
    body,
  });
  const literal = (relation: RelationName, negated: boolean): Literal => {
    return { kind: "relation", negated, relation, terms };
  };
  return [
    rule(1, "now", [literal(appears(view), false)]),
    rule(2, "next", [literal(view, false), literal(goes(view), true)]),
  ];
}
