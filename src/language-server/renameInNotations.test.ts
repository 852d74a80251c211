import { expect, test } from "vitest";
import { openDocument } from "./languageDocument.ts";
import { positionOf } from "./examples.testing.ts";
import { references } from "./references.ts";
import { rename } from "./rename.ts";
import { changedText } from "./renames.ts";

function renamed(text: string, name: string, to: string): string {
  const document = openDocument({ text });
  const result = rename(document, positionOf(document, name), to);
  return result.kind === "refused" ? result.message : changedText(text, result.changes);
}

const HYDROFLOW = `.input req \`source\`
.static peer \`source\`
.async vote \`there\` \`here\`
.output out \`sink\`
.persist got
vote@d(id, v) :~ req(id, v), peer(d)   # to all
got(id, v) :- req(id, v)
out(id) :- got(id, v), vote(id, v)
`;

test.each(["req", "peer", "vote", "out", "got"])(
  "in Hydroflow %s gets its new name also where it is said to be an input and the like",
  (name) => {
    const expected = HYDROFLOW.replaceAll(new RegExp(`\\b${name}\\b`, "g"), "kept");
    expect(renamed(HYDROFLOW, `${name}(`, "kept")).toBe(expected);
  },
);

test("references in Hydroflow have its declarations", () => {
  const document = openDocument({ text: HYDROFLOW });
  const at = positionOf(document, "got(id, v) :-");
  const found = references(document, at, "", { includeDeclaration: true });
  expect(found.map(({ range }) => range.start.line + 1)).toEqual([5, 7, 8]);
});

test("what stands in Rust around the datalog has no names", () => {
  const text = 'fn got() { got(datalog!(r#"\n.persist got\ngot(v) :- req(v)\n"#)) }\n';
  expect(renamed(text, "got(v)", "kept")).toBe(
    'fn got() { got(datalog!(r#"\n.persist kept\nkept(v) :- req(v)\n"#)) }\n',
  );
});

test("names after an escape of a plain Rust string are names", () => {
  const text =
    'fn f() { datalog!(".input req `x`\\n.persist\\tgot\\ngot(v) :- req(v)\\nz(v) :- got(v)") }\n';
  expect(renamed(text, "got(v)", "kept")).toBe(
    text.replaceAll("got(", "kept(").replace("tgot", "tkept"),
  );
});

test("a declaration in a comment follows", () => {
  expect(renamed("// clew: input said(m)\ngot(N, M) :- said(N, M);\n", "said(N", "told")).toBe(
    "// clew: input told(m)\ngot(N, M) :- told(N, M);\n",
  );
  const prototype = "% dialect: prototype\n% clew: durable got\ngot(X) :- said(X);\n";
  expect(renamed(prototype, "got(", "kept")).toBe(prototype.replaceAll("got", "kept"));
});
