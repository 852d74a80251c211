import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type {
  AggregateOperator,
  ComparisonOperator,
  ComponentName,
  Literal,
  RelationLiteral,
  RelationName,
  Rule,
  Term,
} from "../program/program.ts";
import { printTerm } from "../program/printTerm.ts";
import type { Value } from "../program/value.ts";
import { functionKey } from "./functions.ts";
import {
  functionInputs,
  gives,
  orderedLiterals,
  variablesOf,
  type OrderedLiteral,
} from "./literalOrder.ts";
import { withoutChoices } from "./loweredChoices.ts";
import { unreadVariables } from "./unreadVariables.ts";

/** What stands in a column of a stored literal: nothing that has to be computed. */
export type Column =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "constant"; readonly value: Value }
  | { readonly kind: "wildcard" };

export interface StoredLiteral {
  readonly kind: "stored";
  readonly relation: RelationName;
  readonly negated: boolean;
  readonly columns: readonly Column[];
  /** It has few rows in any tick: only what is new in it, or one. */
  readonly few?: true;
}

/** A rule's body in the pieces that plans are made of. */
export type NormalLiteral =
  | StoredLiteral
  /** Gives the variable, or tests it when it is bound. */
  | { readonly kind: "assign"; readonly variable: string; readonly value: Term }
  /** Takes the tuple in `variable` apart. */
  | { readonly kind: "split"; readonly variable: string; readonly items: readonly Column[] }
  | {
      readonly kind: "compare";
      readonly operator: ComparisonOperator;
      readonly left: Term;
      readonly right: Term;
    }
  | {
      readonly kind: "call";
      readonly function: string;
      readonly negated: boolean;
      readonly inputs: readonly Term[];
      readonly outputs: readonly Column[];
    }
  /** Holds where that cannot be computed. */
  | {
      readonly kind: "fails";
      readonly of: NormalLiteral & { readonly kind: "assign" | "call" };
    };

export interface NormalAggregate {
  readonly operator: AggregateOperator;
  readonly over: readonly string[];
}

export interface NormalRule {
  /** The program's rule it came from; an auxiliary rule's is the one that first needed it. */
  readonly source: Rule;
  readonly timing: "now" | "next" | "async";
  readonly head: RelationName;
  /** Terms of the head, after the destination if it is asynchronous. */
  readonly terms: readonly (
    Term | { readonly kind: "aggregate"; readonly aggregate: NormalAggregate }
  )[];
  readonly body: readonly NormalLiteral[];
  /** The program's variables that positive stored literals bind. */
  readonly stored: ReadonlySet<string>;
  /** Of a persistence rule, for finding rows: the literal of what it keeps, with parts of a tuple in columns. */
  readonly ownParts?: StoredLiteral;
  /** Nobody is told what it cannot compute: another rule does. */
  readonly untold?: true;
}

/** A relation that holds in every tick with one row: what a rule without stored literals reads. */
export const UNIT = " unit";

/**
 * Rules without wildcards where these would matter, and without computation inside stored literals. A wildcard under a
 * negation, or in a rule with aggregates (whose valuations must be distinct), reads an auxiliary relation that is the
 * projection of the original one.
 */
export function normalRules(p: AnalyzedProgram, component: ComponentName): readonly NormalRule[] {
  const projections = new Projections();
  const written = p.program.components.find((c) => c.name === component)?.rules ?? [];
  const rules = written.flatMap((rule) => withoutChoices(p, rule));
  const normal = rules.map((rule) => new Normalizer(p, rule, projections).rule());
  return [...normal, ...projections.rules.values()];
}

/** Auxiliary relations, shared between the rules that need the same one. */
export class Projections {
  readonly rules = new Map<RelationName, NormalRule>();

  /** The projection of a relation to the columns that are no wildcards. */
  project(source: Rule, literal: StoredLiteral, suffix: string): StoredLiteral {
    const name = `${projectionName(literal.relation, literal.columns)}${suffix}`;
    const kept = literal.columns.filter((c) => c.kind !== "wildcard");
    const columns = literal.columns.map((c, i): Column =>
      c.kind === "wildcard" ? c : numbered(i),
    );
    this.rules.set(name, {
      source,
      timing: "now",
      head: name,
      terms: columns.filter((c) => c.kind === "variable"),
      body: [{ kind: "stored", relation: literal.relation, negated: false, columns }],
      stored: new Set(),
    });
    return { ...literal, relation: name, columns: kept };
  }

