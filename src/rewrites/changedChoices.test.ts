import { expect, test } from "vitest";
import { caseProgram, movedRules } from "../workers/caseProgram.ts";
import { applyStep } from "./driver.ts";
import type { RewriteName, StepRequest } from "./rewrite.ts";

/** The verdict and the codes of what is violated. */
function judged(
  nodes: Readonly<Record<string, string>>,
  channels: Readonly<Record<string, string>>,
  step: StepRequest,
): string {
  const result = applyStep(caseProgram({ nodes, channels }), step);
  if (result.kind === "fault") return result.message;
  const violated = result.preconditions.filter((c) => c.verdict === "violated");
  return [result.verdict, ...violated.map((c) => c.code)].join(" ");
}

function split(rewrite: RewriteName, rules: string): StepRequest {
  return { rewrite, target: { component: "L", rules: movedRules("L", rules), name: "M" } };
}

/** The smallest rules of each kind, and the same without what is left open. */
const OPEN = [
  ["r(x,choose<y>)<-s(x,y)", "r(x,y)<-s(x,y)"],
  ["r(x,y)<-s(x,y),choose((x,),(y,))", "r(x,y)<-s(x,y)"],
  ["r(x,i)<-s(x,_),index(i)", "r(x,x)<-s(x,_)"],
] as const;

test.each(OPEN)("no decoupling moves %s by itself", (open, plain) => {
  for (const rewrite of ["decoupleFunctional", "decoupleMonotonic"] as const) {
    const rules = (rule: string): string => `s(x,y)<-a(x,y) | ${rule}; o@async(c)(x,y)<-r(x,y)`;
    const outcome = (rule: string): string =>
      judged({ L: rules(rule) }, { "a/2": "L" }, split(rewrite, rules(rule)));
    expect(outcome(open)).toMatch(/^violated .*non-deterministic/);
    expect(outcome(plain)).not.toContain("non-deterministic");
  }
});

function partitioned(rule: string, key: number, others = ""): string {
  return judged(
    { L: `${rule}; s(x,y)<-a(x,y); o@async(c)(x,y)<-r(x,y)${others}` },
    { "a/2": "L" },
    {
      rewrite: "partitionByCohashing",
      target: { component: "L", partitions: 2, keys: { a: [key], s: [key], r: [key] } },
    },
  );
}

test("no partitions number what all of them have", () => {
  const [open, plain] = OPEN[2];
  expect(partitioned(open, 0)).toMatch(/^violated .*non-deterministic/);
  expect(partitioned(plain, 0)).toBe("holds");
});

test("what is chosen for each key is chosen by the partition of that key (W7)", () => {
  expect(partitioned("r(x,choose<y>)<-s(x,y)", 0)).toBe("holds");
  expect(partitioned("r(x,choose<y>)<-s(x,y)", 1)).toBe("violated group-split");
  expect(partitioned("r(choose<x>,choose<y>)<-s(x,y)", 0)).toBe("violated group-split");
  const byBody = (keys: string, key: number): string =>
    partitioned(`r(x,y)<-s(x,y),choose(${keys})`, key);
  expect(byBody("(x,),(y,)", 0)).toBe("holds");
  expect(byBody("(y,x),(x,)", 0)).toBe("holds");
  expect(byBody("(x,),(y,)", 1)).toBe("violated non-deterministic");
  expect(byBody("(),(x,y)", 0)).toBe("violated non-deterministic");
  expect(byBody("(x,),(y,)),choose((),(x,)", 0)).toBe("violated non-deterministic");
});

test("no copies choose from what each of them holds", () => {
  const rules = "w(y)<-b(y); w@next(y)<-w(y); r(choose<y>)<-w(y); o@async(c)(x,y)<-a(x),r(y)";
  const target = {
    component: "L",
    partitions: 2,
    replicated: ["b", "w", "r"],
    keys: { a: [0] },
    name: "P",
  };
  const outcome = (text: string): string =>
    judged({ L: text }, { "a/1": "L", "b/1": "L" }, { rewrite: "partitionPartially", target });
  expect(outcome(rules)).toContain("non-deterministic");
  expect(outcome(rules.replace("choose<y>", "max<y>"))).not.toContain("non-deterministic");
});

test.each(OPEN)("no step changes a sender that is like %s", (open, plain) => {
  // `a` is sent to the half that moves, so its sender looks up where that is.
  const moves = "t(x,y)<-b(x,y); o@async(c)(x,y)<-t(x,y) | u(x,y)<-a(x,y); q@async(c)(x,y)<-u(x,y)";
  const sender = (rule: string): string =>
    rule.replace("r(", "a@async(d)(").replace("s(x", "in(d,x");
  const outcome = (rule: string): string =>
    judged(
      { L: moves, S: sender(rule) },
      { "a/2": "L", "b/2": "L", "in/3": "S" },
      split("decoupleMutuallyIndependent", moves),
    );
  expect(outcome(plain)).toBe("holds");
  expect(outcome(open)).toBe("violated non-deterministic");
});

test("part of what is chosen from gets no name of its own", () => {
  const fold = (rule: string): string =>
    judged(
      { L: `${rule}; u(x)<-r(x)` },
      { "a/2": "L", "b/1": "L" },
      { rewrite: "fold", target: { component: "L", rule: "L/r/1", literals: [0, 1] } },
    );
  expect(fold("r(x)<-a(x,y),b(y),x>1")).toBe("holds");
  expect(fold("r(x)<-a(x,y),choose((),(y,)),b(x)")).toBe("violated non-deterministic");
  expect(fold("r(i)<-a(x,y),b(y),index(i)")).toBe("violated non-deterministic");
});

