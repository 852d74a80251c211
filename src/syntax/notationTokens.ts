import type { Span } from "../program/diagnostic.ts";

export interface NotationToken {
  readonly kind:
    "name" | "wildcard" | "integer" | "string" | "atom" | "snippet" | "symbol" | "foreign" | "end";
  readonly image: string;
  readonly span: Span;
  /** It is the first of its line. */
  readonly beginsLine: boolean;
}

export interface NotationComment {
  /** Without the characters that begin and end it. */
  readonly text: string;
  readonly span: Span;
  readonly closed: boolean;
}

export interface NotationText {
  readonly tokens: readonly NotationToken[];
  readonly comments: readonly NotationComment[];
}

/** What tells the words of one notation from those of another. */
export interface NotationWords {
  readonly lineComments: readonly string[];
  readonly blockComments: boolean;
  /** Sticky; what matches is one name. */
  readonly name: RegExp;
  /** Longer ones before their beginnings. */
  readonly symbols: readonly string[];
  readonly snippets: boolean;
  readonly strings: boolean;
  readonly atoms: boolean;
}

/** Text to tokens, in linear time for any text; what belongs to no notation is a token too. */
export function scanNotation(
  text: string,
  words: NotationWords,
  from = 0,
  to: number = text.length,
): NotationText {
  const scanner = new Scanner(text, words, from, to);
  scanner.run();
  return { tokens: scanner.tokens, comments: scanner.comments };
}

const BLANK = /[\s\u00ad\u200b\u2060\ufeff]/;

class Scanner {
  readonly tokens: NotationToken[] = [];
  readonly comments: NotationComment[] = [];
  readonly #text: string;
  readonly #words: NotationWords;
  readonly #end: number;
  #at: number;
  #beginsLine = true;

  constructor(text: string, words: NotationWords, from: number, to: number) {
    this.#text = text;
    this.#words = words;
    this.#at = from;
    this.#end = to;
  }

  run(): void {
    while (this.#at < this.#end) {
      const c = this.#text.charAt(this.#at);
      if (c === "\n" || c === "\r") this.#beginsLine = true;
      if (BLANK.test(c)) this.#at++;
      else if (!this.#comment()) this.#token(c);
    }
  }

  #comment(): boolean {
    const { lineComments, blockComments } = this.#words;
    const opening = lineComments.find((mark) => this.#text.startsWith(mark, this.#at));
    const start = this.#at;
    if (opening !== undefined) {
      while (this.#at < this.#end && !/[\n\r]/.test(this.#text.charAt(this.#at))) this.#at++;
      const text = this.#text.slice(start + opening.length, this.#at);
      this.comments.push({ text, span: { start, end: this.#at }, closed: true });
      return true;
    }
    if (!blockComments || !this.#text.startsWith("/*", start)) return false;
    const close = this.#text.indexOf("*/", start + 2);
    const closed = close >= 0 && close + 2 <= this.#end;
    this.#at = closed ? close + 2 : this.#end;
    const text = this.#text.slice(start + 2, closed ? close : this.#end);
    this.comments.push({ text, span: { start, end: this.#at }, closed });
    return true;
  }

  #token(c: string): void {
    const start = this.#at;
    const { name, symbols, snippets, strings, atoms } = this.#words;
    if (snippets && c === "`") return this.#quoted("snippet", "`", true);
    if (strings && c === '"') return this.#quoted("string", '"', false);
    if (atoms && c === "'") return this.#quoted("atom", "'", false);
    name.lastIndex = start;
    const word = name.exec(this.#text)?.[0].slice(0, this.#end - start);
    if (word !== undefined && word !== "") {
      const kind = /^\d+$/.test(word) ? "integer" : word === "_" ? "wildcard" : "name";
      return this.#push(kind, start + word.length);
    }
    const symbol = symbols.find((s) => this.#text.startsWith(s, start));
    if (symbol !== undefined) return this.#push("symbol", start + symbol.length);
    this.#push("foreign", start + (this.#text.codePointAt(start)! > 0xffff ? 2 : 1));
  }

  /** To its closing mark; one that is not closed ends with its line or, a snippet, is its opening mark alone. */
  #quoted(kind: "snippet" | "string" | "atom", mark: string, overLines: boolean): void {
    let i = this.#at + 1;
    for (; i < this.#end; i++) {
      const c = this.#text.charAt(i);
      if (c === mark) return this.#push(kind, i + 1);
      if (!overLines && (c === "\n" || c === "\r")) break;
      if (c === "\\" && kind === "string" && !/[\n\r]/.test(this.#text.charAt(i + 1))) i++;
    }
    this.#push("foreign", overLines ? this.#end : Math.min(i, this.#end));
  }

  #push(kind: NotationToken["kind"], end: number): void {
    const start = this.#at;
    this.#at = end;
    this.tokens.push({
      kind,
      image: this.#text.slice(start, end),
      span: { start, end },
      beginsLine: this.#beginsLine,
    });
    this.#beginsLine = false;
  }
}
