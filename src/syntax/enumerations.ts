import { printRule } from "../program/printCompact.ts";
import type {
  Literal,
  Program,
  RelationLiteral,
  RelationName,
  Rule,
  Term,
} from "../program/program.ts";
import { literalVariables, patternVariables } from "../program/variables.ts";
import { relationLiteral, variable } from "./lowerings.ts";
import { numberOf } from "./numberedNodes.ts";

/**
 * What Hydroflow's runtime enumerates is written out in rules, since a program's functions have one result: `less_than(s, n)`,
 * the numbers below n, and `*x`, the elements of a tuple. Only the values that some literal brings are enumerated.
 */
const LESS_THAN = "less_than";
const FLATTEN = "flatten";
const PLACES = "flatten_at";
const MADE: ReadonlySet<RelationName> = new Set([LESS_THAN, FLATTEN, PLACES]);
/** What only the reader may call so; `less_than` is the notation's own. */
export const ENUMERATION_NAME = /^flatten(?:_at)?$/;

type BareRule = Omit<Rule, "id">;

/** A rule that is made, and which one of the rules needs it first. */
export interface Enumeration {
  readonly rule: BareRule;
  readonly index: number;
}

/** The rules that fill the enumerating relations, for rules that read them; none for relations that the rules derive. */
export function enumerations(rules: readonly BareRule[]): readonly Enumeration[] {
  const derived = new Set(rules.map((r) => r.head.relation));
  const below: Enumeration[] = [];
  const places: Enumeration[] = [];
  rules.forEach((rule, index) => {
    // What looks a destination up brings nothing.
    const body = numberOf(rule) === undefined ? rule.body : rule.body.slice(0, -1);
    for (const literal of body) {
      if (literal.kind !== "relation" || !enumerates(literal)) continue;
      if (derived.has(literal.relation)) continue;
      const isFlat = literal.relation === FLATTEN;
      const source = sourceOf(literal, literal.terms[isFlat ? 0 : 1]!, body);
      if (source === undefined) continue;
      if (isFlat) places.push({ rule: placesOf(source), index });
      else below.push({ rule: belowOf(source), index });
    }
  });
  return [...closed(below, [nextBelow]), ...closed(places, [nextPlace, elements])];
}

/** The rules without those that their reading would make; undefined where no text reads as these. */
export function withoutEnumerations(rules: readonly Rule[]): readonly Rule[] | undefined {
  const first = rules.findIndex((r) => MADE.has(r.head.relation));
  const own = first < 0 ? rules : rules.slice(0, first);
  for (const written of [own, rules]) {
    const made = rules.slice(written.length).map(text);
    const wanted = enumerations(written).map(({ rule }) => text(rule));
    const isExact = JSON.stringify(made) === JSON.stringify(wanted);
    if (isExact && written.every(isWritable)) return written;
  }
  return undefined;
}

/** The enumerating relations where they are like others, which a text must call otherwise. */
export function unreadableEnumerations({ components }: Program): ReadonlySet<RelationName> {
  const isOdd = components.some((c) => withoutEnumerations(c.rules) === undefined);
  return isOdd ? MADE : new Set();
}

/** `flatten` stands only where `*x` does: its tuple is what another literal holds there. */
function isWritable({ head, body }: BareRule): boolean {
  const isOwn = (relation: RelationName): boolean => ENUMERATION_NAME.test(relation);
  if (isOwn(head.relation)) return false;
  return body.every((literal) => {
    if (literal.kind !== "relation" || !isOwn(literal.relation)) return true;
    const [whole] = literal.terms;
    return (
      enumerates(literal) &&
      whole?.kind === "variable" &&
      body.some((l) => l !== literal && literalVariables(l).includes(whole.name))
    );
  });
}

function enumerates(literal: Literal): boolean {
  const isMade =
    literal.kind === "relation" &&
    (literal.relation === LESS_THAN || literal.relation === FLATTEN) &&
    literal.terms.length === 2;
  return isMade && !literal.negated;
}

