import type { Term } from "../program/program.ts";
import { valueKey } from "../program/value.ts";
import { variablesOf } from "./literalOrder.ts";
import type {
  Column,
  NormalLiteral,
  NormalRule,
  Projections,
  StoredLiteral,
} from "./normalRules.ts";
import { isComputed, type Plan } from "./plan.ts";
import { isStored, ownLiteral, trialPlan } from "./ruleBody.ts";

type Assignment = NormalLiteral & { readonly kind: "assign" };
type Call = NormalLiteral & { readonly kind: "call" };

/** Something that is computed of the columns of one stored literal, and what takes its place when a column has the result. */
interface Computation {
  readonly literal: StoredLiteral;
  readonly computing: NormalLiteral;
  readonly by: Assignment | Call;
  readonly results: readonly Column[];
  readonly instead: readonly NormalLiteral[];
}

/**
 * The rule, reading what it computes of held rows from a relation in which the results are columns, where otherwise all
 * rows would be looked at to find those with a given result. Rows for which nothing can be computed are in a second
 * relation, which a second rule reads in the same place: it derives nothing, and tells of what fails (docs/adr/0045).
 */
export function readComputed(
  rule: NormalRule,
  drivers: readonly StoredLiteral[],
  lasts: (literal: StoredLiteral) => boolean,
  computed: Projections,
): readonly NormalRule[] {
  if (ownLiteral(rule) !== undefined) return [rule];
  for (const found of computations(rule, lasts)) {
    const others = drivers.filter((d) => d !== found.literal);
    if (others.length === 0) continue;
    const name = nameOf(found);
    const read: StoredLiteral = {
      ...found.literal,
      relation: name,
      columns: [...found.literal.columns, ...found.results],
    };
    const whole: NormalRule = {
      ...rule,
      body: rule.body.flatMap((l) => {
        if (l === found.literal) return [read];
        return l === found.computing ? found.instead : [l];
      }),
    };
    const isFound = (d: StoredLiteral): boolean =>
      scans(trialPlan(rule, d), found.literal) && !scans(trialPlan(whole, d), read);
    if (!others.some(isFound)) continue;
    addRules(rule, found, name, computed);
    const failing: NormalRule = {
      ...rule,
      body: rule.body.map((l) =>
        l === found.literal ? { ...found.literal, relation: failed(name), few: true } : l,
      ),
    };
    const changed = drivers.map((d) => (d === found.literal ? read : d));
    return [...readComputed(whole, changed, lasts, computed), failing];
  }
  return [rule];
}

function computations(
  { body }: NormalRule,
  lasts: (literal: StoredLiteral) => boolean,
): readonly Computation[] {
  return body
    .filter(isStored)
    .filter((l) => !l.negated && l.few !== true && lasts(l))
    .flatMap((literal) => {
      const known = new Set(variablesOf(literal.columns));
      const isOwn = (terms: readonly Term[]): boolean => {
        const read = variablesOf(terms);
        return read.length > 0 && read.every((v) => known.has(v));
      };
      return body.flatMap((computing) => computationsOf(literal, computing, isOwn));
    });
}

function computationsOf(
  literal: StoredLiteral,
  computing: NormalLiteral,
  isOwn: (terms: readonly Term[]) => boolean,
): readonly Computation[] {
  switch (computing.kind) {
    case "assign": {
      const { variable, value } = computing;
      if (!isComputed(value) || !isOwn([value])) return [];
      const results = [{ kind: "variable", name: variable } as const];
      return [{ literal, computing, by: computing, results, instead: [] }];
    }
    case "call": {
      const { negated, inputs, outputs } = computing;
      if (negated || outputs.length === 0 || !isOwn(inputs)) return [];
      return [{ literal, computing, by: computing, results: outputs, instead: [] }];
    }
    case "compare": {
      const { operator, left, right } = computing;
      if (operator !== "==") return [];
      const sides = [
        [left, right],
        [right, left],
      ] as const;
      return sides.flatMap(([value, other]): readonly Computation[] => {
        if (!isComputed(value) || !isOwn([value])) return [];
        const result = { kind: "variable", name: `#${textOf(value, (v) => v)}` } as const;
        const by: Assignment = { kind: "assign", variable: result.name, value };
        const instead: NormalLiteral = { ...computing, left: result, right: other };
        return [{ literal, computing, by, results: [result], instead: [instead] }];
      });
    }
    default:
      return [];
  }
}

function scans({ steps }: Plan, { relation }: StoredLiteral): boolean {
  return steps.some((s) => s.kind === "join" && s.relation === relation && s.key.length === 0);
}

/** The relation with the results, and that of the rows for which there are none because something fails. */
function addRules(
  { source }: NormalRule,
  { literal, by }: Computation,
  name: string,
  { rules }: Projections,
): void {
  const columns = literal.columns.map((_, i) => numbered(i));
  const stored: StoredLiteral = {
    kind: "stored",
    relation: literal.relation,
    negated: false,
    columns,
  };
  const renamed = (t: Term): Term => withColumns(t, placesOf(literal));
  const count = by.kind === "assign" ? 1 : by.outputs.length;
  const results = Array.from({ length: count }, (_, i) => numbered(columns.length + i));
  const computing: Assignment | Call =
    by.kind === "assign"
      ? { ...by, variable: results[0]!.name, value: renamed(by.value) }
      : { ...by, inputs: by.inputs.map(renamed), outputs: results };
  const none = { source, timing: "now", stored: new Set<string>(), untold: true } as const;
  rules.set(name, {
    ...none,
    head: name,
    terms: [...columns, ...results],
    body: [stored, computing],
  });
  rules.set(failed(name), {
    ...none,
    head: failed(name),
    terms: columns,
    body: [stored, { kind: "fails", of: computing }],
  });
}

function failed(name: string): string {
  return `${name} failed`;
}

/** The same for all rules that compute the same of a relation's columns. */
function nameOf({ literal, by }: Computation): string {
  const places = placesOf(literal);
  const text = (t: Term): string => textOf(t, (v) => String(places.get(v)));
  const computed =
    by.kind === "assign" ? text(by.value) : `${by.function}(${by.inputs.map(text).join()})`;
  return `${literal.relation} ${computed}`;
}

/** The first column in which each variable stands. */
function placesOf({ columns }: StoredLiteral): ReadonlyMap<string, number> {
  return new Map(
    columns.flatMap((c, i) => (c.kind === "variable" ? [[c.name, i] as const] : [])).toReversed(),
  );
}

function withColumns(term: Term, places: ReadonlyMap<string, number>): Term {
  switch (term.kind) {
    case "variable":
      return numbered(places.get(term.name)!);
    case "arithmetic": {
      const left = withColumns(term.left, places);
      return { ...term, left, right: withColumns(term.right, places) };
    }
    case "tuple":
      return { kind: "tuple", terms: term.terms.map((t) => withColumns(t, places)) };
    case "constant":
    case "wildcard":
      return term;
  }
}

function textOf(term: Term, variable: (name: string) => string): string {
  switch (term.kind) {
    case "variable":
      return `$${variable(term.name)}`;
    case "constant":
      return valueKey(term.value);
    case "arithmetic":
      return `(${textOf(term.left, variable)} ${term.operator} ${textOf(term.right, variable)})`;
    case "tuple":
      return `[${term.terms.map((t) => textOf(t, variable)).join()}]`;
    case "wildcard":
      return "_";
  }
}

function numbered(i: number): { readonly kind: "variable"; readonly name: string } {
  return { kind: "variable", name: `#${i}` };
}
