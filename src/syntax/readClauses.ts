import type { NameSpan, Span } from "../program/diagnostic.ts";
import type { Annotation } from "./annotations.ts";
import { readAnnotations } from "./annotations.ts";
import type { Clause } from "./clauseGrammar.ts";
import { ClauseGrammar } from "./clauseGrammar.ts";
import type { IncludeOptions } from "./includes.ts";
import { Includes } from "./includes.ts";
import { LegalNames } from "./legalNames.ts";
import type { NotationToken, NotationWords } from "./notationTokens.ts";
import { scanNotation } from "./notationTokens.ts";
import type { Problem } from "./problem.ts";
import { TokenCursor } from "./tokenCursor.ts";
import { MADE_UP } from "./unreadableNames.ts";

const MOLLY: NotationWords = {
  lineComments: ["//"],
  blockComments: true,
  // A tag's `@` follows a parenthesis, so a name that begins with one is put together later.
  name: /[A-Za-z0-9._?][A-Za-z0-9._?@]*/y,
  symbols: ":- == != <= >= < > + - * / ( ) , ; @".split(" "),
  snippets: false,
  strings: true,
  atoms: false,
};
const PROTOTYPE: NotationWords = {
  lineComments: ["%", "//"],
  blockComments: true,
  name: /[A-Za-z0-9_]+/y,
  symbols: ":- <- =/= == != =< <= >= < > = + - * / ( ) , ; . @ #".split(" "),
  snippets: false,
  strings: true,
  atoms: true,
};

/** What stands in a text of clauses, in text order. */
export type ClauseItem = { readonly span: Span } & (
  | { readonly kind: "clause"; readonly clause: Clause; readonly names: readonly NameSpan[] }
  | { readonly kind: "annotation"; readonly annotation: Annotation }
  | { readonly kind: "broken"; readonly head: string | undefined; readonly problem: Problem }
  | { readonly kind: "problem"; readonly problem: Problem }
);

/** After so many statements that cannot be read the text is no program, and the rest is passed over. */
const MAX_BROKEN = 1000;

interface Statement {
  readonly tokens: readonly NotationToken[];
  readonly span: Span;
}

/** Cuts, includes and parses; an error in one clause leaves the others as they are. */
export function readClauses(
  text: string,
  notation: "molly" | "prototype",
  options: IncludeOptions,
): readonly ClauseItem[] {
  const source = new Source(notation, options);
  source.add(text, [], undefined);
  const words = source.statements.flatMap((s) => s.tokens);
  const named = words.flatMap((t) => (t.kind === "name" || t.kind === "atom" ? [nameOf(t)] : []));
  const relations = new LegalNames("relation", named, MADE_UP);
  let broken = 0;
  for (const { tokens, span } of source.statements) {
    const cursor = new TokenCursor(tokens);
    const used = tokens.flatMap((t) => (t.kind === "name" ? [t.image] : []));
    const variables = new LegalNames("variable", used);
    const clause = new ClauseGrammar(cursor, relations, variables, notation).clause();
    const { problem } = cursor;
    if (problem === undefined)
      source.items.push({ kind: "clause", clause, names: cursor.names, span });
    else if (broken++ < MAX_BROKEN) {
      const head = tokens[0]!.kind === "name" ? relations.of(tokens[0]!.image) : undefined;
      source.items.push({ kind: "broken", head, problem, span });
    }
  }
  return source.items.toSorted((a, b) => a.span.start - b.span.start);
}

function nameOf({ kind, image }: NotationToken): string {
  return kind === "atom" ? image.slice(1, -1) : image;
}

/** A text and all that it includes. Tokens of an included text stand where the `include` does. */
class Source {
  readonly items: ClauseItem[] = [];
  readonly statements: Statement[] = [];
  readonly #notation: "molly" | "prototype";
  readonly #includes: Includes;

  constructor(notation: "molly" | "prototype", options: IncludeOptions) {
    this.#notation = notation;
    this.#includes = new Includes(options);
  }

  /** `within`: the paths of the included files around it, and `place` where the outermost one is included. */
  add(text: string, within: readonly string[], place: Span | undefined): void {
    const scanned = scanNotation(text, this.#notation === "molly" ? MOLLY : PROTOTYPE);
    if (place === undefined) {
      for (const annotation of readAnnotations(scanned.comments, text)) {
        this.items.push({ kind: "annotation", annotation, span: annotation.span });
      }
    }
    const open = scanned.comments.find((c) => !c.closed);
    if (open !== undefined) {
      const span = place ?? { start: open.span.start, end: open.span.start + 2 };
      this.#report("open-comment", "This comment is never closed: `*/` is missing.", span);
    }
    const tokens =
      place === undefined ? scanned.tokens : scanned.tokens.map((t) => ({ ...t, span: place }));
    for (const statement of cut(tokens, this.#notation)) {
      const span = place ?? { start: statement[0]!.span.start, end: statement.at(-1)!.span.end };
      const wanted = this.#notation === "molly" ? includedPath(statement) : undefined;
      if (wanted === undefined) this.statements.push({ tokens: statement, span });
      else this.#read(wanted, within, span);
    }
  }

  #read(wanted: string, within: readonly string[], span: Span): void {
    const found = this.#includes.find(wanted, within);
    if (found.kind === "text") return this.add(found.text, [...within, found.path], span);
    if (found.kind === "known") return;
    const { kind: _, ...problem } = found;
    this.items.push({ kind: "problem", problem: { ...problem, span }, span });
  }

  #report(code: string, message: string, span: Span): void {
    this.items.push({ kind: "problem", problem: { code, message, span }, span });
  }
}

/** The paths that a text includes in Molly's notation, as they are written. */
export function includedPaths(text: string): readonly string[] {
  return cut(scanNotation(text, MOLLY).tokens, "molly").flatMap(
    (statement) => includedPath(statement) ?? [],
  );
}

function includedPath([first, name, ...more]: readonly NotationToken[]): string | undefined {
  const includes = first?.image === "include" && name?.kind === "string" && more.length === 0;
  return includes ? name.image.slice(1, -1) : undefined;
}

/**
 * A clause ends at `;`, in the prototype notation also at `.`. Where that is forgotten, the next clause that begins a line
 * ends the one before it.
 */
function cut(
  tokens: readonly NotationToken[],
  notation: "molly" | "prototype",
): readonly (readonly NotationToken[])[] {
  const found: NotationToken[][] = [];
  let current: NotationToken[] = [];
  let arrows = 0;
  let lineStart = 0;
  const end = (): void => {
    if (current.length > 0) found.push(current);
    [current, arrows, lineStart] = [[], 0, 0];
  };
  for (const token of tokens) {
    const isSymbol = token.kind === "symbol";
    if (isSymbol && (token.image === ";" || (token.image === "." && notation === "prototype"))) {
      end();
      continue;
    }
    if (token.beginsLine && token.kind !== "symbol" && current.length > 0)
      lineStart = current.length;
    if (isSymbol && (token.image === ":-" || token.image === "<-")) {
      if (arrows > 0 && lineStart > 0) {
        const rest = current.splice(lineStart);
        end();
        current = rest;
      }
      arrows++;
    }
    current.push(token);
  }
  end();
  return found;
}
