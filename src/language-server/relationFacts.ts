import { headRules } from "../analysis/componentRules.ts";
import type { AnalyzedProgram, RelationInfo } from "../analysis/analyzedProgram.ts";
import { dependencies } from "../analysis/dependencies.ts";
import { shownKeyTerm } from "../analysis/keyTerm.ts";
import { gcPersisted, persistenceRule } from "../analysis/persistence.ts";
import { monotoneViolations } from "../analysis/ruleClasses.ts";
import { stratify } from "../analysis/stratify.ts";
import { joined, quoted, ruleName, ruleNames } from "../analysis/wording.ts";
import type { Finding } from "../analysis/finding.ts";
import type { RelationName, Rule, RuleId } from "../program/program.ts";

/** `r(a: int, b)` */
export function signatureOf({
  name,
  attributes,
}: Pick<RelationInfo, "name" | "attributes">): string {
  const terms = attributes.map((a) => (a.type === undefined ? a.name : `${a.name}: ${a.type}`));
  return `${name}(${terms.join(", ")})`;
}

/** Where its facts come from, in a sentence. */
export function kindSentence(info: RelationInfo): string {
  switch (info.kind) {
    case "edb.static":
      return "Constant, the same at every node.";
    case "edb.node":
      return "Constant, each node has its own.";
    case "func":
      return "A function.";
    case "builtin":
      return BUILTIN_SENTENCES.get(info.name) ?? "Known to every node.";
    case "env":
      return info.timerMs === undefined ? "Clients send it." : `A timer, every ${info.timerMs} ms.`;
    case "chan":
      return info.toClients ? "Messages to clients." : "A channel: messages between nodes.";
    case "local":
      return "Facts of one node.";
  }
}

const BUILTIN_SENTENCES: ReadonlyMap<RelationName, string> = new Map([
  ["self", "`self(l)`: the node's own address."],
  ["tick", "`tick(t)`: the number of the node's tick. Another node counts other ticks."],
  [
    "choose",
    "`choose((x,), (y,))`: for each x one y. Which one is left open; runs take the least.",
  ],
  [
    "index",
    "`index(i)`: numbers the rule's rows, from 0. In what order is left open; runs go by their values.",
  ],
  ["random", "A value that differs from run to run."],
]);

/** "Derived by rule 2; read by rules 3 and 4.", empty when it is neither. */
export function usesSentence(p: AnalyzedProgram, relation: RelationName): string {
  const derives: RuleId[] = [];
  const reads: RuleId[] = [];
  for (const { rule } of p.rules.values()) {
    if (rule.head.relation === relation) derives.push(rule.id);
    if (rule.body.some((l) => l.kind === "relation" && l.relation === relation))
      reads.push(rule.id);
  }
  const parts = [
    ...(derives.length > 0 ? [`derived by ${ruleNames(p, derives)}`] : []),
    ...(reads.length > 0 ? [`read by ${ruleNames(p, reads)}`] : []),
  ].join("; ");
  return parts === "" ? "" : `${parts[0]!.toUpperCase()}${parts.slice(1)}.`;
}

/** How long its facts last, for each component that derives it. */
export function keptSentences(p: AnalyzedProgram, info: RelationInfo): readonly string[] {
  const kept = info.derivedBy.flatMap((component) => {
    const keeper = persistenceRule(p, component, info.name);
    if (keeper !== undefined) return [`Kept for good by ${ruleName(p, keeper.id)}.`];
    const until = gcPersisted(p, component, info.name);
    if (until === undefined) return [];
    return [`Kept by ${ruleName(p, until.rule.id)} until ${quoted(until.by)} holds.`];
  });
  const lasts =
    info.kind === "local" && kept.length === 0 ? ["Not kept: gone after its tick."] : [];
  return [...kept, ...lasts, ...(info.durable ? ["Durable: survives a crash."] : [])];
}

