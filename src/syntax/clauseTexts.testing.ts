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
  "5",
  "@odd",
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
/** A number is none, and makes the relation one about the whole system. */
const location = fc.oneof({ weight: 9, arbitrary: simple }, fc.constant("7"));
const argument = fc.oneof({ weight: 4, arbitrary: simple }, expression);
const aggregate = fc
  .tuple(fc.constantFrom("count", "sum", "min", "max"), variable)
  .map(([o, v]) => `${o}<${v}>`);

const atom = fc
  .tuple(
    fc.constantFrom("", "", "notin "),
    relation,
    location,
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

/** Programs of the prototype notation, in any layout. */
const prototypeVariable = fc.constantFrom("X", "Y", "_Year", "L", "Self");
const prototypeRelation = fc.constantFrom("log", "p_q", "'Ack'", "'a b'", "tick", "hash", "not_x");
const prototypeGap = fc.constantFrom("", " ", "\n", " % x(y) <- z(;\n", " /* . */ ");
const prototypeConstant = fc.constantFrom(
  "1",
  "-3",
  "+5",
  "abc",
  "1abc",
  "true",
  "'Jim B.'",
  '"x. %"',
);
const prototypeTerm = fc.oneof(
  { weight: 3, arbitrary: prototypeVariable },
  prototypeConstant,
  fc.constant("_"),
);
const prototypeAtom = fc
  .tuple(
    fc.constantFrom("", "", "notin ", "not ", "!"),
    prototypeRelation,
    fc.array(prototypeTerm, { maxLength: 3 }),
    fc.constantFrom("", "", "@2"),
    fc.constantFrom("", "", "#N"),
  )
  .map(([not, r, args, at, place]) => {
    const all = [...(place === "" || not !== "" ? [] : [place]), ...args];
    return `${not}${r}${all.length > 0 ? `(${all.join(", ")})` : ""}${at}`;
  });
const prototypeOther = fc.oneof(
  fc.tuple(prototypeVariable, prototypeVariable).map(([a, b]) => `successor(${a}, ${b})`),
  fc.tuple(prototypeVariable, prototypeVariable).map(([a, b]) => `choose((${a}), (${b}, X))`),
  fc
    .tuple(
      prototypeTerm,
      fc.constantFrom("=", "=/=", "=<", ">=", "<", ">", "=="),
      prototypeVariable,
    )
    .map(([a, o, b]) => `${a === "_" ? "1" : a} ${o} ${b}`),
);
const prototypeRule = fc
  .tuple(
    prototypeRelation,
    fc.array(fc.oneof(prototypeVariable, prototypeConstant, fc.constant("count<X>")), {
      maxLength: 2,
    }),
    fc.constantFrom("", "@next", "@async", "#"),
    fc.array(fc.oneof({ weight: 3, arbitrary: prototypeAtom }, prototypeOther), { maxLength: 3 }),
    fc.constantFrom(":-", "<-"),
    fc.constantFrom(";", "."),
    prototypeGap,
    fc.constantFrom("", "@T"),
  )
  .map(([r, ts, tag, literals, arrow, end, gap, at]) => {
    const terms = tag === "#" ? ["#D", ...ts] : ts;
    const head = `${r}${terms.length > 0 ? `(${terms.join(",")})` : ""}${tag === "#" ? "@async" : tag}`;
    return `${head}${gap} ${arrow} ${[`base(D)${at}`, ...literals].join(`,${gap} `)}${end}`;
  });
const prototypeFact = fc
  .tuple(
    prototypeRelation,
    fc.array(prototypeConstant, { maxLength: 2 }),
    fc.constantFrom("", "@3"),
  )
  .map(([r, ts, at]) => `${r}${ts.length > 0 ? `(${ts.join(", ")})` : ""}${at}.`);

export const prototypeText: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 3, arbitrary: prototypeRule }, prototypeFact), {
    minLength: 1,
    maxLength: 5,
  })
  .map((clauses) => clauses.join("\n"));
