import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { printCompact } from "../program/printCompact.ts";
import { detectDialect, read } from "./read.ts";

const EXAMPLES = new URL("../../public/examples/", import.meta.url);

function codes(text: string): readonly string[] {
  return read(text).diagnostics.map((d) => d.code);
}

/** Each diagnostic with the text it points at. */
function marked(text: string): readonly string[] {
  return read(text).diagnostics.map(
    (d) => `${d.message} «${text.slice(d.span.start, d.span.end)}»`,
  );
}

test.each(readdirSync(EXAMPLES))("the example %s is in canonical layout", (name) => {
  const text = readFileSync(new URL(`${name}/base.ded`, EXAMPLES), "utf8");
  const { diagnostics, program, dialect } = read(text, { fileName: "base.ded" });
  expect(diagnostics).toEqual([]);
  expect(dialect).toBe("compact");
  // Neither comments nor blank lines between rules are part of a program.
  const bare = (t: string): string => t.replace(/^\s*(?:\/\/|#).*\n|^\s*\n|\s*\/\/ .*$/gm, "");
  expect(bare(printCompact(program))).toBe(bare(text));
});

test("the shorthand is read and the canonical form printed", () => {
  const text = `k@next(1)<-boot(),!k(_); k@next(n+1)<-k(n). r()@async(d) :- a(x), x<-1, d:=addr("k")
    m@async(self)(x) :- a(x)
    v(cert<s>) <- w(s)`;
  expect(printCompact(read(text).program)).toMatchInlineSnapshot(`
    "component main {
      k(1)@next :- boot(), !k(_)
      k(n + 1)@next :- k(n)
      r()@async(d) :- a(x), x < -1, d := addr("k")
      m(x)@async(l) :- a(x), self(l)
      v(collect<s>) :- w(s)
    }
    "
  `);
});

test("a bare self takes the name that the rule has for its address, or a fresh one", () => {
  const print = (text: string): string => printCompact(read(text).program).split("\n")[1]!.trim();
  expect(print("p(self) :- q(me), self(me)")).toBe("p(me) :- q(me), self(me)");
  expect(print("p(self, l) :- q(l)")).toBe("p(l1, l) :- q(l), self(l1)");
});

test("every declaration is read and printed back", () => {
  const text = `input in(id: int, value)
output answer(id)
edb quorum(n: int) = { (2) }
edb pairs(a: int, b: string) = { (1, "x"), (2, "y\\n") }
edb nothing() = {}
node me(a: address)
local seen(x: bytes)
timer tickle every 50ms
durable log
fd in: id -> value
fd st: v -> [hash] h
injective hash
function f(a: int, b -> c: tuple)
function test(a)
function now(-> t)
invariant bad
within votes.s of voters
sink out
`;
  const result = read(text);
  expect(result.diagnostics).toEqual([]);
  expect(printCompact(result.program)).toBe(text);
  expect(text.slice(...offsets(result.sourceMap.declarations.get("in")!))).toBe(
    "input in(id: int, value)",
  );
});

function offsets(span: { readonly start: number; readonly end: number }): [number, number] {
  return [span.start, span.end];
}

test("words of declarations are free as names of relations and variables", () => {
  const text = `component node by of {
  input(edb, every) :- component(by), timer(count), count < fd, next := within
  output(of) :- node(addr)
}
`;
  const result = read(text);
  expect(result.diagnostics).toEqual([]);
  expect(printCompact(result.program)).toBe(text);
});

test.each([
  ["9007199254740993", 9007199254740993n],
  ["-9223372036854775808", -9223372036854775808n],
  ["007", 7],
  ["-0", 0],
  ["0xABCD", { kind: "bytes", hex: "abcd" }],
  ['addr( "a b" )', { kind: "address", name: "a b" }],
  ['"\\u00e9\\u{1F600}\\"\\\\\\t"', 'é😀"\\\t'],
  ["“typographic”", "typographic"],
  ["(1, (2,), ())", [1, [2], []]],
  ["((3))", 3],
])("the constant %s", (text, value) => {
  const result = read(`p(${text})`);
  expect(result.diagnostics).toEqual([]);
  const term = result.program.components[0]!.rules[0]!.head.terms[0]!;
  expect(term).toEqual({ kind: "constant", value });
});

test.each([
  ["p(9223372036854775808)", "9223372036854775808 does not fit in 64 bits"],
  ["p(x) :- q(x), y := x -9223372036854775808", "does not fit in 64 bits"],
  ["p(0xABC)", "not an even number of hexadecimal digits"],
  ['p("abc)', "not closed on its line"],
  ['p("a\\qb")', "is no escape"],
  ["p(1.5)", "`1.5` is no integer"],
  ["p(_x)", "begins with `_`"],
  ["p(avg<x>) :- q(x)", "`avg` is no aggregate"],
  ["p((1,,2))", "has no value after it"],
  ["p(x)@next@next :- q(x)", "`@next` does not belong here"],
  ["p@next(x)@next :- q(x)", "two tags"],
  ["p(x) :- q(x), y", "`y` is followed by nothing"],
  ["p(x) :- q(x) r(x)", "A comma or a new line is missing before `r`"],
  ["p(x)) :- q(x)", "`)` closes nothing that was opened"],
  ["p(x) :-", "The text of this statement ends where a literal is expected"],
  ["p(x) :- q(x), !x", "The text of this statement ends where `(` is expected"],
  ["p(x) :- x + 1", "where a comparison such as `==` is expected"],
  ["p(x)@soon :- q(x)", "`@` is followed by neither"],
  ["addr(x) :- q(x)", "`addr` is how addresses are written"],
  ["p(x) :- q$(x)", "no part of the language"],
  ["p(x) | q(x)", "`|` separates"],
  ["edb e(a) = { (1, 2) }", "This row has 2 values, the relation 1"],
  ["edb e(a) = { (x) }", "A row holds constants only"],
  ["input e(a) = { (1) }", "Only an `edb` has rows"],
  ["input e(a: number)", "`number` is no type"],
  ["input e(a, a)", "`a` stands here twice"],
  ["timer t every 5h", "is no period"],
  ["timer t each 5ms", "`each` stands where `every` is expected"],
  ["component a { }", "`a` has no rules"],
  ["component a {\n p(x)", "never closed"],
  ["{ p(x) }", "without `component` and a name"],
  ["p(x) }", "closes no block"],
  ["component a { p(x) } component a { q(x) }", "has a block already"],
  ["p(x) /* and so on", "`*/` is missing"],
  [`p(x) :- ${"(".repeat(90)}x${")".repeat(90)} == 1`, "nested more than 64"],
  [`p(x) :- x == ${"1+".repeat(300)}1`, "More than 200 operators"],
])("%s is reported", (text, message) => {
  expect(marked(text).join("\n")).toContain(message);
});

test("a single = has a fix and spoils nothing", () => {
  const result = read("p(x) :- q(x), x = 3");
  expect(result.diagnostics[0]).toMatchObject({
    code: "single-equal",
    fix: { edits: [{ span: { start: 16, end: 17 }, text: "==" }] },
  });
  expect(printCompact(result.program)).toContain("p(x) :- q(x), x == 3");
});

test.each([
  ["q(z) :- p(x, y), z = x+y", [":="]],
  ["q(h) :- p(x, y), z = x+y, hash(z, h)", [":="]],
  ["q(z) :- p(x, y), z = x, z = y", [":=", "=="]],
  ["q(w) :- p(x, y), z = x+y, w = z+1", [":=", ":="]],
  ["q(z) :- p(x, (y, z)), z = x+y", ["=="]],
  ["q(z) :- z := x+y, z = 3, p(x, y)", ["=="]],
  ["q(x) :- p(x, y), !r(z), z = x", [":="]],
  ["q(z) :- p(x, y), z = z+1", ["=="]],
  ["q(x) :- p(x, y), self = x", ["=="]],
])("a single = is mended by what gives its variable a value: %s", (text, expected) => {
  expect(read(text).diagnostics.flatMap((d) => d.fix?.edits.map((e) => e.text) ?? [])).toEqual(
    expected,
  );
});

const GOOD = "ok(x) :- fine(x)";

test.each([
  ["a parenthesis never closed", "p(x :- q(x)"],
  ["a parenthesis never closed, the rule going on", "p(x :- q(x,\n  y), r(x)"],
  ["a comma at the end", "p(x) :- q(x),"],
  ["a string never closed", 'p("x) :- q(x)'],
  ["a tag that does not exist", "p(x)@later :- q(x)"],
  ["foreign characters", "p(x) :- q§(x)"],
  ["a declaration cut short", "edb e(a"],
  ["rows never closed", "edb e(a) = { (1), (2"],
  ["two rules on one line", "p(x) :- q(x) r(x) :- s(x)"],
  ["a head alone with a turnstile", "p(x) :-"],
])("%s spoils no other rule", (_, bad) => {
  const text = `component c {\n${GOOD}\n${bad}\n${GOOD}\n}\ncomponent d {\n${GOOD}\n}`;
  const result = read(text);
  expect(result.program.components.map((c) => [c.name, c.rules.length])).toEqual([
    ["c", 2],
    ["d", 1],
  ]);
  expect(result.broken).toHaveLength(1);
  expect(result.diagnostics).toHaveLength(1);
  const [broken] = result.broken;
  expect(text.slice(broken!.span.start, broken!.span.end)).toContain(bad.split("\n")[0]);
  expect(broken!.component).toBe("c");
});

test("a broken rule says which relation it was to derive", () => {
  expect(read("votes(x) :- q(").broken[0]).toMatchObject({ head: "votes", component: "main" });
  expect(read(":- q(x)").broken[0]).not.toHaveProperty("head");
});

test("a rule goes over lines where a line ends or begins with an operator, whatever the indentation", () => {
  const text = "p(x)\n@next\n:-\nq(x)\n, r(\ny\n), x ==\ny + \n1\ns(x) :- q(x)";
  expect(read(text).diagnostics).toEqual([]);
  expect(read(text).program.components[0]!.rules).toHaveLength(2);
});

test("rules outside any block are one component, named after the file, where the first of them stands", () => {
  const text = "edb e(a)\ncomponent b { p(x) }\nq(x) :- e(x)\ncomponent c { p(x) }\nr(x) :- e(x)";
  const { program } = read(text, { fileName: "dir/two-phase commit.v2.ded" });
  expect(program.components.map((c) => c.name)).toEqual(["b", "two_phase_commit_v2", "c"]);
  expect(program.declarations).toHaveLength(1);
});

test("rule ids count the rules of one head in one component", () => {
  const { program } = read("component a { p(1); q(1); p(2) }\ncomponent b { p(3) }");
  expect(program.components.flatMap((c) => c.rules.map((r) => r.id))).toEqual([
    "a/p/1",
    "a/q/1",
    "a/p/2",
    "b/p/1",
  ]);
});

test("spans point at heads, destinations, literals, terms and names", () => {
  const text = "p(x, count<y>)@async(d) :- !q(x, 1), y := x + 1, d != x";
  const spans = read(text).sourceMap.rules.get("main/p/1")!;
  const at = (span: { start: number; end: number }): string => text.slice(span.start, span.end);
  expect(at(spans.head)).toBe("p(x, count<y>)@async(d)");
  expect(spans.headTerms.map(at)).toEqual(["x", "count<y>"]);
  expect(at(spans.destination!)).toBe("d");
  expect(spans.literals.map(at)).toEqual(["!q(x, 1)", "y := x + 1", "d != x"]);
  expect(spans.terms.map((t) => t.map(at))).toEqual([
    ["x", "1"],
    ["y", "x + 1"],
    ["d", "x"],
  ]);
  for (const name of spans.names) expect(at(name.span)).toBe(name.name);
});

test("diagnostics come in text order", () => {
  const { diagnostics } = read("p(\nq(x) :- x = 1\n$\nr(");
  expect(diagnostics.map((d) => d.code)).toEqual([
    "syntax",
    "single-equal",
    "unreadable",
    "syntax",
  ]);
});

test.each([
  ["p(x)@next :- p(x)", "compact"],
  ["p(x) :- q(x)", "compact"],
  ["", "compact"],
  ["p(x,l,t') :- p(x,l,t), t'=t+1", "paper"],
  ["p(x,l’,t’) :− q(x,l,t), n(l’), delay((x,l,t,l’),t’)", "paper"],
  ["p(x,l,t) :- q(x,l,t)", "paper"],
  ["// p@next is next\np(x,l,t) :- q(x,l,t)", "paper"],
  ["# dialect: compact\np(x,l,t) :- q(x,l,t)", "compact"],
  ["p(count<x>,l,t) :- q(x,l,t)\n// y@d(x) :~ q(x)", "paper"],
  ["p(x,l,t) :- q(“) :~ x”,x,l,t)", "paper"],
  ["// was y@d(x) :~ in(x)\np(x)@next :- q(x)", "compact"],
  ['# was datalog!("p(x) :- q(x)")\np(x)@next :- q(x)', "compact"],
  ["/*\n.input foo\n*/\np(x)@next :- q(x)", "compact"],
  ['p("f(x) :~ y")@next :- q(x)', "compact"],
  ['p(y)@next :- q(x), y := "datalog!(", x != "\\")", !r(x)', "compact"],
  ["/* notin crash */\np(x) :- q(x), !r(x)", "compact"],
  ["a(x) :- b(x);\np(y) :- q(x), y := x % 2, r(y)", "compact"],
  ["/*\ncomponent a\n*/\np(A)@async :- q(A, X);", "molly"],
  ["/* @async(x) */ p(A)@async :- q(A, X);", "molly"],
  ["p(A) :- q(A, X); // p(x)@async(y)", "molly"],
  ['.output r `println!("/*\n")`\np(x) :- q(x)', "hydroflow"],
  ["/* /* */ datalog!('p') */ let a = datalog ! (\n  r\"p(x) :- q(x)\");", "hydroflow"],
  ['const A: &str = "\n/*"; let a = datalog!(r#"p(x) :- q(x)"#);', "hydroflow"],
])("the notation of %s is %s", (text, dialect) => {
  expect(detectDialect(text)).toBe(dialect);
  expect(read(text).dialect).toBe(dialect);
});

test.each(['"\\', "/*", 'datalog!(r#"', ")\n "])(
  "the notation of many %s is seen in no time",
  (text) => {
    expect(detectDialect(text.repeat(100_000))).toMatch(/compact|hydroflow/);
  },
);

test("a text that is no program is given up in good time", () => {
  const result = read("what is this\n".repeat(20_000));
  expect(result.diagnostics.at(-1)!.code).toBe("too-many-errors");
  expect(result.broken).toHaveLength(1000);
  expect(codes("{".repeat(5000))).toHaveLength(2001);
});

test("nothing pasted makes the reader throw or take longer than its length warrants", () => {
  const pieces = [
    "(",
    "{",
    '"',
    "/*",
    "a(x) :- ",
    "1+",
    "@async(",
    'addr("',
    "<-",
    "component x {\n",
  ];
  for (const piece of [...pieces, "edb e(a)={", "a(x\n", "a b\n", "(1,", "\\", "\u0000"]) {
    const text = piece.repeat(Math.ceil(20_000 / piece.length));
    expect(() => read(text)).not.toThrow();
    expect(() => read(text, { dialect: "paper" })).not.toThrow();
  }
  const long = "p(x, y) :- q(x, z), r(z, y), x != y\n".repeat(5_000);
  expect(read(long).program.components[0]!.rules).toHaveLength(5_000);
});
