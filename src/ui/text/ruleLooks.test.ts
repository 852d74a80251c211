import { expect, test } from "vitest";
import { viewText } from "../../workers/programView.ts";
import { ruleLooks } from "./ruleLooks.ts";

function chain(rules: number): string {
  const lines = Array.from({ length: rules }, (_, i) => `  r${i + 1}(x) :- r${i}(x)`);
  return `component c {\n${lines.join("\n")}\n}\n`;
}

/** The looks of a program with some rules selected, and how often it was asked what is selected. */
function looked(rules: number, selected: readonly string[]) {
  const { view } = viewText(chain(rules), { fileName: "chain.ded" }, undefined);
  let asked = 0;
  class Counted extends Set<string> {
    override has(rule: string): boolean {
      asked++;
      return super.has(rule);
    }
  }
  const looks = ruleLooks({
    view,
    selected: new Counted(selected),
    marks: [],
    verdicts: new Map([
      [
        "c/r1/1",
        {
          rule: "c/r1/1",
          verdict: "lockstep",
          inserted: false,
          title: "Monotonic",
          counts: { holds: 0, lockstep: 1, violated: 0 },
        },
      ],
    ]),
    focused: { mark: "holds", word: "monotonic here" },
    toRange: () => ({ startLineNumber: 1, startColumn: 1, endLineNumber: 1, endColumn: 1 }),
  });
  return { looks, asked };
}

test("the words of the focused card stand behind the last selected rule, verdicts behind the others", () => {
  const { looks } = looked(4, ["c/r2/1", "c/r3/1"]);
  expect(looks.map((look) => [look.selected, look.mark?.inlineClassName ?? ""])).toEqual([
    [false, "verdict-mark verdict-mark-lockstep"],
    [true, ""],
    [true, "verdict-mark verdict-word verdict-mark-holds"],
    [false, ""],
  ]);
  expect(looks[2]?.mark?.content.trim()).toBe("monotonic\u00a0here");
});

test("of the rules that stand in one place, as those of an included file do, the first is numbered", () => {
  const includes = [{ name: "two.ded", text: "p(N) :- q(N);\nr(N) :- p(N);" }];
  const text = 'include "two.ded";\ns(N) :- r(N);\n';
  const { view } = viewText(text, { fileName: "main.ded", includes }, undefined);
  const looks = ruleLooks({
    view,
    selected: new Set(),
    marks: [],
    verdicts: new Map(),
    focused: undefined,
    toRange: () => ({ startLineNumber: 1, startColumn: 1, endLineNumber: 1, endColumn: 1 }),
  });
  expect(looks.map(({ rule, first }) => [rule.head, first])).toEqual([
    ["p", true],
    ["r", false],
    ["s", true],
  ]);
});

test("how every rule looks is found in a number of steps that grows with the rules, not with their square", () => {
  for (const selected of [[], ["c/r1/1"], ["c/r1/1", "c/r500/1"]]) {
    expect(looked(500, selected).asked).toBeLessThanOrEqual(2 * 500);
  }
});
