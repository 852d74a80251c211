import { functionSignature } from "../program/functions.ts";
import { printTerm } from "../program/printTerm.ts";
import type {
  Head,
  HeadTerm,
  Literal,
  Program,
  RelationLiteral,
  Rule,
  Term,
} from "../program/program.ts";
import { choosingHead } from "./chosen.ts";
import { isTuple } from "../program/value.ts";
import type { Value } from "../program/value.ts";
import { headVariables, literalVariables } from "../program/variables.ts";
import { enumerations, unreadableEnumerations, withoutEnumerations } from "./enumerations.ts";
import type { Expressed } from "./express.ts";
import { Expressing, withIds } from "./express.ts";
import { inlineAssignments } from "./inlineAssignments.ts";
import { printableNames } from "./printableNames.ts";
import { freshName, variable } from "./lowerings.ts";
import { mapRule } from "./mapRule.ts";
import { numberOf, rulesToNumbers, withNodeAt } from "./numberedNodes.ts";

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/**
 * The program as Hydroflow datalog can say it: constants and expressions leave the literals of bodies for comparisons,
 * assignments are written out, names have no primes.
 */
export function expressHydroflow(original: Program): Expressed {
  const expressing = new Expressing("Hydroflow datalog");
  const others = unreadableEnumerations(original);
  const program = withNodeAt(printableNames(original, NAME, { others }));
  for (const d of [...program.declarations, ...program.components.flatMap((c) => c.declarations)]) {
    if (d.kind !== "snippet") continue;
    if (d.snippets.some((s) => s.includes("`"))) {
      expressing.refuse("hydroflow-snippet", `A snippet of \`${d.relation}\` has a backtick in it`);
    }
    if (d.snippets.length > (d.role === "async" ? 2 : 1)) {
      expressing.refuse("hydroflow-snippet", `\`${d.relation}\` has too many snippets`);
    }
  }
  const inlined = program.components.map((c) => ({ ...c, rules: c.rules.map(choosingInlined) }));
  const toNumbers = rulesToNumbers({ ...program, components: inlined });
  const components = program.components.map((c) => {
    const own = (withoutEnumerations(c.rules) ?? c.rules).map((rule) =>
      new RuleExpressing(program, expressing, rule).rule(toNumbers.has(rule.id)),
    );
    const made = enumerations(own).map(({ rule }) => rule);
    return { ...c, rules: withIds(c.name, [...own, ...made]) };
  });
  return expressing.finish({ ...program, components });
}

function choosingInlined(rule: Rule): Rule {
  return inlineAssignments(choosingHead(rule) ?? rule).rule;
}

class RuleExpressing {
  readonly #program: Program;
  readonly #expressing: Expressing;
  readonly #original: Rule;
  readonly #used: Set<string>;

