import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { printRule } from "../program/printCompact.ts";
import type { Component, Literal, RelationName, Rule, Term } from "../program/program.ts";
import { readCase } from "../syntax/readCase.ts";

/**
 * Crashes as messages, `send_crash(0)` of the environment K one to the first of these nodes and so on: what arrives in the
 * same tick is lost, and of what the node keeps only durable relations are there in the next. The client sees that it has
 * happened, so that what it sends later was not lost in it. So the referee, which restarts nobody, tries crashes at all
 * moments.
 */
export function crashable(p: AnalyzedProgram, nodes: readonly string[]): AnalyzedProgram {
  const { instances } = p.deployment!;
  const components = p.program.components.map((c): Component => {
    if (c.name === "K") return { ...c, rules: [...c.rules, ...nodes.flatMap(sendingCrash)] };
    return instances[c.name]!.some((at) => nodes.includes(at)) ? crashing(p, c) : c;
  });
  const changed = analyze({ ...p.program, components }, p.deployment);
  const faults = changed.faults.filter(({ severity }) => severity === "error");
  if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join("\n"));
  return changed;
}

function sendingCrash(at: string, number: number): readonly Rule[] {
  const text = `component K {\ncrash@async(d)(${number}) <- send_crash(${number}), d := addr("${at}")\n}`;
  return readCase(text).program.components[0]!.rules.map((rule) => ({
    ...rule,
    id: `K/crash/${number + 1}`,
  }));
}

const NO_CRASH: Literal = {
  kind: "relation",
  negated: true,
  relation: "crash",
  terms: [{ kind: "wildcard" }],
};

function crashing(p: AnalyzedProgram, component: Component): Component {
  const channels = new Set(
    component.rules
      .flatMap((rule) => rule.body)
      .flatMap((l) => (l.kind === "relation" && p.relations.get(l.relation)?.kind === "chan" ? [l.relation] : [])), // prettier-ignore
  );
  const rules = component.rules.map((rule): Rule => {
    const body = rule.body.map((l) =>
      l.kind === "relation" && channels.has(l.relation) ? { ...l, relation: taken(l.relation) } : l,
    );
    const { timing, relation } = rule.head;
    const isLost = timing.kind === "next" && p.relations.get(relation)?.durable !== true;
    return { ...rule, body: isLost ? [...body, NO_CRASH] : body };
  });
  const taking = [...channels].map((channel) => takingIn(p, component, channel));
  return { ...component, rules: [...rules, ...taking, sayingSo(component)] };
}

function taken(channel: RelationName): RelationName {
  return `${channel}_taken`;
}

function sayingSo({ name }: Component): Rule {
  const text = `component ${name} {\ncrashed@async(c)(k) <- crash(k)\n}`;
  return readCase(text).program.components[0]!.rules[0]!;
}

function takingIn(p: AnalyzedProgram, { name }: Component, channel: RelationName): Rule {
  const terms = p.relations.get(channel)!.attributes.map((_, i): Term => {
    return { kind: "variable", name: `x${i + 1}` };
  });
  return {
    id: `${name}/${taken(channel)}/1`,
    head: { relation: taken(channel), terms, timing: { kind: "now" } },
    body: [{ kind: "relation", negated: false, relation: channel, terms }, NO_CRASH],
  };
}

/** The program without the rule that prints so, or without what a relation keeps through a crash. */
export function lacking(p: AnalyzedProgram, what: string): AnalyzedProgram {
  const isDeclared = what.startsWith("durable ");
  const components = p.program.components.map((c) => ({
    ...c,
    rules: c.rules.filter((rule) => printRule(rule) !== what),
  }));
  const declarations = p.program.declarations.filter(
    (d) => !isDeclared || d.kind !== "durable" || d.relation !== what.slice("durable ".length),
  );
  const changed = analyze({ ...p.program, components, declarations }, p.deployment);
  const size = (q: AnalyzedProgram): number => q.rules.size + q.program.declarations.length;
  if (size(changed) !== size(p) - 1) throw new Error(`The program has no ${what}.`);
  return changed;
}
