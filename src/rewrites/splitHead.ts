import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { hasAggregate, literalVariables, termVariables } from "../program/variables.ts";
import { aggregateVerb, capitalized, ruleName } from "../analysis/wording.ts";
import type { Attribute, ComponentName, Literal, RuleId, Term } from "../program/program.ts";
import { selfVariable } from "./canonicalSelf.ts";
import { evidenceAt, holds } from "./conditions.ts";
import { added, changed, draftOf, finish, flatMapRules, formerId } from "./draft.ts";
import type { Draft, DraftRule } from "./draft.ts";
import { freshRelation, freshVariable } from "./freshNames.ts";
import { destinationOf } from "./redirect.ts";
import type { Rewrite } from "./rewrite.ts";
import { componentOf, missing, rulesIn, TargetReader } from "./targets.ts";
import { headOf, literal, sentTo, variable, variablesOfHead } from "./terms.ts";

/** A rule that sends an aggregate. */
export interface HeadTarget {
  readonly component: ComponentName;
  readonly rule: RuleId;
}

/**
 * splitHead computes an aggregate first and sends it by a rule of its own.
 *
 *     total(count<v>, k)@async(d) :- w(v, k), leader(d)
 *
 *     total_computed(count<v>, k, d) :- w(v, k), leader(d)
 *     total(n, k)@async(d) :- total_computed(n, k, d)
 *
 * The destination is part of the group, as it was. A sender that routes by a value needs the value, which a rule with an
 * aggregate in its head does not have yet (H-24).
 * "Optimizing Distributed Protocols with Query Rewrites", section 4.1; rewrites.md section 0.3, W6.
 */
export const splitHead: Rewrite<HeadTarget> = {
  name: "splitHead",
  title: "Compute, then send",
  summary: "A rule that sends an aggregate computes it first and sends it by a second rule.",
  citation: { source: "SIGMOD 2024", where: "section 4.1" },
  targets: (p, selection) =>
    (componentOf(p, selection.component)?.rules ?? [])
      .filter((rule) => selection.rules.includes(rule.id) && sendsAggregate(rule))
      .map((rule) => ({ component: selection.component, rule: rule.id })),
  readTarget: (json) => {
    const reader = new TargetReader(json, ["component", "rule"]);
    return reader.read({ component: reader.name("component"), rule: reader.name("rule") });
  },
  misfit: (p, target) => {
    const absent = missing(p, target.component, [target.rule]);
    if (absent !== undefined) return absent;
    const [rule] = rulesIn(p, target.component, [target.rule]);
    return sendsAggregate(rule!)
      ? undefined
      : `${capitalized(ruleName(p, target.rule))} does not send an aggregate.`;
  },
  preconditions: (p, target) => {
    const [rule] = rulesIn(p, target.component, [target.rule]);
    return [
      holds(
        "aggregate",
        `${capitalized(ruleName(p, target.rule))} ${aggregateVerb(rule!)} and sends the result; it can do one after the other in the same tick.`,
        evidenceAt([{ kind: "head", rule: target.rule }], "sends an aggregate"),
      ),
    ];
  },
  apply: (p, target) => finish(split(p, target)),
  defaultName: (p, target) => `split ${ruleName(p, target.rule)}`,
  describe: (p, target) => `${ruleName(p, target.rule)} → two rules`,
};

function sendsAggregate(rule: { readonly head: DraftRule["head"] }): boolean {
  return rule.head.timing.kind === "async" && rule.head.terms.some((t) => t.kind === "aggregate");
}

function split(p: AnalyzedProgram, target: HeadTarget): Draft {
  const draft = draftOf(p);
  return flatMapRules(draft, (rule) => {
    if (formerId(rule) !== target.rule || !hasAggregate({ id: "", ...rule })) return [rule];
    const computed = freshRelation(draft, `${rule.head.relation}_computed`);
    const { attributes } = p.relations.get(rule.head.relation)!;
    return computeThenSend(rule, computed, attributes);
  });
}

function computeThenSend(
  rule: DraftRule,
  computed: string,
  attributes: readonly Attribute[],
): readonly DraftRule[] {
  const because = "The aggregate is computed first and then sent.";
  const destination = destinationOf(rule);
  const ownAddress = rule.body.filter((l) => {
    const own = selfVariable(l);
    return own !== undefined && termVariables(destination).includes(own);
  });
  const sentAlone = ownAddress.filter((l) => !isUsedBeside(rule, l));
  const plain = rule.head.terms.flatMap((t) => (t.kind === "variable" ? [t.name] : []));
  const extra = [...new Set(termVariables(destination))]
    .filter((name) => !plain.includes(name) && !sentAlone.some((l) => selfVariable(l) === name))
    .map(variable);
  const values = namedValues(rule, attributes);
  const compute = added(
    headOf(computed, [...rule.head.terms, ...extra]),
    rule.body.filter((l) => !sentAlone.includes(l)),
    because,
  );
  const send = changed(
    rule,
    {
      head: sentTo(rule.head.relation, values, destination),
      body: [literal(computed, [...values, ...extra]), ...sentAlone],
    },
    because,
  );
  return [compute, send];
}

/** What the second rule reads and sends; variables go by the attributes' names, which clients may know. */
function namedValues(rule: DraftRule, attributes: readonly Attribute[]): readonly Term[] {
  let taken: DraftRule = rule;
  return rule.head.terms.map((term, i): Term => {
    if (term.kind === "variable" || term.kind === "constant") return term;
    const fresh = variable(freshVariable(taken, attributes[i]?.name ?? "x"));
    taken = { ...taken, body: [...taken.body, literal("", [fresh])] };
    return fresh;
  });
}

/** Whether the own address is data too: in the head, or tested by another literal. */
function isUsedBeside(rule: DraftRule, self: Literal): boolean {
  const name = selfVariable(self)!;
  const terms = variablesOfHead({ ...rule.head, timing: { kind: "now" } });
  const others = rule.body.filter((l) => l !== self);
  return [...terms, ...others.flatMap(literalVariables)].includes(name);
}
