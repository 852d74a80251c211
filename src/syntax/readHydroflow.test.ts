import { expect, test } from "vitest";
import { printCompact } from "../program/printCompact.ts";
import { printProgram } from "./printProgram.ts";
import { detectDialect, read } from "./read.ts";

const LEADER = `.input clientIn \`source_stream(client) -> map(|v: u32| (v,))\`
.static acceptors \`source_iter(peers) -> map(|p| (p,))\`
.async proposal \`map(|(to, v)| (to, v)) -> dest_sink(out)\` \`null::<(u32,)>()\`
.persist seen
proposal@(v % n)(v, 1 + 2 * v) :~ clientIn(v), n(n) # a comment with a (
seen(v) :- clientIn(v).
votes(s, count(*), sum(i)) :- vote(s, i, (_, k)), !done(s), (i >= k)
batch(v, index(), choose(k)) :- clientIn(*v), key(v, k)
next(s + 1) :+ next(s), seen(_)`;

const inCompact = (text: string): string => printCompact(read(text).program);

test("a text of Hydroflow datalog in compact notation", () => {
  expect(inCompact(LEADER)).toMatchInlineSnapshot(`
    "edb node_at(number: int, node: address)

    component main {
      snippet clientIn input "source_stream(client) -> map(|v: u32| (v,))"
      snippet acceptors static "source_iter(peers) -> map(|p| (p,))"
      snippet proposal async "map(|(to, v)| (to, v)) -> dest_sink(out)" "null::<(u32,)>()"

      proposal(v, 1 + 2 * v)@async(d) :- clientIn(v), n(n), node_at(v % n, d)
      seen(v) :- clientIn(v)
      votes(s, count<s, i, k>, sum<i>) :- vote(s, i, (_, k)), !done(s), i >= k
      batch(v, i, choose<k>) :- clientIn(flat), flatten(flat, v), key(v, k), index(i)
      next(s + 1)@next :- next(s), seen(_)
      seen(x1)@next :- seen(x1)
      flatten_at(x1, x2 - 1) :- clientIn(x1), len(x1, x2), x2 > 0
      flatten_at(x1, x2 - 1) :- flatten_at(x1, x2), x2 > 0
      flatten(x1, x3) :- flatten_at(x1, x2), elementAt(x1, x2, x3)
    }
    "
  `);
});

test("a node that is numbered is looked up, and printed as it was written", () => {
  const text = `v@(s + i % n)(i, d) :~ p(i, s, n, d)
h@5(count(*)) :~ q(x)
to@s(s) :~ p(_, s, _, _)
home@who(x) :~ q(x), peers(who), node_at(who)
`;
  const result = read(text);
  expect(result.diagnostics).toEqual([]);
  expect(printCompact(result.program)).toMatchInlineSnapshot(`
    "edb node_at(number: int, node: address)

    component main {
      v(i, d)@async(d1) :- p(i, s, n, d), node_at((s + i) % n, d1)
      h(count<x>)@async(d) :- q(x), node_at(5, d)
      to(s)@async(d) :- p(_, s, _, _), node_at(s, d)
      home(x)@async(who) :- q(x), peers(who), node_at_1(who)
    }
    "
  `);
  const v = result.sourceMap.rules.get("main/v/1")!;
  expect(text.slice(v.literals[1]!.start, v.literals[1]!.end)).toBe("(s + i % n)");
  const printed = printProgram(result.program, "hydroflow", () => false);
  expect(printed).toMatchObject({ kind: "text" });
  expect(printed.kind === "text" && printed.text).toContain(
    "v@(s + i % n)(i, d) :~ p(i, s, n, d)\n",
  );
  expect(printed.kind === "text" && read(printed.text).program).toEqual(result.program);
});

