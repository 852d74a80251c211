import type { NameSpan, Span } from "../program/diagnostic.ts";
import type { Declaration, HeadTerm, RelationName, Term, Timing } from "../program/program.ts";
import { headVariables, literalVariables } from "../program/variables.ts";
import type { Atom, Clause, ComparisonClause } from "./clauseGrammar.ts";
import { withoutLonelyVariables } from "./lonelyVariables.ts";
import type { LoweredRule } from "./lowered.ts";
import type { PlacedLiteral, PlacedTerm } from "./lowerings.ts";
import { loweredRule, relationLiteral, variable } from "./lowerings.ts";
import type { MollyPlaces, Place } from "./mollyPlaces.ts";
import { isCrash, mollyPlaces, sameLocation } from "./mollyPlaces.ts";
import type { Problem } from "./problem.ts";
import { splitSent } from "./sentRules.ts";

export interface MollyClause {
  readonly clause: Clause;
  readonly span: Span;
  readonly names: readonly NameSpan[];
}

export interface LoweredMolly {
  readonly rules: readonly LoweredRule[];
  readonly declarations: readonly Declaration[];
}

/** What `r(…)@N` in a body reads: what r was at tick N, from then on. */
export function pinnedName(relation: RelationName, tick: number): RelationName {
  return `${relation}_at_${tick}`;
}

/** What is read of r at another node than the rule's own: r at all nodes, the node first (Molly's one database). */
export function everywhereName(relation: RelationName): RelationName {
  return `${relation}_everywhere`;
}

/** Who is down, and since when: the same at all nodes, and empty until a scenario says otherwise. */
export const CRASH: Declaration = {
  kind: "relation",
  role: "edb",
  relation: "crash",
  attributes: [
    { name: "node", type: "address" },
    { name: "time", type: "int" },
  ],
  rows: [],
};

/** Molly's clauses as rules (docs/adr/0024): the location becomes implicit, `self` where it is data. */
export function lowerMolly(clauses: readonly MollyClause[]): LoweredMolly {
  const places = mollyPlaces(clauses.map((c) => c.clause));
  const pinned = new Map<RelationName, { rule: LoweredRule; keep: LoweredRule }>();
  const rules = clauses.map((c) => new ClauseLowering(c, places, pinned).rule());
  const all = [...rules, ...[...pinned.values()].flatMap(({ rule, keep }) => [rule, keep])];
  const crashes = clauses.some(({ clause }) =>
    clause.body?.some((l) => l.kind === "atom" && isCrash(l, places.derived)),
  );
  const globals = [...places.derived].flatMap((relation): readonly Declaration[] =>
    places.globals.has(relation) ? [{ kind: "global", relation }] : [],
  );
  return { rules: splitSent(all), declarations: [...(crashes ? [CRASH] : []), ...globals] };
}

class ClauseLowering {
  readonly #source: MollyClause;
  readonly #places: MollyPlaces;
  readonly #place: Place | undefined;
  readonly #pinned: Map<RelationName, { rule: LoweredRule; keep: LoweredRule }>;
  readonly #problems: Problem[] = [];
  /** The first literal about the whole system, in a clause that sits nowhere else. */
  #ownGlobal: Atom | undefined;

  constructor(
    source: MollyClause,
    places: MollyPlaces,
    pinned: Map<RelationName, { rule: LoweredRule; keep: LoweredRule }>,
  ) {
    this.#source = source;
    this.#places = places;
    this.#place = places.place(source.clause);
    this.#pinned = pinned;
  }

  rule(): LoweredRule {
    const { clause, span, names } = this.#source;
    const body = (clause.body ?? []).map((l) => this.#literal(l));
    const head = this.#head(clause.head);
    const own = this.#ownPlace(head.head.terms, head.head.timing, body);
    if (own !== undefined) body.push(own);
    if (clause.body === undefined) this.#constants(clause.head);
    if (clause.head.tag?.kind === "tick") body.push(this.#tick(clause.head.tag.tick));
    return withoutLonelyVariables(loweredRule(head, body, span, names, this.#problems));
  }

  #constants({ terms, relation }: Atom): void {
    const odd = terms.find((t) => t.term.kind !== "constant");
    if (odd === undefined) return;
    const message = `\`${relation}\` is a fact, and holds something else than constants.`;
    this.#report("fact-variable", message, odd.span);
  }

  #head(atom: Atom): Parameters<typeof loweredRule>[0] {
    const { relation, tag, span } = atom;
    const isGlobal = this.#places.globals.has(relation);
    const strip = !isGlobal || tag?.kind === "async";
    const terms = strip ? atom.terms.slice(1) : atom.terms;
    const head = (timing: Timing, destination?: Span): Parameters<typeof loweredRule>[0] => ({
      head: { relation, terms: terms.map((t) => t.term), timing },
      span,
      terms: terms.map((t) => t.span),
      destination,
    });
    switch (tag?.kind) {
      case "next":
        return head({ kind: "next" });
      case "async":
        return this.#sent(atom, isGlobal, head);
      case "tick":
        if (this.#source.clause.body !== undefined) {
          this.#report("pinned-head", "Only a fact is pinned to a tick; this is a rule.", tag.span);
        }
        return head({ kind: "now" });
      case "named":
      case undefined:
        return head({ kind: "now" });
    }
  }

  #sent(
    atom: Atom,
    isGlobal: boolean,
    head: (timing: Timing, destination?: Span) => Parameters<typeof loweredRule>[0],
  ): Parameters<typeof loweredRule>[0] {
    const [location] = atom.terms;
    if (isGlobal) {
      const message = `\`${atom.relation}\` is sent here, and another rule derives it at once at another node than its own.`;
      this.#report("sent-and-remote", message, atom.span);
    }
    if (location === undefined || location.term.kind === "aggregate") {
      const message = `\`${atom.relation}\` is sent, and its first attribute does not say where to.`;
      this.#report("no-destination", message, atom.span);
      return head({ kind: "async", destination: { kind: "wildcard" } });
    }
    return head({ kind: "async", destination: location.term }, location.span);
  }

  #report(code: string, message: string, span: Span): void {
    this.#problems.push({ code, message, span });
  }

