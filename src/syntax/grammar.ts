import { EmbeddedActionsParser, tokenMatcher } from "chevrotain";
import type { IToken } from "chevrotain";
import type { NameSpan, Span } from "../program/diagnostic.ts";
import type {
  AggregateOperator,
  ArithmeticOperator,
  Attribute,
  AttributeType,
  ComparisonOperator,
  Declaration,
  HeadTerm,
  RelationRole,
  Term,
} from "../program/program.ts";
import type { Row, Value } from "../program/value.ts";
import { readAddress, readBytes, readInteger, readString } from "./constants.ts";
import type { ReadConstant } from "./constants.ts";
import { syntaxMessages } from "./messages.ts";
import type { ParsedHead, ParsedHeader, ParsedLiteral, ParsedTag, Spanned } from "./parsed.ts";
import type { Problem } from "./problem.ts";
import * as words from "./tokens.ts";

/** More operators in one expression than any program has; what reads the tree is recursive. */
const MAX_OPERATORS = 200;

const AGGREGATES: ReadonlyMap<string, AggregateOperator> = new Map([
  ["count", "count"],
  ["sum", "sum"],
  ["min", "min"],
  ["max", "max"],
  ["collect", "collect"],
  // The paper's certificate: the signatures themselves (rewrites.md section 0.1).
  ["cert", "collect"],
  ["seal", "seal"],
]);
const TYPES: ReadonlySet<string> = new Set(["int", "string", "bool", "bytes", "address", "tuple"]);

/**
 * The grammar of one statement (language.md section 2), shared by compact and paper notation. Statements are cut by
 * layout before, so an error ends one statement only and the parser itself recovers from nothing.
 */
export class Grammar extends EmbeddedActionsParser {
  /** Collected by actions, reset for each statement. */
  names: NameSpan[] = [];
  problems: Problem[] = [];
  private operators = 0;

  constructor() {
    super([...words.VOCABULARY], {
      maxLookahead: 2,
      recoveryEnabled: false,
      errorMessageProvider: syntaxMessages,
    });
    this.performSelfAnalysis();
  }

  begin(tokens: readonly IToken[]): void {
    this.names = [];
    this.problems = [];
    this.operators = 0;
    this.input = tokens as IToken[];
  }

  readonly rule = this.RULE("rule", (): { head: ParsedHead; body: ParsedLiteral[] } => {
    const head = this.SUBRULE(this.head);
    const body: ParsedLiteral[] = [];
    this.OPTION(() => {
      this.CONSUME(words.Turnstile);
      this.AT_LEAST_ONE_SEP({
        SEP: words.Comma,
        DEF: () => {
          const literal = this.SUBRULE(this.literal);
          this.ACTION(() => body.push(literal));
        },
      });
    });
    return { head, body };
  });

  private readonly head = this.RULE("head", (): ParsedHead => {
    const name = this.CONSUME(words.Identifier);
    let tag: ParsedTag | undefined;
    this.OPTION(() => {
      tag = this.SUBRULE(this.tag);
    });
    this.CONSUME(words.LeftParenthesis);
    const terms: Spanned<HeadTerm>[] = [];
    this.MANY_SEP({
      SEP: words.Comma,
      DEF: () => {
        const term = this.SUBRULE(this.headTerm);
        this.ACTION(() => terms.push(term));
      },
    });
    const close = this.CONSUME(words.RightParenthesis);
    this.OPTION2(() => {
      const second = this.SUBRULE2(this.tag);
      this.ACTION(() => {
        if (tag !== undefined)
          this.complain(
            "two-tags",
            "The head has two tags; one timing is all it can have.",
            second.span,
          );
        tag = second;
      });
    });
    return this.ACTION(() => ({
      relation: this.relationName(name),
      span: { start: name.startOffset, end: Math.max(words.endOf(close), tag?.span.end ?? 0) },
      terms,
      tag,
    }));
  });