test("where to is computed first where it is an aggregate, and then sent to", () => {
  const text = `m@choose(d)(a) :~ in(a), dd(d), !gone(u)
m@d(a) :~ in(a), m_computed(d)
first@index()(a + 1, count(*), 5) :~ in(a)
last@max(d)(d) :~ in(d)
max@max(d) :~ in(d), to(max)
`;
  const { program, diagnostics, sourceMap } = read(text);
  expect(diagnostics).toEqual([]);
  expect(printCompact(program)).toMatchInlineSnapshot(`
    "edb node_at(number: int, node: address)

    component main {
      m_computed_1(a, choose<d>) :- in(a), dd(d), !gone(_)
      m(a)@async(d1) :- m_computed_1(a, d1)
      m(a)@async(d) :- in(a), m_computed(d)
      first_computed(a + 1, count<a>, 5, i) :- in(a), index(i)
      first(x, x1, x2)@async(d1) :- first_computed(x, x1, x2, d), node_at(d, d1)
      last_computed(d, max<d>) :- in(d)
      last(d)@async(d2) :- last_computed(d, d1), node_at(d1, d2)
      max(d)@async(max) :- in(d), to(max)
    }
    "
  `);
  const { head, destination } = sourceMap.rules.get("main/m/1")!;
  expect(text.slice(head.start, head.end)).toBe("m@choose(d)(a)");
  expect(text.slice(destination!.start, destination!.end)).toBe("choose(d)");
  const printed = printProgram(program, "hydroflow", () => false);
  expect(printed.kind === "text" && read(printed.text).program).toEqual(program);
});

test.each([
  ["m@max(a)(a) :- in(a)", "1:3 target"],
  ["m@max(a, b)(a) :~ in(a)", "1:3 aggregate"],
  ["m@most(a)(a) :~ in(a)", "1:3 aggregate-name"],
])("where to is wrong in %s", (text, wrong) => {
  const { diagnostics } = read(text, { dialect: "hydroflow" });
  expect(diagnostics.map((d) => `1:${d.span.start + 1} ${d.code}`)).toEqual([wrong]);
});

const inHydroflow = (text: string): string => {
  const printed = printProgram(read(text).program, "hydroflow", () => false);
  return printed.kind === "text" ? printed.text : printed.problems.join("\n");
};

test("what looks nodes up may be read elsewhere, too, and keeps its name", () => {
  const text = `edb node_at(number: int, node: address) = { (1, addr("a")) }
p(x)@async(d) :- q(x), node_at(x + 1, d)
r(d) :- node_at(_, d)
s(x, d)@async(d) :- q(x), node_at(x + 1, d)`;
  expect(inHydroflow(text)).toMatchInlineSnapshot(`
    "# clew: edb node_at(number: int, node: address) = { (1, addr("a")) }
    # clew: component main
    p@(x + 1)(x) :~ q(x)
    r(d) :- node_at(_, d)
    s@d(x, d) :~ q(x), node_at(c, d), (c == x + 1)
    "
  `);
  expect(inHydroflow("p@(x + 1)(x) :~ q(x)\nr(d) :- q(x), node_at(x, d)\n")).toMatchInlineSnapshot(`
    "# clew: edb node_at(number: int, node: address)
    # clew: component main
    p@(x + 1)(x) :~ q(x)
    r(d) :- q(x), node_at(x, d)
    "
  `);
});

test("what nothing shows to be a number is looked up in the body", () => {
  expect(inHydroflow("p@d(x) :~ q(x), node_at(x, d)")).toMatchInlineSnapshot(`
    "# clew: edb node_at(number: int, node: address)
    # clew: component main
    p@d(x) :~ q(x), node_at(x, d)
    "
  `);
});

test.each([
  ["r(d) :- node_at(d)", "node_at_1(d)"],
  ["node_at(x, d) :- q(x), r(d)", "node_at_1(x, d) :- q(x), r(d)"],
  ["# clew: edb node_at(a: string, b)\nr(d) :- node_at(_, d)", "edb node_at_1(a: string, b)"],
  [".input node_at `source`\nr(d) :- node_at(_, d)", 'snippet node_at_1 input "source"'],
])("another relation of that name has one of its own where numbers are sent to: %s", (text, as) => {
  expect(inCompact(`${text}\nv@5(x) :~ q(x)`)).toContain(as);
  expect(inCompact(`# dialect: hydroflow\n${text}`)).not.toContain("node_at_1");
});

