import type { Diagnostic, Fix } from "../program/diagnostic.ts";
import { applyStep } from "../rewrites/driver.ts";
import type { FixContext } from "./fixContext.ts";
import { writtenProgram } from "./writtenProgram.ts";

/** W6: an aggregate is computed by one rule and sent by a second, as the rewrite `splitHead` does it. */
export function splitHeadFix(
  { text: before, read, analyzed }: FixContext,
  diagnostic: Diagnostic,
): readonly Fix[] {
  const info = analyzed.rules.get(diagnostic.rule ?? "");
  const span = info && read.sourceMap.rules.get(info.rule.id)?.rule;
  if (info === undefined || span === undefined) return [];
  const target = { component: info.component, rule: info.rule.id };
  const result = applyStep(analyzed, { rewrite: "splitHead", target });
  if (result.kind !== "applied") return [];
  const rules = [...result.origins].flatMap(([id, origin]) => {
    const made =
      origin.kind === "added" || (origin.kind === "changed" && origin.from.includes(info.rule.id));
    const rule = result.program.rules.get(id);
    return made && rule !== undefined ? [rule] : [];
  });
  const written = writtenProgram(result.program, read.dialect);
  if (!("text" in written)) return [];
  const lineStart = before.lastIndexOf("\n", span.start - 1) + 1;
  const indent = /^[ \t]*/.exec(before.slice(lineStart, span.start))![0];
  const lines = rules
    .toSorted((a, b) => a.number - b.number)
    .map(({ rule }) => written.rule(rule, indent));
  // What ends the rule stands in the text already.
  const text = lines.join(`\n${indent}`).replace(/;$/, "");
  return [{ title: "Compute first, then send", edits: [{ span, text }] }];
}
