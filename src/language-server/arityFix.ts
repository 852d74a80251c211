import type { Fix } from "../program/diagnostic.ts";
import type { Fault } from "../program/evidence.ts";
import type { FixContext } from "./fixContext.ts";

/** A literal with too few attributes gets wildcards, one with too many loses the last ones; a head is left to its author. */
export function arityFix({ text, read, analyzed }: FixContext, fault: Fault): Fix | undefined {
  const { place } = fault;
  if (place.kind !== "literal" || read.dialect !== "compact") return undefined;
  const spans = read.sourceMap.rules.get(place.rule);
  const literal = analyzed.rules.get(place.rule)?.rule.body[place.index];
  const terms = spans?.terms[place.index];
  const whole = spans?.literals[place.index];
  if (literal?.kind !== "relation" || terms === undefined || whole === undefined) return undefined;
  const arity = analyzed.relations.get(literal.relation)?.arity ?? terms.length;
  const missing = arity - terms.length;
  const last = terms.at(-1);
  if (missing > 0) {
    const wildcards = Array.from({ length: missing }, () => "_").join(", ");
    const at = last?.end ?? text.indexOf("(", whole.start) + 1;
    return {
      title:
        missing === 1
          ? "Add `_` for the missing attribute"
          : `Add \`_\` for ${missing} missing attributes`,
      edits: [
        { span: { start: at, end: at }, text: last === undefined ? wildcards : `, ${wildcards}` },
      ],
    };
  }
  if (missing === 0 || last === undefined) return undefined;
  const start = arity === 0 ? terms[0]!.start : terms[arity - 1]!.end;
  return {
    title: missing === -1 ? "Remove the last attribute" : `Remove the last ${-missing} attributes`,
    edits: [{ span: { start, end: last.end }, text: "" }],
  };
}
