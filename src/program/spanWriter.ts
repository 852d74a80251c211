import type { Span } from "./diagnostic.ts";

/** Text under construction that knows how long it is. */
export class SpanWriter {
  private pieces: string[] = [];
  private length = 0;

  get offset(): number {
    return this.length;
  }

  write(text: string): void {
    this.pieces.push(text);
    this.length += text.length;
  }

  /** Where `write` wrote. */
  span(write: () => void): Span {
    const start = this.length;
    write();
    return { start, end: this.length };
  }

  /** Replaces `length` characters at `offset`, which must be a piece of their own among the latest. */
  replace(offset: number, length: number, text: string): void {
    let start = this.length;
    for (let i = this.pieces.length - 1; i >= 0; i--) {
      start -= this.pieces[i]!.length;
      if (start > offset) continue;
      if (start !== offset || this.pieces[i]!.length !== length) break;
      this.pieces[i] = text;
      this.length += text.length - length;
      return;
    }
    throw new Error(`no piece of ${length} characters was written at ${offset}`);
  }

  text(): string {
    return this.pieces.join("");
  }
}
