import type { Span } from "../program/diagnostic.ts";
import type { Layout, Statement } from "./layout.ts";
import type { Parsed, ParsedDeclaration, ParsedHeader, ParsedRule } from "./parsed.ts";
import { isDeclaration, parseDeclaration, parseHeader, parseRule } from "./parseStatement.ts";
import type { Problem } from "./problem.ts";
import type { Scanned } from "./tokens.ts";
import * as words from "./tokens.ts";

/** After so many statements that cannot be read the text is no program, and the rest is passed over. */
const MAX_BROKEN = 1000;

export interface ParsedLayout {
  readonly headers: readonly (ParsedHeader | undefined)[];
  readonly layout: Layout;
  readonly rules: readonly { readonly statement: Statement; readonly parsed: ParsedRule }[];
  readonly declarations: readonly {
    readonly statement: Statement;
    readonly parsed: ParsedDeclaration;
  }[];
  readonly broken: readonly { readonly statement: Statement; readonly problem: Problem }[];
  readonly problems: readonly Problem[];
}

/**
 * Every statement on its own, so that what is wrong in one stays there. `parse` answers as `parseRule` does, perhaps from
 * memory.
 */
export function parseLayout(
  layout: Layout,
  scanned: Scanned,
  parse: (tokens: Statement["tokens"]) => Parsed<ParsedRule> = parseRule,
): ParsedLayout {
  const rules: ParsedLayout["rules"][number][] = [];
  const declarations: ParsedLayout["declarations"][number][] = [];
  const broken: ParsedLayout["broken"][number][] = [];
  const problems: Problem[] = [...layout.problems];
  const unreadable = new UnreadableText(scanned.unreadable);
  for (const statement of layout.statements) {
    if (broken.length === MAX_BROKEN) {
      problems.push(tooManyErrors(statement));
      break;
    }
    const problem = unreadable.within(spanOf(statement)) ?? statement.problem;
    if (problem !== undefined) {
      broken.push({ statement, problem });
    } else if (isDeclaration(statement.tokens)) {
      const parsed = parseDeclaration(statement.tokens);
      if (parsed.ok) declarations.push({ statement, parsed: parsed.value });
      else broken.push({ statement, problem: parsed.problem });
    } else {
      const parsed = parse(statement.tokens);
      if (parsed.ok) rules.push({ statement, parsed: parsed.value });
      else broken.push({ statement, problem: parsed.problem });
    }
  }
  problems.push(...unreadable.elsewhere(), ...openComments(scanned));
  const headers = layout.blocks.map((block) => headerOf(block.header, problems));
  return { headers, layout, rules, declarations, broken, problems };
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
  within(statement: Span): Problem | undefined {
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
