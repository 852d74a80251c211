import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { hasSeal, sealedRelations } from "../analysis/seals.ts";
import { capitalized, joined, quoted, ruleName } from "../analysis/wording.ts";
import type { Evidence } from "../program/evidence.ts";
import type { ComponentName, RelationName, Term } from "../program/program.ts";
import { culprits, holds, violated } from "./conditions.ts";
import type { Draft, DraftComponent, DraftRule } from "./draft.ts";
import { added, changed, declare, draftOf, finish } from "./draft.ts";
import { freshRelation, freshVariable } from "./freshNames.ts";
import type { Precondition, Rewrite } from "./rewrite.ts";
import { TargetReader } from "./targets.ts";
import { absent, headOf, literal, sentTo, variable } from "./terms.ts";

/** All seals of the program: there is nothing to choose. */
export type SealTarget = Readonly<Record<never, never>>;

/**
 * sendSealed writes out `seal`, which sends a set as one message: the facts one by one, and how many there are.
 *
 *     rows(seal<x>, b)@async(d) :-            rows_part(s, q, x, b)@async(d) :- p(b), log(x), …, seal_number(q), orig(s)
 *       p(b), log(x), …                       rows_size(s, q, n, b)@async(d) :- rows_count(n, b, d), seal_number(q), orig(s)
 *
 * The receiver keeps what comes until all of one seal is there, reads it in one tick and forgets it. Each seal has a
 * number, also after a crash: two seals of equal further columns would merge (H-27); where several rules seal one relation
 * each has its own (S-14). An empty set sends nothing. The receiver has to be in scope: clients do not wait for the rest.
 * "Optimizing Distributed Protocols with Query Rewrites", section 4.4; rewrites.md section 7.
 */
export const sendSealed: Rewrite<SealTarget> = {
  name: "sendSealed",
  title: "Sealed sets",
  summary:
    "A set that is sent as one goes fact by fact, with its size; the receiver waits for all.",
  citation: { source: "SIGMOD 2024", where: "section 4.4" },
  mends: ["sealing"],
  targets: (p, { component, rules }) =>
    p.program.components.some(
      (c) =>
        c.name === component &&
        c.rules.some((rule) => hasSeal(rule) && (rules.length === 0 || rules.includes(rule.id))),
    )
      ? [{}]
      : [],
  readTarget: (json) => new TargetReader(json, []).read({}),
  misfit: (p) => (sealedRelations(p).length === 0 ? "No rule seals anything." : undefined),
  preconditions: sealConditions,
  apply: (p) => {
    const draft = draftOf(p);
    const names = sealedRelations(p).map((relation) => sealNames(draft, relation));
    const sealing = draft.components.filter((c) => c.rules.some(hasSeal));
    const components = draft.components.map((c) => written(p, draft, c, names));
    const numbered = sealing.reduce<Draft>(
      (d, { name }) => declare(d, { kind: "durable", relation: nextNumber(draft, name) }),
      { ...draft, components },
    );
    return finish(numbered);
  },
  defaultName: (p) => `sealed ${joined(sealedRelations(p))}`,
  describe: (p) => `${joined(sealedRelations(p))} fact by fact, with its size`,
};

/** Who receives sealed sets, and who else sends them. */
export function sealConditions(p: AnalyzedProgram): readonly Precondition[] {
  const rules = [...p.rules.values()].map(({ rule }) => rule);
  const problems = sealedRelations(p).flatMap((relation): readonly Precondition[] => {
    const info = p.relations.get(relation)!;
    const senders = rules.filter(({ head }) => head.relation === relation);
    const heads = (because: string) =>
      culprits(senders.map((r): Evidence => ({ kind: "head", rule: r.id, because })));
    if (info.readBy.length === 0 || info.toClients) {
      const statement = `Clients receive ${quoted(relation)}, and they do not wait until all of a sealed set is there.`;
      return [
        violated({ code: "seal-receiver", statement, evidence: heads("is sent to clients") }),
      ];
    }
    const other = senders.find((rule) => !hasSeal(rule) || rule.head.timing.kind !== "async");
    if (other === undefined) return [];
    const statement = `${capitalized(ruleName(p, other.id))} gives ${quoted(relation)} in another way than sealed; a receiver could not tell the two apart.`;
    const evidence: Evidence = { kind: "head", rule: other.id, because: "does not send a seal" };
    return [violated({ code: "seal-receiver", statement, evidence: [evidence] })];
  });
  if (problems.length > 0) return problems;
  const evidence = sealedRelations(p).map((relation): Evidence => ({
    kind: "relation",
    relation,
    because: "every seal has a number of its own",
  }));
  return [
    holds(
      "seal-receiver",
      "Every receiver of a sealed set can wait until all of it is there.",
      evidence,
    ),
  ];
}

