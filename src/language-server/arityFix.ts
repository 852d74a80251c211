import type { IToken } from "chevrotain";
import type { Fix, Span } from "../program/diagnostic.ts";
import type { Fault } from "../program/evidence.ts";
import * as words from "../syntax/tokens.ts";
import type { FixContext } from "./fixContext.ts";
import { scannableText } from "./scannableText.ts";

type Edit = Fix["edits"][number];

/** A literal with too few attributes gets wildcards, one with too many loses the last ones; a head is left to its author. */
export function arityFix({ text, read, analyzed }: FixContext, fault: Fault): Fix | undefined {
  const { place } = fault;
  if (place.kind !== "literal") return undefined;
  const spans = read.sourceMap.rules.get(place.rule);
  const literal = analyzed.rules.get(place.rule)?.rule.body[place.index];
  const terms = spans?.terms[place.index];
  const whole = spans?.literals[place.index];
  if (literal?.kind !== "relation" || terms === undefined || whole === undefined) return undefined;
  const arity = analyzed.relations.get(literal.relation)?.arity ?? terms.length;
  const open = text.indexOf("(", whole.start) + 1;
  const close = text.lastIndexOf(")", whole.end - 1);
  // What the reader made up, or has no parentheses, has no terms in the text.
  if (open === 0 || open > close || terms.some((t) => t.start < open)) return undefined;
  const { tokens } = words.scan(scannableText(text.slice(open, close), read.dialect));
  const inside = tokens.map((token) => ({ ...token, startOffset: token.startOffset + open }));
  const missing = arity - terms.length;
  if (missing > 0) {
    const wildcards = Array.from({ length: missing }, () => "_").join(", ");
    return {
      title:
        missing === 1
          ? "Add `_` for the missing attribute"
          : `Add \`_\` for ${missing} missing attributes`,
      edits: [inserted(wildcards, { inside, terms, open, close, last: read.dialect !== "paper" })],
    };
  }
  if (missing === 0) return undefined;
  const gone = { start: terms[arity]!.start, end: terms.at(-1)!.end };
  return {
    title: missing === -1 ? "Remove the last attribute" : `Remove the last ${-missing} attributes`,
    edits: removed(gone, text, inside),
  };
}

/** Where a literal's terms stand, and whether a location and a time, where they are written, come before them. */
interface Terms {
  /** All words between the parentheses. */
  readonly inside: readonly IToken[];
  readonly terms: readonly Span[];
  readonly open: number;
  readonly close: number;
  readonly last: boolean;
}

function inserted(wildcards: string, { inside, terms, open, close, last }: Terms): Edit {
  const end = terms.at(-1)?.end;
  if (end !== undefined) return { span: { start: end, end }, text: `, ${wildcards}` };
  if (inside.length === 0) return { span: { start: open, end: open }, text: wildcards };
  return last
    ? { span: { start: close, end: close }, text: `, ${wildcards}` }
    : { span: { start: open, end: open }, text: `${wildcards}, ` };
}

/** With the comma before it, else the one behind it; comments between the two stay. */
function removed(gone: Span, text: string, inside: readonly IToken[]): Fix["edits"] {
  const before = inside.findLast((token) => words.endOf(token) <= gone.start);
  const behind = inside.find((token) => token.startOffset >= gone.end);
  const comma = [before, behind].find((token) => token?.tokenType === words.Comma);
  if (comma === undefined) return [{ span: gone, text: "" }];
  const [first, second] = [words.spanOf(comma), gone].toSorted((a, b) => a.start - b.start);
  const between = text.slice(first!.end, second!.start);
  const blanks = /[ \t]*$/.exec(between)![0].length;
  const end =
    second!.end + (comma === behind ? /^\s*/.exec(text.slice(second!.end))![0].length : 0);
  return /^\s*$/.test(between)
    ? [{ span: { start: first!.start, end }, text: "" }]
    : [
        { span: first!, text: "" },
        { span: { start: second!.start - blanks, end }, text: "" },
      ];
}
