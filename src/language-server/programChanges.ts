import type { Span } from "../program/diagnostic.ts";
import { printRule } from "../program/printCompact.ts";
import { printDeclaration } from "../program/printDeclaration.ts";
import type { Component, Program, Rule, RuleId } from "../program/program.ts";
import { tokensOf } from "./declaredNames.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import type { TextChange } from "./renames.ts";
import { commentsOf, lineEnd, lineStart } from "./ruleComments.ts";
import type { RuleComments } from "./ruleComments.ts";
import type { WrittenProgram } from "./writtenProgram.ts";

/** What a text is to become. */
export interface Aim {
  readonly program: Program;
  readonly written: WrittenProgram;
  /** For each rule the one of the text that became it, whose comments go with it. */
  readonly cameFrom: ReadonlyMap<RuleId, readonly RuleId[]>;
}

/**
 * The changes that make a text that of another program. Components go by their names, rules by what they say: those in both
 * stay as they are written, the others are taken out or put in after the rule before them, with their comments. Undefined
 * where the notation has no way to write a component beside others.
 */
export function programChanges(
  document: LanguageDocument,
  aim: Aim,
): readonly TextChange[] | undefined {
  const { program } = document.read;
  const known = new Map(program.components.map((c) => [c.name, c]));
  const names = new Set(aim.program.components.map((c) => c.name));
  const gone = program.components.filter((c) => !names.has(c.name));
  const isNew = aim.program.components.some((c) => !known.has(c.name));
  if (!aim.written.hasBlocks && (isNew || gone.length > 0)) return undefined;
  const moving = new Moving(document, aim);
  const changed = aim.program.components.flatMap((component) => {
    const before = known.get(component.name);
    return before === undefined ? [] : componentChanges(document, aim, moving, before, component);
  });
  return [
    ...declarationChanges(document, aim),
    ...changed,
    ...gone.flatMap((c) => removedBlock(document, moving, c)),
    ...addedBlocks(document, aim, moving),
  ];
}

/** The text's rules that do not stay where they are, and what becomes of their comments. */
class Moving {
  readonly #document: LanguageDocument;
  readonly #leaving = new Map<RuleId, Span>();
  readonly #heirs = new Map<RuleId, RuleId>();
  readonly #comments = new Map<RuleId, RuleComments>();