  constructor(program: Program, expressing: Expressing, original: Rule) {
    this.#program = program;
    this.#expressing = expressing;
    this.#original = original;
    this.#used = new Set([
      ...headVariables(original.head),
      ...original.body.flatMap(literalVariables),
    ]);
  }

  /** `toNumber`: the rule says what number it sends to. */
  rule(toNumber: boolean): Rule {
    if (this.#original.body.length === 0) {
      this.#refuse(
        "hydroflow-fact",
        `\`${this.#original.head.relation}\` is a fact without a body`,
      );
    }
    const inlined = inlineAssignments(this.#choosing());
    if (inlined.left !== undefined) {
      this.#refuse(
        "hydroflow-assignment",
        `\`${inlined.left}\` is computed and then looked up or aggregated`,
      );
    }
    const rule = this.#withMadeUpNames(inlined.rule, toNumber);
    const number = toNumber ? numberOf(rule) : undefined;
    const written = number === undefined ? rule.body : rule.body.slice(0, -1);
    const body = written.flatMap((literal) => this.#literal(literal));
    const last = rule.body.at(-1);
    if (number !== undefined && last?.kind === "relation") {
      body.push({ ...last, terms: [this.#expression(number), last.terms[1]!] });
    }
    return { ...rule, head: this.#head(rule.head), body };
  }

  /** What the body chooses is an aggregate in the head. */
  #choosing(): Rule {
    const rule = choosingHead(this.#original);
    if (rule === undefined) {
      this.#refuse("hydroflow-choose", "A body chooses other than for each group of the head");
    }
    return rule ?? this.#original;
  }

  #refuse(code: string, what: string): void {
    this.#expressing.refuse(code, what, this.#original);
  }

  #head(head: Head): Head {
    const { timing } = head;
    return {
      ...head,
      terms: head.terms.map((term) => this.#headTerm(term)),
      timing:
        timing.kind === "async"
          ? { ...timing, destination: this.#expression(timing.destination) }
          : timing,
    };
  }

  #headTerm(term: HeadTerm): HeadTerm {
    if (term.kind !== "aggregate") return this.#expression(term);
    const many = term.operator === "count" || term.operator === "collect";
    if (term.operator === "seal" || (!many && term.over.length > 1)) {
      this.#refuse("hydroflow-aggregate", `The head has the aggregate \`${printTerm(term)}\``);
    }
    return term;
  }

  #literal(literal: Literal): Literal[] {
    switch (literal.kind) {
      case "assignment":
        return [literal];
      case "comparison":
        return [
          {
            ...literal,
            left: this.#expression(literal.left),
            right: this.#expression(literal.right),
          },
        ];
      case "relation":
        return this.#relationLiteral(literal);
    }
  }

  #relationLiteral(literal: RelationLiteral): Literal[] {
    const { relation, terms, negated } = literal;
    const isPlace = (relation === "self" || relation === "tick") && terms.length === 1;
    const isFunction = functionSignature(this.#program, relation, terms.length) !== undefined;
    if (isPlace || isFunction) {
      const what = isFunction ? "the function" : "the built-in";
      this.#refuse("hydroflow-function", `A body uses ${what} \`${relation}\``);
    }
    if (relation === "flatten" || relation === "index") return [literal];
    const comparisons: Literal[] = [];
    const plain = terms.map((term) => this.#pattern(term, negated, comparisons));
    return [{ ...literal, terms: plain }, ...comparisons];
  }

  /** Only variables, `_` and tuples of them stand in literals. */
  #pattern(term: Term, negated: boolean, comparisons: Literal[]): Term {
    if (term.kind === "variable" || term.kind === "wildcard") return term;
    if (term.kind === "tuple") {
      return { ...term, terms: term.terms.map((t) => this.#pattern(t, negated, comparisons)) };
    }
    if (term.kind === "constant" && isTuple(term.value)) {
      if (term.value.length === 0) return term;
      const terms = term.value.map((value): Term => ({ kind: "constant", value }));
      return { kind: "tuple", terms: terms.map((t) => this.#pattern(t, negated, comparisons)) };
    }
    if (negated) {
      this.#refuse("hydroflow-negated", `A negated literal holds \`${printTerm(term)}\``);
      return term;
    }
    const name = freshName("c", this.#used);
    const right = this.#expression(term);
    comparisons.push({ kind: "comparison", operator: "==", left: variable(name), right });
    return variable(name);
  }

  /** Integers, variables, `+ - * %`. */
  #expression(term: Term): Term {
    switch (term.kind) {
      case "variable":
        return term;
      case "constant":
        return this.#constant(term.value);
      case "arithmetic":
        if (term.operator === "/") this.#refuse("hydroflow-division", "A rule divides");
        return { ...term, left: this.#expression(term.left), right: this.#expression(term.right) };
      case "tuple":
      case "wildcard":
        this.#refuse("hydroflow-term", `\`${printTerm(term)}\` stands where a number is computed`);
        return term;
    }
  }

  #constant(value: Value): Term {
    const isInteger = typeof value === "number" || typeof value === "bigint";
    const term: Term = { kind: "constant", value };
    if (!isInteger) {
      this.#refuse("hydroflow-constant", `\`${printTerm(term)}\` is a constant that is no number`);
      return term;
    }
    if (value >= 0) return term;
    const positive = -BigInt(value);
    if (positive === 2n ** 63n)
      this.#refuse("hydroflow-constant", `\`${value}\` is the least integer`);
    const right: Term = {
      kind: "constant",
      value: typeof value === "number" ? -value : positive,
    };
    return { kind: "arithmetic", operator: "-", left: { kind: "constant", value: 0 }, right };
  }

  /** What `*x`, `index()` and a number sent to read as has the names that the reader makes up, in this order. */
  #withMadeUpNames(rule: Rule, toNumber: boolean): Rule {
    const made = new Map<string, string>();
    for (const literal of rule.body) {
      if (literal.kind !== "relation" || literal.negated) continue;
      const [first] = literal.terms;
      if (first?.kind !== "variable") continue;
      if (literal.relation === "flatten" && literal.terms.length === 2)
        made.set(first.name, "flat");
      if (literal.relation === "index" && literal.terms.length === 1) made.set(first.name, "i");
    }
    const { timing } = rule.head;
    if (toNumber && timing.kind === "async") {
      if (timing.destination.kind === "variable") made.set(timing.destination.name, "d");
    }
    if (made.size === 0) return rule;
    const used = new Set([...this.#used].filter((name) => !made.has(name)));
    const renamed = new Map([...made].map(([name, wanted]) => [name, freshName(wanted, used)]));
    return mapRule(rule, { variable: (name) => variable(renamed.get(name) ?? name) });
  }
}
