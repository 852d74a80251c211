import type { Literal, RelationLiteral, RelationName, Rule, Term } from "../program/program.ts";
import { headVariables, literalVariables } from "../program/variables.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import {
  componentRules,
  headRules,
  isIdbKind,
  isRelationLiteral,
  isTimeless,
  kindOfRelation,
} from "./componentRules.ts";
import { dependenciesOfInputs } from "./dependencies.ts";
import type { Finding } from "./finding.ts";
import { gcPersisted, logicallyPersisted } from "./persistence.ts";
import type { GcPersistence } from "./persistence.ts";
import { reachedKeys } from "./reachedKeys.ts";
import type { ReachedKeys } from "./reachedKeys.ts";
import { isOutputRule, rulesOf } from "./ruleSets.ts";
import type { RuleSet } from "./ruleSets.ts";
import { ruleCongruence } from "./ruleCongruence.ts";
import { thresholds } from "./thresholds.ts";
import { freshVariables, unfold, withoutWildcards } from "./unfold.ts";
import { capitalized, joined, quoted, ruleName, ruleNames, ruleNumber } from "./wording.ts";

/** Whether what a set of rules deletes has been answered by then: CERT of rewrites.md section 1.8. */
export type DeletionCertificate = { readonly gc: GcPersistence } & (
  | { readonly kind: "answered"; readonly finding: Finding }
  | { readonly kind: "open"; readonly finding: Finding }
);

/**
 * For each relation that rules of the set keep until some event: whether at the tick of a deletion every output that the
 * deleted fact could still help to derive is sent in that very tick. Then it is never missed, whenever the facts it is
 * joined with arrive, and the set may be treated as if it kept the relation for good.
 *
 * For every output rule and every way in which the deleted fact may enter it: what else the rule reads must be among what
 * the event is derived from, with the key the same (`com(i), bt(i, b)` where `sent(i) :- com(i), bt(i, _)`); and what the
 * rule says must be a function of the key, or a second fact of the same key that arrives after the deletion would never
 * be answered. Equality is that of congruence closure under the declared and derived dependencies of section 5.
 */
export function deletionCertificates(
  p: AnalyzedProgram,
  set: RuleSet,
): ReadonlyMap<RelationName, DeletionCertificate> {
  const found = new Map<RelationName, DeletionCertificate>();
  for (const relation of componentRules(p, set.component).relations) {
    const gc = gcPersisted(p, set.component, relation);
    if (gc === undefined || !set.rules.has(gc.rule.id) || !isEvent(p, gc)) continue;
    found.set(relation, certificate(p, set, relation, gc));
  }
  return found;
}

/** Deletion by a table is none: what the table names is never kept, the rest for good. */
function isEvent(p: AnalyzedProgram, { by }: GcPersistence): boolean {
  return isIdbKind(kindOfRelation(p, by));
}

function certificate(
  p: AnalyzedProgram,
  set: RuleSet,
  relation: RelationName,
  gc: GcPersistence,
): DeletionCertificate {
  const late = comesLate(p, set, relation, gc);
  if (late !== undefined) return { kind: "open", gc, finding: late };
  const keys = reachedKeys(p, set, relation, gc.key);
  const outputs = rulesOf(p, set).filter((rule) => isOutputRule(p, rule) || goesOver(p, set, rule));
  const answering: Rule[] = [];
  for (const output of outputs) {
    const needs = missing(p, set, relation, gc, keys, output);
    if (needs === "nothing to do with it") continue;
    if (needs !== undefined) {
      return { kind: "open", gc, finding: needs };
    }
    answering.push(output);
  }
  return { kind: "answered", gc, finding: answered(p, relation, gc, answering) };
}

/** Whether a rule outside the set reads what the rule derives: asymmetric decoupling sends that over, so it is seen. */
function goesOver(p: AnalyzedProgram, set: RuleSet, { head }: Rule): boolean {
  const readers = componentRules(p, set.component).readers.get(head.relation) ?? [];
  return head.timing.kind !== "async" && readers.some((reader) => !set.rules.has(reader.id));
}

/** An event that the rules that stay derive, and that is not kept, reaches the rules that move on its own. */
function comesLate(
  p: AnalyzedProgram,
  set: RuleSet,
  relation: RelationName,
  gc: GcPersistence,
): Finding | undefined {
  const producers = headRules(p, set.component, gc.by).all;
  const outside = producers.filter(
    (rule) => rule.head.timing.kind !== "async" && !set.rules.has(rule.id),
  );
  if (outside.length === 0 || logicallyPersisted(p, set.component).has(gc.by)) return undefined;
  const why = `${quoted(gc.by)} is derived by ${ruleNames(
    p,
    outside.map((r) => r.id),
  )}, on the other node, and may come at any time.`;
  const because = `derives ${quoted(gc.by)} on the other node`;
  return open(
    p,
    relation,
    gc,
    why,
    outside.map((rule) => ({ kind: "rule", rule: rule.id, because })),
  );
}

