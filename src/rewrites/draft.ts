import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Deployment } from "../program/deployment.ts";
import type {
  Component,
  ComponentName,
  Declaration,
  Head,
  Literal,
  Program,
  RelationName,
  RuleId,
} from "../program/program.ts";
import { keepParts } from "../program/keepParts.ts";
import type { Rewritten, RuleOrigin } from "./rewrite.ts";

/**
 * A program being rewritten: rules carry where they came from instead of an id. Mechanisms are plain functions from
 * draft to draft; `finish` gives the rules their canonical ids and collects the origins.
 */
export interface Draft {
  /** The program that is being rewritten. */
  readonly from: Program;
  readonly declarations: readonly Declaration[];
  readonly components: readonly DraftComponent[];
  readonly deployment: Deployment | undefined;
  /** Names that are given to relations of which no rule tells yet. */
  readonly reserved: readonly RelationName[];
}

export interface DraftComponent {
  readonly name: ComponentName;
  readonly by: readonly string[];
  readonly declarations: readonly Declaration[];
  readonly rules: readonly DraftRule[];
}

export interface DraftRule {
  readonly head: Head;
  readonly body: readonly Literal[];
  readonly origin: RuleOrigin;
}

export function draftOf(p: AnalyzedProgram): Draft {
  return {
    from: p.program,
    declarations: p.program.declarations,
    components: p.program.components.map((component) => ({
      ...component,
      rules: component.rules.map(({ id, head, body }) => ({
        head,
        body,
        origin: { kind: "kept", from: id },
      })),
    })),
    deployment: p.deployment,
    reserved: [],
  };
}

/** Nothing else gets these names. */
export function reserve(draft: Draft, names: readonly RelationName[]): Draft {
  return { ...draft, reserved: [...draft.reserved, ...names] };
}

/** A rule that no rule of the program before says. */
export function added(head: Head, body: readonly Literal[], because: string): DraftRule {
  return { head, body, origin: { kind: "added", because } };
}

/** The rule with another head or body; reasons of several changes are joined. */
export function changed(
  rule: DraftRule,
  change: { readonly head?: Head; readonly body?: readonly Literal[] },
  because: string,
): DraftRule {
  return { ...rule, ...change, origin: changedOrigin(rule.origin, because) };
}

function changedOrigin(origin: RuleOrigin, because: string): RuleOrigin {
  switch (origin.kind) {
    case "kept":
      return { kind: "changed", from: [origin.from], because };
    case "changed":
      return origin.because.includes(because)
        ? origin
        : { ...origin, because: `${origin.because} ${because}` };
    case "added":
      return origin;
  }
}

/** The id a kept or changed rule had before, when it came from exactly one. */
export function formerId(rule: DraftRule): RuleId | undefined {
  switch (rule.origin.kind) {
    case "kept":
      return rule.origin.from;
    case "changed":
      return rule.origin.from.length === 1 ? rule.origin.from[0] : undefined;
    case "added":
      return undefined;
  }
}

export function mapComponent(
  draft: Draft,
  name: ComponentName,
  change: (component: DraftComponent) => DraftComponent,
): Draft {
  return {
    ...draft,
    components: draft.components.map((c) => (c.name === name ? change(c) : c)),
  };
}

/** Every rule of every component, each replaced by any number of rules. */
export function flatMapRules(
  draft: Draft,
  change: (rule: DraftRule, component: ComponentName) => readonly DraftRule[],
): Draft {
  return {
    ...draft,
    components: draft.components.map((c) => ({
      ...c,
      rules: c.rules.flatMap((rule) => change(rule, c.name)),
    })),
  };
}

export function draftComponent(draft: Draft, name: ComponentName): DraftComponent {
  const component = draft.components.find((c) => c.name === name);
  if (component === undefined) throw new Error(`the draft has no component ${name}`);
  return component;
}

export function declare(draft: Draft, declaration: Declaration): Draft {
  return { ...draft, declarations: [...draft.declarations, declaration] };
}

/** Gives every rule its id `component/head/n` and says for each where it came from; what stays is the same object. */
export function finish(draft: Draft): Rewritten {
  const origins = new Map<RuleId, RuleOrigin>();
  const components = draft.components.map((component): Component => {
    const seen = new Map<RelationName, number>();
    const rules = component.rules.map((rule) => {
      const n = (seen.get(rule.head.relation) ?? 0) + 1;
      seen.set(rule.head.relation, n);
      const id = `${component.name}/${rule.head.relation}/${n}`;
      origins.set(id, rule.origin);
      return { id, head: rule.head, body: rule.body };
    });
    return { ...component, rules };
  });
  return {
    program: keepParts(draft.from, { declarations: draft.declarations, components }),
    origins,
    deployment: draft.deployment,
  };
}