  private readonly tag = this.RULE("tag", (): ParsedTag =>
    this.OR([
      {
        ALT: (): ParsedTag => {
          const token = this.CONSUME(words.NextTag);
          return this.ACTION(() => ({ kind: "next", span: words.spanOf(token) }));
        },
      },
      {
        ALT: (): ParsedTag => {
          const token = this.CONSUME(words.AsyncTag);
          this.CONSUME(words.LeftParenthesis);
          const destination = this.SUBRULE(this.expression);
          const close = this.CONSUME(words.RightParenthesis);
          return this.ACTION(() => ({
            kind: "async",
            span: words.spanOf(token, close),
            destination,
          }));
        },
      },
    ]),
  );

  private readonly headTerm = this.RULE("headTerm", (): Spanned<HeadTerm> =>
    this.OR([
      { ALT: (): Spanned<HeadTerm> => this.SUBRULE(this.aggregate) },
      { ALT: (): Spanned<HeadTerm> => this.SUBRULE(this.expression) },
    ]),
  );

  private readonly aggregate = this.RULE("aggregate", (): Spanned<HeadTerm> => {
    const name = this.CONSUME(words.Identifier);
    this.CONSUME(words.LessThan);
    const over: string[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: words.Comma,
      DEF: () => {
        const variable = this.CONSUME2(words.Identifier);
        this.ACTION(() => over.push(this.note("variable", variable)));
      },
    });
    const close = this.CONSUME(words.GreaterThan);
    return this.ACTION(() => {
      const operator = AGGREGATES.get(words.nameOf(name));
      if (operator === undefined) {
        const known = "count, sum, min, max, collect, seal";
        this.complain(
          "aggregate-name",
          `\`${name.image}\` is no aggregate; there are ${known}.`,
          words.spanOf(name),
        );
      }
      return {
        value: { kind: "aggregate", operator: operator ?? "count", over },
        span: words.spanOf(name, close),
      };
    });
  });

  private readonly literal = this.RULE("literal", (): ParsedLiteral =>
    this.OR([
      {
        ALT: (): ParsedLiteral => {
          const not = this.CONSUME(words.Not);
          const atom = this.SUBRULE(this.atom);
          return this.ACTION(() => negate(atom, not));
        },
      },
      { ALT: (): ParsedLiteral => this.SUBRULE2(this.atom) },
      { ALT: (): ParsedLiteral => this.SUBRULE(this.assignment) },
      { ALT: (): ParsedLiteral => this.SUBRULE(this.comparison) },
    ]),
  );

  private readonly atom = this.RULE("atom", (): ParsedLiteral => {
    const name = this.CONSUME(words.Identifier);
    this.CONSUME(words.LeftParenthesis);
    const terms: Term[] = [];
    const spans: Span[] = [];
    this.MANY_SEP({
      SEP: words.Comma,
      DEF: () => {
        const term = this.SUBRULE(this.expression);
        this.ACTION(() => {
          terms.push(term.value);
          spans.push(term.span);
        });
      },
    });
    const close = this.CONSUME(words.RightParenthesis);
    return this.ACTION(() => ({
      literal: { kind: "relation", negated: false, relation: this.relationName(name), terms },
      span: words.spanOf(name, close),
      terms: spans,
    }));
  });

  private readonly assignment = this.RULE("assignment", (): ParsedLiteral => {
    const variable = this.CONSUME(words.Identifier);
    this.CONSUME(words.Assign);
    const value = this.SUBRULE(this.expression);
    return this.ACTION(() => ({
      literal: {
        kind: "assignment",
        variable: this.note("variable", variable),
        value: value.value,
      },
      span: { start: variable.startOffset, end: value.span.end },
      terms: [words.spanOf(variable), value.span],
    }));
  });

  private readonly comparison = this.RULE("comparison", (): ParsedLiteral => {
    const left = this.SUBRULE(this.expression);
    const operator = this.CONSUME(words.ComparisonOperator);
    const right = this.SUBRULE2(this.expression);
    return this.ACTION(() => ({
      literal: {
        kind: "comparison",
        operator: comparisonOf(operator),
        left: left.value,
        right: right.value,
      },
      span: { start: left.span.start, end: right.span.end },
      terms: [left.span, right.span],
      ...(operator.tokenType === words.SingleEqual && { singleEqual: words.spanOf(operator) }),
    }));
  });

  private readonly expression = this.RULE("expression", (): Spanned<Term> => {
    let left = this.SUBRULE(this.product);
    this.MANY(() => {
      const operator = this.CONSUME(words.AdditiveOperator);
      const right = this.SUBRULE2(this.product);
      this.ACTION(() => {
        left = this.arithmetic(left, operator.tokenType === words.Plus ? "+" : "-", right);
      });
    });
    return left;
  });

  private readonly product = this.RULE("product", (): Spanned<Term> => {
    let left = this.SUBRULE(this.factor);
    this.MANY(() => {
      const operator = this.CONSUME(words.MultiplicativeOperator);
      const right = this.SUBRULE2(this.factor);
      this.ACTION(() => {
        left = this.arithmetic(left, multiplicative(operator), right);
      });
    });
    return left;
  });

  private readonly factor = this.RULE("factor", (): Spanned<Term> =>
    this.OR([
      {
        ALT: (): Spanned<Term> => {
          const token = this.CONSUME(words.Identifier);
          return this.ACTION(() => ({
            value: { kind: "variable", name: this.note("variable", token) },
            span: words.spanOf(token),
          }));
        },
      },
      {
        ALT: (): Spanned<Term> => {
          const token = this.CONSUME(words.Wildcard);
          return this.ACTION(() => this.wildcard(token));
        },
      },
      { ALT: (): Spanned<Term> => this.SUBRULE(this.scalar) },
      { ALT: (): Spanned<Term> => this.SUBRULE(this.parenthesised) },
    ]),
  );

  private readonly scalar = this.RULE("scalar", (): Spanned<Term> => {
    let sign: IToken | undefined;
    const read = (token: IToken, constant: () => ReadConstant): Spanned<Term> =>
      this.ACTION(() => this.constant(constant(), words.spanOf(sign ?? token, token)));
    return this.OR([
      {
        ALT: (): Spanned<Term> => {
          this.OPTION(() => {
            sign = this.CONSUME(words.Minus);
          });
          const token = this.CONSUME(words.Integer);
          return read(token, () => readInteger(token, sign));
        },
      },
      {
        ALT: (): Spanned<Term> => {
          const token = this.CONSUME(words.StringLiteral);
          return read(token, () => readString(token));
        },
      },
      {
        ALT: (): Spanned<Term> => {
          const token = this.CONSUME(words.AddressLiteral);
          return read(token, () => readAddress(token));
        },
      },
      {
        ALT: (): Spanned<Term> => {
          const token = this.CONSUME(words.BytesLiteral);
          return read(token, () => readBytes(token));
        },
      },
      {
        ALT: (): Spanned<Term> => {
          const token = this.CONSUME(words.True);
          return read(token, () => ({ value: true }));
        },
      },
      {
        ALT: (): Spanned<Term> => {
          const token = this.CONSUME(words.False);
          return read(token, () => ({ value: false }));
        },
      },
      {
        ALT: (): Spanned<Term> => {
          const token = this.CONSUME(words.Decimal);
          return read(token, () => decimal(token));
        },
      },
    ]);
  });

  /** `(a)` groups; `(a, b)`, `(a,)` and `()` are tuples. */
  private readonly parenthesised = this.RULE("parenthesised", (): Spanned<Term> => {
    const open = this.CONSUME(words.LeftParenthesis);
    const items: Term[] = [];
    let commas = 0;
    this.OPTION(() => {
      const first = this.SUBRULE(this.expression);
      this.ACTION(() => items.push(first.value));
      this.MANY(() => {
        this.CONSUME(words.Comma);
        commas++;
        this.OPTION2(() => {
          const item = this.SUBRULE2(this.expression);
          this.ACTION(() => items.push(item.value));
        });
      });
    });
    const close = this.CONSUME(words.RightParenthesis);
    return this.ACTION(() => {
      const span = words.spanOf(open, close);
      const trailing = items.length === 1 && commas === 1;
      if (commas >= Math.max(items.length, 1) && !trailing) {
        this.complain("empty-element", "A comma of this tuple has no value after it.", span);
      }
      if (items.length === 1 && commas === 0) return { value: items[0]!, span };
      return { value: tupleOf(items), span };
    });
  });

  readonly header = this.RULE("header", (): ParsedHeader => {
    this.CONSUME(words.Identifier);
    const name = this.CONSUME2(words.Identifier);
    const by: string[] = [];
    this.OPTION(() => {
      this.SUBRULE(this.word, { ARGS: ["by"] });
      this.AT_LEAST_ONE_SEP({
        SEP: words.Comma,
        DEF: () => {
          const attribute = this.CONSUME3(words.Identifier);
          this.ACTION(() => by.push(words.nameOf(attribute)));
        },
      });
    });
    return this.ACTION(() => ({
      name: { value: words.nameOf(name), span: words.spanOf(name) },
      by,
    }));
  });

  /** `input r(a: int, b)`, `edb r(a) = { (1), (2) }` */
  readonly relationDeclaration = this.RULE("relationDeclaration", (): Declaration => {
    const role = this.CONSUME(words.Identifier);
    const name = this.CONSUME2(words.Identifier);
    this.CONSUME(words.LeftParenthesis);
    const attributes = this.SUBRULE(this.attributes);
    this.CONSUME(words.RightParenthesis);
    let rows: Row[] | undefined;
    this.OPTION(() => {
      const equal = this.CONSUME(words.SingleEqual);
      this.CONSUME(words.LeftBrace);
      const read: Spanned<Row>[] = [];
      this.MANY_SEP({
        SEP: words.Comma,
        DEF: () => {
          const row = this.SUBRULE(this.row);
          this.ACTION(() => read.push(row));
        },
      });
      this.CONSUME(words.RightBrace);
      this.ACTION(() => {
        rows = this.rowsOf(read, attributes.length);
        if (role.image !== "edb")
          this.complain(
            "rows",
            `Only an \`edb\` has rows in the program; \`${role.image}\` has none.`,
            words.spanOf(equal),
          );
      });
    });
    return this.ACTION(() => ({
      kind: "relation",
      role: role.image as RelationRole,
      relation: this.relationName(name),
      attributes,
      ...(rows && { rows }),
    }));
  });

  private readonly attributes = this.RULE("attributes", (): Attribute[] => {
    const attributes: Attribute[] = [];
    this.MANY_SEP({
      SEP: words.Comma,
      DEF: () => {
        const name = this.CONSUME(words.Identifier);
        let type: IToken | undefined;
        this.OPTION(() => {
          this.CONSUME(words.Colon);
          type = this.CONSUME2(words.Identifier);
        });
        this.ACTION(() => {
          if (attributes.some((a) => a.name === words.nameOf(name))) {
            this.complain(
              "attribute-name",
              `The attribute \`${name.image}\` stands here twice.`,
              words.spanOf(name),
            );
          }
          attributes.push({ name: words.nameOf(name), ...(type && this.typeOf(type)) });
        });
      },
    });
    return attributes;
  });

  /** `(1, "a")`; a single constant is a row of one. */
  private readonly row = this.RULE("row", (): Spanned<Row> =>
    this.OR([
      {
        ALT: (): Spanned<Row> => {
          const open = this.CONSUME(words.LeftParenthesis);
          const values: Value[] = [];
          this.OPTION(() => {
            const first = this.SUBRULE(this.constantValue);
            this.ACTION(() => values.push(first));
            this.MANY(() => {
              this.CONSUME(words.Comma);
              this.OPTION2(() => {
                const value = this.SUBRULE2(this.constantValue);
                this.ACTION(() => values.push(value));
              });
            });
          });
          const close = this.CONSUME(words.RightParenthesis);
          return this.ACTION(() => ({ value: values, span: words.spanOf(open, close) }));
        },
      },
      {
        ALT: (): Spanned<Row> => {
          const single = this.SUBRULE(this.scalar);
          return this.ACTION(() => ({ value: [this.constantOf(single)], span: single.span }));
        },
      },
    ]),
  );

  private readonly constantValue = this.RULE("constantValue", (): Value => {
    const term = this.SUBRULE(this.expression);
    return this.ACTION(() => this.constantOf(term));
  });

  readonly timer = this.RULE("timer", (): Declaration => {
    this.CONSUME(words.Identifier);
    const name = this.CONSUME2(words.Identifier);
    this.SUBRULE(this.word, { ARGS: ["every"] });
    const period = this.CONSUME(words.Integer);
    const unit = this.CONSUME3(words.Identifier);
    return this.ACTION(() => {
      const factor = unit.image === "s" ? 1000 : unit.image === "ms" ? 1 : undefined;
      const periodMs = Number(period.image) * (factor ?? 1);
      if (factor === undefined || !Number.isSafeInteger(periodMs) || periodMs < 1) {
        this.complain(
          "period",
          "This is no period; write milliseconds such as `50ms`, or seconds such as `2s`.",
          words.spanOf(period, unit),
        );
      }
      return { kind: "timer", relation: this.relationName(name), periodMs };
    });
  });

  /** `durable r`, `invariant r`, `sink r`, `injective f` */
  readonly mark = this.RULE("mark", (): Declaration => {
    const keyword = this.CONSUME(words.Identifier);
    const name = this.CONSUME2(words.Identifier);
    return this.ACTION(() => markOf(keyword.image, this.relationName(name)));
  });

  /** `fd r: a, b -> [f] c` */
  readonly dependency = this.RULE("dependency", (): Declaration => {
    this.CONSUME(words.Identifier);
    const name = this.CONSUME2(words.Identifier);
    this.CONSUME(words.Colon);
    const from: string[] = [];
    this.MANY_SEP({
      SEP: words.Comma,
      DEF: () => {
        const attribute = this.CONSUME3(words.Identifier);
        this.ACTION(() => from.push(words.nameOf(attribute)));
      },
    });
    this.CONSUME(words.RightArrow);
    let through: IToken | undefined;
    this.OPTION(() => {
      this.CONSUME(words.LeftBracket);
      through = this.CONSUME4(words.Identifier);
      this.CONSUME(words.RightBracket);
    });
    const first = this.CONSUME5(words.Identifier);
    let second: IToken | undefined;
    this.OPTION2(() => {
      second = this.CONSUME6(words.Identifier);
    });
    return this.ACTION(() => {
      const to = second ?? first;
      const f = through ?? (second && first);
      if (through && second)
        this.complain(
          "dependency",
          "A dependency determines one attribute; two stand here.",
          words.spanOf(first, second),
        );
      return {
        kind: "dependency",
        relation: this.relationName(name),
        from,
        ...(f && { function: words.nameOf(f) }),
        to: words.nameOf(to),
      };
    });
  });

  /** `within r.a of s` */
  readonly within = this.RULE("within", (): Declaration => {
    this.CONSUME(words.Identifier);
    const name = this.CONSUME2(words.Identifier);
    this.CONSUME(words.Dot);
    const attribute = this.CONSUME3(words.Identifier);
    this.SUBRULE(this.word, { ARGS: ["of"] });
    const of = this.CONSUME4(words.Identifier);
    return this.ACTION(() => ({
      kind: "within",
      relation: this.relationName(name),
      attribute: words.nameOf(attribute),
      of: this.relationName(of),
    }));
  });

  /** `function f(a, b: int -> c)`; without outputs it is a test. */
  readonly functionDeclaration = this.RULE("functionDeclaration", (): Declaration => {
    this.CONSUME(words.Identifier);
    const name = this.CONSUME2(words.Identifier);
    this.CONSUME(words.LeftParenthesis);
    const inputs = this.SUBRULE(this.attributes);
    let outputs: Attribute[] = [];
    this.OPTION(() => {
      this.CONSUME(words.RightArrow);
      outputs = this.SUBRULE2(this.attributes);
    });
    this.CONSUME(words.RightParenthesis);
    return this.ACTION(() => ({
      kind: "function",
      function: this.relationName(name),
      inputs,
      outputs,
    }));
  });

  /** A word that is a keyword only here. */
  private readonly word = this.RULE("word", (expected: string): void => {
    const token = this.CONSUME(words.Identifier);
    this.ACTION(() => {
      if (token.image === expected) return;
      this.complain(
        "keyword",
        `\`${token.image}\` stands where \`${expected}\` is expected.`,
        words.spanOf(token),
      );
    });
  });

  private complain(code: string, message: string, span: Span): void {
    this.problems.push({ code, message, span });
  }

  private note(kind: NameSpan["kind"], token: IToken): string {
    const name = words.nameOf(token);
    this.names.push({ kind, name, span: words.spanOf(token) });
    return name;
  }

  private relationName(token: IToken): string {
    const name = this.note("relation", token);
    if (name === "addr")
      this.complain(
        "reserved-name",
        "`addr` is how addresses are written; a relation needs another name.",
        words.spanOf(token),
      );
    return name;
  }

  private wildcard(token: IToken): Spanned<Term> {
    if (token.image !== "_") {
      this.complain(
        "variable-name",
        `\`${token.image}\` begins with \`_\`; write \`_\` for any value, or a name that begins with a letter.`,
        words.spanOf(token),
      );
    }
    return { value: { kind: "wildcard" }, span: words.spanOf(token) };
  }

  private constant(read: ReadConstant, span: Span): Spanned<Term> {
    if (read.problem !== undefined) this.problems.push(read.problem);
    return {
      value: { kind: "constant", value: read.problem === undefined ? read.value : 0 },
      span,
    };
  }

  private arithmetic(
    left: Spanned<Term>,
    operator: ArithmeticOperator,
    right: Spanned<Term>,
  ): Spanned<Term> {
    const span = { start: left.span.start, end: right.span.end };
    this.operators++;
    if (this.operators === MAX_OPERATORS + 1) {
      this.complain("too-long", `More than ${MAX_OPERATORS} operators stand in one rule.`, span);
    }
    if (this.operators > MAX_OPERATORS) return { value: left.value, span };
    return { value: { kind: "arithmetic", operator, left: left.value, right: right.value }, span };
  }

  private typeOf(token: IToken): { type: AttributeType } {
    if (!TYPES.has(token.image)) {
      this.complain(
        "attribute-type",
        `\`${token.image}\` is no type; there are ${[...TYPES].join(", ")}.`,
        words.spanOf(token),
      );
    }
    return { type: token.image as AttributeType };
  }

  private constantOf(term: Spanned<Term>): Value {
    if (term.value.kind === "constant") return term.value.value;
    this.complain("constant-row", "A row holds constants only.", term.span);
    return 0;
  }

  private rowsOf(rows: readonly Spanned<Row>[], arity: number): Row[] {
    const odd = rows.find((row) => row.value.length !== arity);
    if (odd !== undefined) {
      const values = odd.value.length === 1 ? "1 value" : `${odd.value.length} values`;
      this.complain(
        "row-arity",
        `This row has ${values}, the relation ${arity} attributes.`,
        odd.span,
      );
    }
    return rows.map((row) => row.value);
  }
}

