import { expect, test } from "vitest";
import type { CodeAction } from "vscode-languageserver-types";
import { quickFixActions } from "./codeActions.ts";
import { URI } from "./examples.testing.ts";
import { openDocument } from "./languageDocument.ts";
import { changedText } from "./renames.ts";
import { positionAt, spanOfRange } from "./textLines.ts";

/** What is wrong and what mends it: the text that each fix gives, and that has one thing less wrong with it. */
function mended(text: string, title: RegExp): string {
  const document = openDocument({ text });
  const end = positionAt(document.lines, text.length);
  const actions = quickFixActions(document, { start: { line: 0, character: 0 }, end }, URI);
  const action = actions.find((a) => title.test(a.title));
  if (action === undefined) throw new Error(`there is ${actions.map((a) => a.title).join(", ")}`);
  const after = applied(text, action);
  const again = openDocument({ text: after });
  expect(again.read.dialect).toBe(document.read.dialect);
  expect(again.read.diagnostics).toEqual([]);
  expect(again.diagnostics.map((d) => d.code)).not.toContain(action.diagnostics![0]!.code);
  return after;
}

function applied(text: string, action: CodeAction): string {
  const { lines } = openDocument({ text });
  const changes = action.edit!.changes![URI]!.map((e) => ({
    span: spanOfRange(lines, e.range),
    text: e.newText,
  }));
  return changedText(text, changes);
}

function codes(text: string): readonly string[] {
  return openDocument({ text }).diagnostics.map((d) => d.code);
}

test("an input that is declared, and misspelt where it is read, is what is meant", () => {
  const text = "input request(x)\np(x) :- reqest(x)\np(x)@next :- p(x)\n";
  expect(codes(text)).toEqual(["misspelt-relation"]);
  expect(mended(text, /^Replace reqest with request/)).toContain("p(x) :- request(x)");
  const hydroflow = ".input request `source`\np(x) :- reqest(x)\n.persist p\n";
  expect(codes(hydroflow)).toEqual(["misspelt-relation"]);
  expect(mended(hydroflow, /^Replace reqest with request/)).toContain("p(x) :- request(x)");
});

test("what Rust is said to send is not misspelt, however near another name is", () => {
  expect(codes(".input id `source`\nidx(x) :- id(x)\n.persist idx\n")).toEqual([]);
  expect(codes(".async vote `a` `b`\nvotes(x) :- vote(x)\n.persist votes\n")).toEqual([]);
});

test("a function with a wrong number of attributes is told once, as that", () => {
  expect(codes("input q(x)\np(h) :- q(x), hash(h)\np(h)@next :- p(h)\n")).toEqual([
    "function-arity",
  ]);
});

test.each([
  [
    "input q(x)\np(x) :- q(x), other(x)\np(x)@next :- p(x)\n",
    "input other(x)\ninput q(x)\np(x) :- q(x), other(x)\np(x)@next :- p(x)\n",
  ],
  [
    "// clew: input q(X)\np(N, X) :- q(N, X), other(N, X);\np(N, X)@next :- p(N, X);\n",
    "// clew: input other(X)\n// clew: input q(X)\np(N, X) :- q(N, X), other(N, X);\np(N, X)@next :- p(N, X);\n",
  ],
  [
    "% dialect: prototype\n% clew: input q(X)\np(X) :- q(X), other(X);\np(X)@next :- p(X);\n",
    "% dialect: prototype\n% clew: input other(X)\n% clew: input q(X)\np(X) :- q(X), other(X);\np(X)@next :- p(X);\n",
  ],
  [
    ".input q `s`\np(x) :- q(x), other(x)\n.persist p\n",
    "# clew: input other(x)\n.input q `s`\np(x) :- q(x), other(x)\n.persist p\n",
  ],
  [
    'fn main() { datalog!(r#".input q `s`\np(x) :- q(x), other(x)\n.persist p\n"#) }\n',
    'fn main() { datalog!(r#"\n# clew: input other(x)\n.input q `s`\np(x) :- q(x), other(x)\n.persist p\n"#) }\n',
  ],
])("an input is declared as the notation can say it: %s", (text, declared) => {
  expect(mended(text, /^Declare other as an input/)).toBe(declared);
});

test.each([
  ["p(x) :- e(x), !q(x)\nq(x) :- p(x)\n", "p(x)@next :- e(x), !q(x)"],
  ["p(N, X) :- e(N, X), notin q(N, X);\nq(N, X) :- p(N, X);\n", "p(N, X)@next :- e(N, X)"],
  [
    "% dialect: prototype\np(X) :- e(X), not q(X);\nq(X) :- p(X);\n",
    "p(X)@next :- e(X), not q(X);",
  ],
  [".input e `x`\np(x) :- e(x), !q(x)\nq(x) :- p(x)\n", "p(x) :+ e(x), !q(x)"],
  [
    "// dialect: paper\np(x,l,t) :- e(x,l,t), !q(x,l,t)\nq(x,l,t) :- p(x,l,t)\n",
    "p(x,l,t') :- e(x,l,t), !q(x,l,t), t'=t+1",
  ],
])("a cycle is broken in every notation: %s", (text, expected) => {
  expect(mended(text, /in the next tick$/)).toContain(expected);
});

