import { EmbeddedActionsParser } from "chevrotain";
import type { IToken } from "chevrotain";
import type { NameSpan, Span } from "../program/diagnostic.ts";
import type { ArithmeticOperator, Term } from "../program/program.ts";
import type { Value } from "../program/value.ts";
import { readAddress, readBytes, readInteger, readString } from "./constants.ts";
import type { ReadConstant } from "./constants.ts";
import { syntaxMessages } from "./messages.ts";
import type { Spanned } from "./parsed.ts";
import type { Problem } from "./problem.ts";
import * as words from "./tokens.ts";

/** More operators in one rule than any program has; what reads the tree is recursive. */
export const MAX_OPERATORS = 200;

export interface Operation {
  readonly operator: ArithmeticOperator;
  readonly right: Spanned<Term>;
}

/** The grammar's lowest layer: names, constants and expressions. Whoever completes it calls `performSelfAnalysis`. */
export class TermGrammar extends EmbeddedActionsParser {
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
  }

  begin(tokens: readonly IToken[]): void {
    this.names = [];
    this.problems = [];
    this.operators = 0;
    this.input = tokens as IToken[];
  }

  /** One rule for both ranks of operators, since nearly every term has none: ranks are told apart afterwards. */
  protected readonly expression = this.RULE("expression", (): Spanned<Term> => {
    const first = this.SUBRULE(this.factor);
    let rest: Operation[] | undefined;
    this.MANY(() => {
      const token = this.CONSUME(words.ArithmeticOperator);
      const right = this.SUBRULE2(this.factor);
      this.ACTION(() => {
        rest ??= [];
        rest.push({ operator: operatorOf(token), right });
      });
    });
    return this.ACTION(() =>
      rest === undefined
        ? first
        : groupByRank(first, rest, (left, operator, right) =>
            this.arithmetic(left, operator, right),
          ),
    );
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

  protected readonly scalar = this.RULE("scalar", (): Spanned<Term> => {
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

  protected complain(code: string, message: string, span: Span): void {
    this.problems.push({ code, message, span });
  }

  protected note(kind: NameSpan["kind"], token: IToken): string {
    const name = words.nameOf(token);
    this.names.push({ kind, name, span: words.spanOf(token) });
    return name;
  }

  protected relationName(token: IToken): string {
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
}

/** `* / %` before `+ -`, each to the left. */
export function groupByRank(
  first: Spanned<Term>,
  rest: readonly Operation[],
  arithmetic: (
    left: Spanned<Term>,
    operator: ArithmeticOperator,
    right: Spanned<Term>,
  ) => Spanned<Term>,
): Spanned<Term> {
  let sum: { readonly left: Spanned<Term>; readonly operator: ArithmeticOperator } | undefined;
  let product = first;
  const total = (): Spanned<Term> =>
    sum === undefined ? product : arithmetic(sum.left, sum.operator, product);
  for (const { operator, right } of rest) {
    if (operator === "+" || operator === "-") {
      sum = { left: total(), operator };
      product = right;
    } else {
      product = arithmetic(product, operator, right);
    }
  }
  return total();
}

/** A tuple of constants is one constant. */
export function tupleOf(terms: readonly Term[]): Term {
  const values: Value[] = [];
  for (const term of terms) {
    if (term.kind !== "constant") return { kind: "tuple", terms };
    values.push(term.value);
  }
  return { kind: "constant", value: values };
}

export function operatorOf(token: IToken): ArithmeticOperator {
  switch (token.tokenType) {
    case words.Plus:
      return "+";
    case words.Minus:
      return "-";
    case words.Times:
      return "*";
    case words.Divide:
      return "/";
    default:
      return "%";
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
