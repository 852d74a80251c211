import { printCompact, printRule, printRuleWrapped } from "../program/printCompact.ts";
import { printDeclaration } from "../program/printDeclaration.ts";
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
  return [
    ...declarationChanges(document, after),
    ...changed,
    ...gone,
    ...addedBlocks(document, after.components),
  ];
}

/** Declarations that a rewrite adds stand before or after the others; it takes none away that the text has. */
function declarationChanges({ text, read }: LanguageDocument, after: Program): TextChange[] {
  const known = read.program.declarations.map(printDeclaration);
  const fresh = after.declarations.map(printDeclaration).filter((line) => !known.includes(line));
  if (fresh.length === 0) return [];
  const spans = read.program.declarations.flatMap((d) => {
    const span = read.sourceMap.declarations.get("relation" in d ? d.relation : d.function);
    return span === undefined ? [] : [span.end];
  });
  if (spans.length > 0) {
    const end = lineEnd(text, Math.max(...spans));
    return [{ span: { start: end, end }, text: `\n${fresh.join("\n")}` }];
  }
  const starts = [...read.sourceMap.components.values()].map(({ block }) => block.start);
  const first = lineStart(text, starts.length === 0 ? 0 : Math.min(...starts));
  return [{ span: { start: first, end: first }, text: `${fresh.join("\n")}\n\n` }];
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
      // At the line's start, so that the first rule itself may be taken out.
      const start = lineStart(document.text, first.start);
      changes.push({ span: { start, end: start }, text: `${indent}${written}\n` });
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
  const start = lineStart(text, span.start);
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

/** Each new block after the component that comes before it in the program. */
function addedBlocks(
  { text, read }: LanguageDocument,
  components: readonly Component[],
): readonly TextChange[] {
  const known = read.sourceMap.components;
  const changes: TextChange[] = [];
  let at: number | undefined;
  let fresh: Component[] = [];
  const put = (): void => {
    if (fresh.length === 0) return;
    const printed = printCompact({ declarations: [], components: fresh });
    fresh = [];
    if (at === undefined) {
      const blocks = [...known.values()].map(({ block }) => block.start);
      const first = lineStart(text, blocks.length === 0 ? text.length : Math.min(...blocks));
      changes.push({ span: { start: first, end: first }, text: `${printed}\n` });
    } else {
      const end = lineEnd(text, at);
      changes.push({ span: { start: end, end }, text: `\n\n${printed.trimEnd()}` });
    }
  };
  for (const component of components) {
    if (!read.program.components.some((c) => c.name === component.name)) {
      fresh.push(component);
      continue;
    }
    put();
    at = known.get(component.name)?.block.end ?? text.trimEnd().length;
  }
  put();
  return changes;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

function indentOf(text: string, offset: number): string {
  const start = lineStart(text, offset);
  return /^[ \t]*/.exec(text.slice(start, offset))![0];
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end;
}