export interface SealNames {
  readonly relation: RelationName;
  readonly part: RelationName;
  readonly size: RelationName;
  readonly kept: RelationName;
  readonly keptSize: RelationName;
  readonly arrived: RelationName;
  readonly whole: RelationName;
}

export function sealNames(draft: Draft, relation: RelationName): SealNames {
  const fresh = (word: string) => freshRelation(draft, `${relation}_${word}`);
  return {
    relation,
    part: fresh("part"),
    size: fresh("size"),
    kept: fresh("kept"),
    keptSize: fresh("keptSize"),
    arrived: fresh("arrived"),
    whole: fresh("whole"),
  };
}

function written(
  p: AnalyzedProgram,
  draft: Draft,
  component: DraftComponent,
  names: readonly SealNames[],
): DraftComponent {
  const counts: RelationName[] = [];
  const number = freshRelation(draft, `sealNumber_${component.name}`);
  const seals = [...p.rules.values()].filter(({ rule }) => hasSeal(rule));
  const own = component.rules.flatMap((rule): readonly DraftRule[] => {
    const found = names.find(({ relation }) => hasSeal(rule) && rule.head.relation === relation);
    if (found === undefined) return [rule];
    const same = seals.filter(({ rule: other }) => other.head.relation === found.relation);
    const which = same.findIndex(({ rule: other }) => isOrigin(rule, other.id));
    const count = freshRelation(
      draft,
      `${found.relation}_count${counts.length || ""}_${component.name}`,
    );
    counts.push(count);
    return sender(rule, found, count, number, which);
  });
  const received = names.filter(({ relation }) =>
    p.relations.get(relation)!.readBy.includes(component.name),
  );
  return {
    ...component,
    rules: [
      ...own,
      ...(counts.length === 0 ? [] : numbering(draft, component, counts, number, own)),
      ...received.flatMap((n) => receiver(p, n)),
    ],
  };
}

function isOrigin(rule: DraftRule, id: string): boolean {
  return rule.origin.kind === "kept" && rule.origin.from === id;
}

const ANY: Term = { kind: "wildcard" };
const because = "A sealed set is sent fact by fact, with its size.";

/** `o(seal<x>, a)@async(d) :- B` as two channels and a count. */
function sender(
  rule: DraftRule,
  names: SealNames,
  count: RelationName,
  number: RelationName,
  which: number,
): readonly DraftRule[] {
  const { timing, terms } = rule.head;
  const seal = terms.find((t) => t.kind === "aggregate");
  if (timing.kind !== "async" || seal?.kind !== "aggregate") throw new Error("no seal is sent");
  const others = terms.filter((t): t is Term => t.kind !== "aggregate");
  const [src, q, n, d] = ["s", "q", "n", "d"].map((name) =>
    variable(freshVariable(rule, name)),
  ) as [Term, Term, Term, Term];
  const id = [literal(number, [q]), literal("orig", [src])];
  const columns = others.map((_, i) => variable(`a${i + 1}`));
  const rest: readonly Term[] = [src, { kind: "constant", value: which }, q];
  const elements = seal.over.map(variable);
  const [only, ...more] = elements;
  const element: Term = more.length === 0 ? only! : { kind: "tuple", terms: elements };
  const counted = { kind: "aggregate", operator: "count", over: seal.over } as const;
  return [
    changed(
      rule,
      {
        head: sentTo(names.part, [...rest, element, ...others], timing.destination),
        body: [...rule.body, ...id],
      },
      because,
    ),
    added(headOf(count, [counted, ...others, timing.destination]), rule.body, because),
    added(
      sentTo(names.size, [...rest, n, ...columns], d),
      [literal(count, [n, ...columns, d]), ...id],
      because,
    ),
  ];
}

