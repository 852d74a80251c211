import { expect, test } from "vitest";
import { analyze } from "../../analysis/analyze.ts";
import { dataflowGraph } from "../../analysis/dataflowGraph.ts";
import type { GraphModel } from "../../analysis/graphModel.ts";
import { read } from "../../syntax/read.ts";
import { outlineRows } from "./outlineRows.ts";
import type { OutlineOptions } from "./outlineRows.ts";

const TEXT = `component a {
  p(x) :- in(x)
  p(x)@next :- p(x)
  m(x)@async(d) :- p(x), e(d)
}
component b {
  q(x) :- m(x)
}
edb e(d)
`;

function graph(): GraphModel {
  const { program, broken } = read(TEXT);
  return dataflowGraph(analyze(program), broken);
}

const PLAIN: OutlineOptions = {
  selection: { rules: new Set() },
  marks: [],
  verdicts: undefined,
  closed: new Set(),
};

test("every rule has a row, keepers too, in the order of their numbers", () => {
  const rules = outlineRows(graph(), PLAIN).filter(
    ({ rules: own, level }) => level === 2 && own.length > 0,
  );
  expect(rules.map(({ mark, text, group }) => [mark, text, group])).toEqual([
    ["1", "derives p, reads in", "component:a"],
    ["2", "keeps p", "component:a"],
    ["3", "sends m, reads p", "component:a"],
    ["4", "derives q, reads m", "component:b"],
  ]);
});

test("a component's row selects all its rules and is selected with them", () => {
  const rules = new Set(["a/p/1", "a/p/2", "a/m/1"]);
  const rows = outlineRows(graph(), { ...PLAIN, selection: { rules } });
  const [a, b] = ["component:a", "component:b"].map((id) => rows.find((row) => row.id === id)!);
  expect(new Set(a!.rules)).toEqual(rules);
  expect([a!.selected, b!.selected]).toEqual([true, false]);
});

test("verdicts are said after the rule", () => {
  const verdicts = new Map([["a/m/1", "1 rewrite applies, 2 refused"]]);
  const row = outlineRows(graph(), { ...PLAIN, verdicts }).find(({ mark }) => mark === "3");
  expect(row?.label).toBe("Rule 3, a, sends m, reads p; 1 rewrite applies, 2 refused");
});

test("a closed component keeps its own row only", () => {
  const rows = outlineRows(graph(), { ...PLAIN, closed: new Set(["component:a"]) });
  expect(rows.filter(({ group }) => group === "component:a")).toHaveLength(1);
});