test("what is chosen and sent at once can be chosen first", () => {
  const step: StepRequest = { rewrite: "splitHead", target: { component: "L", rule: "L/o/1" } };
  expect(judged({ L: "o@async(c)(choose<x>)<-a(x)" }, { "a/1": "L" }, step)).toBe("holds");
});

interface Advised {
  readonly step: string;
  readonly advice: string;
  /** The choosing rule, and the same as the advice has it. */
  readonly rules: readonly [chooses: string, advised: string];
  readonly outcome: (rules: string) => Outcome;
}

interface Outcome {
  readonly nodes: Readonly<Record<string, string>>;
  readonly channels: Readonly<Record<string, string>>;
  readonly request: StepRequest;
}

function atNode(channels: Outcome["channels"], node: string, request: StepRequest): Outcome {
  return { nodes: { L: node }, channels, request };
}

function cohashed(node: string): Outcome {
  const keys = { s: [0], ...(node.includes("q(") && { q: [0] }), ...(node.includes("r(") && { r: [0] }) }; // prettier-ignore
  const target = { component: "L", partitions: 2, keys };
  return atNode({ "s/2": "L" }, node, { rewrite: "partitionByCohashing", target });
}

const SENDERS = "t(x,y)<-b(x,y); o@async(c)(x,y)<-t(x,y) | u(x,y)<-a(x,y); q@async(c)(x,y)<-u(x,y)";

const ADVISED: readonly Advised[] = [
  {
    step: "partial partitioning",
    advice: "Let another rule read `p` first, and this one choose from what that derives.",
    rules: ["r(k,choose<x>)<-p(k,x)", "q(k,x)<-p(k,x); r(k,choose<x>)<-q(k,x)"],
    outcome: (rules) => {
      const keys = { p: [0], r: [0], ...(rules.includes("q(") && { q: [0] }) };
      const target = { component: "L", partitions: 2, replicated: ["lg", "l"], keys, name: "P" };
      return atNode(
        { "lg/1": "L", "p/2": "L" },
        `l(x)<-lg(x); l@next(x)<-l(x); ul@async(c)(x)<-lg(x); ${rules}; o@async(c)(k,x,y)<-r(k,x),l(y)`,
        { rewrite: "partitionPartially", target },
      );
    },
  },
  {
    step: "state-machine decoupling",
    advice: "Let another rule read `r` first, and this one choose from what that derives.",
    rules: ["k(choose<x>)<-r(x)", "q(x)<-r(x); k(choose<x>)<-q(x)"],
    outcome: (rules) => {
      const node = `r(x)<-a(x) | ${rules}; o@async(c)(x)<-k(x)`;
      return atNode({ "a/1": "L" }, node, split("decoupleStateMachine", node));
    },
  },
  {
    step: "asymmetric decoupling",
    advice: "Let another rule read `k2` first, and this one choose from what that derives.",
    rules: ["g(choose<x>)<-k2(x)", "q(x)<-k2(x); g(choose<x>)<-q(x)"],
    outcome: (rules) => {
      const node = `k(x)<-k2(x); k@next(x)<-k(x); ${rules}; p@async(c)(x)<-q1(),k(x),g(x) | k2(x)<-b(x); o@async(c)(x)<-b(x)`;
      return atNode({ "b/1": "L", "q1/0": "L" }, node, split("decoupleAsymmetric", node));
    },
  },
  {
    step: "co-hashing, with the node's address",
    advice: "Let another rule read `self` first, and this one choose from what that derives.",
    rules: [
      "r(x,choose<y>,m)<-s(x,y),self(m)",
      "q(x,y,m)<-s(x,y),self(m); r(x,choose<y>,m)<-q(x,y,m)",
    ],
    outcome: (rules) => cohashed(`${rules}; o@async(c)(x,y,m)<-r(x,y,m)`),
  },
  {
    step: "co-hashing, to itself",
    advice: "Let this rule only choose, and another one send what it chose.",
    rules: ["s@async(L)(x,choose<y>)<-s(x,y)", "q(x,choose<y>)<-s(x,y); s@async(L)(x,y)<-q(x,y)"],
    outcome: cohashed,
  },
  {
    step: "independent decoupling, at a sender",
    advice: "Let this rule only choose, and another one send what it chose.",
    rules: [
      "a@async(d)(x,choose<y>)<-in(d,x,y)",
      "v(d,x,choose<y>)<-in(d,x,y); a@async(d)(x,y)<-v(d,x,y)",
    ],
    outcome: (rules) => ({
      nodes: { L: SENDERS, S: rules },
      channels: { "a/2": "L", "b/2": "L", "in/3": "S" },
      request: split("decoupleMutuallyIndependent", SENDERS),
    }),
  },
];

test.each(ADVISED)("the advice helps with $step", ({ advice, rules, outcome }) => {
  const [refused, applies] = rules.map((each) => {
    const { nodes, channels, request } = outcome(each);
    return applyStep(caseProgram({ nodes, channels }), request);
  });
  const conditions = refused?.kind === "refused" ? refused.preconditions : [];
  expect(conditions.filter((c) => c.verdict === "violated").map((c) => c.suggestion?.sentence)).toEqual([advice]); // prettier-ignore
  expect(applies).toMatchObject({ kind: "applied" });
});
