import type { RelationLiteral } from "../program/program.ts";
import type { PaperRelations, RulePlace, TimedRule } from "./paperPlaces.ts";
import { placeOf, variableName } from "./paperPlaces.ts";
import { replace } from "./paperTiming.ts";
import type { ParsedLiteral } from "./parsed.ts";
import type { Problem } from "./problem.ts";

/** How one relation is written over the whole text: one way per relation. */
export interface Usage {
  /** Number of terms, location and time included, where it carries them; undefined when it never does. */
  readonly placedArity: number | undefined;
}

/** Decides for every relation that no rule derives whether its literals carry location and time. */
export function usages(
  rules: readonly { readonly rule: TimedRule; readonly place: RulePlace }[],
  relations: PaperRelations,
): ReadonlyMap<string, Usage> {
  const found = new Map<string, Usage>();
  for (const { rule, place } of rules) {
    for (const { literal } of rule.timing.body) {
      if (literal.kind !== "relation" || relations.notation(literal) !== "either") continue;
      const known = found.get(literal.relation);
      if (known?.placedArity !== undefined) continue;
      const placed = carries(literal, place) || readsTimeLast(literal, place);
      found.set(literal.relation, { placedArity: placed ? literal.terms.length : undefined });
    }
  }
  return found;
}

export interface ReadLiteral {
  readonly parsed: ParsedLiteral;
  readonly problems: readonly Problem[];
}

/** The literal without its location and time, and what is wrong with them. */
export function readPlaced(
  parsed: ParsedLiteral & { readonly literal: RelationLiteral },
  place: RulePlace,
  relations: PaperRelations,
  used: ReadonlyMap<string, Usage>,
): ReadLiteral {
  const { literal } = parsed;
  const notation = relations.notation(literal);
  const arity = used.get(literal.relation)?.placedArity;
  if (notation === "bare" || (notation === "either" && arity === undefined)) {
    return { parsed, problems: [] };
  }
  if (carries(literal, place)) return { parsed: withoutPlace(parsed), problems: [] };
  if (notation === "either" && literal.terms.length + 2 === arity) {
    return { parsed, problems: [twoWays(parsed)] };
  }
  if (literal.terms.length < 2) return { parsed, problems: [unplaced(parsed)] };
  return { parsed: withoutPlace(parsed), problems: [elsewhere(parsed, place)] };
}

function carries(literal: RelationLiteral, place: RulePlace): boolean {
  const own = placeOf(literal.terms);
  return own !== undefined && own[0] === place.location && own[1] === place.time;
}

/** Ends in the rule's time after some other variable: a misspelt location rather than an EDB. */
function readsTimeLast(literal: RelationLiteral, place: RulePlace): boolean {
  const own = placeOf(literal.terms);
  return own !== undefined && own[1] === place.time;
}

type ParsedRelation = ParsedLiteral & { readonly literal: RelationLiteral };

function withoutPlace(parsed: ParsedRelation): ParsedLiteral {
  return {
    ...parsed,
    literal: { ...parsed.literal, terms: parsed.literal.terms.slice(0, -2) },
    terms: parsed.terms.slice(0, -2),
  };
}

function twoWays(parsed: ParsedRelation): Problem {
  return {
    code: "two-ways",
    message: `\`${parsed.literal.relation}\` stands here without location and time and elsewhere with them; one way is needed for a relation.`,
    span: parsed.span,
  };
}

function unplaced(parsed: ParsedRelation): Problem {
  return {
    code: "no-location-time",
    message: `\`${parsed.literal.relation}\` has no location and time here, and every relation that rules derive has them.`,
    span: parsed.span,
  };
}

function elsewhere(parsed: ParsedRelation, place: RulePlace): Problem {
  const [location, time] = parsed.literal.terms.slice(-2).map(variableName);
  const wrongLocation = location !== place.location;
  const at = `\`${place.location ?? "?"}\`, \`${place.time ?? "?"}\``;
  const span = parsed.terms.at(wrongLocation ? -2 : -1)!;
  const wanted = wrongLocation ? place.location : place.time;
  const both = wrongLocation && time !== place.time;
  return {
    code: "place",
    message: `\`${parsed.literal.relation}\` is read at another location or time than ${at}, where the rule reads; a rule sees the facts of one node in one tick.`,
    span,
    ...(wanted !== undefined && !both && { fix: replace(span, wanted) }),
  };
}