test.each([
  ["p(N, X) :- e(N, X);\nq(N, X) :- p(N, X, Y);\n", "q(N, X) :- p(N, X);"],
  ["p(N, X) :- e(N, X);\nq(N) :- p(N);\n", "q(N) :- p(N, _);"],
  ["p(N) :- e(N);\nq(N) :- p(N, X);\n", "q(N) :- p(N);"],
  ["% dialect: prototype\np(X) :- e(X);\nq(X) :- e(X), p(#L, X, Y);\n", "e(X), p(#L, X);"],
  ["% dialect: prototype\np(X) :- e(X);\nq(X) :- e(X), p(#L);\n", "e(X), p(#L, _);"],
  ["p(x) :- e(x)\n.persist p\nq(x) :- p(x, y)\n", "q(x) :- p(x)"],
  ["// dialect: paper\np(x,l,t) :- e(x,l,t)\nq(x,l,t) :- p(x,y,l,t)\n", ":- p(x,l,t)"],
  ["// dialect: paper\np(x,l,t) :- e(x,l,t)\nq(l,t) :- e(x,l,t), p(l,t)\n", ", p(_, l,t)"],
  ["// dialect: paper\np(l,t) :- e(l,t)\nq(x,l,t) :- s(x,l,t), p(x,l,t)\n", ", p(l,t)"],
])("a wrong number of attributes is mended in every notation: %s", (text, expected) => {
  expect(mended(text, /^(?:Add|Remove)/)).toContain(expected);
});

test("a built-in that a notation does not have is not what is meant", () => {
  const text = 'q(N, X) :- tick(N, X);\nq(N, X)@next :- q(N, X);\nhash("a", 1)@1;\n';
  expect(codes(text)).not.toContain("misspelt-relation");
  expect(codes("q(x) :- tik(x)\nq(x)@next :- q(x), tick(x)\n")).toContain("misspelt-relation");
});

test.each([
  ["q(N, X) :- lo.g(N, X);\nlog(N, X)@next :- q(N, X);\n", "lo.g", "log"],
  ["q(N, X) :- log(N, X);\nlo.g(N, X)@next :- q(N, X);\n", "log", "lo.g"],
])("a misspelt name and what is meant are said as they are written: %s", (text, from, to) => {
  const [said] = openDocument({ text }).diagnostics;
  expect(said!.message).toContain(`\`${from}\`, so it counts as an input`);
  expect(said!.message).toContain(`Perhaps \`${to}\` is meant`);
  expect(mended(text, new RegExp(`^Replace ${from} with ${to}`))).toContain(`q(N, X) :- ${to}(N`);
});

test.each([
  [
    ".static n `b`\nc@d(x) :~ q(x), n(d)\nc(x) :+ c(x)\np(x) :- c(x)\n",
    "c@d(x) :~ q(x), n(d)\nc_here(x) :- c(x)\nc_here(x) :+ c_here(x)\np(x) :- c_here(x)\n",
  ],
  [
    "// dialect: paper\nc(x, d, t') :- q(x, l, t), n(d), delay((x,l,t,d),t')\nc(x, l, t') :- c(x, l, t), t'=t+1\np(x,l,t) :- c(x,l,t)\n",
    "c_here(x, l, t) :- c(x, l, t)\nc_here(x, l, t') :- c_here(x, l, t), t'=t+1\np(x,l,t) :- c_here(x,l,t)\n",
  ],
])("what arrives is copied before it is kept: %s", (text, expected) => {
  expect(mended(text, /^Copy what arrives/)).toContain(expected);
});

test("`.persist` of what arrives is not changed name by name", () => {
  const text = ".static n `b`\nc@d(x) :~ q(x), n(d)\n.persist c\np(x) :- c(x)\n";
  expect(() => mended(text, /^Copy what arrives/)).toThrow("there is");
});

test.each([
  [".static n `b`\nc@d(count(x)) :~ q(x), n(d)\n", "c_computed(count(x), d) :- q(x), n(d)\nc@d("],
  [".input q `b`\nc@(x % 2)(max(y), x) :~ q(x, y)\n", "q(x, y), node_at(c, d), (c == x % 2)\nc@d("],
  [
    "c(D, count<X>)@async :- q(N, X), peer(N, D);\nr(N, X) :- c(N, X);\n",
    "c_computed(L, count<X>, D) :- q(L, X), peer(L, D);\nc(D",
  ],
  [
    "% dialect: prototype\nc(#D, count<X>)@async :- q(X), peer(D);\nr(X) :- c(X);\n",
    "c_computed(count<X>, D) :- q(X), peer(D);\nc(#D",
  ],
  [
    "// dialect: paper\nc(count<x>, d, t') :- q(x, l, t), n(d), delay((x,l,t,d),t')\nr(x,l,t) :- c(x,l,t)\n",
    "c_computed(count<x>, d, l, t) :-",
  ],
])("what is sent is computed first: %s", (text, expected) => {
  const after = mended(text, /^Compute first/);
  expect(after).toContain(expected);
  expect(codes(text)).toEqual(expect.arrayContaining([...codes(after)]));
});
