import type { Span } from "../program/diagnostic.ts";
import type {
  AggregateOperator,
  ArithmeticOperator,
  ComparisonLiteral,
  ComparisonOperator,
  HeadTerm,
} from "../program/program.ts";
import { integer } from "../program/value.ts";
import type { Value } from "../program/value.ts";
import { unquote } from "./constants.ts";
import type { LegalNames } from "./legalNames.ts";
import type { PlacedTerm } from "./lowerings.ts";
import { tuple } from "./lowerings.ts";
import type { NotationToken } from "./notationTokens.ts";
import type { TokenCursor } from "./tokenCursor.ts";

/** When an atom holds: a tag of the head, or the tick that a fact or literal is pinned to. */
export type ClauseTag = { readonly span: Span } & (
  | { readonly kind: "next" | "async" }
  | { readonly kind: "tick"; readonly tick: number }
  | { readonly kind: "named"; readonly variable: string }
);

export interface Atom {
  readonly kind: "atom";
  readonly relation: string;
  readonly negated: boolean;
  readonly terms: readonly PlacedTerm<HeadTerm>[];
  /** Which term is marked with `#` as the location; the prototype notation has that. */
  readonly marked: number | undefined;
  readonly tag: ClauseTag | undefined;
  readonly span: Span;
}

export interface ComparisonClause {
  readonly kind: "comparison";
  readonly literal: ComparisonLiteral;
  readonly span: Span;
  readonly terms: readonly Span[];
}

export interface Clause {
  readonly head: Atom;
  /** Absent for a fact. */
  readonly body: readonly (Atom | ComparisonClause)[] | undefined;
}

const AGGREGATES: ReadonlySet<string> = new Set<AggregateOperator>(["count", "sum", "min", "max"]);
const COMPARISONS: ReadonlyMap<string, ComparisonOperator> = new Map([
  ["==", "=="],
  ["!=", "!="],
  ["<=", "<="],
  [">=", ">="],
  ["<", "<"],
  [">", ">"],
]);
const PROTOTYPE_COMPARISONS: ReadonlyMap<string, ComparisonOperator> = new Map([
  ...COMPARISONS,
  ["=/=", "!="],
  ["=<", "<="],
  ["=", "=="],
]);
/** Longer expressions than any program has; what reads the tree is recursive. */
const MAX_OPERATORS = 200;

/** The grammar of Molly's clauses and of the prototype notation (language.md section 2), one clause at a time. */
export class ClauseGrammar {
  readonly #cursor: TokenCursor;
  readonly #relations: LegalNames;
  readonly #variables: LegalNames;
  readonly #prototype: boolean;
  #operators = 0;
  /** Inside `choose((keys), (values))`, the only place for tuples. */
  #isChoice = false;

  constructor(
    cursor: TokenCursor,
    relations: LegalNames,
    variables: LegalNames,
    notation: "molly" | "prototype",
  ) {
    this.#cursor = cursor;
    this.#relations = relations;
    this.#variables = variables;
    this.#prototype = notation === "prototype";
  }

