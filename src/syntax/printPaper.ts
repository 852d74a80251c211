import { functionSignature } from "../program/functions.ts";
import { printDeclarationWrapped } from "../program/printDeclaration.ts";
import { printLiteral } from "../program/printCompact.ts";
import { printTerm } from "../program/printTerm.ts";
import type {
  Component,
  Declaration,
  Literal,
  Program,
  RelationLiteral,
  RelationName,
  Rule,
} from "../program/program.ts";
import { headTermVariables, headVariables, literalVariables } from "../program/variables.ts";
import { declaredPlaces, isBare } from "./paperPlaces.ts";

const WIDTH = 100;

/** Whether a relation with so many terms is EDB or a function. */
export type IsConstant = (relation: RelationName, terms: number) => boolean;

export type PaperText =
  | { readonly kind: "text"; readonly text: string }
  /** What the notation cannot say, a sentence each. */
  | { readonly kind: "problems"; readonly problems: readonly string[] };

/**
 * A program in the notation of the paper's listings (language.md section 2). What is declared constant and functions carry
 * no location and time; an EDB that only the deployment knows carries them, since the reader would declare it otherwise.
 */
export function printPaper(program: Program, isConstant: IsConstant): PaperText {
  const rules = program.components.flatMap((c) => c.rules);
  const problems = [...new Set(rules.flatMap((rule) => problemsOf(rule, isConstant)))];
  if (problems.length > 0) return { kind: "problems", problems };
  const derived = new Set(rules.map((r) => r.head.relation));
  const all = [...program.declarations, ...program.components.flatMap((c) => c.declarations)];
  const declared = declaredPlaces(all);
  const bare: IsConstant = (relation, terms) =>
    functionSignature(program, relation, terms) !== undefined ||
    (isChooser(relation, terms) && !derived.has(relation) && !declared.has(relation)) ||
    (!derived.has(relation) && isBare(declared.get(relation), terms));
  const blocks = program.components.map((c) => printComponent(c, bare));
  const declarations = program.declarations
    .map((d) => `${printDeclarationWrapped(d, "")}\n`)
    .join("");
  return { kind: "text", text: [declarations, ...blocks].filter((b) => b !== "").join("\n") };
}

function isChooser(relation: RelationName, terms: number): boolean {
  return (relation === "choose" && terms === 2) || (relation === "index" && terms === 1);
}

function problemsOf(rule: Rule, isConstant: IsConstant): string[] {
  const { head } = rule;
  const names = [
    head.relation,
    ...rule.body.flatMap((l) => (l.kind === "relation" ? l.relation : [])),
  ];
  const problems: string[] = [];
  if (names.includes("delay")) {
    problems.push(
      "`delay` is a relation of this program, and paper notation means something else by it.",
    );
  }
  if (isConstant(head.relation, head.terms.length)) {
    problems.push(
      `\`${head.relation}\` is constant, yet a rule derives it, and paper notation cannot show both.`,
    );
  }
  return problems;
}

function printComponent(component: Component, hasNoPlace: IsConstant): string {
  const by = component.by.length > 0 ? ` by ${component.by.join(", ")}` : "";
  const declarations = component.declarations.map(
    (d: Declaration) => `  ${printDeclarationWrapped(d, "  ")}\n`,
  );
  const gap = component.declarations.length > 0 && component.rules.length > 0 ? "\n" : "";
  const rules = component.rules.map((rule) => `  ${printRule(rule, hasNoPlace)}\n`);
  return `component ${component.name}${by} {\n${declarations.join("")}${gap}${rules.join("")}}\n`;
}

function printRule(rule: Rule, hasNoPlace: IsConstant): string {
  const names = placeNames(rule);
  const { location, time, arrival } = names;
  const data = rule.head.terms.map(printTerm);
  const { timing } = rule.head;
  const body = withoutImpliedPlace(rule, names).map((literal) =>
    printPlaced(literal, names, hasNoPlace),
  );
  switch (timing.kind) {
    case "now":
      return layOutRule(rule, [...data, location, time], body);
    case "next":
      return layOutRule(rule, [...data, location, arrival], [...body, `${arrival} = ${time}+1`]);
    case "async": {
      const { destination } = timing;
      const delayed = [
        ...new Set(rule.head.terms.flatMap(headTermVariables)),
        location,
        time,
        ...(destination.kind === "variable" ? [destination.name] : []),
      ];
      const delay = `delay((${delayed.join(", ")}), ${arrival})`;
      return layOutRule(rule, [...data, printTerm(destination), arrival], [...body, delay]);
    }
  }
}

