import type {
  Declaration,
  HeadTerm,
  Literal,
  Program,
  RelationLiteral,
  Rule,
  Term,
} from "../program/program.ts";
import { printTerm, printValue } from "../program/printTerm.ts";
import type { Value } from "../program/value.ts";
import { headVariables, literalVariables } from "../program/variables.ts";
import { printComponentAnnotation, printDeclarationAnnotation } from "./annotations.ts";
import { isBuiltIn, isCrash, isGlobalRelation } from "./expressMolly.ts";
import { freshName, variable } from "./lowerings.ts";
import { pinnedRule, pinnedTo } from "./pinnedRules.ts";
import { joinSent } from "./sentRules.ts";

/** A program that `expressMolly` gave. */
export function printMolly(program: Program): string {
  const shown = (d: Declaration): boolean =>
    (d.kind !== "global" || d.rule !== undefined) && !isCrash(d);
  const lines = program.declarations.map((d) => printDeclarationAnnotation("//", d));
  for (const component of program.components) {
    lines.push(printComponentAnnotation("//", component));
    for (const d of component.declarations.filter(shown))
      lines.push(printDeclarationAnnotation("//", d));
    const derived = new Set(component.rules.map((r) => r.head.relation));
    for (const rule of joinSent(component.rules)) {
      if (pinnedRule(rule) === undefined)
        lines.push(new RulePrinter(program, rule, derived).text());
    }
  }
  return lines.map((line) => `${line}\n`).join("");
}

class RulePrinter {
  readonly #program: Program;
  readonly #rule: Rule;
  readonly #derived: ReadonlySet<string>;
  readonly #location: Term;

  constructor(program: Program, rule: Rule, derived: ReadonlySet<string>) {
    this.#program = program;
    this.#rule = rule;
    this.#derived = derived;
    this.#location = ownLocation(rule);
  }

  text(): string {
    const { head, body } = this.#rule;
    const written = body.filter((l) => !isBuiltIn(l, "self") && !isBuiltIn(l, "tick"));
    const [tick] = body.flatMap((l) => (isBuiltIn(l, "tick") ? [l.terms[0]!] : []));
    const place = this.#headPlace();
    const terms: readonly HeadTerm[] = place === undefined ? head.terms : [place, ...head.terms];
    const tag = { now: "", next: "@next", async: "@async" }[head.timing.kind];
    const at = tick === undefined ? "" : `@${mollyTerm(tick)}`;
    const printed = `${head.relation}(${terms.map(mollyTerm).join(", ")})${tag}${at}`;
    if (written.length === 0) return `${printed};`;
    return `${printed} :- ${written.map((l) => this.#literal(l)).join(", ")};`;
  }

  #headPlace(): Term | undefined {
    const { relation, timing } = this.#rule.head;
    if (timing.kind === "async") return timing.destination;
    return isGlobalRelation(this.#program, relation) ? undefined : this.#location;
  }

  #literal(literal: Literal): string {
    switch (literal.kind) {
      case "comparison":
        return `${mollyTerm(literal.left)} ${literal.operator} ${mollyTerm(literal.right)}`;
      case "relation":
        return `${literal.negated ? "notin " : ""}${this.#atom(literal)}`;
      case "assignment":
        throw new Error("an assignment is written out before");
    }
  }

  #atom({ relation, terms }: RelationLiteral): string {
    if (relation === "crash" && terms.length === 2 && !this.#derived.has("crash")) {
      return `crash(${[this.#location, ...terms].map(mollyTerm).join(", ")})`;
    }
    const isView = relation.endsWith("_everywhere");
    const shown = isView ? relation.slice(0, -"_everywhere".length) : relation;
    const pinned = pinnedTo(shown);
    const name = pinned?.relation ?? shown;
    const isWhole = isView || isGlobalRelation(this.#program, name);
    const written = isWhole ? terms : [this.#location, ...terms];
    const at = pinned === undefined ? "" : `@${pinned.tick}`;
    return `${name}(${written.map(mollyTerm).join(", ")})${at}`;
  }
}

/** The variable or node of `self`, else a variable of its own. */
function ownLocation(rule: Rule): Term {
  const self = rule.body.find((l) => isBuiltIn(l, "self"));
  if (self !== undefined) return self.terms[0]!;
  const used = new Set([...headVariables(rule.head), ...rule.body.flatMap(literalVariables)]);
  return variable(freshName("L", used));
}

/** Addresses are strings like others. */
export function mollyValue(value: Value): string {
  return typeof value === "object" && "kind" in value && value.kind === "address"
    ? JSON.stringify(value.name)
    : printValue(value);
}

/** Addresses are strings, and nothing needs parentheses. */
export function mollyTerm(term: HeadTerm): string {
  switch (term.kind) {
    case "constant":
      return mollyValue(term.value);
    case "arithmetic":
      return `${mollyTerm(term.left)} ${term.operator} ${mollyTerm(term.right)}`;
    case "variable":
    case "wildcard":
    case "tuple":
    case "aggregate":
      return printTerm(term);
  }
}
