import { expect, test } from "vitest";
import { countsWords, verdictWords } from "./verdictWords.ts";

test("counts in words, without what there is none of", () => {
  expect(countsWords({ holds: 1, lockstep: 1, violated: 2 })).toBe(
    "1 rewrite applies, 1 lock-step, 2 refused",
  );
  expect(countsWords({ holds: 2, lockstep: 0, violated: 0 })).toBe("2 rewrites apply");
  expect(countsWords({ holds: 0, lockstep: 0, violated: 0 })).toBe("No rewrite is offered");
});

test("a rule that nothing is offered for has no words", () => {
  const none = { holds: 0, lockstep: 0, violated: 0 };
  const base = { inserted: false, title: "" };
  const words = verdictWords(
    new Map([
      ["a/p/1", { ...base, rule: "a/p/1", verdict: "none", counts: none } as const],
      [
        "a/q/1",
        { ...base, rule: "a/q/1", verdict: "violated", counts: { ...none, violated: 3 } } as const,
      ],
    ]),
  );
  expect([...words]).toEqual([["a/q/1", "3 refused"]]);
});
