import { functionSignature } from "../program/functions.ts";
import { printTerm } from "../program/printTerm.ts";
import type {
  Constant,
  HeadTerm,
  Literal,
  Program,
  RelationLiteral,
  Rule,
  Term,
} from "../program/program.ts";
import { isTuple, kindOf } from "../program/value.ts";
import { headVariables, literalVariables } from "../program/variables.ts";
import { choosingBody } from "./chosen.ts";
import type { Expressed } from "./express.ts";
import { Expressing, withIds } from "./express.ts";
import { isBuiltIn, needsParentheses, orderedRules } from "./expressMolly.ts";
import { pinnedRule } from "./pinnedRules.ts";
import { printableNames } from "./printableNames.ts";
import { sentRule } from "./sentRules.ts";
import { unreadableNames } from "./unreadableNames.ts";
import { withAttributeNames } from "./withAttributeNames.ts";

/** The program as the prototype notation can say it: one component, variables with capitals, places and ticks last. */
export function expressPrototype(original: Program): Expressed {
  const expressing = new Expressing("the prototype notation");
  const program = printableNames(original, /^[A-Za-z][A-Za-z0-9_]*$/, {
    capitals: true,
    others: unreadableNames(original),
  });
  const [component, second] = program.components;
  if (second !== undefined) {
    const names = program.components.map((c) => `\`${c.name}\``).join(", ");
    expressing.refuse("prototype-components", `The program has several components, ${names}`);
  }
  if (component === undefined) return expressing.finish(program);
  const rules = component.rules.map(
    (rule) =>
      pinnedRule(rule) ?? sentRule(rule) ?? new RuleExpressing(program, expressing, rule).rule(),
  );
  const expressed = {
    ...program,
    components: [{ ...component, rules: withIds(component.name, orderedRules(rules)) }],
  };
  return expressing.finish(withAttributeNames(expressed, { original, renamed: program }));
}

function isAddress({ value }: Constant): boolean {
  return kindOf(value) === "address";
}

class RuleExpressing {
  readonly #program: Program;
  readonly #expressing: Expressing;
  readonly #rule: Rule;

  constructor(program: Program, expressing: Expressing, rule: Rule) {
    this.#program = program;
    this.#expressing = expressing;
    this.#rule = rule;
  }

  rule(): Rule {
    const rule = choosingBody(this.#rule);
    const { head, body } = rule;
    head.terms.forEach((t) => this.#headTerm(t));
    if (head.timing.kind === "async") this.#term(head.timing.destination);
    for (const literal of body) this.#literal(literal);
    return { ...rule, body: this.#ordered(body) };
  }

  #refuse(code: string, what: string): void {
    this.#expressing.refuse(code, what, this.#rule);
  }

  #ordered(body: readonly Literal[]): readonly Literal[] {
    const selves = body.filter((l): l is RelationLiteral => isBuiltIn(l, "self"));
    const ticks = body.filter((l): l is RelationLiteral => isBuiltIn(l, "tick"));
    const others = body.filter((l): boolean => !isBuiltIn(l, "self") && !isBuiltIn(l, "tick"));
    const tagged = others.flatMap((l) =>
      l.kind === "relation" && !l.negated && l.relation !== "choose" ? [l.relation] : [],
    );
    const [own] = selves;
    const [term] = own?.terms ?? [];
    const isPlace = term?.kind === "variable" || (term?.kind === "constant" && isAddress(term));
    if (selves.length > 1 || (own !== undefined && !isPlace)) {
      this.#refuse("prototype-self", "A rule compares its own address");
    }
    const { timing } = this.#rule.head;
    const toItself =
      timing.kind === "async" &&
      term?.kind === "variable" &&
      timing.destination.kind === "variable" &&
      timing.destination.name === term.name;
    // In the head the mark is the place, unless it is where the fact goes.
    const inHead = tagged.length === 0 && timing.kind !== "async";
    if (own !== undefined && tagged.length === 0 && !toItself && !inHead) {
      this.#refuse("prototype-self", "A rule uses its own address and reads nothing there");
    }
    const isFact = others.length === 0 && ticks.length === 1 && (own === undefined || inHead);
    const constant = ticks.some((l) => l.terms[0]!.kind !== "variable");
    if ((constant && !isFact) || (!constant && ticks.length > tagged.length)) {
      this.#refuse("prototype-tick", "A rule compares the number of its tick");
    }
    const used = [...headVariables(this.#rule.head), ...others.flatMap(literalVariables)];
    const needed = term?.kind !== "variable" || used.includes(term.name);
    return [...others, ...(needed ? selves : []), ...ticks];
  }

  #headTerm(term: HeadTerm): void {
    if (term.kind !== "aggregate") return this.#term(term);
    const known = ["count", "sum", "min", "max"].includes(term.operator);
    if (!known || term.over.length > 1) {
      this.#refuse("prototype-aggregate", `The head has the aggregate \`${printTerm(term)}\``);
    }
  }

  #literal(literal: Literal): void {
    switch (literal.kind) {
      case "assignment":
        return this.#term(literal.value);
      case "comparison":
        this.#term(literal.left);
        return this.#term(literal.right);
      case "relation":
        return this.#relation(literal);
    }
  }

  #relation({ relation, terms, negated }: RelationLiteral): void {
    if (relation === "choose" && !negated && terms.length === 2) return;
    const isFunction = functionSignature(this.#program, relation, terms.length) !== undefined;
    if (relation.endsWith("_everywhere")) {
      const what = relation.slice(0, -"_everywhere".length);
      this.#refuse("prototype-elsewhere", `A rule reads \`${what}\` at another node`);
    }
    if (isFunction || relation === "choose" || relation === "index") {
      this.#refuse("prototype-function", `A body uses the function \`${relation}\``);
    }
    if (negated && (relation === "self" || relation === "tick")) {
      this.#refuse("prototype-self", `A rule negates \`${relation}\``);
    }
    for (const term of terms) this.#term(term);
  }

  #term(term: Term): void {
    switch (term.kind) {
      case "variable":
      case "wildcard":
        return;
      case "tuple":
        return this.#refuse("prototype-tuple", `\`${printTerm(term)}\` is a tuple`);
      case "constant": {
        const { value } = term;
        if (typeof value === "object" && (isTuple(value) || value.kind === "bytes")) {
          this.#refuse(
            "prototype-constant",
            `\`${printTerm(term)}\` is neither number, string nor boolean`,
          );
        }
        return;
      }
      case "arithmetic":
        if (term.operator === "%") this.#refuse("prototype-modulo", "A rule uses `%`");
        if (needsParentheses(term)) {
          this.#refuse("prototype-parentheses", `\`${printTerm(term)}\` needs parentheses`);
        }
        this.#term(term.left);
        this.#term(term.right);
    }
  }
}
