import type { NameSpan, Span } from "../program/diagnostic.ts";
import type { NotationToken } from "./notationTokens.ts";
import type { Problem } from "./problem.ts";

/** Deeper nesting and longer expressions than any program has; parsers are recursive and must not be sent deeper. */
const MAX_DEPTH = 64;

/**
 * Reads one statement token by token. After the first thing that is wrong it stands at the end for good, so that a parser
 * needs no other way out.
 */
export class TokenCursor {
  problem: Problem | undefined;
  readonly names: NameSpan[] = [];
  /** Where the token that was taken last ends. */
  lastEnd = 0;
  readonly #tokens: readonly NotationToken[];
  readonly #end: NotationToken;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly NotationToken[]) {
    this.#tokens = tokens;
    const end = tokens.at(-1)?.span.end ?? 0;
    const span = { start: Math.max(0, end - 1), end };
    this.#end = { kind: "end", image: "", span, beginsLine: false };
  }

  peek(ahead = 0): NotationToken {
    return this.#tokens[this.#at + ahead] ?? this.#end;
  }

  next(): NotationToken {
    const token = this.peek();
    if (this.#at < this.#tokens.length) this.#at++;
    this.lastEnd = token.span.end;
    return token;
  }

  is(image: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.image === image && (token.kind === "symbol" || token.kind === "name");
  }

  /** Takes the token if it is there. */
  accept(image: string): NotationToken | undefined {
    return this.is(image) ? this.next() : undefined;
  }

  /** Takes the token, which must be there. */
  expect(image: string): NotationToken {
    const token = this.accept(image);
    if (token !== undefined) return token;
    this.awaited(`\`${image}\``);
    return this.#end;
  }

  atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** Whatever stands here is not what should. */
  awaited(what: string): void {
    const token = this.peek();
    const found =
      token.kind === "end" ? "The text of this statement ends" : `${quoted(token)} stands`;
    this.fail("syntax", `${found} where ${what} is expected.`, token.span);
  }

  fail(code: string, message: string, span: Span): void {
    this.problem ??= { code, message, span };
    this.#at = this.#tokens.length;
  }

  /** What `read` reads, unless it is nested too deep. */
  nested<T>(read: () => T, otherwise: T): T {
    if (this.#depth >= MAX_DEPTH) {
      this.fail("too-deep", `This is nested more than ${MAX_DEPTH} levels deep.`, this.peek().span);
      return otherwise;
    }
    this.#depth++;
    const result = read();
    this.#depth--;
    return result;
  }

  /** Items between commas, up to the closing mark, which is taken. */
  list<T>(close: string, read: () => T): T[] {
    const items: T[] = [];
    if (this.accept(close)) return items;
    do items.push(read());
    while (this.accept(","));
    this.expect(close);
    return items;
  }
}

function quoted({ image }: NotationToken): string {
  return `\`${image.length > 40 ? `${image.slice(0, 37)}…` : image}\``;
}
