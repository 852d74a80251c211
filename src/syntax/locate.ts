import type { Diagnostic, Fix, SourceMap, Span } from "../program/diagnostic.ts";
import type { Fault, Place } from "../program/evidence.ts";
import type { RuleId } from "../program/program.ts";

const NOWHERE: Span = { start: 0, end: 0 };

/** Where a place of the program stands in the text; nothing for a place that the text does not have. */
export function locate(place: Place, map: SourceMap): readonly Span[] {
  switch (place.kind) {
    case "rule":
      return oneSpan(map.rules.get(place.rule)?.rule);
    case "head":
      return oneSpan(map.rules.get(place.rule)?.head);
    case "literal": {
      const spans = map.rules.get(place.rule);
      return oneSpan(spans?.literals[place.index] ?? spans?.rule);
    }
    case "relation":
      return relationSpans(place.relation, map);
    case "path":
      return place.rules.flatMap((rule) => oneSpan(map.rules.get(rule)?.rule));
  }
}

/** A fault of the program as a diagnostic of its text, with a quick fix where the name to replace can be found. */
export function faultDiagnostic(fault: Fault, map: SourceMap): Diagnostic {
  const rule = ruleOf(fault.place);
  const related = fault.related.flatMap((evidence) =>
    locate(evidence, map).map((span) => ({ message: evidence.because, span })),
  );
  const fix = fixFor(fault, map);
  return {
    severity: fault.severity,
    code: fault.code,
    message: fault.message,
    span: faultSpan(fault, map),
    ...(rule !== undefined && { rule }),
    ...(related.length > 0 && { related }),
    ...(fix && { fix }),
  };
}

function oneSpan(span: Span | undefined): readonly Span[] {
  return span === undefined ? [] : [span];
}

/** Its declaration first, then every place that names it, in text order. */
function relationSpans(relation: string, map: SourceMap): readonly Span[] {
  const uses: Span[] = [];
  for (const spans of map.rules.values()) {
    for (const n of spans.names)
      if (n.kind === "relation" && n.name === relation) uses.push(n.span);
  }
  return [
    ...oneSpan(map.declarations.get(relation)),
    ...uses.toSorted((a, b) => a.start - b.start),
  ];
}

/** The name itself where the fault is about a name, else the whole place. */
function faultSpan(fault: Fault, map: SourceMap): Span {
  const place = locate(fault.place, map)[0] ?? NOWHERE;
  if (fault.replacement === undefined) return place;
  return occurrences(fault.replacement.from, fault.place, map)[0] ?? place;
}

function fixFor(fault: Fault, map: SourceMap): Fix | undefined {
  if (fault.replacement === undefined) return undefined;
  const { from, to } = fault.replacement;
  const spans = occurrences(from, fault.place, map);
  if (spans.length === 0) return undefined;
  return {
    title: `Replace \`${from}\` with \`${to}\``,
    edits: spans.map((span) => ({ span, text: to })),
  };
}

/** Where a name stands within a place: as a variable if it is one there, else as a relation. */
function occurrences(name: string, place: Place, map: SourceMap): readonly Span[] {
  const rule = ruleOf(place);
  if (rule === undefined) return place.kind === "relation" ? relationSpans(name, map) : [];
  const within = locate(place, map)[0];
  const found = (map.rules.get(rule)?.names ?? []).filter(
    (n) => n.name === name && within !== undefined && contains(within, n.span),
  );
  const variables = found.filter((n) => n.kind === "variable");
  return (variables.length > 0 ? variables : found)
    .map((n) => n.span)
    .toSorted((a, b) => a.start - b.start);
}

function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function ruleOf(place: Place): RuleId | undefined {
  switch (place.kind) {
    case "rule":
    case "head":
    case "literal":
      return place.rule;
    case "relation":
    case "path":
      return undefined;
  }
}
