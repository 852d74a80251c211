import { expect, test } from "vitest";
import { analyze } from "../../analysis/analyze.ts";
import { read } from "../../syntax/read.ts";
import { joinTable } from "./joinTable.ts";
import type { JoinTable } from "./joinTable.ts";

function tableOf(rule: string, declarations = ""): JoinTable {
  const { program } = read(`${declarations}component c {\n ${rule}\n}\n`);
  const relations = new Map(
    [...analyze(program, undefined).relations].map(([name, info]) => [
      name,
      { ...info, keptBy: [] },
    ]),
  );
  return joinTable(program.components[0]!.rules[0]!, relations);
}

test("variables that literals share are columns, from the first literal to the head", () => {
  const table = tableOf("out(v) :- acks(s1, v, c1), acks(s2, v, c2), c1 != c2");
  expect(table.variables).toEqual([
    { name: "v", joins: true, first: 0, last: 3 },
    { name: "c1", joins: false, first: 0, last: 2 },
    { name: "c2", joins: false, first: 1, last: 2 },
  ]);
  expect(table.rows.map(({ kind, name }) => [kind, name])).toEqual([
    ["channel", "acks"],
    ["channel", "acks"],
    ["test", "c1 != c2"],
    ["head", "out"],
  ]);
  expect(table.rows[0]!.others).toHaveLength(1);
  expect(table.rows[0]!.others[0]).toMatch(/\bs1$/u);
  expect(table.rows[2]!.cells.get("c1")).toBe("");
  expect(table.sentence).toBe("v joins acks with itself.");
});

test("variables that join the same relations share a sentence", () => {
  const table = tableOf("out(a, b) :- p(a, b), q(a, b), r(b)");
  expect(table.sentence).toBe("a joins p and q; b joins p, q and r.");
  expect(tableOf("out(a, b) :- p(a, b), q(a, b)").sentence).toBe("a and b join p and q.");
});

test("where nothing is joined the sentence says why", () => {
  expect(tableOf("out(a) :- p(a)").sentence).toBe("One relation is read, and nothing joined.");
  expect(tableOf("out(a, b) :- p(a), q(b)").sentence).toContain("No variable is shared");
});

test("absence, wildcards, constants, aggregates and the receiver of a message show in their rows", () => {
  const table = tableOf(
    'out(count<a>, b)@async(d) :- p(a, b, _, "x"), !gone(b), to(d)',
    "input p(first, second, third, fourth)\n",
  );
  const [p, gone, , head] = table.rows;
  expect(p!.others).toEqual(["third any", 'fourth = "x"']);
  expect(p!.cells.get("a")).toBe("first");
  expect(gone).toMatchObject({ negated: true, name: "gone" });
  expect(gone!.label).toMatch(/^Asks for the absence of gone/u);
  expect(head).toMatchObject({ kind: "head", timing: "message" });
  expect(head!.cells.get("a")).toBe("count of");
  expect(head!.cells.get("d")).toBe("receiver");
});

test("what is computed says how", () => {
  const table = tableOf("out(n + 1, m) :- p(n), m := n * 2");
  expect(table.rows[1]!.cells.get("m")).toBe("set here");
  expect(table.rows[1]!.cells.get("n")).toBe("");
  expect(table.rows[2]!.cells.get("n")).toMatch(/= n \+ 1$/u);
});