  /** The relation of the rows whose column is a tuple of this shape: its items in place of it. */
  flatten(
    source: Rule,
    literal: StoredLiteral,
    at: number,
    items: readonly Column[],
  ): StoredLiteral {
    const name = flattenedName(literal.relation, at, items.length);
    const others = literal.columns.map((_, i) => numbered(i));
    const inner = items.map((_, i) => numbered(literal.columns.length + i));
    this.rules.set(name, {
      source,
      timing: "now",
      head: name,
      terms: [...others.filter((_, i) => i !== at), ...inner],
      body: [
        { kind: "stored", relation: literal.relation, negated: false, columns: others },
        { kind: "split", variable: `#${at}`, items: inner },
      ],
      stored: new Set(),
    });
    const columns = [...literal.columns.filter((_, i) => i !== at), ...items];
    return { ...literal, relation: name, columns };
  }
}

/** The name of the projection of a relation to the columns in which no wildcard stands. */
export function projectionName(
  relation: RelationName,
  columns: readonly (Column | Term)[],
): RelationName {
  return `${relation} ${columns.map((c) => (c.kind === "wildcard" ? "_" : "x")).join("")}`;
}

/** The name of the relation in which so many parts stand in place of the tuple in that column. */
export function flattenedName(relation: RelationName, at: number, parts: number): RelationName {
  return `${relation} ${at}(${parts})`;
}

function numbered(i: number): { readonly kind: "variable"; readonly name: string } {
  return { kind: "variable", name: `#${i}` };
}

interface StoredTuple {
  readonly relation: RelationName;
  readonly at: number;
  readonly text: string;
  readonly variable: string;
}

class Normalizer {
  readonly #p: AnalyzedProgram;
  readonly #rule: Rule;
  readonly #projections: Projections;
  readonly #aggregates: boolean;
  readonly #body: NormalLiteral[] = [];
  readonly #stored: ReadonlySet<string>;
  readonly #unread: ReadonlySet<string>;
  /** For literals of the body by their place: variables that they give but another literal defines. */
  readonly #again: ReadonlyMap<number, ReadonlySet<string>>;
  /** Tuples in stored literals. */
  readonly #tuples: StoredTuple[] = [];
  #fresh = 0;

  constructor(p: AnalyzedProgram, rule: Rule, projections: Projections) {
    this.#p = p;
    this.#rule = rule;
    this.#projections = projections;
    this.#aggregates = rule.head.terms.some((t) => t.kind === "aggregate");
    const { joined, others } = orderedLiterals(p, rule);
    this.#stored = new Set(joined.flatMap((l) => variablesOf(l.terms)));
    this.#unread = unreadVariables(p, rule);
    this.#again = definedTwice(p, this.#stored, others);
  }

  rule(): NormalRule {
    const { head, body } = this.#rule;
    body.forEach((literal, index) => this.#literal(literal, this.#again.get(index)));
    if (!this.#body.some((l) => l.kind === "stored" && !l.negated)) {
      this.#body.push({ kind: "stored", relation: UNIT, negated: false, columns: [] });
    }
    const terms = head.terms.map((t, i): NormalRule["terms"][number] =>
      t.kind === "aggregate" ? { kind: "aggregate", aggregate: t } : this.#headTerm(t, i),
    );
    const timing = head.timing.kind;
    return {
      source: this.#rule,
      timing,
      head: timing === "async" ? outgoing(head.relation) : head.relation,
      terms: head.timing.kind === "async" ? [head.timing.destination, ...terms] : terms,
      body: this.#body,
      stored: this.#stored,
    };
  }

  /** A tuple that stands in a stored literal is not made again; best the one that a persistence rule keeps. */
  #headTerm(term: Term, at: number): Term {
    if (term.kind !== "tuple") return term;
    const text = printTerm(term);
    const equal = this.#tuples.filter((t) => t.text === text);
    const { relation } = this.#rule.head;
    const found = equal.find((t) => t.relation === relation && t.at === at) ?? equal[0];
    return found === undefined ? term : { kind: "variable", name: found.variable };
  }

