import { expect, test } from "vitest";
import type { Dialect } from "../syntax/dialect.ts";
import { printRule } from "../program/printCompact.ts";
import { completion } from "./completion.ts";
import { atCursor } from "./examples.testing.ts";
import { hover } from "./hover.ts";
import { openDocument } from "./languageDocument.ts";
import { changedText } from "./renames.ts";
import { signatureHelp } from "./signatureHelp.ts";
import { spanOfRange } from "./textLines.ts";

const MARKED = "‸";

function labels(text: string): readonly string[] {
  const { document, position } = atCursor(text);
  return completion(document, position, { snippets: false }).map((i) => i.label);
}

/** The text once a label is taken. */
function taken(text: string, label: string): string {
  const { document, position } = atCursor(text);
  const item = completion(document, position, { snippets: false }).find((i) => i.label === label);
  if (item?.textEdit === undefined || !("range" in item.textEdit)) throw new Error(label);
  const { range, newText } = item.textEdit;
  return changedText(document.text, [{ span: spanOfRange(document.lines, range), text: newText }]);
}

/** Where a program in each notation may go on. */
const PROGRAMS: readonly (readonly [Dialect, string])[] = [
  ["compact", "// dialect: compact\ngot(x) :- said(x)\n‸\n"],
  ["paper", "// dialect: paper\ngot(x,l,t) :- said(x,l,t)\n‸\n"],
  ["hydroflow", "// dialect: hydroflow\ngot(x) :- said(x)\n‸\n"],
  ["molly", "// dialect: molly\ngot(N,X) :- said(N,X);\n‸\n"],
  ["prototype", "% dialect: prototype\ngot(X) :- said(X);\n‸\n"],
];

test.each(PROGRAMS)("in %s all that a new line is offered can be read there", (dialect, text) => {
  const offered = labels(text);
  expect(offered).toEqual(expect.arrayContaining(["keep got", "broadcast", "quorum count"]));
  for (const label of offered) {
    // A head goes on, an included file is elsewhere, a file's component may have rules before it.
    if (["got", "include", "component"].includes(label)) continue;
    const after = openDocument({ text: taken(text, label) });
    expect(after.read.dialect).toBe(dialect);
    expect([label, after.read.diagnostics.filter((d) => d.code !== "unused-persist")]).toEqual([
      label,
      [],
    ]);
    expect([label, after.diagnostics.filter((d) => d.severity === "error")]).toEqual([label, []]);
  }
});