  clause(): Clause {
    const cursor = this.#cursor;
    const head = this.#atom(false);
    let body: (Atom | ComparisonClause)[] | undefined;
    if (cursor.accept(":-") || (this.#prototype && cursor.accept("<-"))) {
      // A body may be empty there: then it is a fact.
      if (!this.#prototype || !cursor.atEnd()) {
        body = [];
        do body.push(this.#literal());
        while (cursor.accept(","));
      }
    }
    if (!cursor.atEnd()) cursor.awaited(body === undefined ? "`:-` or `;`" : "a comma or `;`");
    return { head, body };
  }

  #literal(): Atom | ComparisonClause {
    const cursor = this.#cursor;
    const { start } = cursor.peek().span;
    const negated = ["notin", ...(this.#prototype ? ["not", "!"] : [])].some((word) =>
      this.#isWordBeforeName(word),
    );
    if (negated) cursor.next();
    if (negated || this.#isAtom()) {
      const atom = this.#atom(true);
      return { ...atom, negated, span: { start, end: cursor.lastEnd } };
    }
    const left = this.#expression();
    const token = cursor.peek();
    const operator = (this.#prototype ? PROTOTYPE_COMPARISONS : COMPARISONS).get(token.image);
    if (operator === undefined) cursor.awaited("`(` or a comparison");
    else cursor.next();
    const right = this.#expression();
    return {
      kind: "comparison",
      literal: {
        kind: "comparison",
        operator: operator ?? "==",
        left: left.term,
        right: right.term,
      },
      span: { start, end: cursor.lastEnd },
      terms: [left.span, right.span],
    };
  }

  #isWordBeforeName(word: string): boolean {
    const next = this.#cursor.peek(1).kind;
    const named = next === "name" || next === "atom" || this.#isOddName(1);
    return this.#cursor.is(word) && named;
  }

  /** Molly's names may be numbers or begin with `@`. */
  #isOddName(ahead = 0): boolean {
    if (this.#prototype) return false;
    const token = this.#cursor.peek(ahead);
    const next = this.#cursor.peek(ahead + 1);
    if (token.kind === "integer") return this.#cursor.is("(", ahead + 1);
    const adjoins = token.span.end === next.span.start;
    return (
      token.image === "@" && next.kind === "name" && adjoins && this.#cursor.is("(", ahead + 2)
    );
  }

  /** The prototype notation leaves out empty parentheses; there a relation begins with a small letter. */
  #isAtom(): boolean {
    const { kind, image } = this.#cursor.peek();
    if (this.#isOddName()) return true;
    if (kind !== "name" && kind !== "atom") return false;
    if (this.#cursor.is("(", 1)) return true;
    const next = this.#cursor.peek(1);
    const stands = next.kind === "end" || next.image === "," || next.image === "@";
    return this.#prototype && stands && (kind === "atom" || /^[a-z]/.test(image));
  }

  #atom(inBody: boolean): Atom {
    const cursor = this.#cursor;
    const token = cursor.peek();
    const isNamed = token.kind === "name" || (token.kind === "atom" && this.#prototype);
    if (!isNamed && !this.#isOddName()) cursor.awaited("a relation");
    cursor.next();
    const rest = token.image === "@" ? cursor.next().image : "";
    const name = token.kind === "atom" ? token.image.slice(1, -1) : token.image + rest;
    this.#isChoice = this.#prototype && inBody && name === "choose" && cursor.is("(", 1);
    const relation = this.#isChoice ? "choose" : this.#relations.of(name);
    const nameSpan = { start: token.span.start, end: cursor.lastEnd };
    cursor.names.push({ kind: "relation", name: relation, span: nameSpan });
    let marked: number | undefined;
    let terms: PlacedTerm<HeadTerm>[] = [];
    if (!this.#prototype || cursor.is("(")) {
      cursor.expect("(");
      let position = 0;
      terms = cursor.list(")", () => {
        if (this.#prototype && cursor.accept("#")) marked ??= position;
        position++;
        return inBody ? this.#expression() : this.#headTerm();
      });
    }
    this.#isChoice = false;
    const tag = this.#tag(inBody);
    const span = { start: token.span.start, end: cursor.lastEnd };
    return { kind: "atom", relation, negated: false, terms, marked, tag, span };
  }

  #tag(inBody: boolean): ClauseTag | undefined {
    const cursor = this.#cursor;
    const at = cursor.accept("@");
    if (at === undefined) return undefined;
    const { kind, image, span: place } = cursor.peek();
    const span = { start: at.span.start, end: place.end };
    if (!inBody && (image === "next" || image === "async")) {
      cursor.next();
      return { kind: image, span };
    }
    const tick = kind === "integer" && image.length < 16 ? Number(image) : undefined;
    if (tick !== undefined) {
      cursor.next();
      return { kind: "tick", tick, span };
    }
    if (this.#prototype && inBody && kind === "name" && /^[A-Z]/.test(image)) {
      return { kind: "named", variable: this.#variable(cursor.next()), span };
    }
    cursor.awaited(inBody ? "the number of a tick" : "`next`, `async` or the number of a tick");
    return undefined;
  }

  #headTerm(): PlacedTerm<HeadTerm> {
    const cursor = this.#cursor;
    const token = cursor.peek();
    const isAggregate = token.kind === "name" && cursor.is("<", 1) && cursor.is(">", 3);
    if (!isAggregate) return this.#expression();
    const { image, span } = cursor.next();
    if (!AGGREGATES.has(image)) {
      const known = [...AGGREGATES].join(", ");
      cursor.fail("aggregate-name", `\`${image}\` is no aggregate; there are ${known}.`, span);
    }
    cursor.next();
    const over = [this.#variable(cursor.next())];
    cursor.next();
    const term = { kind: "aggregate", operator: image as AggregateOperator, over } as const;
    return { term, span: { start: span.start, end: cursor.lastEnd } };
  }

  #expression(): PlacedTerm {
    return this.#chain(["+", "-"], () => this.#chain(["*", "/", "%"], () => this.#primary()));
  }

  #chain(operators: readonly ArithmeticOperator[], operand: () => PlacedTerm): PlacedTerm {
    let left = operand();
    for (;;) {
      const operator = operators.find((o) => this.#cursor.is(o));
      if (operator === undefined) return left;
      const token = this.#cursor.next();
      const right = operand();
      if (++this.#operators > MAX_OPERATORS) {
        const message = `More than ${MAX_OPERATORS} operators stand in one rule.`;
        this.#cursor.fail("too-long", message, token.span);
      }
      const span = { start: left.span.start, end: right.span.end };
      left = { term: { kind: "arithmetic", operator, left: left.term, right: right.term }, span };
    }
  }

  #primary(): PlacedTerm {
    const cursor = this.#cursor;
    const { kind, image, span } = cursor.peek();
    switch (kind) {
      case "wildcard":
        cursor.next();
        return { term: { kind: "wildcard" }, span };
      case "integer":
        return this.#integer(false);
      case "string":
        return this.#string(cursor.next());
      case "atom":
        cursor.next();
        return constant(image.slice(1, -1), span);
      case "name":
        return this.#named(cursor.next());
      case "symbol":
        if (image === "-" && cursor.peek(1).kind === "integer") return this.#integer(true);
        if (image === "+" && this.#prototype && cursor.peek(1).kind === "integer") {
          cursor.next();
          return this.#integer(false);
        }
        if (image === "(") return this.#parenthesised();
        break;
      case "snippet":
      case "foreign":
      case "end":
    }
    cursor.awaited("a variable, a constant or `_`");
    return { term: { kind: "wildcard" }, span };
  }

  /** What begins with a small letter or a digit is a constant of the prototype notation, and a variable of Molly's. */
  #named(token: NotationToken): PlacedTerm {
    const { image, span } = token;
    if (this.#prototype && /^[a-z0-9]/.test(image)) {
      if (image === "true" || image === "false") return constant(image === "true", span);
      return constant(image, span);
    }
    return { term: { kind: "variable", name: this.#variable(token) }, span };
  }

  #variable({ image, span, kind }: NotationToken): string {
    if (kind !== "name") {
      this.#cursor.fail("syntax", `\`${image}\` stands where a variable is expected.`, span);
    }
    const name = this.#variables.of(image);
    this.#cursor.names.push({ kind: "variable", name, span });
    return name;
  }

  #integer(negative: boolean): PlacedTerm {
    const cursor = this.#cursor;
    const first = negative ? cursor.next() : cursor.peek();
    const { image } = cursor.next();
    const span = { start: first.span.start, end: cursor.lastEnd };
    const digits = image.replace(/^0+(?=\d)/, "");
    const size = digits.length > 19 ? undefined : BigInt(digits);
    const value = size === undefined ? undefined : integer(negative ? -size : size);
    if (value === undefined) {
      const message = `${image.slice(0, 24)} does not fit in 64 bits, the range of integers.`;
      cursor.fail("integer-range", message, span);
    }
    return constant(value ?? 0, span);
  }

  #string({ image, span }: NotationToken): PlacedTerm {
    const read = unquote(image, span.start);
    if (read.problem === undefined) return constant(read.value, span);
    this.#cursor.fail(read.problem.code, read.problem.message, read.problem.span);
    return constant("", span);
  }

  /** `(a)` groups; the prototype notation has `(a, b)` in `choose`. */
  #parenthesised(): PlacedTerm {
    const cursor = this.#cursor;
    const open = cursor.next();
    const items = cursor.nested(() => cursor.list(")", () => this.#expression()), []);
    const span = { start: open.span.start, end: cursor.lastEnd };
    if (items.length === 1 && !this.#isChoice) return { term: items[0]!.term, span };
    if (!this.#isChoice) cursor.fail("tuple", "This notation has no tuples.", span);
    return { term: tuple(items.map((i) => i.term)), span };
  }
}

function constant(value: Value, span: Span): PlacedTerm {
  return { term: { kind: "constant", value }, span };
}