/**
 * The literals that bring a value: the first other one that has it and, where that is enumerated itself, what it is
 * enumerated of. `x1` stands for the value, other names for what joins them, `_` for all else.
 */
function sourceOf(
  of: Literal,
  value: Term,
  body: readonly Literal[],
): readonly RelationLiteral[] | undefined {
  const chain: RelationLiteral[] = [];
  const names = new Map<string, string>();
  let wanted = value;
  let from: Literal = of;
  for (;;) {
    if (wanted.kind !== "variable" || names.has(wanted.name)) return undefined;
    const { name } = wanted;
    names.set(name, names.size === 0 ? "x1" : `x${names.size + 2}`);
    const source = bringing(name, [...chain, from], body);
    if (source === undefined) return undefined;
    chain.unshift(source);
    if (!enumerates(source)) break;
    wanted = source.terms[source.relation === FLATTEN ? 0 : 1]!;
    from = source;
  }
  return chain.map((literal) => ({ ...literal, terms: literal.terms.map((t) => only(t, names)) }));
}

/** What heads say. */
const BRINGS_NOTHING: ReadonlySet<RelationName> = new Set(["choose", "index"]);

/** An ordinary literal with the variable, else one that enumerates it. */
function bringing(
  name: string,
  not: readonly Literal[],
  body: readonly Literal[],
): RelationLiteral | undefined {
  const all = body.filter(
    (l): l is RelationLiteral =>
      l.kind === "relation" && !l.negated && !not.includes(l) && !BRINGS_NOTHING.has(l.relation),
  );
  const has = (terms: readonly Term[]): boolean =>
    terms.some((term) => patternVariables(term).includes(name));
  const plain = all.find((l) => !enumerates(l) && has(l.terms));
  return plain ?? all.find((l) => enumerates(l) && has([l.terms[l.relation === FLATTEN ? 1 : 0]!]));
}

function only(term: Term, names: ReadonlyMap<string, string>): Term {
  if (term.kind === "variable") {
    const name = names.get(term.name);
    return name === undefined ? { kind: "wildcard" } : variable(name);
  }
  if (term.kind === "tuple") return { ...term, terms: term.terms.map((t) => only(t, names)) };
  return term.kind === "constant" ? term : { kind: "wildcard" };
}

/** Each once, then what goes on from them. */
function closed(first: readonly Enumeration[], then: readonly BareRule[]): readonly Enumeration[] {
  const distinct = [...new Map(first.toReversed().map((e) => [text(e.rule), e])).values()];
  const index = first[0]?.index;
  if (index === undefined) return [];
  return [...distinct.toReversed(), ...then.map((rule) => ({ rule, index }))];
}

const x1 = variable("x1");
const x2 = variable("x2");
const x3 = variable("x3");
const one: Term = { kind: "constant", value: 1 };

function less(left: Term): Term {
  return { kind: "arithmetic", operator: "-", left, right: one };
}

function isPositive(left: Term): Literal {
  return { kind: "comparison", operator: ">", left, right: { kind: "constant", value: 0 } };
}

function made(relation: RelationName, terms: readonly Term[], body: readonly Literal[]): BareRule {
  return { head: { relation, terms, timing: { kind: "now" } }, body };
}

function belowOf(source: readonly Literal[]): BareRule {
  return made(LESS_THAN, [less(x1), x1], [...source, isPositive(x1)]);
}

const nextBelow = made(
  LESS_THAN,
  [less(x1), x2],
  [relationLiteral(LESS_THAN, [x1, x2]), isPositive(x1)],
);

function placesOf(source: readonly Literal[]): BareRule {
  const length = relationLiteral("len", [x1, x2]);
  return made(PLACES, [x1, less(x2)], [...source, length, isPositive(x2)]);
}

const nextPlace = made(PLACES, [x1, less(x2)], [relationLiteral(PLACES, [x1, x2]), isPositive(x2)]);

const elements = made(
  FLATTEN,
  [x1, x3],
  [relationLiteral(PLACES, [x1, x2]), relationLiteral("elementAt", [x1, x2, x3])],
);

function text(rule: BareRule): string {
  return printRule({ id: "", ...rule });
}
