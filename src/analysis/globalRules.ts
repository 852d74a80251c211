import type { Fault } from "../program/evidence.ts";
import { isFunctionName } from "../program/functions.ts";
import type { Declaration, Literal, Program, RelationName, Rule } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { allDeclarations } from "./occurrences.ts";
import { attributeCount, quoted } from "./wording.ts";

/** The one component of a program that `outsideOfNodes` gives. */
export const OUTSIDE = "outside";

/** Holds at a node that has crashed and not started again, unless the program has a relation of that name. */
export const DOWN: RelationName = "down";

const EVERYWHERE = "_everywhere";

/** The relation whose facts at all nodes a literal of a global rule reads, the node first. */
export function seenAtNodes(name: RelationName): RelationName | undefined {
  return name.endsWith(EVERYWHERE) ? name.slice(0, -EVERYWHERE.length) : undefined;
}

export function nameAtNodes(relation: RelationName): RelationName {
  return `${relation}${EVERYWHERE}`;
}

/** Rules that stand with an `invariant` or a `global`: outside of every node, in text order. */
export function globalRules(program: Program): readonly Rule[] {
  const counts = new Map<RelationName, number>();
  return allDeclarations(program).flatMap((d) => {
    if ((d.kind !== "invariant" && d.kind !== "global") || d.rule === undefined) return [];
    const n = (counts.get(d.relation) ?? 0) + 1;
    counts.set(d.relation, n);
    return [{ id: `${OUTSIDE}/${d.relation}/${n}`, ...d.rule }];
  });
}

/** A program's global rules as a program of their own: what nodes hold comes from outside (docs/adr/0046). */
export function outsideOfNodes(program: Program, added: readonly Rule[] = []): Program {
  const isKnown = (d: Declaration): boolean =>
    d.kind === "function" || d.kind === "injective" || (d.kind === "relation" && d.role === "edb");
  return {
    declarations: allDeclarations(program).filter(isKnown),
    components: [
      { name: OUTSIDE, by: [], declarations: [], rules: [...globalRules(program), ...added] },
    ],
  };
}

/** What is wrong with the global rules, each said of the relation whose declaration they stand with. */
export function globalRuleFaults(
  p: AnalyzedProgram,
  analyze: (program: Program, deployment: AnalyzedProgram["deployment"]) => AnalyzedProgram,
): readonly Fault[] {
  const rules = globalRules(p.program);
  if (rules.length === 0) return [];
  const heads = new Set(rules.map((rule) => rule.head.relation));
  const own = rules.flatMap((rule) => {
    const sentences = [
      ...headProblems(p, rule),
      ...rule.body.flatMap((literal) => literalProblems(p, heads, literal)),
    ];
    return sentences.map((message) => fault("global-rule", message, rule.head.relation));
  });
  if (own.length > 0) return own;
  const { faults } = analyze(outsideOfNodes(p.program), p.deployment);
  return faults
    .filter(({ severity }) => severity === "error")
    .map(({ code, message, place }) => {
      const id = "rule" in place ? place.rule : undefined;
      const rule = rules.find((one) => one.id === id) ?? rules[0]!;
      return fault(code, message, rule.head.relation);
    });
}

function fault(code: string, message: string, relation: RelationName): Fault {
  const place = { kind: "relation", relation } as const;
  return { severity: "error", code, message, place, related: [] };
}

function headProblems(p: AnalyzedProgram, { head }: Rule): readonly string[] {
  const name = quoted(head.relation);
  if (head.timing.kind === "async") {
    return [`${name} is derived outside of every node, and nothing is sent from there.`];
  }
  if (seenAtNodes(head.relation) !== undefined) {
    return [`${name} is named like a relation at all nodes, so nothing can derive it.`];
  }
  return p.relations.has(head.relation)
    ? [`${name} is a relation of the nodes, so a rule outside of them cannot derive it.`]
    : [];
}

function literalProblems(
  p: AnalyzedProgram,
  heads: ReadonlySet<RelationName>,
  literal: Literal,
): readonly string[] {
  if (literal.kind !== "relation") return [];
  const { relation, terms } = literal;
  if (heads.has(relation)) return [];
  const seen = seenAtNodes(relation);
  if (seen === undefined) return placeProblems(p, relation);
  const arity = p.relations.get(seen)?.arity ?? (seen === DOWN ? 0 : undefined);
  if (arity === undefined) return [`${quoted(relation)}: no node has a relation ${quoted(seen)}.`];
  if (arity + 1 === terms.length) return [];
  const count = attributeCount(arity + 1);
  return [`${quoted(relation)} has ${count}, the node first; ${terms.length} stand here.`];
}

/** Without a place only what is the same everywhere can be read. */
function placeProblems(p: AnalyzedProgram, relation: RelationName): readonly string[] {
  if (isFunctionName(p.program, relation)) return [];
  if (relation === "self" || relation === "tick") {
    return [`Outside of every node there is no ${quoted(relation)}.`];
  }
  const kind = p.relations.get(relation)?.kind;
  const maybeGiven = kind === undefined || (kind === "env" && p.deployment === undefined);
  if (kind === "edb.static" || kind === "func" || maybeGiven) return [];
  const instead = quoted(nameAtNodes(relation));
  return [
    `${quoted(relation)} stands at nodes; a rule outside of them reads ${instead}, the node first.`,
  ];
}