/** Why the output rule may still need a deleted fact; undefined when it never does. */
function missing(
  p: AnalyzedProgram,
  set: RuleSet,
  relation: RelationName,
  gc: GcPersistence,
  keys: ReachedKeys,
  output: Rule,
): Finding | "nothing to do with it" | undefined {
  const touches = (body: readonly Literal[]): readonly RelationLiteral[] =>
    body.filter(isRelationLiteral).filter((l) => !l.negated && keys.has(l.relation));
  if (touches(output.body).length === 0) return "nothing to do with it";
  const sent = unfolded(p, set, answerBody(p, set, output), "o");
  if (sent === undefined || !isTimeless(output)) {
    const why = `${capitalized(ruleName(p, output.id))} sees it through rules that Clew cannot look through.`;
    return open(p, relation, gc, why, [reader(output, relation)]);
  }
  const event = eventBody(p, set, gc);
  for (const entry of touches(sent)) {
    const gap = gapAt(p, { sent, entry, output, event, gc, relation, keys });
    if (gap !== undefined) return open(p, relation, gc, gap, [reader(output, relation)]);
  }
  return undefined;
}

/** What an answer needs: its rule's body; of a threshold that goes over the threshold itself, which holds or not. */
function answerBody(p: AnalyzedProgram, set: RuleSet, { head, body }: Rule): readonly Literal[] {
  const { relation, timing, terms } = head;
  const isThreshold = timing.kind !== "async" && thresholdHeads(p, set).has(relation);
  return isThreshold
    ? [{ kind: "relation", negated: false, relation, terms: terms as readonly Term[] }]
    : body;
}

function thresholdHeads(p: AnalyzedProgram, set: RuleSet): ReadonlySet<RelationName> {
  return new Set(
    [...thresholds(p, set.component).values()].map(({ reader: waits }) => waits.head.relation),
  );
}

function unfolded(
  p: AnalyzedProgram,
  set: RuleSet,
  body: readonly Literal[],
  prefix: string,
): readonly Literal[] | undefined {
  const fresh = freshVariables(prefix);
  const whole = unfold(p, set, body, fresh);
  return whole && withoutWildcards(whole, fresh);
}

/** What holds when the fact of a key is deleted, and the terms of that key. */
interface EventBody {
  readonly body: readonly Literal[];
  readonly key: readonly Term[];
}

function eventBody(p: AnalyzedProgram, set: RuleSet, gc: GcPersistence): EventBody {
  const fresh = freshVariables("g");
  const terms = Array.from({ length: p.relations.get(gc.by)!.arity }, fresh);
  const literal: Literal = { kind: "relation", negated: false, relation: gc.by, terms };
  return {
    // An event that cannot be looked through is at least itself.
    body: unfolded(p, set, [literal], "h") ?? [literal],
    key: gc.columns.map((column) => terms[column]!),
  };
}

interface Entry {
  readonly sent: readonly Literal[];
  readonly entry: RelationLiteral;
  readonly output: Rule;
  readonly event: EventBody;
  readonly gc: GcPersistence;
  readonly relation: RelationName;
  readonly keys: ReachedKeys;
}

/** What may be missing when the fact that enters here is deleted, as a sentence; undefined when nothing is. */
function gapAt(p: AnalyzedProgram, at: Entry): string | undefined {
  const { sent, entry, output, event, relation } = at;
  const others = sent
    .filter(isRelationLiteral)
    .filter((l) => !l.negated && isIdbKind(kindOfRelation(p, l.relation)))
    .filter((l) => l !== entry || l.relation !== relation);
  const held = event.body.filter(isRelationLiteral).filter((l) => !l.negated);
  const absent = others.find((l) => !held.some((h) => h.relation === l.relation));
  const number = ruleNumber(p, output.id);
  if (absent !== undefined) {
    return `Rule ${number} also needs ${quoted(absent.relation)}, which may come after that: then the answer is lost.`;
  }
  const same = sameness(p, at);
  const choices = others.map((l) => held.filter((h) => h.relation === l.relation));
  if (someChoice(choices, (chosen) => satisfies(p, at, others, chosen, same))) return undefined;
  return (
    `What rule ${number} sends is not settled by ${shownKey(p, at)}: a second fact of the same key that comes after that is ` +
    `never answered.`
  );
}

