import { expect, test } from "vitest";
import { completion } from "./completion.ts";
import { atCursor } from "./examples.testing.ts";
import { changedText } from "./renames.ts";
import { spanOfRange } from "./textLines.ts";
import { openDocument } from "./languageDocument.ts";

const BASE = `component a {
  toAll(x)@async(n) :- in(x), nodes(n)
  votes(s, id) :- vote(s, id)
`;

function items(text: string, snippets = true) {
  const { document, position } = atCursor(text);
  return completion(document, position, { snippets });
}

function labels(text: string): readonly string[] {
  return items(text).map((i) => i.label);
}

/** The text once an item is taken. */
function taken(text: string, label: string, snippets: boolean): string {
  const { document, position } = atCursor(text);
  const item = completion(document, position, { snippets }).find((i) => i.label === label);
  if (item?.textEdit === undefined || !("range" in item.textEdit)) throw new Error(`no ${label}`);
  const { range, newText } = item.textEdit;
  return changedText(document.text, [{ span: spanOfRange(document.lines, range), text: newText }]);
}

test("where a literal begins: relations with their attributes, functions, bound variables", () => {
  const text = `${BASE}  p(x) :- votes(s, id), v‸\n}\n`;
  expect(labels(text)).toEqual(
    expect.arrayContaining([
      "votes",
      "toAll",
      "in",
      "nodes",
      "vote",
      "hash",
      "self",
      "tick",
      "choose",
      "index",
      "s",
      "id",
    ]),
  );
  expect(labels(text)).not.toContain("component");
  expect(items(text).find((i) => i.label === "votes")?.detail).toBe("votes(s, id)");
  expect(taken(text, "vote", true)).toContain("p(x) :- votes(s, id), vote(${1:s}, ${2:id})\n");
  expect(taken(text, "vote", false)).toContain("p(x) :- votes(s, id), vote(s, id)\n");
  expect(items(text).find((i) => i.label === "concat")?.documentation).toContain("two strings");
});

test("after a negation and on the next line of a rule literals go on", () => {
  expect(labels(`${BASE}  p(x) :- votes(s, id), !v‸\n}\n`)).toContain("votes");
  expect(labels(`${BASE}  p(x) :- votes(s, id),\n    ‸\n}\n`)).toContain("votes");
  expect(labels(`${BASE}  p(x) :-\n    ‸\n}\n`)).toContain("votes");
});

test("inside parentheses: variables, those that are bound first; not the one being typed", () => {
  expect(
    labels(`${BASE}  p(key, ‸) :- votes(s, id), !gone(g), key := id + 1\n}\n`).slice(0, 4),
  ).toEqual(["s", "id", "key", "g"]);
  expect(labels(`${BASE}  p(x) :- votes(s, id), q(ne‸)\n}\n`)).toEqual(["s", "id", "x"]);
  expect(labels(`${BASE}  p(x) :- votes(s, id), q(ne‸)\n}\n`)).not.toContain("count");
  expect(labels(`${BASE}  p(c‸) :- votes(s, id)\n}\n`)).toContain("count");
  expect(taken(`${BASE}  p(c‸) :- votes(s, id)\n}\n`, "choose", true)).toContain("p(choose<$1>)");
});

test("where a rule begins: heads, declarations, and rules that every protocol has", () => {
  const text = `${BASE}  ‸\n}\n`;
  expect(labels(text)).toEqual(
    expect.arrayContaining([
      "votes",
      "keep votes",
      "broadcast",
      "quorum count",
      "component",
      "edb",
    ]),
  );
  expect(taken(text, "keep votes", true)).toContain("  votes(s, id)@next :- votes(s, id)\n");
  const kept = `${BASE}  votes(s, id)@next :- votes(s, id)\n  ‸\n}\n`;
  expect(labels(kept)).not.toContain("keep votes");
});

test.each(["keep", "keep until", "broadcast", "quorum count", "reply"])(
  "the snippet %s is a rule that reads without a complaint",
  (label) => {
    const text = taken(
      "component a {\n‸\n}\nedb client(c)\nedb nodes(n)\nedb quorum(n)\n",
      label,
      false,
    );
    const document = openDocument({ text });
    expect(document.read.broken).toEqual([]);
    expect(document.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
    expect(document.analyzed.rules.size).toBeGreaterThan(0);
  },
);

test("after @ only the two tags, and nothing in comments and strings", () => {
  expect(labels(`${BASE}  p(x)@‸ :- votes(x, id)\n}\n`)).toEqual(["next", "async"]);
  expect(labels(`${BASE}  p(x)@as‸ :- votes(x, id)\n}\n`)).toEqual(["next", "async"]);
  expect(labels(`${BASE}  // vo‸\n}\n`)).toEqual([]);
  expect(labels(`${BASE}  p(x) :- votes("vo‸", x)\n}\n`)).toEqual([]);
});

test("in paper notation facts carry their location and time, constants do not", () => {
  const text = "p(x,l,t) :- q(x,l,t), peers(x)\np(x,l,t') :- p(x,l,t), t'=t+1, ‸\n";
  expect(taken(text, "q", false)).toContain("t'=t+1, q(x, l, t)\n");
  expect(taken(text, "peers", false)).toContain("t'=t+1, peers(x)\n");
});
