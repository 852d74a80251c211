import type { HeadTerm, RelationName } from "../program/program.ts";
import type { Atom, Clause } from "./clauseGrammar.ts";

/** Where a clause sits: the first attribute of its first positive literal about a node. */
export interface Place {
  readonly atom: Atom;
  readonly term: HeadTerm;
}

/** What the whole text says about where facts stand. */
export interface MollyPlaces {
  /** Relations whose first attribute is no location: some rule derives them elsewhere than it sits, at once. */
  readonly globals: ReadonlySet<RelationName>;
  /** Relations with a head. */
  readonly derived: ReadonlySet<RelationName>;
  place(clause: Clause): Place | undefined;
}

/**
 * The first attribute is the location, except where it is a number, as in `succ(1, 2)@1`, or where a deductive or inductive
 * rule gives another one than its own: such relations, as `pre(X) :- log(N, X)`, are about the whole system. Reading them
 * makes further ones so.
 */
export function mollyPlaces(clauses: readonly Clause[]): MollyPlaces {
  const derived = new Set(clauses.map((c) => c.head.relation));
  const globals = new Set(clauses.flatMap(numbered).filter((relation) => derived.has(relation)));
  const place = (clause: Clause): Place | undefined => placeOf(clause, globals, derived);
  for (let before = -1; before !== globals.size;) {
    before = globals.size;
    for (const clause of clauses) {
      const { head } = clause;
      if (head.tag?.kind === "async" || globals.has(head.relation)) continue;
      const [location] = head.terms;
      const at = clause.body === undefined ? location?.term : place(clause)?.term;
      if (location === undefined || at === undefined || !sameLocation(location.term, at)) {
        globals.add(head.relation);
      }
    }
  }
  return { globals, derived, place };
}

/** Relations whose first attribute is a number somewhere, which no node is called; where they are sent it would have to be. */
function numbered({ head, body }: Clause): readonly RelationName[] {
  const atoms = (body ?? []).flatMap((l) => (l.kind === "atom" ? [l] : []));
  return [...(head.tag?.kind === "async" ? [] : [head]), ...atoms].flatMap((atom) => {
    const [first] = atom.terms;
    const isNumber =
      first?.term.kind === "constant" &&
      (typeof first.term.value === "number" || typeof first.term.value === "bigint");
    return isNumber ? [atom.relation] : [];
  });
}

function placeOf(
  { head, body }: Clause,
  globals: ReadonlySet<RelationName>,
  derived: ReadonlySet<RelationName>,
): Place | undefined {
  if (body === undefined) {
    const [location] = head.terms;
    return location && { atom: head, term: location.term };
  }
  for (const literal of body) {
    if (literal.kind === "comparison" || literal.negated) continue;
    if (globals.has(literal.relation) || isCrash(literal, derived)) continue;
    const [location] = literal.terms;
    if (location !== undefined) return { atom: literal, term: location.term };
  }
  return undefined;
}

/** `crash(observer, node, time)`, which holds for every observer and which no rule derives. */
export function isCrash(atom: Atom, derived: ReadonlySet<RelationName>): boolean {
  return atom.relation === "crash" && atom.terms.length === 3 && !derived.has("crash");
}

/** The same variable or constant; two wildcards are two places. */
export function sameLocation(a: HeadTerm, b: HeadTerm): boolean {
  if (a.kind === "variable") return b.kind === "variable" && a.name === b.name;
  return a.kind === "constant" && b.kind === "constant" && a.value === b.value;
}