  constructor(document: LanguageDocument, { program, cameFrom }: Aim) {
    this.#document = document;
    for (const component of document.read.program.components) {
      const after = program.components.find((c) => c.name === component.name);
      const kept = stayingRules(component, after);
      for (const rule of component.rules) {
        const span = document.read.sourceMap.rules.get(rule.id)?.rule;
        if (!kept.has(rule) && span !== undefined) this.#leaving.set(rule.id, span);
      }
    }
    for (const [id, from] of cameFrom) {
      const taken = new Set(this.#heirs.values());
      for (const source of from) {
        if (this.#leaving.has(source) && !this.#heirs.has(source) && !taken.has(id)) {
          this.#heirs.set(source, id);
        }
      }
    }
  }

  isLeaving(rule: RuleId): boolean {
    return this.#leaving.has(rule);
  }

  /** What goes with a rule that is written anew. */
  brought(rule: RuleId): readonly RuleComments[] {
    return [...this.#heirs].flatMap(([from, to]) => (to === rule ? [this.comments(from)] : []));
  }

  /** Takes a rule out, with its comments where they go elsewhere. */
  removal(rule: RuleId): TextChange {
    const { whole, own, within, above, behind } = this.comments(rule);
    const stays = above.length + within.length > 0 || behind !== undefined;
    if (this.#heirs.has(rule) || !stays) return { span: whole, text: "" };
    return { span: own, text: within.join("\n") };
  }

  comments(rule: RuleId): RuleComments {
    let found = this.#comments.get(rule);
    if (found === undefined) {
      const span = this.#document.read.sourceMap.rules.get(rule)!.rule;
      this.#comments.set(rule, (found = commentsOf(this.#document, span)));
    }
    return found;
  }
}

/** Those that say the same in both. */
function stayingRules(before: Component, after: Component | undefined): ReadonlySet<Rule> {
  const left = rulesByText(before);
  return new Set((after?.rules ?? []).flatMap((rule) => left.get(printRule(rule))?.shift() ?? []));
}

function rulesByText({ rules }: Component): Map<string, Rule[]> {
  const found = new Map<string, Rule[]>();
  for (const rule of rules) {
    const shown = printRule(rule);
    found.set(shown, [...(found.get(shown) ?? []), rule]);
  }
  return found;
}

/** Declarations that a rewrite adds stand before or after the others; it takes none away that the text has. */
function declarationChanges(document: LanguageDocument, { program, written }: Aim): TextChange[] {
  const { text, read } = document;
  const known = read.program.declarations.map(printDeclaration);
  const fresh = program.declarations
    .filter((d) => !known.includes(printDeclaration(d)))
    .map((d) => written.declaration(d));
  if (fresh.length === 0) return [];
  const spans = read.program.declarations.flatMap((d) => {
    const span = read.sourceMap.declarations.get("relation" in d ? d.relation : d.function);
    return span === undefined || span.end === 0 ? [] : [span.end];
  });
  if (spans.length > 0) {
    const end = lineEnd(text, Math.max(...spans));
    return [{ span: { start: end, end }, text: `\n${fresh.join("\n")}` }];
  }
  const blocks = written.hasBlocks
    ? [...read.sourceMap.components.values()].map(({ block }) => block.start)
    : [];
  const rules = [...read.sourceMap.rules.values()].map(
    ({ rule }) => commentsOf(document, rule).whole.start,
  );
  const starts = blocks.length > 0 ? blocks : rules;
  const first = lineStart(text, starts.length === 0 ? 0 : Math.min(...starts));
  return [{ span: { start: first, end: first }, text: `${fresh.join("\n")}\n\n` }];
}

function componentChanges(
  document: LanguageDocument,
  { written }: Aim,
  moving: Moving,
  before: Component,
  after: Component,
): readonly TextChange[] {
  const { sourceMap } = document.read;
  const left = rulesByText(before);
  const changes: TextChange[] = written.hasBlocks ? headerChange(document, before, after) : [];
  const first = before.rules.find((r) => sourceMap.rules.has(r.id));
  if (first === undefined) return changes;
  const indent = indentOf(document.text, sourceMap.rules.get(first.id)!.rule.start);
  let at: RuleId | undefined;
  const added: { readonly after: RuleId | undefined; readonly lines: string[] }[] = [];
  for (const rule of after.rules) {
    const kept = left.get(printRule(rule))?.shift();
    if (kept !== undefined) {
      at = kept.id;
      continue;
    }
    const line = withComments(written.rule(rule, indent), moving.brought(rule.id), indent);
    const last = added.at(-1);
    if (last !== undefined && last.after === at) last.lines.push(line);
    else added.push({ after: at, lines: [line] });
  }
  for (const { after: place, lines } of added) {
    const rules = lines.join(`\n${indent}`);
    if (place === undefined) {
      // At the line's start, so that the first rule itself may be taken out.
      const { start } = moving.comments(first.id).whole;
      changes.push({ span: { start, end: start }, text: `${indent}${rules}\n` });
    } else {
      const end = lineEnd(document.text, sourceMap.rules.get(place)!.rule.end);
      changes.push({ span: { start: end, end }, text: `\n${indent}${rules}` });
    }
  }
  for (const rule of before.rules) {
    if (moving.isLeaving(rule.id)) changes.push(moving.removal(rule.id));
  }
  return changes;
}

function withComments(rule: string, brought: readonly RuleComments[], indent: string): string {
  const above = brought.flatMap((c) => [...c.above, ...c.within]);
  const behind = brought.flatMap((c) => c.behind ?? []);
  // What stood behind two rules cannot stand behind one: the first comment might hide the second.
  const lines = [...above, ...behind.slice(1), [rule, ...behind.slice(0, 1)].join("  ")];
  return lines.join(`\n${indent}`);
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

/** Comments in it that go with no rule stay where it was. */
function removedBlock(
  document: LanguageDocument,
  moving: Moving,
  component: Component,
): readonly TextChange[] {
  const block = document.read.sourceMap.components.get(component.name)?.block;
  if (block === undefined) return component.rules.map((rule) => moving.removal(rule.id));
  const { whole, above, behind } = commentsOf(document, block);
  const gone = component.rules.map((rule) => moving.removal(rule.id));
  const rest = tokensOf(document).comments.flatMap(({ startOffset: at, image }) => {
    const inside = block.start <= at && at < block.end;
    const goes = gone.some(({ span, text }) => text === "" && span.start <= at && at < span.end);
    return inside && !goes ? [image] : [];
  });
  const left = [...above, ...rest, ...(behind === undefined ? [] : [behind])];
  return [{ span: whole, text: left.map((comment) => `${comment}\n`).join("") }];
}

/** Each new block after the component that comes before it in the program. */
function addedBlocks(
  { text, read }: LanguageDocument,
  { program, written }: Aim,
  moving: Moving,
): readonly TextChange[] {
  const known = read.sourceMap.components;
  const changes: TextChange[] = [];
  let at: number | undefined;
  let fresh: Component[] = [];
  const put = (): void => {
    if (fresh.length === 0) return;
    const blocks = fresh.map((component) =>
      written.block(component, (line, rule, indent) =>
        withComments(line, moving.brought(rule), indent),
      ),
    );
    fresh = [];
    if (at === undefined) {
      const starts = [...known.values()].map(({ block }) => block.start);
      const first = lineStart(text, starts.length === 0 ? text.length : Math.min(...starts));
      changes.push({ span: { start: first, end: first }, text: `${blocks.join("\n\n")}\n\n` });
    } else {
      const end = lineEnd(text, at);
      changes.push({ span: { start: end, end }, text: `\n\n${blocks.join("\n\n")}` });
    }
  };
  for (const component of program.components) {
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

function indentOf(text: string, offset: number): string {
  const start = lineStart(text, offset);
  return /^[ \t]*/.exec(text.slice(start, offset))![0];
}
