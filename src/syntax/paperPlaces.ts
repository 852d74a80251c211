import { functionSignature } from "../program/functions.ts";
import type { Declaration, Program, RelationLiteral, Term } from "../program/program.ts";
import type { PaperTiming } from "./paperTiming.ts";
import type { ParsedRule } from "./parsed.ts";

/** The location and time variables at which a rule reads its facts. */
export interface RulePlace {
  readonly location: string | undefined;
  readonly time: string | undefined;
}

export interface TimedRule {
  readonly parsed: ParsedRule;
  readonly timing: PaperTiming;
}

/** `bare`: without location and time; `placed`: with them; `either`: an EDB may have them or not. */
export type Notation = "bare" | "placed" | "either";

interface DeclaredPlace {
  readonly constant: boolean;
  /** Unknown where only a snippet declares it. */
  readonly arity: number | undefined;
}

/** What declarations say of relations: the constant ones, edb, node and Hydroflow's static, carry no location and time. */
export function declaredPlaces(
  declarations: readonly Declaration[],
): ReadonlyMap<string, DeclaredPlace> {
  const places = new Map<string, DeclaredPlace>();
  for (const d of declarations) {
    const known = places.get(d.kind === "relation" || d.kind === "snippet" ? d.relation : "");
    if (d.kind === "relation") {
      const constant = d.role === "edb" || d.role === "node" || known?.constant === true;
      places.set(d.relation, { constant, arity: d.attributes.length });
    } else if (d.kind === "snippet" && d.role === "static") {
      places.set(d.relation, { constant: true, arity: known?.arity });
    }
  }
  return places;
}

/** Whether a literal with so many terms of data has nothing else. */
export function isBare(declared: DeclaredPlace | undefined, terms: number): boolean {
  if (declared?.constant !== true) return false;
  return declared.arity === undefined || declared.arity === terms;
}

/** `choose((…), (…))` and `index(i)`, which are about the rows of the rule and stand nowhere. */
function choosesRows({ relation, terms }: RelationLiteral): boolean {
  if (relation === "index") return terms.length === 1;
  return relation === "choose" && terms.length === 2 && terms[0]!.kind !== "variable";
}

/** What the whole text says about how a relation is written. */
export class PaperRelations {
  private readonly heads: ReadonlySet<string>;
  private readonly declared: ReadonlyMap<string, DeclaredPlace>;
  private readonly functions: Program;

  constructor(rules: readonly TimedRule[], declarations: readonly Declaration[]) {
    this.heads = new Set(rules.map((r) => r.parsed.head.relation));
    this.functions = { declarations, components: [] };
    this.declared = declaredPlaces(declarations);
  }

  /** Functions and builtins never carry location and time; what rules derive and what is sent in always does. */
  notation(literal: RelationLiteral): Notation {
    const { relation, terms } = literal;
    if (relation === "self" || relation === "tick") return "bare";
    if (functionSignature(this.functions, relation, terms.length) !== undefined) return "bare";
    if (this.heads.has(relation)) return "placed";
    const declared = this.declared.get(relation);
    if (declared === undefined) return choosesRows(literal) ? "bare" : "either";
    return isBare(declared, terms.length) ? "bare" : "placed";
  }

  isDeclared(relation: string): boolean {
    return this.declared.has(relation);
  }
}

/** The last two terms, when they are two variables. */
export function placeOf(terms: readonly Term[]): readonly [string, string] | undefined {
  const [location, time] = terms.slice(-2);
  if (location?.kind !== "variable" || time?.kind !== "variable") return undefined;
  return location.name === time.name ? undefined : [location.name, time.name];
}

/**
 * Where a rule reads: most of its literals agree on it. One that is spelled differently must not win, so relations that are
 * surely placed weigh more, and so does what head, time arithmetic and `delay` say.
 */
export function findPlace(rule: TimedRule, relations: PaperRelations): RulePlace {
  const { timing } = rule;
  const expectedTime = timing.kind === "now" ? timing.time : timing.bodyTime;
  const delayed = new Set(timing.delayed?.terms.map(variableName));
  const weights = new Map<string, { place: readonly [string, string]; weight: number }>();
  for (const { literal } of timing.body) {
    if (literal.kind !== "relation") continue;
    const notation = relations.notation(literal);
    const place = notation === "bare" ? undefined : placeOf(literal.terms);
    if (place === undefined) continue;
    const key = place.join(" ");
    const entry = weights.get(key) ?? { place, weight: 0 };
    weights.set(key, entry);
    entry.weight += notation === "placed" ? 4 : 1;
    if (place[1] === expectedTime || delayed.has(place[1])) entry.weight += 2;
    if (delayed.has(place[0]) || variableName(timing.location?.value) === place[0]) {
      entry.weight += 1;
    }
    if (/^t(?:\d*|ime)$/.test(place[1])) entry.weight += 1;
  }
  const fallback = fallbackPlace(timing);
  const best = [...weights.values()].reduce((a, b) => (b.weight > a.weight ? b : a), {
    place: fallback,
    weight: fallback === undefined ? 0 : 1,
  });
  return { location: best.place?.[0], time: timing.bodyTime ?? best.place?.[1] };
}

/** For a rule that reads no placed relation: from the head, or from the end of what `delay` names, `(…, l, t, l')`. */
function fallbackPlace(timing: PaperTiming): readonly [string, string] | undefined {
  const head = variableName(timing.location?.value);
  if (timing.kind !== "async") {
    const time = timing.bodyTime ?? timing.time;
    return head === undefined || time === undefined ? undefined : [head, time];
  }
  const terms = timing.delayed?.terms ?? [];
  const toDestination = head !== undefined && variableName(terms.at(-1)) === head;
  return placeOf(toDestination ? terms.slice(0, -1) : terms);
}

export function variableName(term: { readonly kind: string } | undefined): string | undefined {
  return term?.kind === "variable" && "name" in term ? String(term.name) : undefined;
}
