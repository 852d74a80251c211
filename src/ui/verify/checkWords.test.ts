import { expect, test } from "vitest";
import type { Counterexample } from "../../verifier/refines.ts";
import { checkedMark, checkedWords, gravest, withinWords } from "./checkStore.ts";
import type { Checked, CheckSettings, CheckVerdict } from "./checkStore.ts";
import {
  boundPhrases,
  questionWords,
  scheduleSentences,
  vacuousSentence,
  verdictSentences,
} from "./checkWords.ts";

const settings: CheckSettings = {
  requests: 2,
  states: 1_000,
  clocks: "lockstep",
  observer: { multi: 3 },
  duplicates: true,
  firings: 0,
  crashes: 0,
  down: [],
  together: 3,
};
const question = { from: 1, to: 2 };

function checked(verdict: CheckVerdict, explored = 12, outputs = 1): Checked {
  return { settings, verdict, explored, outputs, milliseconds: 1 };
}

function difference(
  violation: Counterexample["violation"],
  schedule: Counterexample["schedule"],
): Extract<CheckVerdict, { readonly kind: "difference" }> {
  const counterexample = { kind: "counterexample", violation, schedule, explored: 12 } as const;
  return { kind: "difference", counterexample, requestOf: [1, 1, 2], cancelled: false };
}

const a = { relation: "a", row: [1] };
const b = { relation: "b", row: [2], to: "client" };
const schedule: Counterexample["schedule"] = [
  { ticks: [{ address: "n.1", arrived: [a] }], inputs: [0, 1], outputs: [] },
  {
    ticks: [
      { address: "n.1", arrived: [] },
      { address: "n.2", arrived: [a, { ...a, row: [3] }] },
    ],
    inputs: [2],
    outputs: [b],
  },
];

test("a verdict says within which bounds it holds, and never more than that", () => {
  expect(withinWords(settings)).toBe(
    "within 2 requests, in lock-step, answers counted to 3, messages twice",
  );
  expect(boundPhrases(settings).join("; ")).toBe(
    "the first 2 requests of the deployment’s clients; at most 1,000 states; at most 3 messages into one tick; nodes that were one node tick together; clients count up to 3 of equal answers; messages between nodes that were one node may arrive twice",
  );
  const more = { ...settings, firings: 1, crashes: 2 };
  expect(withinWords(more)).toContain(
    "2 requests, each timer once, each node crashing 2 times, in",
  );
  expect(boundPhrases(more).slice(1, 3)).toEqual([
    "each timer fires at most once at each node",
    "each node crashes at most 2 times",
  ]);
  expect(verdictSentences(question, checked({ kind: "refines" }))).toMatch(
    /^Refines within 2 requests, .* step 2 does only what step 1 could do, .* More requests may show more\.$/,
  );
});

test("nodes that stay down and messages that enter a tick are among the bounds", () => {
  const more = { ...settings, down: ["a.1", "b"], together: 8 };
  expect(withinWords(more)).toBe(
    "within 2 requests, a.1, b staying down, 8 into one tick, in lock-step, answers counted to 3, messages twice",
  );
  expect(boundPhrases(more).slice(1, 4)).toEqual([
    "a.1 and b may crash and stay down",
    "at most 1,000 states",
    "at most 8 messages into one tick",
  ]);
});

const form = { nodes: ["a", "b.1"], numbers: { quorum: 1 }, partitions: 2 };

