import { choiceOf } from "../program/choice.ts";
import { printTerm } from "../program/printTerm.ts";
import type {
  Aggregate,
  HeadTerm,
  Literal,
  RelationLiteral,
  Rule,
  Term,
} from "../program/program.ts";
import { termVariables } from "../program/variables.ts";
import { relationLiteral, tuple, variable } from "./lowerings.ts";

/** The rule with `choose((keys), (values))` in its body instead of `choose<x>` in its head; the same when it has others. */
export function choosingBody(rule: Rule): Rule {
  const { terms, timing } = rule.head;
  const chosen = terms.filter(isHeadChoice);
  if (chosen.length === 0 || terms.some((t) => t.kind === "aggregate" && !isHeadChoice(t))) {
    return rule;
  }
  if (chosen.some(({ over }) => over.length > 1) || rule.body.some(isNumbering)) return rule;
  const plain = terms.filter((t): t is Term => t.kind !== "aggregate");
  const keys = distinct([...plain, ...(timing.kind === "async" ? [timing.destination] : [])]);
  const settled = new Set(keys.flatMap((t) => (t.kind === "variable" ? [t.name] : [])));
  const values = [...new Set(chosen.map(({ over }) => over[0]!))].filter((v) => !settled.has(v));
  const head = terms.map((t): Term => (t.kind === "aggregate" ? variable(t.over[0]!) : t));
  const choice = relationLiteral("choose", [tuple(keys), tuple(values.map(variable))]);
  return {
    ...rule,
    head: { ...rule.head, terms: head },
    body: values.length === 0 ? rule.body : [...rule.body, choice],
  };
}

/**
 * The rule with `choose<x>` in its head instead of `choose((keys), (values))` in its body, where the keys are what the head
 * groups by then; undefined where they are not.
 */
export function choosingHead(rule: Rule): Rule | undefined {
  const choices = rule.body.filter(isChoice);
  if (choices.length === 0) return rule;
  const { terms, timing } = rule.head;
  const [choice, ...others] = choices.map(choiceOf);
  if (choice === undefined || others.length > 0 || rule.body.some(isNumbering)) return undefined;
  const names = choice.values.flatMap((t) => (t.kind === "variable" ? [t.name] : []));
  const plain = terms.filter((t): t is Term => t.kind !== "aggregate");
  const isChosen = (t: HeadTerm): boolean => t.kind === "variable" && names.includes(t.name);
  const inHead = plain.flatMap((t) => (isChosen(t) ? termVariables(t) : []));
  const to = timing.kind === "async" ? [timing.destination] : [];
  const groups = distinct([...plain.filter((t) => !isChosen(t)), ...to]);
  const sameGroups =
    groups.length === distinct(choice.keys).length &&
    groups.every((t) => choice.keys.some((k) => printTerm(k) === printTerm(t)));
  const isPlain = plain.length === terms.length && !to.some(isChosen);
  const inOrder = [...new Set(inHead)].join() === names.join();
  if (!sameGroups || !isPlain || !inOrder || names.length < choice.values.length) return undefined;
  return {
    ...rule,
    head: {
      ...rule.head,
      terms: terms.map((t): HeadTerm =>
        t.kind === "variable" && isChosen(t)
          ? { kind: "aggregate", operator: "choose", over: [t.name] }
          : t,
      ),
    },
    body: rule.body.filter((l) => !isChoice(l)),
  };
}

function isHeadChoice(term: HeadTerm): term is Aggregate {
  return term.kind === "aggregate" && term.operator === "choose";
}

function isChoice(literal: Literal): literal is RelationLiteral {
  return literal.kind === "relation" && literal.relation === "choose";
}

function isNumbering(literal: Literal): boolean {
  return literal.kind === "relation" && literal.relation === "index";
}

/** Without repetitions, and without constants, by which nothing is grouped. */
function distinct(terms: readonly Term[]): readonly Term[] {
  const parting = terms.filter((t) => t.kind !== "constant");
  return [...new Map(parting.map((t) => [printTerm(t), t])).values()];
}
