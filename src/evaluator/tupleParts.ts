import { variablesOf } from "./literalOrder.ts";
import type { NormalLiteral, NormalRule, Projections, StoredLiteral } from "./normalRules.ts";
import type { Plan } from "./plan.ts";
import { doubtPlan, isStored, ownLiteral, trialPlan } from "./ruleBody.ts";

/** A column of a stored literal in which a tuple stands that is taken apart. */
interface TupleColumn {
  readonly literal: StoredLiteral;
  readonly at: number;
  readonly split: NormalLiteral & { readonly kind: "split" };
}

/**
 * The rule, reading tuples of which some parts are known from a relation in which the parts are columns, so that there is
 * an index for them. What is looked up by the whole tuple or by another column stays as it is.
 */
export function readByParts(
  rule: NormalRule,
  drivers: readonly StoredLiteral[],
  lasts: (literal: StoredLiteral) => boolean,
  flattened: Projections,
): NormalRule {
  const own = ownLiteral(rule);
  const columns = tupleColumns(rule).filter((c) => lasts(c.literal));
  const found = scannedColumn(rule, columns, drivers, own);
  if (found === undefined) return rule;
  const { literal, at, split } = found;
  const parts = flattened.flatten(rule.source, literal, at, split.items);
  if (literal === own) return readByParts({ ...rule, ownParts: parts }, drivers, lasts, flattened);
  const body = rule.body.flatMap((l): readonly NormalLiteral[] => {
    if (l === literal) return [parts];
    if (l !== split) return [l];
    return isRead(rule, found) ? [whole(split)] : [];
  });
  const changed = drivers.map((d) => (d === literal ? parts : d));
  return readByParts({ ...rule, body }, changed, lasts, flattened);
}

function tupleColumns(rule: NormalRule): readonly TupleColumn[] {
  return rule.body
    .filter(isStored)
    .filter((l) => !l.negated)
    .flatMap((literal) =>
      literal.columns.flatMap((c, at): readonly TupleColumn[] =>
        rule.body.flatMap((l) =>
          l.kind === "split" && c.kind === "variable" && c.name === l.variable
            ? [{ literal, at, split: l }]
            : [],
        ),
      ),
    );
}

/** A column in which some plan of the rule knows a part of the tuple and nothing else. */
function scannedColumn(
  rule: NormalRule,
  columns: readonly TupleColumn[],
  drivers: readonly StoredLiteral[],
  own: StoredLiteral | undefined,
): TupleColumn | undefined {
  if (columns.length === 0) return undefined;
  const others = columns.filter((c) => c.literal !== own);
  for (const driver of others.length === 0 ? [] : drivers) {
    const body = trialPlan(rule, driver);
    const found = others.find((c) => c.literal !== driver && scans(body, c));
    if (found !== undefined) return found;
  }
  if (own === undefined || rule.ownParts !== undefined) return undefined;
  const doubts = rule.body.filter(isStored).filter((l) => l !== own);
  const plans = doubts.map((l) => doubtPlan(rule, own, l));
  return columns.find((c) => c.literal === own && plans.some((p) => scans(p, c)));
}

/** Whether the plan looks at every row of the relation although it knows a part of the tuple beforehand. */
function scans({ driver, steps, constants }: Plan, { literal, at }: TupleColumn): boolean {
  const known = new Set([...driver.bind, ...constants].map((b) => b.register));
  for (const [i, step] of steps.entries()) {
    if (step.kind === "join" && step.relation === literal.relation && step.key.length === 0) {
      const tuple = step.match.bind.find((b) => b.column === at);
      if (tuple !== undefined && checksPart(steps.slice(i + 1), tuple.register, known)) return true;
    }
    if (step.kind === "assign") known.add(step.register);
    else if ("match" in step) for (const { register } of step.match.bind) known.add(register);
  }
  return false;
}

/** Whether the steps take the tuple apart and compare something in it with what was known before. */
function checksPart(steps: Plan["steps"], tuple: number, known: ReadonlySet<number>): boolean {
  const parts = new Set([tuple]);
  for (const step of steps) {
    if (step.kind !== "split" || !parts.has(step.register)) continue;
    if (step.match.check.some((c) => known.has(c.register))) return true;
    for (const { register } of step.match.bind) parts.add(register);
  }
  return false;
}

/** Whether anything but taking it apart needs the tuple. */
function isRead(rule: NormalRule, { literal, split }: TupleColumn): boolean {
  const { variable } = split;
  const inHead = rule.terms.some((t) =>
    t.kind === "aggregate"
      ? t.aggregate.over.includes(variable)
      : variablesOf([t]).includes(variable),
  );
  return (
    inHead || rule.body.some((l) => l !== literal && l !== split && readBy(l).includes(variable))
  );
}

function readBy(literal: NormalLiteral): readonly string[] {
  switch (literal.kind) {
    case "stored":
      return variablesOf(literal.columns);
    case "assign":
      return [literal.variable, ...variablesOf([literal.value])];
    case "split":
      return [literal.variable, ...variablesOf(literal.items)];
    case "compare":
      return variablesOf([literal.left, literal.right]);
    case "call":
      return variablesOf([...literal.inputs, ...literal.outputs]);
    case "fails":
      return readBy(literal.of);
  }
}

/** The tuple that was taken apart. */
function whole({ variable, items }: TupleColumn["split"]): NormalLiteral {
  const terms = items.filter((c) => c.kind !== "wildcard");
  if (terms.length < items.length) throw new Error("Of a tuple that is read, all parts are.");
  return { kind: "assign", variable, value: { kind: "tuple", terms } };
}
