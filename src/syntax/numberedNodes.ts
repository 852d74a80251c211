import type { RuleSpans } from "../program/diagnostic.ts";
import type { Declaration, Literal, Program, Rule, Term } from "../program/program.ts";
import { headTermVariables, headVariables, literalVariables } from "../program/variables.ts";
import { IntegerColumns } from "./integerColumns.ts";
import { freshName, relationLiteral, variable } from "./lowerings.ts";
import type { ReadResult } from "./readResult.ts";

/** Which node a number means: Hydroflow's programs number theirs, and a message goes to an address (docs/adr/0032). */
const NODE_AT = "node_at";
export const NODE_AT_NAME = /^node_at$/;
const DECLARED: Declaration = {
  kind: "relation",
  role: "edb",
  relation: NODE_AT,
  attributes: [
    { name: "number", type: "int" },
    { name: "node", type: "address" },
  ],
};

/** Where a rule sends to a number, `node_at` looks the node up. */
export function withNumberedNodes(
  result: Omit<ReadResult, "dialect">,
): Omit<ReadResult, "dialect"> {
  const { program, sourceMap } = result;
  const integers = new IntegerColumns(program);
  const spans = new Map(sourceMap.rules);
  let numbered = false;
  const components = program.components.map((c) => ({
    ...c,
    rules: c.rules.map((rule): Rule => {
      const { timing } = rule.head;
      if (timing.kind !== "async" || !integers.isInteger(timing.destination, rule)) return rule;
      numbered = true;
      const looked = lookedUp(rule, timing.destination);
      spans.set(rule.id, withLiteral(spans.get(rule.id)!));
      return looked;
    }),
  }));
  if (!numbered) return result;
  const declarations = isDeclared(program)
    ? program.declarations
    : [DECLARED, ...program.declarations];
  return {
    ...result,
    program: { declarations, components },
    sourceMap: { ...sourceMap, rules: spans },
  };
}

/** The number that a rule sends to, when its last literal is there for nothing else. */
export function numberOf({ head, body }: Omit<Rule, "id">): Term | undefined {
  const last = body.at(-1);
  if (head.timing.kind !== "async" || last?.kind !== "relation" || last.negated) return undefined;
  const { destination } = head.timing;
  const [number, node] = last.terms;
  if (last.relation !== NODE_AT || last.terms.length !== 2) return undefined;
  if (destination.kind !== "variable" || node?.kind !== "variable") return undefined;
  const others = [
    ...head.terms.flatMap(headTermVariables),
    ...body.slice(0, -1).flatMap(literalVariables),
    ...literalVariables(relationLiteral(NODE_AT, [number!])),
  ];
  const alone = node.name === destination.name && !others.includes(node.name);
  return alone && number?.kind !== "wildcard" ? number : undefined;
}

/** `node_at` where it is a relation like others, which a text must call otherwise. */
export function unreadableNodeAt(program: Program): ReadonlySet<string> {
  const rules = program.components.flatMap((c) => c.rules);
  const isNodeAt = (l: Literal): boolean => l.kind === "relation" && l.relation === NODE_AT;
  const isOther = rules.some(
    (rule) =>
      rule.head.relation === NODE_AT ||
      rule.body.filter(isNodeAt).length > (numberOf(rule) === undefined ? 0 : 1),
  );
  return new Set(isOther || !isDeclared(program) ? [NODE_AT] : []);
}

function isDeclared({ declarations, components }: Program): boolean {
  const all = [...declarations, ...components.flatMap((c) => c.declarations)];
  return all.some((d) => d.kind === "relation" && d.relation === NODE_AT);
}

function lookedUp({ id, head, body }: Rule, number: Term): Rule {
  const used = new Set([...headVariables(head), ...body.flatMap(literalVariables)]);
  const node = variable(freshName("d", used));
  return {
    id,
    head: { ...head, timing: { kind: "async", destination: node } },
    body: [...body, relationLiteral(NODE_AT, [number, node])],
  };
}

function withLiteral(spans: RuleSpans): RuleSpans {
  const span = spans.destination ?? spans.head;
  return {
    ...spans,
    literals: [...spans.literals, span],
    terms: [...spans.terms, [span, span]],
  };
}