function shownKey(p: AnalyzedProgram, { gc, relation }: Entry): string {
  const names = gc.key.map((k) => quoted(p.relations.get(relation)!.attributes[k]!.name));
  return names.length === 0 ? "the event" : joined(names);
}

type Same = (a: Term, b: Term) => boolean;

/**
 * What is equal when the output rule would fire with the deleted fact, at whatever tick, and the event holds at the tick
 * of the deletion: dependencies hold over all time, so both sides may be taken together.
 */
function sameness(p: AnalyzedProgram, { sent, entry, output, event, keys }: Entry): Same {
  const link = keys.get(entry.relation)!.flatMap((positions, k) =>
    positions.map((at): Literal => ({
      kind: "comparison",
      operator: "==",
      left: entry.terms[at]!,
      right: event.key[k]!,
    })),
  );
  const body = [...sent, ...event.body, ...link];
  const names = [...new Set([...headVariables(output.head), ...body.flatMap(literalVariables)])];
  const terms: readonly Term[] = names.map((name) => ({ kind: "variable", name }));
  const rule: Rule = {
    id: output.id,
    head: { relation: output.head.relation, terms, timing: { kind: "now" } },
    body,
  };
  const { congruence, of } = ruleCongruence(p, rule, dependenciesOfInputs(p));
  return (a, b) => {
    const [x, y] = [of(a), of(b)];
    return x !== undefined && y !== undefined && congruence.same(x, y);
  };
}

/** Whether reading the chosen facts of the event's tick for the others gives the very output. */
function satisfies(
  p: AnalyzedProgram,
  { sent, entry, output, relation }: Entry,
  others: readonly RelationLiteral[],
  chosen: readonly RelationLiteral[],
  same: Same,
): boolean {
  const images = new Map<string, Term[]>();
  for (const [i, literal] of others.entries()) {
    for (const [position, term] of literal.terms.entries()) {
      const image = chosen[i]!.terms[position]!;
      if (term.kind === "variable")
        images.set(term.name, [...(images.get(term.name) ?? []), image]);
      else if (!same(term, image)) return false;
    }
  }
  const settled = (name: string): boolean =>
    (images.get(name) ?? []).every((image) => same({ kind: "variable", name }, image));
  const agree = [...images.values()].every(([first, ...more]) =>
    more.every((image) => same(first!, image)),
  );
  const given = sent.filter(
    (l) => !isRelationLiteral(l) || !isIdbKind(kindOfRelation(p, l.relation)),
  );
  const fixed = [
    ...headVariables(output.head),
    ...given.flatMap(literalVariables),
    ...(entry.relation === relation ? literalVariables(entry) : []),
  ];
  return agree && fixed.every(settled);
}

function someChoice<T>(
  choices: readonly (readonly T[])[],
  accepts: (chosen: readonly T[]) => boolean,
  chosen: readonly T[] = [],
): boolean {
  const [options, ...rest] = choices;
  if (options === undefined) return accepts(chosen);
  return options.some((option) => someChoice(rest, accepts, [...chosen, option]));
}

function reader(output: Rule, relation: RelationName): Finding["evidence"][0] {
  return { kind: "rule", rule: output.id, because: `may still need ${quoted(relation)}` };
}

function open(
  p: AnalyzedProgram,
  relation: RelationName,
  { rule, by, index }: GcPersistence,
  why: string,
  evidence: readonly Finding["evidence"][0][],
): Finding {
  return {
    code: "forgets-early",
    statement: `${quoted(relation)} is deleted at ${quoted(by)} by rule ${ruleNumber(p, rule.id)}. ${why}`,
    evidence: [
      {
        kind: "literal",
        rule: rule.id,
        index,
        because: `deletes ${quoted(relation)} when ${quoted(by)} holds`,
      },
      ...evidence,
    ],
  };
}

function answered(
  p: AnalyzedProgram,
  relation: RelationName,
  { rule, by, index }: GcPersistence,
  answering: readonly Rule[],
): Finding {
  const sends =
    answering.length === 0
      ? "no rule that moves sends anything because of it"
      : `${ruleNames(
          p,
          answering.map((r) => r.id),
        )} ${answering.length === 1 ? "sends" : "send"} what it is needed for in that very tick`;
  return {
    code: "forgets-early",
    statement: `${quoted(relation)} is deleted at ${quoted(by)} by rule ${ruleNumber(p, rule.id)}, and ${sends}.`,
    evidence: [
      {
        kind: "literal",
        rule: rule.id,
        index,
        because: `deletes ${quoted(relation)} when ${quoted(by)} holds`,
      },
      ...answering.map((r) => ({
        kind: "head" as const,
        rule: r.id,
        because: `is sent when ${quoted(by)} holds`,
      })),
    ],
  };
}
