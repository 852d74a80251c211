import * as fc from "fast-check";

/** Programs of Molly's notation as its grammar has them (language.md section 2), in any layout. */
const RELATIONS = [
  "log",
  "bcast",
  "node",
  "Ack",
  "a.b",
  "tick",
  "hash",
  "x?",
  "log_at_1",
  "crash",
  "post",
];
const VARIABLES = ["X", "Y", "node", "n.m", "self", "count", "Pl?"];

const relation = fc.constantFrom(...RELATIONS);
const variable = fc.constantFrom(...VARIABLES);
const blank = fc.constantFrom("", " ", "\n", " // x(y) :- z(;\n", " /* ; */ ", "\t");
const string = fc.constantFrom('"a"', '"b"', '"a b;"', '"// \\" é"', '""');
const constant = fc.oneof(fc.nat(20).map(String), fc.constant("9223372036854775807"), string);

const expression = fc
  .tuple(
    fc.oneof(variable, constant),
    fc.array(
      fc.tuple(
        fc.constantFrom("+", "-", "*", "/"),
        blank,
        fc.oneof(variable, fc.nat(9).map(String)),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([first, rest]) => first + rest.map(([o, b, e]) => ` ${o} ${b}${e}`).join(""));
const simple = fc.oneof({ weight: 3, arbitrary: variable }, string, fc.constant("_"));
const argument = fc.oneof({ weight: 4, arbitrary: simple }, expression);
const aggregate = fc
  .tuple(fc.constantFrom("count", "sum", "min", "max"), variable)
  .map(([o, v]) => `${o}<${v}>`);

const atom = fc
  .tuple(
    fc.constantFrom("", "", "notin "),
    relation,
    simple,
    fc.array(argument, { maxLength: 2 }),
    fc.constantFrom("", "", "", "@1", "@12"),
  )
  .map(([not, r, l, args, at]) => `${not}${r}(${[l, ...args].join(",")})${at}`);
const comparison = fc
  .tuple(expression, fc.constantFrom("==", "!=", "<", "<=", ">", ">="), expression)
  .map(([a, o, b]) => `${a} ${o} ${b}`);
const headTerm = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(variable, constant) },
  expression,
  aggregate,
);
const rule = fc
  .tuple(
    relation,
    fc.oneof(variable, variable, string),
    fc.array(headTerm, { maxLength: 2 }),
    fc.constantFrom("", "", "@next", "@async"),
    // A positive literal first, so that every rule has a place.
    fc.tuple(fc.constantFrom("base", "log"), simple, fc.array(simple, { maxLength: 2 })),
    fc.array(fc.oneof({ weight: 3, arbitrary: atom }, comparison), { maxLength: 3 }),
    blank,
  )
  .map(([r, l, ts, tag, [b, at, args], literals, gap]) => {
    const body = [`${b}(${[at, ...args].join(", ")})`, ...literals].join(`,${gap} `);
    return `${r}(${[l, ...ts].join(", ")})${tag} :-${gap} ${body};`;
  });
const fact = fc
  .tuple(relation, string, fc.array(constant, { maxLength: 2 }), fc.constantFrom("", "@1", "@30"))
  .map(([r, l, args, at]) => `${r}(${[l, ...args].join(", ")})${at};`);

export const mollyText: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 3, arbitrary: rule }, fact), { minLength: 1, maxLength: 5 })
  .map((clauses) => clauses.join("\n"));
