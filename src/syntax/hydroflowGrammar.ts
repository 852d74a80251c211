import type { Span } from "../program/diagnostic.ts";
import type {
  AggregateOperator,
  ArithmeticOperator,
  ComparisonOperator,
  Declaration,
  HeadTerm,
  Literal,
  RelationName,
  SnippetRole,
  Term,
  Timing,
} from "../program/program.ts";
import { integer } from "../program/value.ts";
import { patternVariables } from "../program/variables.ts";
import { LegalNames } from "./legalNames.ts";
import type { LoweredRule } from "./lowered.ts";
import type { PlacedHead, PlacedLiteral, PlacedTerm } from "./lowerings.ts";
import { freshName, loweredRule, relationLiteral, tuple, variable } from "./lowerings.ts";
import type { NotationToken } from "./notationTokens.ts";
import type { TokenCursor } from "./tokenCursor.ts";

const COMPARISONS: readonly ComparisonOperator[] = ["==", "!=", "<=", ">=", "<", ">"];
const AGGREGATES: ReadonlyMap<string, AggregateOperator> = new Map([
  ["min", "min"],
  ["max", "max"],
  ["sum", "sum"],
  ["count", "count"],
  ["collect_vec", "collect"],
  ["choose", "choose"],
]);
/** Longer expressions than any program has; what reads the tree is recursive. */
const MAX_OPERATORS = 200;

/** What a head's target is before the body is known. */
type Target = { readonly span: Span } & (
  | { readonly kind: "term"; readonly term: Term }
  | {
      readonly kind: "aggregate";
      readonly operator: AggregateOperator;
      readonly over: readonly string[];
    }
  | { readonly kind: "all" | "index" }
);

/** The grammar of Hydroflow datalog (language.md section 2), one statement at a time. */
export class HydroflowGrammar {
  readonly #cursor: TokenCursor;
  readonly #relations: LegalNames;
  readonly #variables: LegalNames;
  /** Every variable of the rule, and what is made up for it. */
  readonly #used: Set<string>;
  #operators = 0;
  #pending: PlacedLiteral[] = [];

  constructor(cursor: TokenCursor, relations: LegalNames, tokens: readonly NotationToken[]) {
    this.#cursor = cursor;
    this.#relations = relations;
    const names = tokens.flatMap((t) => (t.kind === "name" ? [t.image] : []));
    this.#variables = new LegalNames("variable", names);
    this.#used = new Set(names.map((name) => this.#variables.of(name)));
  }

