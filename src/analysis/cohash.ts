import type { Evidence, Place } from "../program/evidence.ts";
import type {
  ComponentName,
  HeadTerm,
  RelationName,
  Rule,
  RuleId,
  Term,
} from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { choiceOf } from "../program/choice.ts";
import { isChoice } from "./choosing.ts";
import {
  chances,
  componentInputs,
  componentRules,
  idbLiterals,
  kindOfRelation,
} from "./componentRules.ts";
import { tickAsData } from "./entanglement.ts";
import type { Finding } from "./finding.ts";
import {
  keyDisagreements,
  type Disagreement,
  type Keyed,
  type KeyAssignment,
} from "./keyAgreement.ts";
import { refs, sheads, wholeComponent } from "./ruleSets.ts";
import { termEquality } from "./termEquality.ts";
import { aggregatedWord, joined, quoted, ruleNumber } from "./wording.ts";

export type { KeyAssignment } from "./keyAgreement.ts";

/**
 * Why a component cannot be partitioned by these keys: P1 to P3 and P5 to P7 of rewrites.md section 4. P8 is
 * `tickSensitivity`, P4 is `cohashGuards`. A relation without a key in `keys` is a finding too.
 */
export function cohashViolations(
  p: AnalyzedProgram,
  component: ComponentName,
  keys: KeyAssignment,
): readonly Finding[] {
  const usable = usableKeys(p, keys);
  const { rules } = componentRules(p, component);
  return [
    ...keylessFindings(p, component, usable),
    ...rules.flatMap((rule) => disagreementFindings(p, rule, usable)),
    ...clientInputs(p, component),
    ...unroutableSenders(p, component, usable),
    ...tickAsData(p, wholeComponent(p, component)),
    ...rules.flatMap((rule) =>
      chanceFindings(p, rule, usable).filter(({ evidence }) => !isByKey(p, rule, usable, evidence)),
    ),
  ];
}

/** The relations that a key assignment for the component has to cover: refs(C) ∪ sheads(C), in text order. */
export function partitionedRelations(
  p: AnalyzedProgram,
  component: ComponentName,
): readonly RelationName[] {
  const set = wholeComponent(p, component);
  return [...new Set([...refs(p, set).keys(), ...sheads(p, set).keys()])];
}

/** Rules that must not fire at every partition (P4, S-08, S-16). */
export interface CohashGuards {
  /** Only the partition that owns the key may fire them; the key's terms. */
  readonly owners: ReadonlyMap<RuleId, readonly Term[]>;
  /** Only one partition may fire them: they send and read no IDB relation. */
  readonly once: ReadonlySet<RuleId>;
}

/** P4: rules without a positive IDB literal, for keys that have no violations. */
export function cohashGuards(
  p: AnalyzedProgram,
  component: ComponentName,
  keys: KeyAssignment,
): CohashGuards {
  const owners = new Map<RuleId, readonly Term[]>();
  const once = new Set<RuleId>();
  for (const rule of componentRules(p, component).rules) {
    const literals = idbLiterals(p, rule);
    if (literals.some(({ literal }) => !literal.negated)) continue;
    const [absent] = literals;
    const { relation, terms, timing } = rule.head;
    if (timing.kind !== "async") {
      owners.set(rule.id, picked(terms, keys[relation] ?? []));
    } else if (absent !== undefined) {
      owners.set(rule.id, picked(absent.literal.terms, keys[absent.literal.relation] ?? []));
    } else once.add(rule.id);
  }
  return { owners, once };
}

function picked(terms: readonly HeadTerm[], key: readonly number[]): readonly Term[] {
  return key.flatMap((i) => {
    const term = terms[i];
    return term === undefined || term.kind === "aggregate" ? [] : [term];
  });
}

/** An empty key says nothing about where a fact belongs. */
function usableKeys(p: AnalyzedProgram, keys: KeyAssignment): KeyAssignment {
  return Object.fromEntries(
    Object.entries(keys).filter(([relation, key]) => {
      const arity = p.relations.get(relation)?.arity ?? 0;
      return key.length > 0 && key.every((i) => i < arity);
    }),
  );
}

function disagreementFindings(
  p: AnalyzedProgram,
  rule: Rule,
  keys: KeyAssignment,
): readonly Finding[] {
  return keyDisagreements(p, rule, keys).flatMap((d) =>
    d.code === "no-key" ? [] : [finding(p, rule, keys, d)],
  );
}

