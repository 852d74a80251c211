import type { InlayHint, Range } from "vscode-languageserver-types";
import type { RelationInfo } from "../analysis/analyzedProgram.ts";
import type { Timing } from "../program/program.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import { keptSentences } from "./relationFacts.ts";
import { positionAt, spanOfRange, touches } from "./textLines.ts";

/** When each head holds, and what kind of relation each literal reads, where the text does not say so itself. */
export function inlayHints(document: LanguageDocument, range: Range): readonly InlayHint[] {
  const { analyzed, read, lines } = document;
  const within = spanOfRange(lines, range);
  return [...analyzed.rules.values()].flatMap(({ rule }): readonly InlayHint[] => {
    const spans = read.sourceMap.rules.get(rule.id);
    if (spans === undefined || !touches(spans.rule, within)) return [];
    const tick: InlayHint = {
      position: positionAt(lines, spans.head.end),
      label: TICK[rule.head.timing.kind],
      paddingLeft: true,
    };
    const kinds = rule.body.flatMap((literal, i): readonly InlayHint[] => {
      const info =
        literal.kind === "relation" ? analyzed.relations.get(literal.relation) : undefined;
      const label = info && kindWord(document, info);
      const span = spans.literals[i];
      if (label === undefined || span === undefined) return [];
      return [{ position: positionAt(lines, span.start), label, paddingRight: true }];
    });
    return [tick, ...kinds];
  });
}

const TICK: Readonly<Record<Timing["kind"], string>> = {
  now: "same tick",
  next: "next tick",
  async: "some later tick, there",
};

function kindWord({ analyzed }: LanguageDocument, info: RelationInfo): string | undefined {
  switch (info.kind) {
    case "edb.static":
    case "edb.node":
      return "constant";
    case "env":
      return info.timerMs === undefined ? "from clients" : "timer";
    case "chan":
      return "message";
    case "local":
      return keptSentences(analyzed, info)[0]?.startsWith("Kept") === true ? "kept" : undefined;
    case "func":
    case "builtin":
      return undefined;
  }
}
