import { printCompact, printRule, printRuleWrapped } from "../program/printCompact.ts";
import type { Span } from "../program/diagnostic.ts";
import type { Component, Program, Rule } from "../program/program.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import type { TextChange } from "./renames.ts";

/**
 * The changes that make a text in compact notation that of another program. Components go by their names, rules by what
 * they say: those in both stay as they are written, the others are taken out or put in after the rule before them.
 */
export function programChanges(document: LanguageDocument, after: Program): readonly TextChange[] {
  const { program } = document.read;
  const known = new Map(program.components.map((c) => [c.name, c]));
  const names = new Set(after.components.map((c) => c.name));
  const changed = after.components.flatMap((component) => {
    const before = known.get(component.name);
    return before === undefined ? [] : componentChanges(document, before, component);
  });
  const gone = program.components
    .filter((c) => !names.has(c.name))
    .flatMap((c) => removedBlock(document, c));
  const fresh = after.components.filter((c) => !known.has(c.name));
  return [...changed, ...gone, ...addedBlocks(document, fresh)];
}

function componentChanges(
  document: LanguageDocument,
  before: Component,
  after: Component,
): readonly TextChange[] {
  const { sourceMap } = document.read;
  const left = new Map<string, Rule[]>();
  for (const rule of before.rules) {
    left.set(printRule(rule), [...(left.get(printRule(rule)) ?? []), rule]);
  }
  const changes: TextChange[] = headerChange(document, before, after);
  const first = sourceMap.rules.get(before.rules[0]?.id ?? "")?.rule;
  if (first === undefined) return changes;
  const indent = indentOf(document.text, first.start);
  let at: Span | undefined;
  const added: { readonly after: Span | undefined; readonly lines: string[] }[] = [];
  for (const rule of after.rules) {
    const kept = left.get(printRule(rule))?.shift();
    if (kept !== undefined) {
      at = sourceMap.rules.get(kept.id)?.rule;
      continue;
    }
    const line = printRuleWrapped(rule, indent);
    const last = added.at(-1);
    if (last !== undefined && last.after === at) last.lines.push(line);
    else added.push({ after: at, lines: [line] });
  }
  for (const { after: place, lines } of added) {
    const written = lines.join(`\n${indent}`);
    if (place === undefined) {
      changes.push({
        span: { start: first.start, end: first.start },
        text: `${written}\n${indent}`,
      });
    } else {
      const end = lineEnd(document.text, place.end);
      changes.push({ span: { start: end, end }, text: `\n${indent}${written}` });
    }
  }
  for (const rule of [...left.values()].flat()) {
    const span = sourceMap.rules.get(rule.id)?.rule;
    if (span !== undefined) changes.push(removed(document.text, span));
  }
  return changes;
}

/** `component name by a, b {` */
function headerChange(
  { text, read }: LanguageDocument,
  before: Component,
  after: Component,
): TextChange[] {
  const name = read.sourceMap.components.get(before.name)?.name;
  if (name === undefined || before.by.join() === after.by.join()) return [];
  const brace = text.indexOf("{", name.end);
  if (brace < 0) return [];
  const by = after.by.length > 0 ? ` by ${after.by.join(", ")} ` : " ";
  return [{ span: { start: name.end, end: brace }, text: by }];
}

/** With its line, when nothing else stands there. */
function removed(text: string, span: Span): TextChange {
  const start = text.lastIndexOf("\n", span.start - 1) + 1;
  const end = lineEnd(text, span.end);
  const alone =
    /^[ \t]*$/.test(text.slice(start, span.start)) &&
    /^[ \t]*[.;]?[ \t]*$/.test(text.slice(span.end, end));
  if (!alone) return { span, text: "" };
  return { span: { start, end: Math.min(end + 1, text.length) }, text: "" };
}

function removedBlock(document: LanguageDocument, component: Component): readonly TextChange[] {
  const block = document.read.sourceMap.components.get(component.name)?.block;
  if (block !== undefined) return [removed(document.text, block)];
  return component.rules.flatMap((rule) => {
    const span = document.read.sourceMap.rules.get(rule.id)?.rule;
    return span === undefined ? [] : [removed(document.text, span)];
  });
}

function addedBlocks({ text }: LanguageDocument, components: readonly Component[]): TextChange[] {
  if (components.length === 0) return [];
  const glue = text === "" || text.endsWith("\n\n") ? "" : text.endsWith("\n") ? "\n" : "\n\n";
  const end = text.length;
  return [
    { span: { start: end, end }, text: glue + printCompact({ declarations: [], components }) },
  ];
}

function indentOf(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))![0];
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end;
}
