import { expect, test } from "vitest";
import { atCursor, EXAMPLES, exampleDocument, positionOf } from "./examples.testing.ts";
import { hover } from "./hover.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import { namesOf } from "./textNames.ts";
import { positionAt } from "./textLines.ts";

function shown(document: LanguageDocument, piece: string, plus = 0): string {
  const found = hover(document, positionOf(document, piece, plus));
  if (found === null) return "";
  return (found.contents as { readonly value: string }).value;
}

test("a relation: attributes with types, kind, uses, how long it lasts, strata, order, dependencies", () => {
  const kvs = exampleDocument("kvs");
  expect(shown(kvs, "acks(src, sig, val, cnt) :-")).toMatchInlineSnapshot(`
    "\`\`\`dedalus
    acks(src: address, sig: bytes, val, cnt: int)
    \`\`\`

    Facts of one node. Derived by rules 3 and 4; read by rules 4, 5, 6 and 8.

    Kept for good by rule 4. Monotone. Stratum 1 of 2 in \`leader\`.

    Coordination: needed. It depends on rules 12, 14 and 15, which mind the order of messages."
  `);
  expect(shown(kvs, "numACKs(")).toMatchInlineSnapshot(`
    "\`\`\`dedalus
    numACKs(n: int, val, cnt: int)
    \`\`\`

    Facts of one node. Derived by rule 5; read by rule 7.

    Not kept: gone after its tick. Not monotone: Rule 5 counts. A count that travels early is a wrong count. Stratum 2 of 2 in \`leader\`.

    Coordination: needed. It depends on rules 5, 12, 14 and 15, which mind the order of messages."
  `);
  expect(shown(kvs, "toStorage(val, sig)@async")).toMatchInlineSnapshot(`
    "\`\`\`dedalus
    toStorage(val, sig: bytes)
    \`\`\`

    A channel: messages between nodes. Derived by rule 2; read by rule 9.

    Monotone.

    Coordination: not needed. In whatever order messages come, the same facts come out."
  `);
  expect(shown(kvs, "numNodes(n)")).toMatchInlineSnapshot(`
    "\`\`\`dedalus
    numNodes(n: int)
    \`\`\`

    Constant, the same at every node. Read by rule 7."
  `);
});

test("what is deleted says until when it is kept", () => {
  expect(shown(exampleDocument("voting"), "votes(s, id)")).toContain(
    "Kept by rule 3 until `committed` holds.",
  );
});

test("coordination is needed where a count is on the way, and only there", () => {
  const text = "p(x) :- in(x)\np(x)@next :- p(x)\nboth(x, y) :- p(x), p(y)\n";
  const free = atCursor(`${text}r‸(x) :- both(x, 1)\n`);
  expect(hover(free.document, free.position)?.contents).toMatchObject({
    value: expect.stringContaining("Coordination: not needed.") as string,
  });
  const counted = atCursor(`${text}n(count<x>) :- p(x)\nr‸(k) :- n(k), both(k, 1)\n`);
  expect(hover(counted.document, counted.position)?.contents).toMatchObject({
    value: expect.stringContaining("Coordination: needed. It depends on rules 4 and 5") as string,
  });
});

test("a function: each signature with what it does", () => {
  const value = shown(exampleDocument("kvs"), "hash(val, 16");
  expect(value).toContain("hash(x -> h: bytes)");
  expect(value).toContain("hash(x, bits: int -> h: int)");
  expect(value).toContain("SHA-256 of x's canonical bytes.");
});

test("a variable says where its value comes from, a component its rules and nodes", () => {
  const kvs = exampleDocument("kvs");
  expect(shown(kvs, "s1, g1")).toContain("A variable of rule 8. From `acks.src`.");
  expect(shown(kvs, "component storage", 12)).toContain("Rules 9, 10, 11, 12, 13, 14 and 15.");
});

test("where there is no name there is nothing", () => {
  const { document, position } = atCursor("p(x) :- q(x)  ‸ // words\n");
  expect(hover(document, position)).toBeNull();
});

test.each(EXAMPLES)("every name of %s has something to say", (name) => {
  const document = exampleDocument(name);
  for (const use of namesOf(document)) {
    const found = hover(document, positionAt(document.lines, use.span.start));
    expect(found, `${use.kind} ${use.name}`).not.toBeNull();
  }
});
