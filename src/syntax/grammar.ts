import type { IToken } from "chevrotain";
import type {
  Attribute,
  AttributeType,
  Declaration,
  RelationRole,
  SnippetRole,
} from "../program/program.ts";
import type { Row, Value } from "../program/value.ts";
import type { Term } from "../program/program.ts";
import type { ParsedHeader, Spanned } from "./parsed.ts";
import { RuleGrammar } from "./ruleGrammar.ts";
import * as words from "./tokens.ts";

const SNIPPET_ROLES: ReadonlySet<string> = new Set(["input", "output", "static", "async"]);
const TYPES: ReadonlySet<string> = new Set(["int", "string", "bool", "bytes", "address", "tuple"]);

/**
 * The grammar of one statement (language.md section 2), shared by compact and paper notation. Statements are cut by
 * layout before, so an error ends one statement only and the parser itself recovers from nothing.
 */
export class Grammar extends RuleGrammar {
  constructor() {
    super();
    this.performSelfAnalysis();
  }

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
    const seen = new Set<string>();
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
          if (seen.has(words.nameOf(name))) {
            this.complain(
              "attribute-name",
              `The attribute \`${name.image}\` stands here twice.`,
              words.spanOf(name),
            );
          }
          seen.add(words.nameOf(name));
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

  /** `snippet r input "…"`: what another notation says of r in Rust. */
  readonly snippet = this.RULE("snippet", (): Declaration => {
    this.CONSUME(words.Identifier);
    const name = this.CONSUME2(words.Identifier);
    const role = this.CONSUME3(words.Identifier);
    const snippets: string[] = [];
    this.MANY(() => {
      const text = this.SUBRULE(this.scalar);
      this.ACTION(() => snippets.push(String(this.constantOf(text))));
    });
    return this.ACTION(() => {
      if (!SNIPPET_ROLES.has(role.image)) {
        this.complain(
          "snippet",
          `\`${role.image}\` is no role of a snippet; there are ${[...SNIPPET_ROLES].join(", ")}.`,
          words.spanOf(role),
        );
      }
      return {
        kind: "snippet",
        relation: this.relationName(name),
        role: role.image as SnippetRole,
        snippets,
      };
    });
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

function markOf(keyword: string, name: string): Declaration {
  switch (keyword) {
    case "durable":
      return { kind: "durable", relation: name };
    case "invariant":
      return { kind: "invariant", relation: name };
    case "sink":
      return { kind: "sink", relation: name };
    case "global":
      return { kind: "global", relation: name };
    case "injective":
      return { kind: "injective", function: name };
    default:
      throw new Error(`no mark: ${keyword}`);
  }
}