  #literal(literal: Atom | ComparisonClause): PlacedLiteral {
    if (literal.kind === "comparison") return literal;
    const { relation, negated, span } = literal;
    const terms = literal.terms.map(asTerm);
    const isGlobal = this.#places.globals.has(relation);
    if (isCrash(literal, this.#places.derived)) {
      return placed(relation, terms.slice(1), negated, span);
    }
    if (literal.terms.length === 0) {
      this.#report(
        "no-location",
        `\`${relation}\` has no attribute that says where it holds.`,
        span,
      );
    }
    const isLocal = isGlobal ? this.#isOwnGlobal(literal) : this.#isLocal(literal);
    const stored = isGlobal ? terms : terms.slice(1);
    const name = this.#pinnedRelation(literal, stored.length);
    if (isLocal) return placed(name, stored, negated, span);
    return placed(everywhereName(name), terms, negated, span);
  }

  #isLocal(literal: Atom): boolean {
    const [location] = literal.terms;
    if (location === undefined || literal === this.#place?.atom) return true;
    return this.#place !== undefined && sameLocation(location.term, this.#place.term);
  }

  #isOwnGlobal(literal: Atom): boolean {
    if (this.#place !== undefined || literal.negated) return false;
    this.#ownGlobal ??= literal;
    return this.#ownGlobal === literal;
  }

  #pinnedRelation({ relation, tag, span }: Atom, arity: number): RelationName {
    if (tag?.kind !== "tick") return relation;
    const name = pinnedName(relation, tag.tick);
    if (!this.#pinned.has(name)) {
      this.#pinned.set(name, pinnedRules(name, relation, tag.tick, arity, span));
    }
    return name;
  }

  /** `self(l)` where the rule uses its location for more than saying where it sits. */
  #ownPlace(
    terms: readonly HeadTerm[],
    timing: Timing,
    body: readonly PlacedLiteral[],
  ): PlacedLiteral | undefined {
    if (this.#place === undefined) return undefined;
    const { term, atom } = this.#place;
    if (this.#source.clause.body === undefined && this.#places.globals.has(atom.relation))
      return undefined;
    const span = atom.terms[0]!.span;
    if (term.kind === "constant") return placed("self", [{ term, span }], false, span);
    if (term.kind !== "variable") return undefined;
    const used = [
      ...headVariables({ relation: "", terms, timing }),
      ...body.flatMap((l) => literalVariables(l.literal)),
    ];
    return used.includes(term.name) ? placed("self", [{ term, span }], false, span) : undefined;
  }

  #tick(tick: number): PlacedLiteral {
    const { span } = this.#source.clause.head.tag!;
    return placed("tick", [{ term: { kind: "constant", value: tick }, span }], false, span);
  }
}

function asTerm({ term, span }: PlacedTerm<HeadTerm>): PlacedTerm {
  if (term.kind === "aggregate") throw new Error("an aggregate stands in heads only");
  return { term, span };
}

function placed(
  relation: RelationName,
  terms: readonly PlacedTerm[],
  negated: boolean,
  span: Span,
): PlacedLiteral {
  return {
    literal: relationLiteral(
      relation,
      terms.map((t) => t.term),
      negated,
    ),
    span,
    terms: terms.map((t) => t.span),
  };
}

/** r_at_N holds from tick N on what r was then. */
export function pinnedRules(
  name: RelationName,
  relation: RelationName,
  tick: number,
  arity: number,
  span: Span,
): { rule: LoweredRule; keep: LoweredRule } {
  const terms: Term[] = Array.from({ length: arity }, (_, i) => variable(`x${i + 1}`));
  const columns = terms.map((term) => ({ term, span }));
  const head = (kind: "now" | "next"): Parameters<typeof loweredRule>[0] => ({
    head: { relation: name, terms, timing: { kind } },
    span,
    terms: terms.map(() => span),
  });
  const at = placed("tick", [{ term: { kind: "constant", value: tick }, span }], false, span);
  return {
    rule: loweredRule(head("now"), [placed(relation, columns, false, span), at], span, []),
    keep: loweredRule(head("next"), [placed(name, columns, false, span)], span, []),
  };
}