/** In which stratum each component derives it, where there is more than one. */
export function stratumSentences(p: AnalyzedProgram, info: RelationInfo): readonly string[] {
  return info.derivedBy.flatMap((component) => {
    const found = stratify(p, component);
    if (found.kind === "cycle") return [];
    const index = found.strata.findIndex((relations) => relations.includes(info.name));
    if (index < 0) return [];
    return [`Stratum ${index + 1} of ${found.strata.length} in \`${component}\`.`];
  });
}

/** What it depends on that can be said of every fact: `h = hash(val, 16)`. */
export function dependencyTexts(p: AnalyzedProgram, info: RelationInfo): readonly string[] {
  const found = dependencies(p).get(info.name) ?? [];
  return found.flatMap(({ position, term }) => {
    const attribute = info.attributes[position]?.name;
    return attribute === undefined ? [] : [`${attribute} = ${shownKeyTerm(p, info.name, term)}`];
  });
}

const NOT_MONOTONE: ReadonlySet<string> = new Set([
  "aggregate",
  "exact-threshold",
  "changing-negation",
  "non-deterministic",
]);

/** Whether more input only ever gives more of it: what its own rules do that is not so. */
export function monotoneSentence(p: AnalyzedProgram, info: RelationInfo): string | undefined {
  const own = info.derivedBy.flatMap((component) => headRules(p, component, info.name).all);
  if (own.length === 0) return undefined;
  const [against] = own
    .flatMap((rule) => violations(p, rule))
    .filter(({ code }) => NOT_MONOTONE.has(code));
  return against === undefined ? "Monotone." : `Not monotone: ${against.statement}`;
}

/**
 * Whether what it holds can depend on the order in which messages come (the CALM question): somewhere on the way from
 * the inputs to it a rule is not monotone, or reads what may be gone when the rest arrives.
 */
export function coordinationSentence(p: AnalyzedProgram, info: RelationInfo): string | undefined {
  if (info.derivedBy.length === 0) return undefined;
  const sensitive = upstream(p, info.name).filter((rule) => violations(p, rule).length > 0);
  if (sensitive.length === 0) {
    return "Coordination: not needed. In whatever order messages come, the same facts come out.";
  }
  const rules = ruleNames(
    p,
    sensitive.map((rule) => rule.id),
  );
  return `Coordination: needed. It depends on ${rules}, which ${sensitive.length === 1 ? "minds" : "mind"} the order of messages.`;
}

const violationsMemo = new WeakMap<object, Map<RuleId, readonly Finding[]>>();

/** What keeps one rule from being monotone; looking for it takes a while, and every hover asks of many rules. */
function violations(p: AnalyzedProgram, rule: Rule): readonly Finding[] {
  const known = violationsMemo.get(p.relations) ?? new Map<RuleId, readonly Finding[]>();
  violationsMemo.set(p.relations, known);
  let found = known.get(rule.id);
  if (found === undefined) {
    const { component } = p.rules.get(rule.id)!;
    found = monotoneViolations(p, { component, rules: new Set([rule.id]) });
    known.set(rule.id, found);
  }
  return found;
}

/** Every rule that a relation's facts come through, over all components. */
function upstream(p: AnalyzedProgram, relation: RelationName): readonly Rule[] {
  const byHead = new Map<RelationName, Rule[]>();
  for (const { rule } of p.rules.values()) {
    const alike = byHead.get(rule.head.relation);
    if (alike === undefined) byHead.set(rule.head.relation, [rule]);
    else alike.push(rule);
  }
  const seen = new Set([relation]);
  for (const name of seen) {
    for (const rule of byHead.get(name) ?? []) {
      for (const literal of rule.body) if (literal.kind === "relation") seen.add(literal.relation);
    }
  }
  return [...seen].flatMap((name) => byHead.get(name) ?? []);
}

/** "`acks` and `votes`" */
export function quotedNames(names: readonly string[]): string {
  return joined(names.map(quoted));
}
