import { expect, test } from "vitest";
import { positionOf, URI } from "./examples.testing.ts";
import { openDocument } from "./languageDocument.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import { changedText } from "./renames.ts";
import { rewriteActions } from "./rewriteActions.ts";
import type { RewriteData } from "./rewriteActions.ts";
import { rewriteEdit } from "./rewriteEdit.ts";

function action(document: LanguageDocument, title: RegExp, from: string, to: string) {
  const range = { start: positionOf(document, from), end: positionOf(document, to, to.length) };
  return rewriteActions(document, range, URI).find((a) => title.test(a.title))!;
}

/** The text after the functional decoupling of its last two rules. */
function decoupled(text: string): string {
  const document = openDocument({ text, fileName: "main.ded" });
  const found = action(document, /^Functional decoupling/, "b(v) :-", "out2");
  const edit = rewriteEdit(document, (found.data as RewriteData).steps);
  if (edit.kind === "refused") throw new Error(edit.message);
  return changedText(text, edit.changes);
}

const RULES = [
  "// first",
  "a(v) :- req(v)   // keep me",
  "out1(v)@async(d) :- a(v),",
  "   peer(d)",
  "// second",
  "b(v) :- req2(v) // b",
  "out2(v)@async(d) :- b(v), // inner",
  "   peer(d)",
];
const DECLARATIONS = "input req(v)\ninput req2(v)\nnode peer(d)\n";

test("rules outside any block are changed one by one, and take their comments along", () => {
  const text = `// header\n${DECLARATIONS}${RULES.join("\n")}\n`;
  expect(decoupled(text)).toMatchInlineSnapshot(`
    "// header
    input req(v)
    input req2(v)
    node peer(d)
    node my_responder(address: address)
    // first
    a(v) :- req(v)   // keep me
    out1(v)@async(d) :- a(v),
       peer(d)
    req2_relay(v)@async(d) :- req2(v), my_responder(d)


    component responder {
      // second
      b(v) :- req2_relay(v)  // b
      // inner
      out2(v)@async(d) :- b(v), peer(d)
    }
    "
  `);
});

test("comments of rules that move between blocks move along", () => {
  const text = `// header\n${DECLARATIONS}component x {\n${RULES.map((r) => `  ${r}`).join("\n")}\n}\n`;
  expect(decoupled(text)).toMatchInlineSnapshot(`
    "// header
    input req(v)
    input req2(v)
    node peer(d)
    node my_responder(address: address)
    component x {
      // first
      a(v) :- req(v)   // keep me
      out1(v)@async(d) :- a(v),
         peer(d)
      req2_relay(v)@async(d) :- req2(v), my_responder(d)
    }

    component responder {
      // second
      b(v) :- req2_relay(v)  // b
      // inner
      out2(v)@async(d) :- b(v), peer(d)
    }
    "
  `);
});

test("where rules share a line with others, nothing is lost", () => {
  const text = `${DECLARATIONS}// first\na(v) :- req(v); out1(v)@async(d) :- a(v), peer(d); b(v) :- req2(v)\nout2(v)@async(d) :- b(v), peer(d) // out\n`;
  expect(decoupled(text)).toMatchInlineSnapshot(`
    "input req(v)
    input req2(v)
    node peer(d)
    node my_responder(address: address)
    // first
    a(v) :- req(v); out1(v)@async(d) :- a(v), peer(d); 
    req2_relay(v)@async(d) :- req2(v), my_responder(d)


    component responder {
      b(v) :- req2_relay(v)
      out2(v)@async(d) :- b(v), peer(d)  // out
    }
    "
  `);
});

const RUST = `use a;
fn main() {
    let flow = datalog!(r#"
.input req \`x\`
.input req2 \`x\`
.static peer \`y\`
a(v) :- req(v)   # keep me
out1@d(v) :~ a(v), peer(d)
b(v) :- req2(v)
out2@d(v) :~ b(v), peer(d)
"#);
    run(flow);
}
`;

test("a Rust file is never replaced by its datalog", () => {
  const document = openDocument({ text: RUST });
  const found = action(document, /^Functional decoupling/, "b(v) :-", "out2");
  expect(found.title).toContain("refused");
  expect(found.disabled!.reason).toContain("the Rust around them is not Clew's to write");
});

test("what a rewrite changes within one component is changed within its string", () => {
  const text = RUST.replace("out1@d(v)", "out1@d(count(v))");
  const document = openDocument({ text });
  const found = action(document, /: applies$/, "out1", "out1");
  const edit = rewriteEdit(document, (found.data as RewriteData).steps);
  if (edit.kind === "refused") throw new Error(edit.message);
  expect(changedText(text, edit.changes)).toMatchInlineSnapshot(`
    "use a;
    fn main() {
        let flow = datalog!(r#"
    .input req \`x\`
    .input req2 \`x\`
    .static peer \`y\`
    a(v) :- req(v)   # keep me
    out1_computed(count(v), d) :- a(v), peer(d)
    out1@d(count) :~ out1_computed(count, d)
    b(v) :- req2(v)
    out2@d(v) :~ b(v), peer(d)
    "#);
        run(flow);
    }
    "
  `);
});

test("the end of a string that stands behind a comment is not taken for part of it", () => {
  const text =
    'let flow = datalog!(r#"\n.static peer `y`\na(v) :- req(v)\nout1@d(count(v)) :~ a(v), peer(d) # why"#);';
  const document = openDocument({ text });
  const found = action(document, /^Compute, then send/, "out1", "out1");
  expect(found.disabled!.reason).toContain("the Rust around them is not Clew's to write");
});

test("what a notation cannot say is refused before it is chosen", () => {
  const text =
    "a(N,V) :- req(N,V); // keep me\nout1(D,V)@async :- a(N,V), peer(N,D);\nb(N,V) :- req2(N,V);\nout2(D,V)@async :- b(N,V), peer(N,D);\n";
  const document = openDocument({ text });
  expect(document.read.dialect).toBe("molly");
  const found = action(document, /^State-machine decoupling/, "b(N,V) :-", "out2");
  expect(found.title).toMatch(/^State-machine decoupling: refused/);
  expect(found.disabled!.reason).toContain("This notation cannot say what comes out");
});

test("what looks a number up keeps the name that the deployment fills", () => {
  const text = ".input q `source`\nm@(x % 2)(max(y), x) :~ q(x, y)\n";
  const document = openDocument({ text, fileName: "main.ded" });
  const found = action(document, /^Compute, then send: applies/, "m@", "q(x, y)");
  const edit = rewriteEdit(document, (found.data as RewriteData).steps);
  expect(edit.kind === "changes" && changedText(text, edit.changes)).toMatchInlineSnapshot(`
    ".input q \`source\`
    m_computed(max(y), x, d) :- q(x, y), node_at(c, d), (c == x % 2)
    m@d(max, x) :~ m_computed(max, x, d)
    "
  `);
});