function layOutRule(rule: Rule, head: readonly string[], body: readonly string[]): string {
  const printedHead = `${rule.head.relation}(${head.join(", ")})`;
  if (body.length === 0) return printedHead;
  const line = `${printedHead} :- ${body.join(", ")}`;
  return line.length + 2 <= WIDTH ? line : `${printedHead} :-\n    ${body.join(", ")}`;
}

function printPlaced(literal: Literal, names: PlaceNames, hasNoPlace: IsConstant): string {
  if (literal.kind !== "relation") return printLiteral(literal);
  const { relation, terms } = literal;
  if (relation === "self" || relation === "tick" || hasNoPlace(relation, terms.length)) {
    return printLiteral(literal);
  }
  const not = literal.negated ? "!" : "";
  return `${not}${relation}(${[...terms.map(printTerm), names.location, names.time].join(", ")})`;
}

interface PlaceNames {
  readonly location: string;
  readonly time: string;
  /** The head's time where it is another than the body's. */
  readonly arrival: string;
}

/** `l`, `t` and `t'`, unless the rule calls its own address and tick something else or uses these names for data. */
function placeNames(rule: Rule): PlaceNames {
  const used = new Set([...headVariables(rule.head), ...rule.body.flatMap(literalVariables)]);
  const fresh = (wanted: (n: string) => string): string => {
    let name = wanted("");
    for (let i = 1; used.has(name); i++) name = wanted(String(i));
    used.add(name);
    return name;
  };
  const self = builtinVariable(rule.body.find((l) => isBuiltin(l, "self")));
  const tick = builtinVariable(rule.body.find((l) => isBuiltin(l, "tick")));
  return {
    location: self ?? fresh((n) => `l${n}`),
    time: isTimeName(rule, tick, self) ? tick : fresh((n) => `t${n}`),
    arrival: fresh((n) => `t${n}'`),
  };
}

/** A primed time would look like the head's, an assigned one like the arithmetic of an inductive rule. */
function isTimeName(
  rule: Rule,
  tick: string | undefined,
  self: string | undefined,
): tick is string {
  if (tick === undefined || tick === self || tick.endsWith("'")) return false;
  return !rule.body.some((l) => l.kind === "assignment" && l.variable === tick);
}

/** Leaves out the closing `self(l)` and `tick(t)` that a reader adds by itself, because l and t are used as data. */
function withoutImpliedPlace(rule: Rule, names: PlaceNames): readonly Literal[] {
  const withoutTick = withoutLast(rule, rule.body, "tick", names.time);
  return withoutLast(rule, withoutTick, "self", names.location);
}

function withoutLast(
  rule: Rule,
  body: readonly Literal[],
  relation: "self" | "tick",
  name: string,
): readonly Literal[] {
  const last = body.at(-1);
  if (last === undefined || !isBuiltin(last, relation)) return body;
  if (builtinVariable(last) !== name || rule.body.find((l) => isBuiltin(l, relation)) !== last) {
    return body;
  }
  const others = rule.body.filter((l) => !isBuiltin(l, "self") && !isBuiltin(l, "tick"));
  const data = [...headVariables(rule.head), ...others.flatMap(literalVariables)];
  return data.includes(name) ? body.slice(0, -1) : body;
}

function isBuiltin(literal: Literal, relation: "self" | "tick"): literal is RelationLiteral {
  return (
    literal.kind === "relation" &&
    !literal.negated &&
    literal.relation === relation &&
    literal.terms.length === 1 &&
    literal.terms[0]!.kind === "variable"
  );
}

function builtinVariable(literal: Literal | undefined): string | undefined {
  const term = literal?.kind === "relation" ? literal.terms[0] : undefined;
  return term?.kind === "variable" ? term.name : undefined;
}