test.each(PROGRAMS)("in %s the rules offered are the same rules", (dialect, text) => {
  const rules = (offered: string): readonly string[] =>
    openDocument({ text: offered, fileName: "a" }).read.program.components.flatMap((c) =>
      c.rules.map(printRule),
    );
  const shape = (rule: string): string =>
    rule.replace(/\b(?!async\b|next\b|count\b)\w+\b'?(?!\()/g, "v");
  for (const label of ["keep got", "keep until", "broadcast", "reply"]) {
    const own = rules(taken(text, label)).map(shape);
    const compact = rules(taken(PROGRAMS[0]![1], label)).map(shape);
    expect([dialect, own]).toEqual([dialect, compact]);
  }
});

const MOLLY = "// dialect: molly\ngot(N, I, V) :- req(N, I, V), notin got(N, I, V)@1;\n";

test("what is inserted in Molly has its location, and names that the reader makes up are not offered", () => {
  const text = `${MOLLY}seen(Me, I) :- req(Me, I, _), ${MARKED};\n`;
  expect(taken(text, "got")).toContain("req(Me, I, _), got(Me, I, V);");
  expect(labels(text)).not.toEqual(expect.arrayContaining(["got_at_1"]));
  expect(labels(text)).not.toContain("hash");
  expect(labels(text)).not.toContain("self");
});

test("a negation is offered in the words of the notation, and a word being typed is no relation yet", () => {
  const prototype = labels("% dialect: prototype\np(X) :- q(X), no‸;\n");
  expect(prototype).toEqual(expect.arrayContaining(["p", "q", "not", "notin"]));
  expect(prototype).not.toContain("no");
  const molly = labels(`${MOLLY}seen(N) :- got(N, _, _), no‸;\n`);
  expect(molly).toContain("notin");
  expect(molly).not.toContain("not");
  expect(labels("p(x) :- q(x), no‸\n")).not.toContain("notin");
  expect(labels("p(x) :- q(x), no‸pe(x)\n")).not.toContain("nope");
  // After the negation a relation follows.
  expect(labels("% dialect: prototype\np(X) :- q(X), notin ‸;\n")).toContain("q");
  expect(labels("% dialect: prototype\np(X) :- no(X), no‸;\n")).toContain("no");
});

test.each([
  [`${MOLLY}seen(N) :- got(${MARKED}N, I, V);\n`, "got(L, I, V)", 0],
  [`${MOLLY}seen(N) :- got(N, I, V${MARKED});\n`, "got(L, I, V)", 2],
  [
    `// dialect: paper\ngot(x,l,t) :- said(x,l,t)\nq(x,l,t) :- got(x,l,${MARKED})\n`,
    "got(x, l, t)",
    2,
  ],
  [`% dialect: prototype\nv(#D, X)@async :- p(X), peer(D);\nq(X) :- v(X${MARKED});\n`, "v(X)", 0],
  [`% dialect: prototype\nv(#D, X${MARKED})@async :- p(X), peer(D);\n`, "v(#L, X)", 1],
  [`v@d(x, y${MARKED}) :~ p(x, y), peer(d)\n`, "v(x, y)", 1],
])("signature help counts what is written: %s", (text, label, active) => {
  const { document, position } = atCursor(text);
  const help = signatureHelp(document, position)!;
  expect([help.signatures[0]!.label, help.activeParameter]).toEqual([label, active]);
});

test.each([
  ["r(x, ‸y) :- m(x, y), n(x)\n", ["choose", "collect", "seal"]],
  ["// dialect: paper\nr(x, ‸y, l, t) :- m(x, y, l, t)\n", ["choose", "collect", "seal"]],
  ["r(x, ‸y) :- m(x, y), (x > y)\nq(max(x)) :- m(x, _)\n", ["choose", "collect_vec", "index"]],
  ["% dialect: prototype\nr(X, ‸Y) :- m(X, Y);\n", []],
])("the aggregates offered are those that a head can have: %s", (text, more) => {
  const others = ["choose", "collect", "collect_vec", "seal", "index"];
  expect(
    labels(text)
      .filter((l) => others.includes(l))
      .toSorted(),
  ).toEqual(more);
  expect(labels(text)).toContain("max");
});

test.each([
  ["r(x, cho‸ose<y>) :- m(x, y)\n", "choose<y>"],
  ["// dialect: paper\nr(x, c‸ount⟨y⟩, l, t) :- m(x, y, l, t)\n", "count⟨y⟩"],
  ["r(x, choose(y), ind‸ex()) :- m(x, y), (x > y)\n", "index()"],
  ["r(max(x), c‸ount(*)) :- m(x, y), (x > y)\n", "count(*)"],
  ["// dialect: molly\nr(N, min<X>, su‸m<X>) :- m(N, X);\n", "sum<X>"],
])("what an aggregate gives is said: %s", (text, written) => {
  const { document, position } = atCursor(text);
  expect(hover(document, position)?.contents).toMatchObject({
    value: expect.stringContaining(`\`\`\`dedalus\n${written}\n\`\`\``),
  });
  const plain = atCursor("r(x) :- m(x, y), cou‸nt < y\n");
  expect(hover(plain.document, plain.position)?.contents).not.toMatchObject({
    value: expect.stringContaining("group"),
  });
});

test("a wrong number of attributes is counted as it is written", () => {
  const message = (text: string): string =>
    openDocument({ text }).diagnostics.find((d) => d.code === "arity")!.message;
  expect(message("p(N, X) :- e(N, X);\nq(N, X) :- p(N, X, Y);\n")).toBe(
    "`p` has 3 attributes here and 2 attributes elsewhere.",
  );
  expect(message("// dialect: paper\np(x,l,t) :- e(x,l,t)\nq(x,l,t) :- p(x,y,l,t)\n")).toBe(
    "`p` has 4 attributes here and 3 attributes elsewhere.",
  );
});
