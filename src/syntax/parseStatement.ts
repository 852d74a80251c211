import type { IToken } from "chevrotain";
import type { Declaration } from "../program/program.ts";
import { Grammar } from "./grammar.ts";
import type { Parsed, ParsedDeclaration, ParsedHeader, ParsedRule } from "./parsed.ts";
import { plainHeader, plainRule } from "./plainRule.ts";
import type { Problem } from "./problem.ts";
import { lowerCompactRule } from "./readCompact.ts";
import * as words from "./tokens.ts";

let shared: Grammar | undefined;

/** Built once, on first use: the grammar's analysis takes some milliseconds. */
function grammar(): Grammar {
  shared ??= new Grammar();
  return shared;
}

/** Declarations begin with one of these words and a name; anywhere else the words are free. */
const DECLARATIONS: ReadonlyMap<string, (g: Grammar) => Declaration> = new Map([
  ["input", (g) => g.relationDeclaration()],
  ["output", (g) => g.relationDeclaration()],
  ["edb", (g) => g.relationDeclaration()],
  ["node", (g) => g.relationDeclaration()],
  ["local", (g) => g.relationDeclaration()],
  ["timer", (g) => g.timer()],
  ["durable", (g) => g.mark()],
  ["invariant", (g) => g.mark()],
  ["sink", (g) => g.mark()],
  ["global", (g) => g.mark()],
  ["injective", (g) => g.mark()],
  ["fd", (g) => g.dependency()],
  ["within", (g) => g.within()],
  ["function", (g) => g.functionDeclaration()],
  ["snippet", (g) => g.snippet()],
]);

export function isDeclaration(tokens: readonly IToken[]): boolean {
  return (
    tokens[0]?.tokenType === words.Identifier &&
    tokens[1]?.tokenType === words.Identifier &&
    DECLARATIONS.has(tokens[0].image)
  );
}

export function parseRule(tokens: readonly IToken[]): Parsed<ParsedRule> {
  const plain = plainRule(tokens);
  return plain === undefined ? parseByGrammar(tokens) : { ok: true, value: plain };
}

/** What `parseRule` answers, and what is wrong with a rule in which something is. */
export function parseByGrammar(tokens: readonly IToken[]): Parsed<ParsedRule> {
  const g = grammar();
  const parsed = run(g, tokens, () => g.rule());
  if (!parsed.ok) return parsed;
  const span = words.spanOf(tokens[0]!, tokens.at(-1)!);
  return { ok: true, value: { ...parsed.value, span, names: g.names } };
}

export function parseDeclaration(tokens: readonly IToken[]): Parsed<ParsedDeclaration> {
  if (ABOUT_ALL.has(tokens[0]!.image) && tokens.length > 2) return parseGlobalRule(tokens);
  const g = grammar();
  const read = DECLARATIONS.get(tokens[0]!.image)!;
  const parsed = run(g, tokens, () => read(g));
  if (!parsed.ok) return parsed;
  const span = words.spanOf(tokens[0]!, tokens.at(-1)!);
  return {
    ok: true,
    value: { declaration: parsed.value, name: words.nameOf(tokens[1]!), span },
  };
}

/** Of what these declare the rule may stand with them. */
const ABOUT_ALL: ReadonlySet<string> = new Set(["invariant", "global"]);

/** `invariant r(x) :- …`, `global r(x) :- …`: in every notation a rule of compact notation. */
function parseGlobalRule(tokens: readonly IToken[]): Parsed<ParsedDeclaration> {
  const parsed = parseRule(tokens.slice(1));
  if (!parsed.ok) return parsed;
  const { head, body, problems } = lowerCompactRule(parsed.value);
  const [problem] = problems;
  if (problem !== undefined) return { ok: false, problem };
  const kind = tokens[0]!.image === "global" ? "global" : "invariant";
  const declaration = { kind, relation: head.relation, rule: { head, body } } as const;
  const span = words.spanOf(tokens[0]!, tokens.at(-1)!);
  return { ok: true, value: { declaration, name: words.nameOf(tokens[1]!), span } };
}

export function parseHeader(tokens: readonly IToken[]): Parsed<ParsedHeader> {
  const plain = plainHeader(tokens);
  return plain === undefined ? parseHeaderByGrammar(tokens) : { ok: true, value: plain };
}

export function parseHeaderByGrammar(tokens: readonly IToken[]): Parsed<ParsedHeader> {
  const g = grammar();
  return run(g, tokens, () => g.header());
}

function run<T>(g: Grammar, tokens: readonly IToken[], entry: () => T): Parsed<T> {
  g.begin(tokens);
  const value = entry();
  const [error] = g.errors;
  const [problem] = g.problems;
  if (error !== undefined) {
    const syntax = syntaxProblem(error, tokens);
    // A string never closed, say, swallows the parenthesis that is then missing.
    const cause = problem !== undefined && problem.span.start < syntax.span.start;
    return { ok: false, problem: cause ? problem : syntax };
  }
  return problem === undefined ? { ok: true, value } : { ok: false, problem };
}

function syntaxProblem(
  error: { readonly message: string; readonly token: IToken },
  tokens: readonly IToken[],
): Problem {
  const atEnd = Number.isNaN(error.token.startOffset) || error.token.image === "";
  const last = tokens.at(-1)!;
  return {
    code: "syntax",
    message: error.message,
    span: atEnd
      ? { start: words.endOf(last) - 1, end: words.endOf(last) }
      : words.spanOf(error.token),
  };
}
