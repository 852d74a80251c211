import * as fc from "fast-check";
import type {
  AggregateOperator,
  Attribute,
  Component,
  Declaration,
  Head,
  HeadTerm,
  Literal,
  Program,
  Rule,
  Term,
  Timing,
} from "./program.ts";
import { address, bytes, integer, MAX_INTEGER, MIN_INTEGER } from "./value.ts";
import type { Value } from "./value.ts";

/**
 * Programs as a reader can give them: any rule the grammar has, not necessarily well-formed. Words that are keywords
 * elsewhere, and the names that paper notation uses itself, are among the names on purpose.
 */
const DERIVED = ["p", "q", "votes", "input", "component", "next", "n"] as const;
const SENT = ["in", "req", "boot"] as const;
const CONSTANT = { peers: 1, num: 1, leaderOf: 2, none: 0 } as const;
const FUNCTIONS = { hash: 2, len: 2, concat: 3 } as const;
const VARIABLES = ["x", "y", "l", "t", "t'", "l1", "count", "by", "addr", "of_a"] as const;

/** EDB and functions of the generated programs; the EDB is declared. */
export function isGeneratedConstant(relation: string): boolean {
  return relation in CONSTANT || relation in FUNCTIONS;
}

const anyInteger: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.bigInt({ min: MIN_INTEGER, max: MAX_INTEGER }).map((n) => integer(n)!),
);
const anyString = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom('"', "\\", "\\n", "a\nb\r\t", "\ud800", "\u2028", ") :- b(x).", "// no comment"),
);
const hex = fc.uint8Array({ maxLength: 4 }).map((a) => [...a].map(twoDigits).join(""));

function twoDigits(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

export const arbitraryValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value; scalar: Value }>(
  (tie) => ({
    scalar: fc.oneof(
      anyInteger,
      anyString,
      fc.boolean(),
      hex.map((h) => bytes(h)),
      anyString.map((name) => address(name)),
    ),
    value: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      tie("scalar"),
      fc.array(tie("value"), { maxLength: 3 }),
    ),
  }),
).value;

const variable: fc.Arbitrary<Term> = fc
  .constantFrom(...VARIABLES)
  .map((name) => ({ kind: "variable", name }));

const term: fc.Arbitrary<Term> = fc.letrec<{ term: Term }>((tie) => ({
  term: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    variable,
    arbitraryValue.map((value): Term => ({ kind: "constant", value })),
    fc.constant<Term>({ kind: "wildcard" }),
    fc
      .record({
        kind: fc.constant("arithmetic" as const),
        operator: fc.constantFrom("+", "-", "*", "/", "%"),
        left: tie("term"),
        right: tie("term"),
      })
      .map((a): Term => a),
    fc.array(tie("term"), { maxLength: 3 }).map(tupleTerm),
  ),
})).term;

/** A tuple of constants is itself a constant. */
function tupleTerm(terms: readonly Term[]): Term {
  const values = terms.flatMap((t) => (t.kind === "constant" ? [t.value] : []));
  return values.length === terms.length
    ? { kind: "constant", value: values }
    : { kind: "tuple", terms };
}

const aggregate: fc.Arbitrary<HeadTerm> = fc.record({
  kind: fc.constant("aggregate" as const),
  operator: fc.constantFrom<AggregateOperator>("count", "sum", "min", "max", "collect", "seal"),
  over: fc.array(fc.constantFrom(...VARIABLES), { minLength: 1, maxLength: 2 }),
});
const headTerm: fc.Arbitrary<HeadTerm> = fc.oneof({ weight: 4, arbitrary: term }, aggregate);
const terms = fc.array(term, { maxLength: 4 });

function fixedArity(arities: Readonly<Record<string, number>>): fc.Arbitrary<Literal> {
  return fc.constantFrom(...Object.entries(arities)).chain(([relation, arity]) =>
    fc.record({
      kind: fc.constant("relation" as const),
      negated: fc.boolean(),
      relation: fc.constant(relation),
      terms: fc.array(term, { minLength: arity, maxLength: arity }),
    }),
  );
}

const literal: fc.Arbitrary<Literal> = fc.oneof(
  fc.record({
    kind: fc.constant("relation" as const),
    negated: fc.boolean(),
    relation: fc.constantFrom(...DERIVED, ...SENT),
    terms,
  }),
  fixedArity(CONSTANT),
  fixedArity(FUNCTIONS),
  fc.record({
    kind: fc.constant("relation" as const),
    negated: fc.constant(false),
    relation: fc.constantFrom("self", "tick"),
    terms: fc.tuple(variable),
  }),
  fc.record({
    kind: fc.constant("comparison" as const),
    operator: fc.constantFrom("==", "!=", "<", "<=", ">", ">="),
    left: term,
    right: term,
  }),
  fc.record({
    kind: fc.constant("assignment" as const),
    variable: fc.constantFrom(...VARIABLES),
    value: term,
  }),
);