/** Relations that the assignment leaves without a key: their facts would belong nowhere. */
export function keylessFindings(
  p: AnalyzedProgram,
  component: ComponentName,
  keys: Readonly<Record<RelationName, unknown>>,
): readonly Finding[] {
  const set = wholeComponent(p, component);
  const read = refs(p, set);
  const derived = sheads(p, set);
  return partitionedRelations(p, component)
    .filter((relation) => keys[relation] === undefined)
    .map((relation) => {
      const why = p.relations.get(relation)!.arity === 0 ? "has no attribute" : "has no key";
      const because = `${quoted(relation)} ${why}`;
      const [first, ...rest] = [
        ...(read.get(relation) ?? []),
        ...(derived.get(relation) ?? []),
      ].map((place): Evidence => ({ ...place, because }));
      return {
        code: "keys-differ",
        statement: `${because} to split it by, so its facts would belong to no partition.`,
        evidence: [first!, ...rest],
      };
    });
}

type KeyMismatch = Exclude<Disagreement, { readonly code: "no-key" }>;

function finding(p: AnalyzedProgram, rule: Rule, keys: KeyAssignment, d: KeyMismatch): Finding {
  const number = ruleNumber(p, rule.id);
  switch (d.code) {
    case "keys-differ": {
      const [a, b] = [splitBy(p, keys, d.one, d.other), splitBy(p, keys, d.other, d.one)];
      return {
        code: d.code,
        statement:
          `In rule ${number}, ${quoted(d.one.relation)} is split by ${a} and ${sameName(d)} by ${b}. ` +
          `Facts that belong together would be on different nodes.`,
        evidence: [placed(d.one, `split by ${a}`), placed(d.other, `split by ${b}`)],
      };
    }
    case "head-key": {
      const [a, b] = [splitBy(p, keys, d.one, d.other), splitBy(p, keys, d.other, d.one)];
      return {
        code: d.code,
        statement:
          `Rule ${number} derives ${quoted(d.other.relation)}, which is split by ${b}, where ${quoted(d.one.relation)} is, ` +
          `which is split by ${a}. The fact would be on the wrong node.`,
        evidence: [placed(d.one, `split by ${a}`), placed(d.other, `split by ${b}`)],
      };
    }
    case "absent-wildcard":
      return {
        code: d.code,
        statement: `Rule ${number} asks that no ${quoted(shownLiteral(d.one))} exists. One partition sees only its share.`,
        evidence: [placed(d.one, "its key is `_`: any fact anywhere counts")],
      };
    case "group-split":
      return groupSplit(p, rule, keys, d);
  }
}

function sameName(d: Extract<Disagreement, { readonly code: "keys-differ" }>): string {
  return d.one.relation === d.other.relation ? "the other one" : quoted(d.other.relation);
}

function placed(one: Keyed, because: string): Evidence {
  return { ...one.place, because };
}

function groupSplit(
  p: AnalyzedProgram,
  rule: Rule,
  keys: KeyAssignment,
  d: Extract<Disagreement, { readonly code: "group-split" }>,
): Finding {
  const groups = rule.head.terms.flatMap((term, i) =>
    term.kind === "aggregate" ? [] : [p.relations.get(rule.head.relation)!.attributes[i]!.name],
  );
  const group = groups.length === 0 ? "all facts" : `one ${joined(groups.map(quoted))}`;
  const better = wholeGroups(p, rule).map(quoted).join(" or ");
  const instead =
    groups.length === 0
      ? " It has no group to split by."
      : better && ` Split by ${better} instead.`;
  const what = quoted(d.one.relation);
  return {
    code: d.code,
    statement: `In rule ${ruleNumber(p, rule.id)}, ${what} of ${group} would be ${aggregatedWord(rule)} on different nodes.${instead}`,
    evidence: [
      placed(d.one, `split by ${splitBy(p, keys, d.one, d.one)}`),
      {
        ...d.head,
        because:
          groups.length === 0 ? "one group for everything" : `a group for each ${joined(groups)}`,
      },
    ],
  };
}

/** Names of what the rule groups by and finds in each relation it reads, whichever of its literals: a key that the rule allows. */
function wholeGroups(p: AnalyzedProgram, rule: Rule): readonly string[] {
  const equal = termEquality(rule);
  const literals = idbLiterals(p, rule).map(({ literal }) => literal);
  return rule.head.terms.flatMap((group, i) => {
    if (group.kind === "aggregate") return [];
    const holdsIt = literals.every(({ relation, terms }) =>
      terms.some((_, at) =>
        literals.every((l) => l.relation !== relation || equal(l.terms[at]!, group)),
      ),
    );
    return holdsIt ? [p.relations.get(rule.head.relation)!.attributes[i]!.name] : [];
  });
}

