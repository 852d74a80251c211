import type { Fix, Span } from "../program/diagnostic.ts";
import type { Fault } from "../program/evidence.ts";
import type { FixContext } from "./fixContext.ts";

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
  const missing = arity - terms.length;
  if (missing > 0) {
    const wildcards = Array.from({ length: missing }, () => "_").join(", ");
    return {
      title:
        missing === 1
          ? "Add `_` for the missing attribute"
          : `Add \`_\` for ${missing} missing attributes`,
      edits: [inserted(wildcards, { text, terms, open, close, last: read.dialect !== "paper" })],
    };
  }
  if (missing === 0) return undefined;
  const gone = { start: terms[arity]!.start, end: terms.at(-1)!.end };
  return {
    title: missing === -1 ? "Remove the last attribute" : `Remove the last ${-missing} attributes`,
    edits: [{ span: withComma(text, gone), text: "" }],
  };
}

/** Where a literal's terms stand, and whether a location and a time, where they are written, come before them. */
interface Terms {
  readonly text: string;
  readonly terms: readonly Span[];
  readonly open: number;
  readonly close: number;
  readonly last: boolean;
}

function inserted(wildcards: string, { text, terms, open, close, last }: Terms): Edit {
  const end = terms.at(-1)?.end;
  if (end !== undefined) return { span: { start: end, end }, text: `, ${wildcards}` };
  if (/^\s*$/.test(text.slice(open, close)))
    return { span: { start: open, end: open }, text: wildcards };
  return last
    ? { span: { start: close, end: close }, text: `, ${wildcards}` }
    : { span: { start: open, end: open }, text: `${wildcards}, ` };
}

/** With the comma before it, else the one behind it. */
function withComma(text: string, { start, end }: Span): Span {
  const before = /,\s*$/.exec(text.slice(0, start))?.[0].length;
  if (before !== undefined) return { start: start - before, end };
  return { start, end: end + (/^\s*,\s*/.exec(text.slice(end))?.[0].length ?? 0) };
}
