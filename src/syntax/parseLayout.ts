import type { Span } from "../program/diagnostic.ts";
import type { Layout, Statement } from "./layout.ts";
import { MAX_DEPTH } from "./layout.ts";
import { movedProblem, movedSpan } from "./movedPlaces.ts";
import type { Parsed, ParsedDeclaration, ParsedHeader } from "./parsed.ts";
import { parseHeader } from "./parseStatement.ts";
import type { Problem } from "./problem.ts";
import type { ReadStatement, RuleText } from "./readStatement.ts";
import { readStatement, startOf } from "./readStatement.ts";
import type { Scanned } from "./tokens.ts";
import * as words from "./tokens.ts";

/** After so many statements that cannot be read the text is no program, and the rest is passed over. */
const MAX_BROKEN = 1000;

export interface ParsedLayout {
  readonly headers: readonly (ParsedHeader | undefined)[];
  readonly layout: Layout;
  readonly rules: readonly { readonly statement: Statement; readonly rule: RuleText }[];
  readonly declarations: readonly {
    readonly statement: Statement;
    readonly parsed: ParsedDeclaration;
  }[];
  readonly broken: readonly { readonly statement: Statement; readonly problem: Problem }[];
  readonly problems: readonly Problem[];
}

/**
 * Every statement on its own, so that what is wrong in one stays there. `read` has what is known of some of the statements, and
 * gets what is read of the others.
 */
export function parseLayout(
  layout: Layout,
  scanned: Scanned,
  read: (ReadStatement | undefined)[] = [],
): ParsedLayout {
  const rules: ParsedLayout["rules"][number][] = [];
  const declarations: ParsedLayout["declarations"][number][] = [];
  const broken: ParsedLayout["broken"][number][] = [];
  const problems: Problem[] = [...layout.problems];
  const unreadable = new UnreadableText(scanned.unreadable);
  for (const [i, statement] of layout.statements.entries()) {
    if (broken.length === MAX_BROKEN) {
      problems.push(tooManyErrors(statement));
      break;
    }
    const problem = unreadable.within(statement) ?? tooDeep(statement);
    if (problem !== undefined) {
      broken.push({ statement, problem });
      continue;
    }
    const known = (read[i] ??= readStatement(statement));
    switch (known.kind) {
      case "rule":
        rules.push({ statement, rule: known.rule });
        break;
      case "declaration": {
        const { parsed } = known;
        const span = movedSpan(parsed.span, startOf(statement));
        declarations.push({ statement, parsed: { ...parsed, span } });
        break;
      }
      case "broken":
        broken.push({ statement, problem: movedProblem(known.problem, startOf(statement)) });
        break;
    }
  }
  problems.push(...unreadable.elsewhere(), ...openComments(scanned));
  const headers = layout.blocks.map((block) => headerOf(block.header, problems));
  return { headers, layout, rules, declarations, broken, problems };
}

function tooDeep(statement: Statement): Problem | undefined {
  if (!statement.tooDeep) return undefined;
  return {
    code: "too-deep",
    message: `This is nested more than ${MAX_DEPTH} levels deep.`,
    span: spanOf(statement),
  };
}

export function spanOf(statement: Statement): Span {
  return words.spanOf(statement.tokens[0]!, statement.tokens.at(-1)!);
}

function headerOf(
  tokens: Layout["blocks"][number]["header"],
  problems: Problem[],
): ParsedHeader | undefined {
  if (tokens.length === 0) return undefined;
  const header: Parsed<ParsedHeader> = parseHeader(tokens);
  if (header.ok) return header.value;
  problems.push(header.problem);
  const name = tokens[1]!;
  return { name: { value: words.nameOf(name), span: words.spanOf(name) }, by: [] };
}

function tooManyErrors(statement: Statement): Problem {
  return {
    code: "too-many-errors",
    message: `More than ${MAX_BROKEN} statements cannot be read; the text from here on was passed over.`,
    span: spanOf(statement),
  };
}

function openComments(scanned: Scanned): Problem[] {
  const last = scanned.comments.at(-1);
  if (last === undefined || !last.image.startsWith("/*")) return [];
  if (last.image.length >= 4 && last.image.endsWith("*/")) return [];
  return [
    {
      code: "open-comment",
      message: "This comment is never closed: `*/` is missing.",
      span: { start: last.startOffset, end: last.startOffset + 2 },
    },
  ];
}

/** Stretches of foreign text; one inside a statement spoils it, one between statements spoils nothing. */
class UnreadableText {
  private readonly spans: readonly Span[];
  private index = 0;
  private readonly between: Span[] = [];

  constructor(spans: readonly Span[]) {
    this.spans = spans;
  }

  /** Statements must come in text order. */
  within(of: Statement): Problem | undefined {
    if (this.index === this.spans.length) return undefined;
    const statement = spanOf(of);
    let first: Span | undefined;
    for (; this.index < this.spans.length; this.index++) {
      const span = this.spans[this.index]!;
      if (span.start >= statement.end) break;
      if (span.start < statement.start) this.between.push(span);
      else first ??= span;
    }
    return first && unreadableProblem(first);
  }

  elsewhere(): Problem[] {
    const all = [...this.between, ...this.spans.slice(this.index)];
    return all.slice(0, MAX_BROKEN).map(unreadableProblem);
  }
}

function unreadableProblem(span: Span): Problem {
  return {
    code: "unreadable",
    message: "These characters are no part of the language.",
    span,
  };
}