function negate(atom: ParsedLiteral, not: IToken): ParsedLiteral {
  if (atom.literal.kind !== "relation") throw new Error("only relations are negated");
  return {
    ...atom,
    literal: { ...atom.literal, negated: true },
    span: { start: not.startOffset, end: atom.span.end },
  };
}

/** A tuple of constants is one constant. */
function tupleOf(terms: readonly Term[]): Term {
  const values: Value[] = [];
  for (const term of terms) {
    if (term.kind !== "constant") return { kind: "tuple", terms };
    values.push(term.value);
  }
  return { kind: "constant", value: values };
}

function comparisonOf(token: IToken): ComparisonOperator {
  switch (token.tokenType) {
    case words.NotEqual:
      return "!=";
    case words.LessEqual:
      return "<=";
    case words.GreaterEqual:
      return ">=";
    case words.LessThan:
      return "<";
    case words.GreaterThan:
      return ">";
    default:
      return "==";
  }
}

function multiplicative(token: IToken): ArithmeticOperator {
  if (tokenMatcher(token, words.Times)) return "*";
  return tokenMatcher(token, words.Divide) ? "/" : "%";
}

function markOf(keyword: string, name: string): Declaration {
  switch (keyword) {
    case "durable":
      return { kind: "durable", relation: name };
    case "invariant":
      return { kind: "invariant", relation: name };
    case "sink":
      return { kind: "sink", relation: name };
    case "injective":
      return { kind: "injective", function: name };
    default:
      throw new Error(`no mark: ${keyword}`);
  }
}

function decimal(token: IToken): ReadConstant {
  return {
    problem: {
      code: "decimal",
      message: `\`${token.image}\` is no integer, and there are no other numbers.`,
      span: words.spanOf(token),
    },
  };
}