/** How a reader of the rule sees the key: by its variables, or by attribute names where these would not tell two apart. */
function splitBy(p: AnalyzedProgram, keys: KeyAssignment, one: Keyed, other: Keyed): string {
  const byTerm = one.key.map(shownTerm).join(", ");
  const unclear = one.key.some((t) => t.kind !== "variable" && t.kind !== "constant");
  const ambiguous = one !== other && byTerm === other.key.map(shownTerm).join(", ");
  if (!unclear && !ambiguous) return quoted(byTerm);
  const attributes = p.relations.get(one.relation)!.attributes;
  return quoted(keys[one.relation]!.map((i) => attributes[i]!.name).join(", "));
}

function shownLiteral({ relation, terms }: Keyed): string {
  return `${relation}(${terms.map(shownTerm).join(", ")})`;
}

function shownTerm(term: HeadTerm): string {
  switch (term.kind) {
    case "variable":
      return term.name;
    case "wildcard":
      return "_";
    case "constant":
      return typeof term.value === "object" ? "…" : JSON.stringify(term.value, bigintAsText);
    case "aggregate":
      return `${term.operator}<${term.over.join(",")}>`;
    case "arithmetic":
      return `${shownTerm(term.left)} ${term.operator} ${shownTerm(term.right)}`;
    case "tuple":
      return `(${term.terms.map(shownTerm).join(", ")})`;
  }
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

/** P5 for inputs from outside: nobody here can tell clients or timers where to send. */
export function clientInputs(p: AnalyzedProgram, component: ComponentName): readonly Finding[] {
  const places = refs(p, wholeComponent(p, component));
  return [...componentInputs(p, component)]
    .filter((relation) => kindOfRelation(p, relation) === "env")
    .map((relation) => {
      const [first, ...rest] = places.get(relation)!.map((place): Evidence => ({
        ...place,
        because: `reads ${quoted(relation)} from clients`,
      }));
      const sender =
        p.relations.get(relation)!.timerMs === undefined ? "Clients send" : "A timer sends";
      return {
        code: "client-input",
        statement:
          `${sender} ${quoted(relation)} to one address, that of ${quoted(component)}, and Clew cannot change that. ` +
          `Move what follows a relay to a component of its own, and partition that.`,
        evidence: [first!, ...rest],
      };
    });
}

/** P5 for channels: every sender, in whatever component, must know the key before it sends. */
export function unroutableSenders(
  p: AnalyzedProgram,
  component: ComponentName,
  keys: KeyAssignment,
): readonly Finding[] {
  const inputs = componentInputs(p, component);
  return [...p.rules.values()].flatMap(({ rule }): readonly Finding[] => {
    const { relation, terms, timing } = rule.head;
    if (timing.kind !== "async" || !inputs.has(relation)) return [];
    const position = (keys[relation] ?? []).find((i) => terms[i]?.kind === "aggregate");
    if (position === undefined) return [];
    const place: Place = { kind: "head", rule: rule.id };
    return [
      {
        code: "unroutable",
        statement:
          `Rule ${ruleNumber(p, rule.id)} computes the key of ${quoted(relation)} while it sends, so it cannot choose a ` +
          `partition. Split it into a rule that computes and a rule that sends.`,
        evidence: [{ ...place, because: `${quoted(shownTerm(terms[position]!))} is the key` }],
      },
    ];
  });
}

/** Whether what is left open is a choice in the body for each value of the full key. */
function isByKey(
  p: AnalyzedProgram,
  rule: Rule,
  keys: KeyAssignment,
  [place]: Finding["evidence"],
): boolean {
  const literal = place.kind === "literal" ? rule.body[place.index] : undefined;
  const choice = literal && isChoice(p, literal) ? choiceOf(literal) : undefined;
  const literals = idbLiterals(p, rule).map((l) => l.literal);
  if (choice === undefined || !literals.some((l) => !l.negated)) return false;
  const equal = termEquality(rule);
  return literals.every((l) =>
    keys[l.relation]?.every((i) => choice.keys.some((key) => equal(key, l.terms[i]!))),
  );
}

/** P7. What a head chooses from the facts of one key is chosen where they all are: P3 asks for the key in the group. */
export function chanceFindings(
  p: AnalyzedProgram,
  rule: Rule,
  keys: Readonly<Record<RelationName, unknown>>,
): readonly Finding[] {
  const literals = idbLiterals(p, rule).map(({ literal }) => literal);
  const isSplit =
    literals.some((l) => !l.negated) && literals.every((l) => keys[l.relation] !== undefined);
  const open = chances(p, rule).filter(({ place }) => place.kind !== "head" || !isSplit);
  return open.map(({ name, place }) => ({
    code: "non-deterministic",
    statement: `Rule ${ruleNumber(p, rule.id)} uses ${quoted(name)}. Each partition would choose for itself.`,
    evidence: [{ ...place, because: "chosen once for all keys" }],
  }));
}
