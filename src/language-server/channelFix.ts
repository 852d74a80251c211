import type { Fix, Span } from "../program/diagnostic.ts";
import type { Fault } from "../program/evidence.ts";
import type { ComponentName, RelationName, Rule } from "../program/program.ts";
import type { FixContext } from "./fixContext.ts";
import { writtenAttributes } from "./writtenAttributes.ts";

/**
 * W5: a relation that arrives and is derived in the node as well. What arrives is copied to a relation of its own, which
 * the component's rules derive and read from then on.
 */
export function channelFix({ text, read, analyzed }: FixContext, fault: Fault): Fix | undefined {
  const { place } = fault;
  if (place.kind !== "head") return undefined;
  const info = analyzed.rules.get(place.rule);
  if (info === undefined) return undefined;
  const channel = info.rule.head.relation;
  const relation = freshName(`${channel}_here`, analyzed.relations);
  const rules = rulesIn({ text, read, analyzed }, info.component);
  // Where a rule is short for another, as `.persist r`, its names cannot be changed one by one.
  if (rules.some(({ rule, names }) => names.length === 0 && reads(rule, channel))) return undefined;
  const [first] = rules.filter(({ rule }) => derivesHere(rule, channel));
  if (first === undefined) return undefined;
  const known = analyzed.relations.get(channel);
  const attributes = known === undefined ? [] : writtenAttributes({ read, analyzed }, known);
  const terms = attributes.map((a) => a.name).join(", ");
  const lineStart = text.lastIndexOf("\n", first.span.start - 1) + 1;
  const indent = text.slice(lineStart, first.span.start);
  const blank = /^\s*$/.test(indent) ? `\n${indent}` : "\n";
  const copy = `${relation}(${terms}) :- ${channel}(${terms})${blank}`;
  return {
    title: `Copy what arrives to \`${relation}\` and derive that`,
    edits: [
      { span: { start: first.span.start, end: first.span.start }, text: copy },
      ...rules
        .flatMap(({ rule, names, head }) =>
          names.filter(
            (n) => n.name === channel && (derivesHere(rule, channel) || !within(head, n.span)),
          ),
        )
        .map(({ span }) => ({ span, text: relation })),
    ].toSorted((a, b) => a.span.start - b.span.start),
  };
}

interface RuleText {
  readonly rule: Rule;
  readonly span: Span;
  readonly head: Span;
  readonly names: readonly { readonly name: string; readonly span: Span }[];
}

function rulesIn({ read, analyzed }: FixContext, component: ComponentName): readonly RuleText[] {
  return [...analyzed.rules.values()].flatMap((info): readonly RuleText[] => {
    const spans = read.sourceMap.rules.get(info.rule.id);
    if (info.component !== component || spans === undefined) return [];
    const names = spans.names.filter((n) => n.kind === "relation");
    return [{ rule: info.rule, span: spans.rule, head: spans.head, names }];
  });
}

function derivesHere({ head }: Rule, channel: RelationName): boolean {
  return head.relation === channel && head.timing.kind !== "async";
}

function reads({ body }: Rule, channel: RelationName): boolean {
  return body.some((l) => l.kind === "relation" && l.relation === channel);
}

function within(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

export function freshName(wanted: string, taken: ReadonlyMap<string, unknown>): string {
  let name = wanted;
  for (let i = 2; taken.has(name); i++) name = `${wanted}${i}`;
  return name;
}