/** What of the numbers is carried over. It outlives a crash: a seal begun before it must not get its rest from another. */
function nextNumber(draft: Draft, component: ComponentName): RelationName {
  return freshRelation(draft, `nextSealNumber_${component}`);
}

/** A number for each tick in which the component seals something. */
function numbering(
  draft: Draft,
  component: DraftComponent,
  counts: readonly RelationName[],
  number: RelationName,
  rules: readonly DraftRule[],
): readonly DraftRule[] {
  const next = nextNumber(draft, component.name);
  const sealing = freshRelation(draft, `seals_${component.name}`);
  const [q, r] = [variable("q"), variable("r")];
  const zero: Term = { kind: "constant", value: 0 };
  const one: Term = { kind: "constant", value: 1 };
  const value: Term = { kind: "arithmetic", operator: "+", left: q, right: one };
  const arity = (count: RelationName) =>
    rules.find(({ head }) => head.relation === count)!.head.terms.length;
  return [
    ...counts.map((count) =>
      added(
        headOf(sealing, []),
        [
          literal(
            count,
            Array.from({ length: arity(count) }, () => ANY),
          ),
        ],
        because,
      ),
    ),
    added(headOf(number, [zero]), [literal("boot", []), absent(next, [ANY])], because),
    added(headOf(number, [q]), [literal(next, [q])], because),
    added(
      headOf(next, [r], "next"),
      [literal(number, [q]), literal(sealing, []), { kind: "assignment", variable: "r", value }],
      because,
    ),
    added(headOf(next, [q], "next"), [literal(number, [q]), absent(sealing, [])], because),
  ];
}

/** Keeps parts and size until all parts are there; then the set is read in one tick and forgotten. */
function receiver(p: AnalyzedProgram, n: SealNames): readonly DraftRule[] {
  const at = sealPosition(p, n.relation);
  const columns = p.relations.get(n.relation)!.attributes.map((_, i) => variable(`a${i + 1}`));
  const others = columns.filter((_, i) => i !== at);
  const id = [variable("s"), variable("w"), variable("q")];
  const x = variable("x");
  const count = variable("n");
  const part = [...id, x, ...others];
  const size = [...id, count, ...others];
  const key = [...id, ...others];
  const counted = { kind: "aggregate", operator: "count", over: ["x"] } as const;
  const why = `${quoted(n.relation)} is read when all of one seal is there.`;
  return [
    added(headOf(n.kept, part), [literal(n.part, part)], why),
    added(headOf(n.kept, part, "next"), [literal(n.kept, part), absent(n.whole, key)], why),
    added(headOf(n.keptSize, size), [literal(n.size, size)], why),
    added(headOf(n.keptSize, size, "next"), [literal(n.keptSize, size), absent(n.whole, key)], why),
    added(headOf(n.arrived, [counted, ...key]), [literal(n.kept, part)], why),
    added(
      headOf(n.whole, key),
      [literal(n.keptSize, size), literal(n.arrived, [count, ...key])],
      why,
    ),
    added(
      headOf(n.relation, columns.toSpliced(at, 1, x)),
      [literal(n.kept, part), literal(n.whole, key)],
      why,
    ),
  ];
}

/** Which attribute of a sealed relation is the set. */
export function sealPosition(p: AnalyzedProgram, relation: RelationName): number {
  for (const { rule } of p.rules.values()) {
    if (rule.head.relation !== relation || !hasSeal(rule)) continue;
    return rule.head.terms.findIndex((t) => t.kind === "aggregate");
  }
  throw new Error(`${relation} is not sealed`);
}
