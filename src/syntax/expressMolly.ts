import { functionSignature } from "../program/functions.ts";
import { printDeclaration } from "../program/printDeclaration.ts";
import { printTerm } from "../program/printTerm.ts";
import type {
  Component,
  Declaration,
  HeadTerm,
  Literal,
  Program,
  RelationLiteral,
  RelationName,
  Rule,
  Term,
} from "../program/program.ts";
import { isTuple } from "../program/value.ts";
import { headVariables, literalVariables } from "../program/variables.ts";
import type { Expressed } from "./express.ts";
import { Expressing, withIds } from "./express.ts";
import { inlineAssignments } from "./inlineAssignments.ts";
import { CRASH } from "./lowerMolly.ts";
import { pinnedRule } from "./pinnedRules.ts";
import { printableNames } from "./printableNames.ts";
import { sentRule } from "./sentRules.ts";
import { unreadableNames } from "./unreadableNames.ts";

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/**
 * The program as Molly can say it: one component whose rules each have a positive literal at their own node first, without
 * assignments, tuples, functions and clocks.
 */
export function expressMolly(original: Program): Expressed {
  const expressing = new Expressing("Molly");
  const program = printableNames(original, NAME, { others: unreadableNames(original) });
  const [component, second] = program.components;
  if (second !== undefined) {
    const names = program.components.map((c) => `\`${c.name}\``).join(", ");
    expressing.refuse("molly-components", `The program has several components, ${names}`);
  }
  if (component === undefined) return expressing.finish(program);
  const rules = component.rules.map(
    (rule) =>
      pinnedRule(rule) ?? sentRule(rule) ?? new RuleExpressing(program, expressing, rule).rule(),
  );
  return expressing.finish({
    declarations: program.declarations,
    components: [
      {
        ...component,
        declarations: orderedDeclarations(component),
        rules: withIds(component.name, orderedRules(rules)),
      },
    ],
  });
}

/** Those that the reader finds out by itself stand last, as it puts them. */
function orderedDeclarations({ declarations, rules }: Component): readonly Declaration[] {
  const heads = rules.map((r) => r.head.relation);
  const isGlobal = (d: Declaration): boolean => d.kind === "global" && d.rule === undefined;
  const globals = declarations.filter(isGlobal);
  const order = (d: Declaration): number => ("relation" in d ? heads.indexOf(d.relation) : -1);
  return [
    ...declarations.filter((d) => !isGlobal(d) && !isCrash(d)),
    ...declarations.filter(isCrash),
    ...globals.toSorted((a, b) => order(a) - order(b)),
  ];
}

export function isCrash(declaration: Declaration): boolean {
  return (
    declaration.kind === "relation" &&
    declaration.relation === "crash" &&
    printDeclaration(declaration) === printDeclaration(CRASH)
  );
}

/** What the reader makes up stands last: what remembers a tick's facts, what copies arrivals, in the order of first use. */
export function orderedRules(rules: readonly Rule[]): readonly Rule[] {
  const pinned = rules.filter((r) => pinnedRule(r) !== undefined);
  const copies = rules.filter((r) => sentRule(r) !== undefined);
  const plain = rules.filter((r) => !pinned.includes(r) && !copies.includes(r));
  const read = plain.flatMap((r) =>
    r.body.flatMap((l) => (l.kind === "relation" ? [l.relation] : [])),
  );
  const heads = plain.map((r) => r.head.relation);
  const firstRead = (name: RelationName): number =>
    read.findIndex((r) => r === name || r === `${name}_everywhere`);
  const firstSent = (name: RelationName): number => heads.indexOf(`${name}_sent`);
  return [
    ...plain,
    ...pinned.toSorted((a, b) => firstRead(a.head.relation) - firstRead(b.head.relation)),
    ...copies.toSorted((a, b) => firstSent(a.head.relation) - firstSent(b.head.relation)),
  ];
}

class RuleExpressing {
  readonly #program: Program;
  readonly #expressing: Expressing;
  readonly #original: Rule;
  readonly #derivesCrash: boolean;