  #literal(literal: Literal, again: ReadonlySet<string> = new Set()): void {
    switch (literal.kind) {
      case "comparison":
        this.#body.push({ ...literal, kind: "compare" });
        return;
      case "assignment":
        this.#body.push({
          kind: "assign",
          variable: again.has(literal.variable) ? this.#other(literal.variable) : literal.variable,
          value: literal.value,
        });
        return;
      case "relation": {
        const inputs = functionInputs(this.#p, literal);
        if (inputs === undefined) this.#storedLiteral(literal);
        else {
          const outputs = literal.terms.slice(inputs);
          this.#body.push({
            kind: "call",
            function: functionKey(literal.relation, literal.terms.length),
            negated: literal.negated,
            inputs: literal.terms.slice(0, inputs),
            outputs: outputs.map((t) => this.#column(this.#renamed(t, again), literal.negated)),
          });
        }
      }
    }
  }

  #storedLiteral({ relation, negated, terms }: RelationLiteral): void {
    if (!negated && !this.#aggregates) {
      const columns = terms.map((t) => this.#column(this.#read(t), false));
      this.#body.push({ kind: "stored", relation, negated, columns });
      columns.forEach((c, at) => {
        const term = terms[at]!;
        if (term.kind === "tuple" && c.kind === "variable")
          this.#tuples.push({ relation, at, text: printTerm(term), variable: c.name });
      });
      return;
    }
    const wild = terms.findIndex((t) => t.kind === "tuple" && hasWildcard(t));
    if (wild >= 0) {
      this.#flattened({ kind: "relation", relation, negated, terms }, wild);
      return;
    }
    const columns = terms.map((t) => this.#column(t, negated));
    const literal: StoredLiteral = { kind: "stored", relation, negated, columns };
    const project = columns.some((c) => c.kind === "wildcard");
    this.#body.push(project ? this.#projections.project(this.#rule, literal, "") : literal);
  }

  /** A tuple with a wildcard inside: reads its items as columns of their own instead. */
  #flattened(literal: RelationLiteral, at: number): void {
    const tuple = literal.terms[at]!;
    if (tuple.kind !== "tuple") throw new Error("Only a tuple can be flattened.");
    const blank = (length: number): Column[] =>
      Array.from({ length }, (): Column => ({ kind: "wildcard" }));
    const plain: StoredLiteral = {
      kind: "stored",
      relation: literal.relation,
      negated: literal.negated,
      columns: blank(literal.terms.length),
    };
    const flat = this.#projections.flatten(this.#rule, plain, at, blank(tuple.terms.length));
    const terms = [...literal.terms.filter((_, i) => i !== at), ...tuple.terms];
    this.#storedLiteral({ ...literal, relation: flat.relation, terms });
  }

  /** A variable of its own for what must be equal to this one, which another literal defines. */
  #other(variable: string): string {
    const name = this.#freshName();
    const [left, right] = [variable, name].map((v): Term => ({ kind: "variable", name: v }));
    this.#body.push({ kind: "compare", operator: "==", left: left!, right: right! });
    return name;
  }

  #renamed(term: Term, again: ReadonlySet<string>): Term {
    if (term.kind === "variable" && again.has(term.name))
      return { kind: "variable", name: this.#other(term.name) };
    if (term.kind !== "tuple") return term;
    return { kind: "tuple", terms: term.terms.map((t) => this.#renamed(t, again)) };
  }

  #read(term: Term): Term {
    return term.kind === "variable" && this.#unread.has(term.name) ? { kind: "wildcard" } : term;
  }

  #freshName(): string {
    return `#${this.#rule.id}.${this.#fresh++}`;
  }

  /** What stands in the column for a term; what must be computed or taken apart gets a variable of its own. */
  #column(term: Term, negated: boolean): Column {
    if (term.kind === "variable" || term.kind === "constant" || term.kind === "wildcard")
      return term;
    const variable = this.#freshName();
    if (term.kind === "tuple" && !negated) {
      const items = term.terms.map((t) => this.#column(t, false));
      this.#body.push({ kind: "split", variable, items });
    } else this.#body.push({ kind: "assign", variable, value: term });
    return { kind: "variable", name: variable };
  }
}

/**
 * Variables that literals give although another one before them, in the order in which the reference evaluates, has
 * done so: if that one fails the variable has no value, whatever a later one says.
 */
function definedTwice(
  p: AnalyzedProgram,
  stored: ReadonlySet<string>,
  others: readonly OrderedLiteral[],
): ReadonlyMap<number, ReadonlySet<string>> {
  const again = new Map<number, ReadonlySet<string>>();
  const defined = new Set<string>();
  for (const { literal, index } of others) {
    const given = new Set(gives(p, literal).filter((v) => !stored.has(v)));
    const twice = new Set([...given].filter((v) => defined.has(v)));
    if (twice.size > 0) again.set(index, twice);
    for (const variable of given) defined.add(variable);
  }
  return again;
}

const SENT = " sent";

/** Whether it is one of ours: no notation has names with spaces. */
export function isAuxiliary(relation: RelationName): boolean {
  return relation.includes(" ");
}

/** The table of what is sent under a relation's name, apart from what arrives under it. */
export function outgoing(relation: RelationName): RelationName {
  return `${relation}${SENT}`;
}

/** Whether some value fits the term that is not known beforehand. */
export function hasWildcard(term: Term): boolean {
  return term.kind === "wildcard" || (term.kind === "tuple" && term.terms.some(hasWildcard));
}

/** The relation that an outgoing table is of. */
export function sentRelation(table: RelationName): RelationName {
  return table.slice(0, -SENT.length);
}