test("a Rust file gives one component for each of its strings, and nothing else of it is read", () => {
  const file = `// let old = datalog!(r#" old(x) :- older(x) "#);
const NOTE: &str = "datalog!(r#\\" none(x) :- no(x) \\"#)"; fn f<'a>(c: char) { c == '"'; }
let a = hydroflow_datalog::datalog!(
  r##"
# clew: component leader by id
out@d(x) :~ a(x), to(d)
.output done \`for_each(|s: &str| println!("{}"#, s))\`
"##);
let b = datalog!("done(x) :- out(x)");`;
  const result = read(file, { fileName: "src/bin/node.rs" });
  expect(result.dialect).toBe("hydroflow");
  expect(result.diagnostics).toEqual([]);
  expect(printCompact(result.program)).toMatchInlineSnapshot(`
    "component leader by id {
      snippet done output "for_each(|s: &str| println!(\\"{}\\"#, s))"

      out(x)@async(d) :- a(x), to(d)
    }

    component node_2 {
      done(x) :- out(x)
    }
    "
  `);
  const rule = result.sourceMap.rules.get("leader/out/1")!;
  expect(file.slice(rule.head.start, rule.head.end)).toBe("out@d(x)");
  const printed = printProgram(result.program, "hydroflow", () => false);
  expect(printed.kind === "text" && read(printed.text).program).toEqual(result.program);
});

test("escapes of a plain Rust string are resolved, and places stay those of the file", () => {
  const file = `datalog!("# clew: component leader by id\\n.output done \`for_each(|s| println!(\\"{}\\", s))\`
out@d(x) :~ a(x), \\
    to(d)\\n\\tin(x) :- b(x # c\\n)");`;
  const result = read(file);
  expect(result.diagnostics).toEqual([]);
  expect(printCompact(result.program)).toMatchInlineSnapshot(`
    "component leader by id {
      snippet done output "for_each(|s| println!(\\"{}\\", s))"

      out(x)@async(d) :- a(x), to(d)
      in(x) :- b(x)
    }
    "
  `);
  const rule = result.sourceMap.rules.get("leader/out/1")!;
  expect(file.slice(rule.head.start, rule.head.end)).toBe("out@d(x)");
});

test("characters by number and lines that go on are what Rust makes of them, in the middle of words too", () => {
  const file = String.raw`datalog!("b(x) :\x2d a\u{63}d\u{5F}(x, \
      y1\
      2), (y12 == 3)\u{a}e\q(x) :- f(x)")`;
  const { program, broken, sourceMap } = read(file);
  expect(program.components[0]!.rules.map(({ body }) => body)).toMatchObject([
    [{ relation: "acd_", terms: [{ name: "x" }, { name: "y12" }] }, {}],
  ]);
  const [literal] = sourceMap.rules.get("main/b/1")!.literals;
  expect(file.slice(literal!.start, literal!.end)).toBe(
    String.raw`a\u{63}d\u{5F}(x, \
      y1\
      2)`,
  );
  expect(broken.map(({ span }) => file.slice(span.start, span.end))).toEqual([
    String.raw`e\q(x) :- f(x)`,
  ]);
});

test("comments in comments, other strings and characters of Rust hold no datalog", () => {
  const file = String.raw`/* /* */ datalog!("a(x) :- b(x)") */
let s = (br#"" datalog!("c(x) :- d(x)")"#, '\u{22}', '\x22', '"');
#[allow(unused)] let p = datalog ! ("e(x) :- f(x)");`;
  expect(inCompact(file)).toBe("component main {\n  e(x) :- f(x)\n}\n");
  const alone = '# datalog!("a(x) :- b(x)")\ne(x) :+ f(x)';
  expect(inCompact(alone)).toBe("component main {\n  e(x)@next :- f(x)\n}\n");
});

test("an error in one rule leaves the others as they are", () => {
  const text = "a(x) :- b(x)\nc(x :- d(x), e(\nf(x) :- g(x)\nh(x) :~ g(x)\ni(x) :- g(3)";
  const { program, broken, diagnostics } = read(text, { dialect: "hydroflow" });
  expect(program.components[0]!.rules.map((r) => r.head.relation)).toEqual(["a", "f"]);
  expect(broken.map((b) => b.head)).toEqual(["c", "h", "i"]);
  expect(diagnostics.map((d) => d.code)).toEqual(["syntax", "no-target", "number-in-literal"]);
});

