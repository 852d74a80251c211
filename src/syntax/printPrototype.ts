import type {
  ComparisonOperator,
  HeadTerm,
  Literal,
  Program,
  RelationLiteral,
  Rule,
  Term,
} from "../program/program.ts";
import { headVariables, literalVariables } from "../program/variables.ts";
import { printComponentAnnotation, printDeclarationAnnotation } from "./annotations.ts";
import { isBuiltIn } from "./expressMolly.ts";
import { freshName } from "./lowerings.ts";
import { pinnedRule, pinnedTo } from "./pinnedRules.ts";
import { mollyTerm } from "./printMolly.ts";
import { joinSent } from "./sentRules.ts";

const OPERATORS: Readonly<Record<ComparisonOperator, string>> = {
  "==": "=",
  "!=": "=/=",
  "<": "<",
  "<=": "=<",
  ">": ">",
  ">=": ">=",
};

/** A program that `expressPrototype` gave. */
export function printPrototype(program: Program): string {
  const lines = ["% dialect: prototype"];
  lines.push(...program.declarations.map((d) => printDeclarationAnnotation("%", d)));
  for (const component of program.components) {
    lines.push(printComponentAnnotation("%", component));
    lines.push(...component.declarations.map((d) => printDeclarationAnnotation("%", d)));
    lines.push(
      ...joinSent(component.rules)
        .filter((r) => pinnedRule(r) === undefined)
        .map(printRule),
    );
  }
  return lines.map((line) => `${line}\n`).join("");
}

function printRule(rule: Rule): string {
  const { head, body } = rule;
  const written = body.filter((l) => !isBuiltIn(l, "self") && !isBuiltIn(l, "tick"));
  const ticks = body.flatMap((l) => (isBuiltIn(l, "tick") ? [l.terms[0]!] : []));
  const [self] = body.flatMap((l) => (isBuiltIn(l, "self") ? [l.terms[0]!] : []));
  const marked = isOwnAddressMadeUp(rule, self) ? undefined : self;
  const { timing } = head;
  const isMarked = timing.kind === "async" && (self === undefined || marked !== undefined);
  const inHead = timing.kind !== "async" && self !== undefined && !written.some(carriesPlace);
  const terms = [
    ...(inHead ? [`#${mollyTerm(self)}`] : []),
    ...(isMarked ? [`#${mollyTerm(timing.destination)}`] : []),
    ...head.terms.map(mollyTerm),
  ];
  const tag = { now: "", next: "@next", async: "@async" }[timing.kind];
  const at = written.length === 0 && ticks.length > 0 ? `@${mollyTerm(ticks[0]!)}` : "";
  const printed = `${name(head.relation, terms)}${tag}${at}`;
  if (written.length === 0) return `${printed};`;
  const literals = new LiteralPrinter(inHead ? undefined : marked, ticks);
  return `${printed} :- ${written.map((l) => literals.print(l)).join(", ")};`;
}

function carriesPlace(literal: Literal): boolean {
  return literal.kind === "relation" && !literal.negated && literal.relation !== "choose";
}

/** What is sent to its own node needs no place when nothing else does, and the reader makes up the same name. */
function isOwnAddressMadeUp({ head, body }: Rule, self: Term | undefined): boolean {
  if (head.timing.kind !== "async" || self?.kind !== "variable") return false;
  const { destination } = head.timing;
  if (destination.kind !== "variable" || destination.name !== self.name) return false;
  const data = headVariables({ ...head, timing: { kind: "now" } });
  const others = body.filter((l) => !isBuiltIn(l, "self"));
  const used = new Set([...data, ...others.flatMap(literalVariables)]);
  return !used.has(self.name) && freshName("L", used) === self.name;
}

/** The first positive literals carry the place and the ticks. */
class LiteralPrinter {
  #place: Term | undefined;
  readonly #ticks: Term[];

  constructor(place: Term | undefined, ticks: readonly Term[]) {
    this.#place = place;
    this.#ticks = [...ticks];
  }

  print(literal: Literal): string {
    switch (literal.kind) {
      case "relation":
        return this.#relation(literal);
      case "comparison":
        return `${mollyTerm(literal.left)} ${OPERATORS[literal.operator]} ${mollyTerm(literal.right)}`;
      case "assignment":
        return printAssignment(literal.variable, literal.value);
    }
  }

  #relation({ relation, terms, negated }: RelationLiteral): string {
    if (relation === "choose") return `choose(${terms.map(choice).join(", ")})`;
    const pinned = pinnedTo(relation);
    const place = negated ? undefined : this.#place;
    if (!negated) this.#place = undefined;
    const printed = name(pinned?.relation ?? relation, [
      ...(place === undefined ? [] : [`#${mollyTerm(place)}`]),
      ...terms.map(mollyTerm),
    ]);
    if (pinned !== undefined) return `${negated ? "notin " : ""}${printed}@${pinned.tick}`;
    const tick = negated ? undefined : this.#ticks.shift();
    return `${negated ? "notin " : ""}${printed}${tick === undefined ? "" : `@${mollyTerm(tick)}`}`;
  }
}

/** `successor(x, y)` where one is computed from the other. */
function printAssignment(variable: string, value: Term): string {
  if (value.kind === "arithmetic" && value.right.kind === "constant" && value.right.value === 1) {
    const other = value.left;
    const simple = other.kind === "variable";
    if (simple && value.operator === "+") return `successor(${mollyTerm(other)}, ${variable})`;
    if (simple && value.operator === "-") return `successor(${variable}, ${mollyTerm(other)})`;
  }
  return `${variable} = ${mollyTerm(value)}`;
}

function choice(term: Term): string {
  const terms: readonly HeadTerm[] = term.kind === "tuple" ? term.terms : [];
  return `(${terms.map(mollyTerm).join(", ")})`;
}

/** Relations begin with a small letter or stand in quotes; without attributes they have no parentheses. */
function name(relation: string, terms: readonly string[]): string {
  const plain = /^[a-z]/.test(relation) && relation !== "not" && relation !== "notin";
  const quoted = plain ? relation : `'${relation}'`;
  return terms.length === 0 ? quoted : `${quoted}(${terms.join(", ")})`;
}
