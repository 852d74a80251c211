import * as fc from "fast-check";

/** Programs of Hydroflow datalog as its grammar has them (language.md section 2), in any layout. */
const RELATIONS = [
  "p",
  "q",
  "toStorage",
  "IsLeader",
  "input",
  "tick",
  "hash",
  "_own",
  "max",
  "flatten",
] as const;
const VARIABLES = ["x", "y", "n", "slot", "_z", "self", "count"] as const;

const relation = fc.constantFrom(...RELATIONS);
const variable = fc.constantFrom(...VARIABLES);
const blank = fc.constantFrom("", " ", "\n", " # x(y) :- z(\n", " // (\n", "\t");

const expression: fc.Arbitrary<string> = fc.letrec<{ e: string }>((tie) => ({
  e: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    variable,
    fc.nat(20).map(String),
    fc.constant("9223372036854775807"),
    fc
      .tuple(tie("e"), fc.constantFrom("+", "-", "%", "*"), tie("e"), fc.boolean(), fc.boolean())
      .map(([a, o, b, l, r]) => `${l ? `(${a})` : a}${o} ${r ? `(${b})` : b}`),
    tie("e").map((e) => `(${e})`),
  ),
})).e;

const argument: fc.Arbitrary<string> = fc.letrec<{ a: string }>((tie) => ({
  a: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    variable,
    fc.constant("_"),
    tie("a").map((a) => `*${a}`),
    fc.array(tie("a"), { maxLength: 3 }).map((items) => `(${items.join(", ")})`),
  ),
})).a;

const aggregate = fc.oneof(
  fc.tuple(fc.constantFrom("min", "max", "sum", "choose"), variable).map(([o, v]) => `${o}(${v})`),
  fc
    .tuple(
      fc.constantFrom("count", "collect_vec"),
      fc.array(variable, { minLength: 1, maxLength: 3 }),
    )
    .map(([o, vs]) => `${o}(${vs.join(",")})`),
  fc.constantFrom("index()", "count(*)"),
);
const destination = fc.oneof({ weight: 3, arbitrary: expression.map((e) => `(${e})`) }, aggregate);
const targets = fc.array(fc.oneof({ weight: 3, arbitrary: expression }, aggregate), {
  maxLength: 3,
});

const atom = fc
  .tuple(fc.constantFrom("", "!"), relation, fc.array(argument, { maxLength: 3 }), blank)
  .map(([not, r, args, b]) => `${not}${r}(${b}${args.join(",")})`);
const comparison = fc
  .tuple(expression, fc.constantFrom("==", "!=", "<", "<=", ">", ">="), expression)
  .map(([a, o, b]) => `(${a} ${o} ${b})`);
const below = fc
  .tuple(fc.constantFrom("", "", "!"), argument, variable)
  .map(([not, s, n]) => `${not}less_than(${s}, ${n})`);
const body = fc
  .tuple(
    fc.array(
      fc.oneof({ weight: 4, arbitrary: atom }, { weight: 2, arbitrary: comparison }, below),
      {
        maxLength: 3,
      },
    ),
    blank,
  )
  // A positive literal with a variable, so that `count(*)` has something to count.
  .map(([literals, b]) => [`base(first)`, ...literals].join(`,${b}`));

const rule = fc
  .tuple(relation, targets, fc.constantFrom(":-", ":+", ":~"), destination, body, blank)
  .map(([r, ts, arrow, d, b, gap]) => {
    const at = arrow === ":~" ? `@${d}` : "";
    return `${r}${at}(${ts.join(", ")})${gap}${arrow} ${b}`;
  });
const snippet = fc
  .string({ unit: fc.constantFrom(...'ab (){}|"#\n->:-.\\'), maxLength: 12 })
  .map((text) => ` \`${text}\``);
const declaration = fc.oneof(
  fc
    .tuple(fc.constantFrom("input", "output", "static"), relation, fc.option(snippet, { nil: "" }))
    .map(([role, r, s]) => `.${role} ${r}${s}`),
  fc.tuple(relation, snippet, snippet).map(([r, a, b]) => `.async ${r}${a}${b}`),
  relation.map((r) => `.persist ${r}`),
);

export const hydroflowText: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(declaration, { maxLength: 3 }),
    fc.array(fc.tuple(rule, fc.constantFrom("\n", ".\n", ". ")), { minLength: 1, maxLength: 4 }),
  )
  .map(
    ([ds, rs]) => `${ds.map((d) => `${d}\n`).join("")}${rs.map(([r, end]) => r + end).join("")}`,
  );
