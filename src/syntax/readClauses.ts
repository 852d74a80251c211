import type { NameSpan, Span } from "../program/diagnostic.ts";
import type { Annotation } from "./annotations.ts";
import { readAnnotations } from "./annotations.ts";
import type { Clause } from "./clauseGrammar.ts";
import { ClauseGrammar } from "./clauseGrammar.ts";
import type { IncludeOptions } from "./includes.ts";
import { BETWEEN_TEXTS, Includes } from "./includes.ts";
import { LegalNames } from "./legalNames.ts";
import type { NotationText, NotationToken, NotationWords } from "./notationTokens.ts";
import { scanNotation } from "./notationTokens.ts";
import type { Problem } from "./problem.ts";
import type { IncludedText } from "./readResult.ts";
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
  symbols: ":- <- =/= == != =< <= >= < > = + - * / ( ) , ; . @ # !".split(" "),
  snippets: false,
  strings: true,
  atoms: true,
};

/** What stands in a text of clauses. */
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
  /** What is included counts where the outermost text includes it. */
  readonly order: number;
}

/** An included text's own: where the outermost text includes it, and where it stands itself when texts are joined. */
interface Placing {
  readonly include: Span;
  readonly start: number | undefined;
}

export interface ReadClauses {
  /** In the order in which they count. */
  readonly items: readonly ClauseItem[];
  readonly included: readonly IncludedText[];
}

/** Cuts, includes and parses; an error in one clause leaves the others as they are. */
export function readClauses(
  text: string,
  notation: "molly" | "prototype",
  options: IncludeOptions,
): ReadClauses {
  const source = new Source(text, notation, options);

  const words = source.statements.flatMap((s) => s.tokens);
  const named = words.flatMap((t) => (t.kind === "name" || t.kind === "atom" ? [nameOf(t)] : []));
  const relations = new LegalNames("relation", named, MADE_UP);
  let broken = 0;
  for (const { tokens, span, order } of source.statements) {
    const cursor = new TokenCursor(tokens);
    const used = tokens.flatMap((t) => (t.kind === "name" ? [t.image] : []));
    const variables = new LegalNames("variable", used);
    const clause = new ClauseGrammar(cursor, relations, variables, notation).clause();
    const { problem } = cursor;
    if (problem === undefined)
      source.put({ kind: "clause", clause, names: cursor.names, span }, order);
    else if (broken++ < MAX_BROKEN) {
      const head = tokens[0]!.kind === "name" ? relations.of(tokens[0]!.image) : undefined;
      source.put({ kind: "broken", head, problem, span }, order);
    }
  }
  return { items: source.items(), included: source.included };
}

function nameOf({ kind, image }: NotationToken): string {
  return kind === "atom" ? image.slice(1, -1) : image;
}

/** A text and all that it includes. */
class Source {
  readonly statements: Statement[] = [];
  readonly included: IncludedText[] = [];
  readonly #items: { readonly item: ClauseItem; readonly order: number }[] = [];
  readonly #notation: "molly" | "prototype";
  readonly #includes: Includes;
  readonly #joined: boolean;
  #end: number;

  constructor(text: string, notation: "molly" | "prototype", options: IncludeOptions) {
    this.#notation = notation;
    this.#includes = new Includes(options);
    this.#joined = options.joined ?? false;
    this.#end = text.length;
    this.#add(text, [], undefined);
  }

  put(item: ClauseItem, order: number): void {
    this.#items.push({ item, order });
  }

  items(): readonly ClauseItem[] {
    return this.#items.toSorted((a, b) => a.order - b.order).map(({ item }) => item);
  }

  /** `within`: the paths of the included files around it, outermost first. */
  #add(text: string, within: readonly string[], placing: Placing | undefined): void {
    const scanned = scanNotation(text, this.#notation === "molly" ? MOLLY : PROTOTYPE);
    if (placing === undefined) {
      for (const annotation of readAnnotations(scanned.comments, text)) {
        const { span } = annotation;
        this.put({ kind: "annotation", annotation, span }, span.start);
      }
    }
    const open = scanned.comments.find((c) => !c.closed);
    if (open !== undefined) {
      const { start } = open.span;
      const message = "This comment is never closed: `*/` is missing.";
      const span = placed({ start, end: start + 2 }, placing);
      this.#report({ code: "open-comment", message, span }, placing?.include.start ?? start);
    }
    const tokens =
      placing === undefined
        ? scanned.tokens
        : scanned.tokens.map((t) => ({ ...t, span: placed(t.span, placing) }));
    for (const statement of cut(tokens, this.#notation)) {
      const span = { start: statement[0]!.span.start, end: statement.at(-1)!.span.end };
      const wanted = this.#notation === "molly" ? includedPath(statement) : undefined;
      const include = placing?.include ?? span;
      if (wanted !== undefined) this.#read(wanted, within, span, include);
      else this.statements.push({ tokens: statement, span, order: include.start });
    }
  }

  #read(wanted: string, within: readonly string[], span: Span, include: Span): void {
    const found = this.#includes.find(wanted, within);
    if (found.kind === "known") return;
    if (found.kind === "problem") {
      const { kind: _, ...problem } = found;
      return this.#report({ ...problem, span }, include.start);
    }
    const { path, text } = found;
    const start = this.#end + BETWEEN_TEXTS.length;
    this.#end = start + text.length;
    this.included.push({ path, text, start });
    this.#add(text, [...within, path], { include, start: this.#joined ? start : undefined });
  }

  #report(problem: Problem, order: number): void {
    this.put({ kind: "problem", problem, span: problem.span }, order);
  }
}

function placed(span: Span, placing: Placing | undefined): Span {
  if (placing === undefined) return span;
  const { include, start } = placing;
  return start === undefined ? include : { start: start + span.start, end: start + span.end };
}

/** A text by itself, cut into its statements. */
export function cutClauses(
  text: string,
  notation: "molly" | "prototype",
): NotationText & { readonly statements: readonly (readonly NotationToken[])[] } {
  const scanned = scanNotation(text, notation === "molly" ? MOLLY : PROTOTYPE);
  return { ...scanned, statements: cut(scanned.tokens, notation) };
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
