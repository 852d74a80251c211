import type { RuleSpans } from "../program/diagnostic.ts";
import type {
  Declaration,
  Literal,
  Program,
  RelationLiteral,
  Rule,
  RuleId,
  Term,
} from "../program/program.ts";
import { headTermVariables, headVariables, literalVariables } from "../program/variables.ts";
import { IntegerColumns } from "./integerColumns.ts";
import { freshName, relationLiteral, variable } from "./lowerings.ts";
import type { ReadResult } from "./readResult.ts";

/** Which node a number means: Hydroflow's programs number theirs, and a message goes to an address (docs/adr/0032). */
const NODE_AT = "node_at";
export const NODE_AT_NAME = /^node_at$/;
const TYPES = ["int", "address"] as const;
const DECLARED: Declaration = {
  kind: "relation",
  role: "edb",
  relation: NODE_AT,
  attributes: [
    { name: "number", type: TYPES[0] },
    { name: "node", type: TYPES[1] },
  ],
};

type DeclaringNodeAt = Extract<Declaration, { readonly kind: "relation" | "snippet" }>;

/** Where a rule sends to a number, `node_at` looks the node up. */
export function withNumberedNodes(
  result: Omit<ReadResult, "dialect">,
): Omit<ReadResult, "dialect"> {
  const { sourceMap } = result;
  const program = withNodeAt(result.program);
  const integers = new IntegerColumns(program);
  const spans = new Map(sourceMap.rules);
  const components = program.components.map((c) => ({
    ...c,
    rules: c.rules.map((rule): Rule => {
      const { timing } = rule.head;
      if (timing.kind !== "async" || !integers.isInteger(timing.destination, rule)) return rule;
      spans.set(rule.id, withLiteral(spans.get(rule.id)!));
      return lookedUp(rule, timing.destination);
    }),
  }));
  return {
    ...result,
    program: withNodeAt({ ...program, components }),
    sourceMap: { ...sourceMap, rules: spans },
  };
}

/** Whether the program, which sends to numbers, has another relation of that name. */
export function clashesWithNodeAt(program: Program): boolean {
  if (!isOther(program)) return false;
  const integers = new IntegerColumns(program);
  return program.components
    .flatMap((c) => c.rules)
    .some(
      (r) => r.head.timing.kind === "async" && integers.isInteger(r.head.timing.destination, r),
    );
}

/** The program with `node_at` declared where rules use it, as a text need not do. */
export function withNodeAt(program: Program): Program {
  const isUsed = program.components.some((c) => c.rules.some((r) => r.body.some(isNodeAt)));
  const all = declarationsOf(program);
  if (!isUsed || isOther(program) || all.some(isDeclaring)) return program;
  return { ...program, declarations: [DECLARED, ...program.declarations] };
}

/** The rules that a text can write with a number after `@`, and reads as they are. */
export function rulesToNumbers(program: Program): ReadonlySet<RuleId> {
  if (isOther(program)) return new Set();
  const written = program.components.map((c) => ({ ...c, rules: c.rules.map(withNumber) }));
  const integers = new IntegerColumns({ ...program, components: written });
  const rules = program.components.flatMap((c) => c.rules);
  const isReadable = (rule: Rule): boolean => {
    const number = numberOf(rule);
    return number !== undefined && integers.isInteger(number, rule);
  };
  return new Set(rules.filter(isReadable).map(({ id }) => id));
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

/** A rule as it stands in a text, if it can be written with a number. */
function withNumber(rule: Rule): Rule {
  const destination = numberOf(rule);
  if (destination === undefined) return rule;
  const { id, head, body } = rule;
  return { id, head: { ...head, timing: { kind: "async", destination } }, body: body.slice(0, -1) };
}

/** Whether `node_at` is not what looks nodes up: derived, filled from outside or with other attributes. */
function isOther(program: Program): boolean {
  const rules = program.components.flatMap((c) => c.rules);
  return (
    rules.some(
      ({ head, body }) =>
        head.relation === NODE_AT || body.some((l) => isNodeAt(l) && l.terms.length !== 2),
    ) || declarationsOf(program).some((d) => isDeclaring(d) && !isLookup(d))
  );
}

function isNodeAt(literal: Literal): literal is RelationLiteral {
  return literal.kind === "relation" && literal.relation === NODE_AT;
}

function declarationsOf({ declarations, components }: Program): readonly Declaration[] {
  return [...declarations, ...components.flatMap((c) => c.declarations)];
}

function isDeclaring(d: Declaration): d is DeclaringNodeAt {
  return (d.kind === "relation" || d.kind === "snippet") && d.relation === NODE_AT;
}

function isLookup(d: DeclaringNodeAt): boolean {
  if (d.kind === "snippet" || d.role !== "edb" || d.attributes.length !== 2) return false;
  return d.attributes.every(({ type }, i) => type === undefined || type === TYPES[i]);
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
