import { keepParts } from "../program/keepParts.ts";
import type { Program } from "../program/program.ts";
import type { Layout } from "./layout.ts";
import { layOut } from "./layout.ts";
import type { ParsedLayout } from "./parseLayout.ts";
import { parseLayout } from "./parseLayout.ts";
import type { PlacedRules } from "./placedRules.ts";
import type { ReadStatement } from "./readStatement.ts";
import { ScannedText } from "./scannedText.ts";
import type { Scanned } from "./tokens.ts";

/**
 * What is known of the text that was read last: a keystroke leaves nearly all of it as it is. Only the lines that differ
 * are scanned, laid out and parsed; what moves keeps its objects, whose places count from where a rule begins. Give the
 * same one to each reading of one document.
 */
export class ParsedRules {
  readonly #scanned = new ScannedText();
  /** Of a reading since which every text was laid out. */
  #layout: { readonly layout: Layout; readonly lineNumbers: boolean } | undefined;
  #statements: (ReadStatement | undefined)[] = [];
  #program: Program | undefined;
  /** Where the rules stood, as the reader keeps it. */
  places: PlacedRules | undefined;

  /** The text's tokens; `parse` has to follow. */
  scan(text: string): Scanned {
    return this.#scanned.scan(text);
  }

  /** The statements of the text that was scanned. */
  parse(scanned: Scanned, text: string, lineNumbers: boolean): ParsedLayout {
    const last = this.#layout?.lineNumbers === lineNumbers ? this.#layout.layout : undefined;
    const known = last && { layout: last, kept: this.#scanned.kept };
    const layout = layOut(scanned.tokens, text, { lineNumbers, known });
    const { before, after } = layout.kept;
    const read = this.#statements.slice(0, before);
    read.length = layout.statements.length - after;
    this.#statements = read.concat(after === 0 ? [] : this.#statements.slice(-after));
    this.#statements.length = layout.statements.length;
    this.#layout = { layout, lineNumbers };
    return parseLayout(layout, scanned, this.#statements);
  }

  /** The program that was read, with what it has in common with the one before it. */
  keep(program: Program): Program {
    this.#program = keepParts(this.#program, program);
    return this.#program;
  }
}
