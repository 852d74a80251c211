import type { IToken } from "chevrotain";
import type { Diagnostic, Span } from "../program/diagnostic.ts";
import * as words from "../syntax/tokens.ts";
import { contains } from "./textLines.ts";

const HOLDS = /^column (\d+) of `(.+)` holds (.+)$/;

/** Types that meet in the rows of one declaration: each place is the first cell of its type, not all of the declaration. */
export function atCells(
  text: string,
  declarations: ReadonlyMap<string, Span>,
  diagnostic: Diagnostic,
): Diagnostic {
  if (diagnostic.code !== "type-conflict") return diagnostic;
  const related = diagnostic.related?.map((each) => {
    const [, column, relation, type] = HOLDS.exec(each.message) ?? [];
    const span = declarations.get(relation ?? "");
    if (span === undefined || span.start !== each.span.start) return each;
    const cell = cells(text, span).find((c) => c.column === Number(column) && c.type === type);
    return cell === undefined ? each : { ...each, span: cell.span };
  });
  if (related === undefined) return diagnostic;
  const last = related.findLast((each, i) => each.span !== diagnostic.related![i]!.span)?.span;
  const here = last !== undefined && contains(diagnostic.span, last);
  return { ...diagnostic, related, ...(here && { span: last }) };
}

interface Cell {
  /** From 1. */
  readonly column: number;
  readonly type: string | undefined;
  readonly span: Span;
}

/** `edb r(a, b) = { (1, "x"), (2, "y") }`; a row of one may stand without parentheses. */
function cells(text: string, declaration: Span): readonly Cell[] {
  const { tokens } = words.scan(text.slice(declaration.start, declaration.end));
  const open = tokens.findIndex((t) => t.tokenType === words.LeftBrace);
  const found: Cell[] = [];
  let depth = 0;
  let column = 1;
  let first: IToken | undefined;
  let last: IToken | undefined;
  const end = (): void => {
    if (first === undefined || last === undefined) return;
    const { start, end: stop } = words.spanOf(first, last);
    const span = { start: start + declaration.start, end: stop + declaration.start };
    found.push({ column, type: typeOf(first, last), span });
    [first, last] = [undefined, undefined];
  };
  for (const token of open < 0 ? [] : tokens.slice(open + 1)) {
    const { tokenType } = token;
    const closes = tokenType === words.RightParenthesis;
    if (tokenType === words.RightBrace) break;
    if (tokenType === words.LeftParenthesis && depth++ === 0) continue;
    if (closes) depth--;
    if (tokenType === words.Comma && depth < 2) {
      end();
      column = depth === 0 ? 1 : column + 1;
    } else if (!closes || depth > 0) {
      first ??= token;
      last = token;
    }
  }
  end();
  return found;
}

/** As the message has it. */
function typeOf(first: IToken, last: IToken): string | undefined {
  switch (first.tokenType) {
    case words.LeftParenthesis:
      return "a tuple";
    case words.StringLiteral:
      return "a string";
    case words.True:
    case words.False:
      return "a boolean";
    case words.BytesLiteral:
      return "a byte string";
    case words.AddressLiteral:
      return "an address";
    default:
      return last.tokenType === words.Integer ? "an integer" : undefined;
  }
}