test("what Hydroflow datalog has no words for is said with code and rule", () => {
  const refused = (text: string): unknown => {
    const printed = printProgram(read(text).program, "hydroflow", () => false);
    return printed.kind === "problems" ? printed.problems : printed.text;
  };
  expect(refused('p(x, "a") :- q(x), hash(x, h), x / 2 > h')).toMatchInlineSnapshot(`
    [
      "main/p/1: A body uses the function \`hash\`, which Hydroflow datalog cannot say. [hydroflow-function]",
      "main/p/1: A rule divides, which Hydroflow datalog cannot say. [hydroflow-division]",
      "main/p/1: \`"a"\` is a constant that is no number, which Hydroflow datalog cannot say. [hydroflow-constant]",
    ]
  `);
  expect(refused('p(l)@async(addr("n1")) :- self(l), !q(3)\nboot()')).toMatchInlineSnapshot(`
    [
      "main/p/1: A body uses the built-in \`self\`, which Hydroflow datalog cannot say. [hydroflow-function]",
      "main/p/1: A negated literal holds \`3\`, which Hydroflow datalog cannot say. [hydroflow-negated]",
      "main/p/1: \`addr("n1")\` is a constant that is no number, which Hydroflow datalog cannot say. [hydroflow-constant]",
      "main/boot/1: \`boot\` is a fact without a body, which Hydroflow datalog cannot say. [hydroflow-fact]",
    ]
  `);
  expect(refused("p(count<y>) :- q(x), y := x + 1")).toMatchInlineSnapshot(`
    [
      "main/p/1: \`y\` is computed and then looked up or aggregated, which Hydroflow datalog cannot say. [hydroflow-assignment]",
    ]
  `);
});

test("constants, assignments and primes are written out, and mean the same", () => {
  const text = "p(y + 1, -2)@next :- q(x', 3, x' * 2), y := x' - 1, z == y, r(z)";
  const printed = printProgram(read(text).program, "hydroflow", () => false);
  expect(printed.kind === "text" && printed.text).toMatchInlineSnapshot(`
    "# clew: component main
    p(x_ - 1 + 1, 0 - 2) :+ q(x_, c, c1), (c == 3), (c1 == x_ * 2), (z == x_ - 1), r(z)
    "
  `);
});

test("the notation is seen by its arrows, its declarations or the macro", () => {
  expect(detectDialect("p@d(x) :~ q(x)")).toBe("hydroflow");
  expect(detectDialect(".input q `x`")).toBe("hydroflow");
  expect(detectDialect("p(count(*), x) :- q(x, y)")).toBe("hydroflow");
  expect(detectDialect("p(x, max(y)) :- q(x, y)")).toBe("hydroflow");
  expect(detectDialect("p(x) :- q(x, *y)")).toBe("hydroflow");
  expect(detectDialect("p(x, y) :- q(x, y), max(y), z == (x * y)")).toBe("compact");
  expect(detectDialect('p("a, *b", max) :- q(x) /* (*x) */')).toBe("compact");
  expect(detectDialect('p("\\"" * x) :- q(x)')).toBe("compact");
  expect(detectDialect("p(x) :- q(x) // once p(count(*), x)")).toBe("compact");
  expect(detectDialect("// dialect: compact\np(x) :+ q(x)")).toBe("compact");
  expect(detectDialect("# dialect: hydroflow\np(x) :- q(x)")).toBe("hydroflow");
  expect(detectDialect("p(x) :- q(x).\np(x)@next :- p(x)")).toBe("compact");
});

test("a relation that is called after what is built in gets another name", () => {
  const text = ".persist q\n.input random `x`\nq(a) :+ random(a), index(a)";
  expect(inCompact(text)).toMatchInlineSnapshot(`
    "component main {
      snippet random_1 input "x"

      q(a)@next :- random_1(a), index_1(a)
      q(x1)@next :- q(x1)
    }
    "
  `);
});