test("what a smaller form decided is said of that form only", () => {
  const smaller = checked({ kind: "smaller", form, explored: 7 }, 1_001);
  expect(checkedWords(smaller)).toMatch(/^no difference in a smaller form within 2 requests, /);
  expect(checkedMark(smaller)).toBe("unverified");
  const words = verdictSentences(question, smaller);
  expect(words).not.toMatch(/refines/i);
  expect(words).toContain(
    "In every schedule of 2 nodes (a, b.1; quorum = 1; at most 2 partitions), 7 states, step 2 does only what step 1 could do",
  );
  expect(words).toContain(
    "With all nodes it is not decided. The bound was reached after 1,001 states",
  );
  expect(vacuousSentence(checked({ kind: "smaller", form, explored: 7 }, 12, 0))).toBeDefined();
  const open = checked({ kind: "not-known", cancelled: false, form }, 1_001);
  expect(verdictSentences(question, open)).toContain("Nor was it decided with 2 nodes (a, b.1;");
  const differs = checked({ ...difference("safety", schedule), form });
  expect(verdictSentences(question, differs)).toMatch(/This is so with 2 nodes \(a, b\.1;/);
  expect(gravest([open, smaller])).toBe(smaller);
  const whole = checked({ kind: "refines" });
  expect(gravest([smaller, whole])).toBe(whole);
});

test("what was not decided says which bound was in the way", () => {
  const open = { kind: "not-known", cancelled: false } as const;
  const words = (explored: number) => verdictSentences(question, checked(open, explored));
  expect(words(1_001)).toContain("after 1,001 states without a difference: there are more");
  expect(words(1)).toContain("1 state without a difference: step 1 alone has more than 5,000");
  const cancelled = { kind: "not-known", cancelled: true } as const;
  expect(verdictSentences(question, checked(cancelled))).toBe(
    "Not known. Cancelled after 12 states without a difference.",
  );
});

test("a violation is told in steps", () => {
  expect(scheduleSentences(difference("safety", schedule))).toEqual([
    "Clients send request 1. `n.1` ticks: `a(1)` arrives.",
    "Clients send request 2. At once: `n.1` ticks: nothing arrives. `n.2` ticks: `a(1)` and `a(3)` arrive. Clients see `b(2)`.",
  ]);
  const crash = { ...schedule[1]!, crashed: "n", inputs: [3], outputs: [] };
  expect(scheduleSentences(difference("safety", [crash]))).toEqual([
    "At once: `n.1` crashes and starts again. `n.2` crashes and starts again: `a(1)` and `a(3)`, under way to it, are lost.",
  ]);
  expect(scheduleSentences(difference("safety", [{ ...crash, forGood: true }]))).toEqual([
    "At once: `n.1` crashes and stays down. `n.2` crashes and stays down.",
  ]);
  expect(scheduleSentences(difference("quiescence", schedule)).at(-1)).toContain(
    "Nothing is left to happen",
  );
  expect(scheduleSentences(difference("error", schedule)).at(-1)).toMatch(
    /It stops with a run-time error\.$/,
  );
  const text = (violation: Counterexample["violation"]) =>
    verdictSentences(question, checked(difference(violation, schedule)));
  expect(text("safety")).toMatch(/^A violation\. Clients see `b\(2\)`\. .* no schedule of step 1/);
  expect(text("quiescence")).toContain("clients have seen only `b(2)`");
  expect(text("error")).toContain("`n.2` of step 2 stops with a run-time error");
});

test("a check of schedules in which clients see nothing says so", () => {
  const silent = checked({ kind: "refines" }, 12, 0);
  expect(vacuousSentence(silent)).toMatch(/^Clients see nothing .* No timer fired: /);
  const fired = { ...silent, settings: { ...settings, firings: 1 } };
  expect(vacuousSentence(fired)).not.toContain("No timer");
  expect(vacuousSentence(checked({ kind: "refines" }))).toBeUndefined();
});

test("of several verdicts the gravest stands: a violation, else what refines with the most requests", () => {
  const few = { ...checked({ kind: "refines" }), settings: { ...settings, requests: 1 } };
  const more = checked({ kind: "refines" });
  const open = checked({ kind: "not-known", cancelled: false });
  const violation = checked(difference("safety", schedule));
  expect(gravest([open, few, more])).toBe(more);
  expect(gravest([open, violation, more])).toBe(violation);
  expect(gravest([open])).toBe(open);
  expect(gravest(undefined)).toBeUndefined();
});

test("questions are named by their steps", () => {
  expect(questionWords({ from: 0, to: 1 })).toBe("Step 1 against the base");
  expect(questionWords({ from: 0, to: 3 })).toBe("Steps 1 to 3 against the base");
});
