import { expect, test } from "vitest";
import { definition } from "./definition.ts";
import { atCursor, exampleDocument, linesOf, positionOf, URI } from "./examples.testing.ts";
import { highlights, references } from "./references.ts";

test("a local relation is defined by the rules of its own component that derive it", () => {
  const { document, position } = atCursor(
    "component a {\n  p(x) :- in(x)\n  r(x)@async(d) :- p‸(x), d(d)\n}\ncomponent b {\n  p(x) :- r(x)\n}\n",
  );
  expect(linesOf(definition(document, position, URI))).toEqual([2]);
  expect(linesOf(references(document, position, URI, { includeDeclaration: true }))).toEqual([
    2, 3, 6,
  ]);
  expect(linesOf(references(document, position, URI, { includeDeclaration: false }))).toEqual([3]);
});

test("a channel is defined where it is sent, in another component", () => {
  const kvs = exampleDocument("kvs");
  expect(linesOf(definition(kvs, positionOf(kvs, "toStorage(val, sig), verify"), URI))).toEqual([
    6,
  ]);
  expect(
    linesOf(
      references(kvs, positionOf(kvs, "toStorage(val, sig)@async"), URI, {
        includeDeclaration: true,
      }),
    ),
  ).toEqual([6, 17]);
});

test("a variable is defined by the literal that binds it and used in its rule only", () => {
  const { document, position } = atCursor("p(x) :- x‸ != 3, q(x)\np(x)@next :- p(x)\n");
  expect(definition(document, position, URI)[0]!.range.start).toEqual({ line: 0, character: 18 });
  expect(references(document, position, URI, { includeDeclaration: true })).toHaveLength(3);
  const assigned = atCursor("p(y) :- q(x), y := x + 1, y‸ > 2\n");
  const [at] = definition(assigned.document, assigned.position, URI);
  expect(at!.range.start.character).toBe(14);
});

test("what no rule derives is defined by its declaration", () => {
  const { document, position } = atCursor(
    "edb peers(p)\nfd peers: p -> p\nr(x)@async(p) :- in(x), peers‸(p)\n",
  );
  expect(linesOf(definition(document, position, URI))).toEqual([1, 2]);
  expect(linesOf(references(document, position, URI, { includeDeclaration: false }))).toEqual([3]);
});

test("an attribute is defined by the declaration that lists it", () => {
  const { document, position } = atCursor(
    "input r(id, v: int)\nfd r: id‸ -> v\np(a, b) :- r(a, b)\n",
  );
  expect(definition(document, position, URI).map((l) => l.range.start)).toEqual([
    { line: 0, character: 8 },
  ]);
});

test("rules that cannot be read still count as uses", () => {
  const { document, position } = atCursor("p‸(x) :- q(x)\nr(x :- p(x)\n");
  expect(linesOf(references(document, position, URI, { includeDeclaration: true }))).toEqual([
    1, 2,
  ]);
});

test("highlights tell what derives from what reads", () => {
  const { document, position } = atCursor("p‸(x) :- q(x)\np(x)@next :- p(x)\n");
  expect(highlights(document, position).map((h) => h.kind)).toEqual([3, 3, 2]);
});