const timing: fc.Arbitrary<Timing> = fc.oneof(
  fc.constant<Timing>({ kind: "now" }),
  fc.constant<Timing>({ kind: "next" }),
  fc.record({ kind: fc.constant("async" as const), destination: term }),
);
const head: fc.Arbitrary<Head> = fc.record({
  relation: fc.constantFrom(...DERIVED),
  terms: fc.array(headTerm, { maxLength: 4 }),
  timing,
});
const rule = fc.record({ head, body: fc.array(literal, { maxLength: 4 }) });

const attribute: fc.Arbitrary<Attribute> = fc.oneof(
  fc.record({ name: fc.constantFrom(...VARIABLES) }),
  fc.record({
    name: fc.constantFrom(...VARIABLES),
    type: fc.constantFrom("int", "string", "bool", "bytes", "address", "tuple"),
  }),
);
const attributes = (length?: number): fc.Arbitrary<Attribute[]> =>
  fc.uniqueArray(attribute, {
    selector: (a) => a.name,
    minLength: length ?? 0,
    maxLength: length ?? 3,
  });
const relationName = fc.constantFrom(...DERIVED, ...SENT);
const attributeName = fc.constantFrom(...VARIABLES);

const declaration: fc.Arbitrary<Declaration> = fc.oneof(
  fc
    .record({
      kind: fc.constant("relation" as const),
      role: fc.constantFrom("input", "output", "local"),
      relation: relationName,
      attributes: attributes(),
    })
    .map((d): Declaration => d),
  fc.record({
    kind: fc.constant("timer" as const),
    relation: relationName,
    periodMs: fc.integer({ min: 1, max: 100_000 }),
  }),
  fc.record({
    kind: fc.constantFrom("durable", "invariant", "sink"),
    relation: relationName,
  }),
  fc
    .record({ kind: fc.constantFrom("invariant" as const, "global" as const), rule })
    .map((d): Declaration => ({ ...d, relation: d.rule.head.relation })),
  fc
    .record({
      from: fc.array(attributeName, { maxLength: 2 }),
      through: fc.option(fc.constantFrom("hash", "f"), { nil: undefined }),
      relation: relationName,
      to: attributeName,
    })
    .map(({ through, ...rest }): Declaration => ({
      kind: "dependency",
      ...rest,
      ...(through !== undefined && { function: through }),
    })),
  fc.record({ kind: fc.constant("injective" as const), function: fc.constant("f") }),
  fc.record({
    kind: fc.constant("function" as const),
    function: fc.constantFrom("f", "g"),
    inputs: attributes(),
    outputs: attributes(),
  }),
  fc.record({
    kind: fc.constant("within" as const),
    relation: relationName,
    attribute: attributeName,
    of: fc.constantFrom("peers"),
  }),
);

/** Every constant relation of the generated rules, declared with the right arity. */
const constants: fc.Arbitrary<Declaration[]> = fc.tuple(
  ...Object.entries(CONSTANT).map(([relation, arity]) =>
    fc
      .record({
        role: fc.constantFrom("edb" as const, "node" as const),
        attributes: attributes(arity),
        rows: fc.option(
          fc.array(fc.array(arbitraryValue, { minLength: arity, maxLength: arity }), {
            maxLength: 2,
          }),
          { nil: undefined },
        ),
      })
      .map(({ role, attributes: named, rows }): Declaration => ({
        kind: "relation",
        role,
        relation,
        attributes: named,
        ...(role === "edb" && rows !== undefined && { rows }),
      })),
  ),
);

const component = fc.record({
  name: fc.constantFrom("leader", "storage", "c1", "component", "K"),
  by: fc.array(attributeName, { maxLength: 2 }),
  declarations: fc.array(declaration, { maxLength: 2 }),
  rules: fc.array(rule, { minLength: 1, maxLength: 5 }),
});

export const arbitraryProgram: fc.Arbitrary<Program> = fc
  .record({
    declarations: fc
      .tuple(constants, fc.array(declaration, { maxLength: 3 }))
      .map(([a, b]) => [...a, ...b]),
    components: fc.uniqueArray(component, {
      selector: (c) => c.name,
      minLength: 1,
      maxLength: 3,
    }),
  })
  .map(({ declarations, components }) => ({
    declarations,
    components: components.map((c) => ({ ...c, rules: withIds(c.name, c.rules) })),
  }));

function withIds(
  name: Component["name"],
  rules: readonly { readonly head: Head; readonly body: readonly Literal[] }[],
): readonly Rule[] {
  const counts = new Map<string, number>();
  return rules.map((r) => {
    const n = (counts.get(r.head.relation) ?? 0) + 1;
    counts.set(r.head.relation, n);
    return { id: `${name}/${r.head.relation}/${n}`, ...r };
  });
}