  constructor(program: Program, expressing: Expressing, original: Rule) {
    this.#program = program;
    this.#expressing = expressing;
    this.#original = original;
    this.#derivesCrash = program.components.some((c) =>
      c.rules.some((r) => r.head.relation === "crash"),
    );
  }

  rule(): Rule {
    const inlined = inlineAssignments(this.#original);
    if (inlined.left !== undefined) {
      this.#refuse("molly-assignment", `\`${inlined.left}\` is computed and then aggregated`);
    }
    const { head, body } = inlined.rule;
    head.terms.forEach((t) => this.#headTerm(t));
    if (head.timing.kind === "async") this.#term(head.timing.destination);
    for (const literal of body) this.#literal(literal);
    return { ...inlined.rule, body: this.#ordered(inlined.rule, body) };
  }

  #refuse(code: string, what: string): void {
    this.#expressing.refuse(code, what, this.#original);
  }

  /** A literal at the own node first, `self` last and only where it is needed. */
  #ordered(rule: Rule, body: readonly Literal[]): readonly Literal[] {
    const selves = body.filter((l): l is RelationLiteral => isBuiltIn(l, "self"));
    const ticks = body.filter((l): l is RelationLiteral => isBuiltIn(l, "tick"));
    const others = body.filter((l) => !isBuiltIn(l, "self") && !isBuiltIn(l, "tick"));
    this.#place(rule, selves, ticks, others);
    const first = others.findIndex((l) => this.#isPlaced(l));
    const view = others.findIndex((l) => this.#isNodeView(l));
    const moves = view >= 0 && first > view;
    const local = moves ? others.toSpliced(first, 1).toSpliced(view, 0, others[first]!) : others;
    const own = selves[0]?.terms[0];
    const used = [...headVariables(rule.head), ...others.flatMap(literalVariables)];
    const needed = own?.kind === "variable" ? used.includes(own.name) : true;
    return [...local, ...(needed ? selves : []), ...ticks];
  }

  /** A positive literal that says where the rule sits. */
  #isPlaced(literal: Literal): boolean {
    if (literal.kind !== "relation" || literal.negated) return false;
    const { relation, terms } = literal;
    if (relation === "crash" && terms.length === 2) return this.#derivesCrash;
    return relation !== "self" && relation !== "tick" && !relation.endsWith("_everywhere");
  }

  /** A positive literal about another node, where the rule would sit if it stood first. */
  #isNodeView(literal: Literal): boolean {
    if (literal.kind !== "relation" || literal.negated) return false;
    if (!literal.relation.endsWith("_everywhere")) return false;
    const base = literal.relation.replace(/(?:_at_\d+)?_everywhere$/, "");
    return !isGlobalRelation(this.#program, base);
  }

  #place(
    rule: Rule,
    selves: readonly RelationLiteral[],
    ticks: readonly RelationLiteral[],
    others: readonly Literal[],
  ): void {
    const isGlobal = isGlobalRelation(this.#program, rule.head.relation);
    if (selves.length > 1) this.#refuse("molly-self", "A rule has two literals `self`");
    const isFact = others.length === 0 && selves[0]?.terms[0]?.kind !== "variable";
    if (ticks.length > 1 || ticks.some((l) => !isFact || l.terms[0]?.kind !== "constant")) {
      this.#refuse("molly-tick", "A rule reads the number of its tick");
    }
    if (others.length === 0) {
      const placed = selves[0]?.terms[0]?.kind === "constant" || (isGlobal && selves.length === 0);
      const isGround = rule.head.terms.every((t) => t.kind === "constant");
      if (placed && isGround) return;
      return this.#refuse("molly-fact", `\`${rule.head.relation}\` is a fact at every node`);
    }
    const hasViews = others.some((l) => l.kind === "relation" && !l.negated && !this.#isPlaced(l));
    if (!others.some((l) => this.#isPlaced(l)) && !(isGlobal && selves.length === 0 && hasViews)) {
      this.#refuse("molly-place", "A rule has no positive literal at its own node");
    }
  }

  #headTerm(term: HeadTerm): void {
    if (term.kind !== "aggregate") return this.#term(term);
    const known = ["count", "sum", "min", "max"].includes(term.operator);
    if (!known || term.over.length > 1) {
      this.#refuse("molly-aggregate", `The head has the aggregate \`${printTerm(term)}\``);
    }
  }

  #literal(literal: Literal): void {
    switch (literal.kind) {
      case "assignment":
        return;
      case "comparison":
        this.#term(literal.left);
        return this.#term(literal.right);
      case "relation": {
        const { relation, terms, negated } = literal;
        const isFunction = functionSignature(this.#program, relation, terms.length) !== undefined;
        if (isFunction || relation === "choose" || relation === "index") {
          this.#refuse("molly-function", `A body uses the function \`${relation}\``);
        }
        if (negated && (relation === "self" || relation === "tick")) {
          this.#refuse("molly-self", `A rule negates \`${relation}\``);
        }
        for (const term of terms) this.#term(term);
      }
    }
  }

  #term(term: Term): void {
    switch (term.kind) {
      case "variable":
      case "wildcard":
        return;
      case "tuple":
        return this.#refuse("molly-tuple", `\`${printTerm(term)}\` is a tuple`);
      case "constant": {
        const { value } = term;
        if (
          typeof value === "boolean" ||
          (typeof value === "object" && (isTuple(value) || value.kind === "bytes"))
        ) {
          this.#refuse("molly-constant", `\`${printTerm(term)}\` is neither a number nor a string`);
        }
        return;
      }
      case "arithmetic": {
        if (term.operator === "%") this.#refuse("molly-modulo", "A rule uses `%`");
        if (needsParentheses(term)) {
          this.#refuse("molly-parentheses", `\`${printTerm(term)}\` needs parentheses`);
        }
        this.#term(term.left);
        this.#term(term.right);
      }
    }
  }
}

export function needsParentheses(term: Term): boolean {
  if (term.kind !== "arithmetic") return false;
  const own = rank(term);
  if (rank(term.left) < own || rank(term.right) <= own) return true;
  return needsParentheses(term.left) || needsParentheses(term.right);
}

function rank(term: Term): number {
  if (term.kind !== "arithmetic") return 3;
  return term.operator === "+" || term.operator === "-" ? 1 : 2;
}

export function isBuiltIn(literal: Literal, name: "self" | "tick"): literal is RelationLiteral {
  return (
    literal.kind === "relation" &&
    !literal.negated &&
    literal.relation === name &&
    literal.terms.length === 1
  );
}

export function isGlobalRelation(program: Program, relation: RelationName): boolean {
  return [program, ...program.components].some((scope) =>
    scope.declarations.some(
      (d) => d.kind === "global" && d.rule === undefined && d.relation === relation,
    ),
  );
}