  /** `.persist r`: the relation. */
  persisted(): RelationName {
    this.#cursor.next();
    const relation = this.#relation();
    if (!this.#cursor.atEnd()) this.#cursor.awaited("a new line");
    return relation;
  }

  declaration(): Declaration {
    const role = this.#cursor.next().image.slice(1) as SnippetRole;
    const relation = this.#relation();
    const snippets: string[] = [];
    while (this.#cursor.peek().kind === "snippet") {
      snippets.push(this.#cursor.next().image.slice(1, -1));
    }
    const most = role === "async" ? 2 : 1;
    if (snippets.length > most || !this.#cursor.atEnd()) {
      this.#cursor.awaited(snippets.length < most ? "a snippet in backticks" : "a new line");
    }
    return { kind: "snippet", role, relation, snippets };
  }

  /** A rule as it stands or, where its target after `@` is an aggregate, the one that computes it and the one that sends. */
  rule(span: Span): readonly LoweredRule[] {
    const cursor = this.#cursor;
    const start = cursor.peek().span;
    const relation = this.#relation();
    const at = cursor.accept("@");
    const destination = at === undefined ? undefined : this.#destination();
    cursor.expect("(");
    const targets = cursor.list(")", () => this.#target());
    const headSpan = { start: start.start, end: cursor.lastEnd };
    const isComputed = destination !== undefined && destination.kind !== "term";
    const timing = this.#timing(destination);
    const body: PlacedLiteral[] = [];
    do body.push(...this.#atom());
    while (cursor.accept(","));
    if (!cursor.atEnd()) cursor.awaited("a comma");
    const all = isComputed ? [...targets, destination] : targets;
    const terms = this.#headTerms(all, body);
    const head = {
      head: { relation, terms, timing },
      span: headSpan,
      terms: all.map((t) => t.span),
      destination: destination?.span,
    };
    if (!isComputed) return [loweredRule(head, body, span, cursor.names)];
    return this.#computedAndSent(head, body, span);
  }

  /** The last target is where to: `m@max(d)(a) :~ …` is `m_computed(a, max(d)) :- …` and `m@d(a) :~ m_computed(a, d)`. */
  #computedAndSent(
    { head, span, terms, destination }: PlacedHead,
    body: readonly PlacedLiteral[],
    rule: Span,
  ): readonly LoweredRule[] {
    const relation = this.#relations.madeUp(`${head.relation}_computed`);
    const { timing } = head;
    const values = head.terms.slice(0, -1).map((term): Term => {
      return term.kind === "variable" ? term : variable(freshName("x", this.#used));
    });
    const nodes = timing.kind === "async" ? [timing.destination] : [];
    const [ownName, ...names] = this.#cursor.names;
    const computed = { relation, terms: head.terms, timing: { kind: "now" } as const };
    const sent = { relation: head.relation, terms: values, timing };
    const read = { literal: relationLiteral(relation, [...values, ...nodes]), span, terms };
    return [
      loweredRule({ head: computed, span, terms }, body, rule, names),
      loweredRule(
        { head: sent, span, terms: terms.slice(0, -1), destination },
        [read],
        span,
        ownName === undefined ? [] : [ownName],
      ),
    ];
  }

  /** What is computed after `@` is known by a name that is made up. */
  #timing(destination: Target | undefined): Timing {
    const cursor = this.#cursor;
    const arrow = cursor.next();
    if (arrow.image === ":~") {
      if (destination?.kind === "term") return { kind: "async", destination: destination.term };
      if (destination !== undefined)
        return { kind: "async", destination: variable(freshName("d", this.#used)) };
      cursor.fail(
        "no-target",
        "A rule with `:~` sends, and its head does not say where to: `r@d(x) :~ …`.",
        arrow.span,
      );
    } else if (arrow.image !== ":-" && arrow.image !== ":+") {
      const found = arrow.kind === "end" ? "The rule ends" : `\`${arrow.image}\` stands`;
      cursor.fail("syntax", `${found} where \`:-\`, \`:+\` or \`:~\` is expected.`, arrow.span);
    } else if (destination !== undefined) {
      cursor.fail("target", `Only a rule with \`:~\` has a target after \`@\`.`, destination.span);
    }
    return { kind: arrow.image === ":+" ? "next" : "now" };
  }

  #relation(): string {
    const token = this.#name("a relation");
    const relation = token === undefined ? "r" : this.#relations.of(token.image);
    if (token !== undefined)
      this.#cursor.names.push({ kind: "relation", name: relation, span: token.span });
    return relation;
  }

  #variable(): string {
    const token = this.#name("a variable");
    const name = token === undefined ? "v" : this.#variables.of(token.image);
    if (token !== undefined) this.#cursor.names.push({ kind: "variable", name, span: token.span });
    return name;
  }

  #name(what: string): NotationToken | undefined {
    const token = this.#cursor.peek();
    if (token.kind === "name" && !/^\d/.test(token.image)) return this.#cursor.next();
    this.#cursor.awaited(what);
    return undefined;
  }

  /** An aggregate's parentheses come before those of the head: `m@max(d)(a)`, where `m@d(a)` has one pair. */
  #destination(): Target {
    const cursor = this.#cursor;
    let close = 1;
    while (cursor.peek(close).kind !== "end" && !cursor.is(")", close)) close++;
    return cursor.is("(", 1) && cursor.is("(", close + 1) ? this.#target() : this.#plainTarget();
  }

  #plainTarget(): Target {
    const { term, span } = this.#expression();
    return { kind: "term", term, span };
  }

  #target(): Target {
    const cursor = this.#cursor;
    const token = cursor.peek();
    if (token.kind !== "name" || !cursor.is("(", 1)) return this.#plainTarget();
    const operator = AGGREGATES.get(token.image);
    if (operator === undefined && token.image !== "index") {
      cursor.fail(
        "aggregate-name",
        `\`${token.image}\` is no aggregate; there are ${[...AGGREGATES.keys()].join(", ")}, index.`,
        token.span,
      );
    }
    cursor.next();
    cursor.expect("(");
    const all = operator === "count" && cursor.accept("*") !== undefined;
    if (all) cursor.expect(")");
    const over = all ? [] : cursor.list(")", () => this.#variable());
    const span = { start: token.span.start, end: cursor.lastEnd };
    if (operator === undefined || all) {
      if (over.length > 0) cursor.fail("aggregate", "`index()` takes nothing.", token.span);
      return { kind: all ? "all" : "index", span };
    }
    const many = operator === "count" || operator === "collect";
    if (over.length === 0 || (!many && over.length > 1)) {
      const what = many ? "a variable or more" : "one variable";
      cursor.fail("aggregate", `\`${token.image}\` takes ${what}.`, token.span);
    }
    return { kind: "aggregate", operator, over, span };
  }

  /** `index()` becomes a literal of the body, which is where it stands in a program. */
  #headTerms(targets: readonly Target[], body: PlacedLiteral[]): readonly HeadTerm[] {
    const counted = bodyVariables(body);
    const terms = targets.map((target): HeadTerm => {
      switch (target.kind) {
        case "term":
          return target.term;
        case "aggregate":
          return { kind: "aggregate", operator: target.operator, over: target.over };
        case "all":
          return { kind: "aggregate", operator: "count", over: counted };
        case "index": {
          const name = freshName("i", this.#used);
          body.push(impliedLiteral("index", [variable(name)], target.span));
          return variable(name);
        }
      }
    });
    const all = targets.find((t) => t.kind === "all");
    if (all !== undefined && counted.length === 0) {
      this.#cursor.fail("aggregate", "`count(*)` has no variable of the body to count.", all.span);
    }
    return terms;
  }

  #atom(): readonly PlacedLiteral[] {
    const cursor = this.#cursor;
    if (cursor.is("(")) return [this.#comparison()];
    const { start } = cursor.peek().span;
    const negated = cursor.accept("!") !== undefined;
    const relation = this.#relation();
    cursor.expect("(");
    this.#pending = [];
    const terms = cursor.list(")", () => this.#argument());
    const end = cursor.lastEnd;
    const literal = relationLiteral(
      relation,
      terms.map((t) => t.term),
      negated,
    );
    return [{ literal, span: { start, end }, terms: terms.map((t) => t.span) }, ...this.#pending];
  }

  #argument(): PlacedTerm {
    const cursor = this.#cursor;
    const { span } = cursor.peek();
    if (cursor.peek().kind === "wildcard") {
      cursor.next();
      return { term: { kind: "wildcard" }, span };
    }
    if (cursor.accept("*")) return this.#flattened(span.start);
    if (cursor.accept("(")) {
      const items = cursor.nested(() => cursor.list(")", () => this.#argument()), []);
      const term = tuple(items.map((i) => i.term));
      return { term, span: { start: span.start, end: cursor.lastEnd } };
    }
    if (cursor.peek().kind === "integer") {
      const message =
        "A number cannot stand in a literal of this notation; write a variable, and compare it: `(v == 3)`.";
      cursor.fail("number-in-literal", message, span);
    }
    return { term: variable(this.#variable()), span };
  }

  /** `*x`: x is every element of what stands there. */
  #flattened(start: number): PlacedTerm {
    const whole = variable(freshName("flat", this.#used));
    const position = this.#pending.length;
    const inner = this.#cursor.nested(() => this.#argument(), undefined);
    const span = { start, end: inner?.span.end ?? start };
    if (inner !== undefined) {
      const literal = impliedLiteral("flatten", [whole, inner.term], span);
      this.#pending.splice(position, 0, literal);
    }
    return { term: whole, span };
  }

  #comparison(): PlacedLiteral {
    const cursor = this.#cursor;
    const open = cursor.expect("(");
    const left = this.#expression();
    const token = cursor.peek();
    const operator = COMPARISONS.find((o) => o === token.image);
    if (operator === undefined) cursor.awaited("a comparison such as `==`");
    else cursor.next();
    const right = this.#expression();
    cursor.expect(")");
    return {
      literal: {
        kind: "comparison",
        operator: operator ?? "==",
        left: left.term,
        right: right.term,
      },
      span: { start: open.span.start, end: cursor.lastEnd },
      terms: [left.span, right.span],
    };
  }

  /** `+ - %` of one rank, `*` above it, both to the left. */
  #expression(): PlacedTerm {
    return this.#chain(["+", "-", "%"], () => this.#chain(["*"], () => this.#primary()));
  }

  #chain(operators: readonly ArithmeticOperator[], operand: () => PlacedTerm): PlacedTerm {
    let left = operand();
    for (;;) {
      const operator = operators.find((o) => this.#cursor.is(o));
      if (operator === undefined) return left;
      const token = this.#cursor.next();
      const right = operand();
      if (++this.#operators > MAX_OPERATORS) {
        this.#cursor.fail(
          "too-long",
          `More than ${MAX_OPERATORS} operators stand in one rule.`,
          token.span,
        );
      }
      const span = { start: left.span.start, end: right.span.end };
      left = { term: { kind: "arithmetic", operator, left: left.term, right: right.term }, span };
    }
  }

  #primary(): PlacedTerm {
    const cursor = this.#cursor;
    const { kind, image, span } = cursor.peek();
    if (kind === "integer") {
      cursor.next();
      const digits = image.replace(/^0+(?=\d)/, "");
      const value = digits.length > 19 ? undefined : integer(BigInt(digits));
      if (value === undefined) {
        cursor.fail(
          "integer-range",
          `${image.slice(0, 24)} does not fit in 64 bits, the range of integers.`,
          span,
        );
      }
      return { term: { kind: "constant", value: value ?? 0 }, span };
    }
    if (cursor.accept("(")) {
      const inner = cursor.nested(() => this.#expression(), undefined);
      cursor.expect(")");
      const term: Term = inner?.term ?? { kind: "wildcard" };
      return { term, span: { start: span.start, end: cursor.lastEnd } };
    }
    return { term: variable(this.#variable()), span };
  }
}

function impliedLiteral(relation: string, terms: readonly Term[], span: Span): PlacedLiteral {
  return { literal: relationLiteral(relation, terms), span, terms: terms.map(() => span) };
}

/** What `count(*)` counts: the distinct variables of positive literals, as they come. */
export function bodyVariables(body: readonly { readonly literal: Literal }[]): readonly string[] {
  const names = body.flatMap(({ literal }) =>
    literal.kind === "relation" && !literal.negated ? literal.terms.flatMap(patternVariables) : [],
  );
  return [...new Set(names)];
}
