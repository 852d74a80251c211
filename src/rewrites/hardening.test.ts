import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Deployment } from "../program/deployment.ts";
import { printRule } from "../program/printCompact.ts";
import { caseProgram, movedRules } from "../workers/caseProgram.ts";
import { afterSteps, applied, outcome } from "./cases.testing.ts";
import { applyStep, offers } from "./driver.ts";
import type { StepRequest } from "./rewrite.ts";

function splitProgram(
  rewrite: StepRequest["rewrite"],
  rules: string,
  channels: Readonly<Record<string, string>>,
  edb: Deployment["edb"] = {},
): AnalyzedProgram {
  const p = caseProgram({ nodes: { L: rules }, channels, deployment: { edb } });
  const target = { component: "L", rules: movedRules("L", rules), name: "M" };
  return afterSteps(p, [{ rewrite, target }]);
}

/** A leader that hashes a request and a proxy that spreads it. */
const RELAYED = "r(n,d,m) <- a(n,m), hash(m,d) | o@async(c)(n,d,m) <- r(n,d,m)";

function relayed(): AnalyzedProgram {
  return splitProgram("decoupleFunctional", RELAYED, { "a/2": "L" });
}

function signing(signed: readonly number[]): StepRequest {
  return { rewrite: "verifySenders", target: { component: "M", signed: { r: signed } } };
}

function rulesOf(p: AnalyzedProgram, component: string): readonly string[] {
  return p.program.components.find((c) => c.name === component)!.rules.map(printRule);
}

test("a channel between siblings is signed with its name, the sender and the receiver (H-45)", () => {
  const step = applied(applyStep(relayed(), signing([0, 1, 2])));
  expect(step.verdict).toBe("holds");
  expect([...rulesOf(step.program, "L"), ...rulesOf(step.program, "M")]).toMatchInlineSnapshot(`
    [
      "r(n, d, m, sig)@async(d2) :- a(n, m), hash(m, d), my_M(d2), r_from(l), sign(("r", l, d2, n, d, m), sig)",
      "r_verified(n, d, m) :- r(n, d, m, sig), r_senders(l), r_to(d2), orig(o), publicKey(o, pk), verify(pk, ("r", l, d2, n, d, m), sig)",
      "o(n, d, m)@async(addr("c")) :- r_verified(n, d, m)",
    ]
  `);
  const { node } = step.program.deployment!;
  expect(node).toMatchInlineSnapshot(`
    {
      "L": {
        "my_M": [
          [
            {
              "kind": "address",
              "name": "M",
            },
          ],
        ],
        "r_from": [
          [
            {
              "kind": "address",
              "name": "L",
            },
          ],
        ],
      },
      "M": {
        "r_senders": [
          [
            {
              "kind": "address",
              "name": "L",
            },
          ],
        ],
        "r_to": [
          [
            {
              "kind": "address",
              "name": "M",
            },
          ],
        ],
      },
    }
  `);
});

test("case 90: a hash is signed for what it is of, and the receiver hashes again", () => {
  const step = applied(applyStep(relayed(), signing([0, 1])));
  expect(step.verdict).toBe("holds");
  expect(rulesOf(step.program, "M")[0]).toMatchInlineSnapshot(
    `"r_verified(n, d, m) :- r(n, d, m, sig), r_senders(l), r_to(d2), orig(o), publicKey(o, pk), verify(pk, ("r", l, d2, n, d), sig), hash(m, d)"`,
  );
  expect(step.preconditions.map((c) => c.statement)).toMatchInlineSnapshot(`
    [
      "\`m\` of \`r\` is not signed; the receiver computes \`d\` again and compares.",
      "What is computed again follows from the message at all times.",
    ]
  `);
});

test("a hash follows from what it is of, and need not be signed either", () => {
  expect(outcome(applyStep(relayed(), signing([0, 2])))).toBe("holds");
});

test("case 91: what the receiver cannot compute has to be signed", () => {
  expect(outcome(applyStep(relayed(), signing([0])))).toBe("unchecked-field");
  expect(outcome(applyStep(relayed(), signing([1, 2])))).toBe("unchecked-field");
  const short = RELAYED.replace("hash(m,d)", "hash(m,8,d)");
  const p = splitProgram("decoupleFunctional", short, { "a/2": "L" });
  // Eight bits of a hash are those of many messages.
  expect(outcome(applyStep(p, signing([0, 1])))).toBe("unchecked-field");
  expect(outcome(applyStep(p, signing([0, 2])))).toBe("holds");
});

test("case 91: a maximum of a tick is no function of the group", () => {
  const p = splitProgram(
    "decoupleFunctional",
    "v(k,x) <- a(k,x); r(k,max<x>) <- v(k,x) | o@async(c)(k,x) <- r(k,x)",
    { "a/2": "L" },
  );
  const channel = [...p.relations.keys()].find((name) => name.startsWith("r_to"))!;
  const target = { component: "M", signed: { [channel]: [0] } };
  const step = applyStep(p, { rewrite: "verifySenders", target });
  expect(outcome(step)).toBe("tick-local-dependency");
});

test("a dependency that is only declared of what others send is nothing to compute", () => {
  const rules = "fd a: x1 -> x2; r(n,m) <- a(n,m) | o@async(c)(n,m) <- r(n,m)";
  const declared = splitProgram("decoupleFunctional", `fd send_a: x1 -> x2; ${rules}`, {
    "a/2": "L",
  });
  expect(outcome(applyStep(declared, signing([0])))).toBe("unchecked-field");
});

test("a receiver listens to the siblings of its own original only", () => {
  const p = caseProgram({
    nodes: { L: RELAYED },
    channels: { "a/2": "L" },
    deployment: { instances: { L: ["L.1", "L.2"], K: ["K"] } },
  });
  const target = { component: "L", rules: movedRules("L", RELAYED), name: "M" };
  const halves = afterSteps(p, [{ rewrite: "decoupleFunctional", target }]);
  const { program } = applied(applyStep(halves, signing([0, 1, 2])));
  const { instances, node } = program.deployment!;
  expect(instances["M"]!.map((at) => node[at]!["r_senders"])).toEqual([
    [[{ kind: "address", name: "L.1" }]],
    [[{ kind: "address", name: "L.2" }]],
  ]);
});

test("only channels between siblings are new; others keep what protects them", () => {
  const target = { component: "L", signed: { a: [0, 1] } };
  expect(outcome(applyStep(relayed(), { rewrite: "verifySenders", target }))).toContain(
    "fault: `a` does not come from siblings of L alone",
  );
});

test("all fields are offered first, then without what the receiver can compute; once only", () => {
  const p = relayed();
  const made = offers(p, { component: "M", rules: [] }).filter(
    (o) => o.rewrite === "verifySenders",
  );
  expect(made.map((o) => o.steps.at(-1)?.target)).toEqual([
    { component: "M", signed: { r: [0, 1, 2] } },
    { component: "M", signed: { r: [0, 2] } },
  ]);
  const { program } = applied(applyStep(p, signing([0, 1, 2])));
  const again = offers(program, { component: "M", rules: [] });
  expect(again.filter((o) => o.rewrite === "verifySenders")).toEqual([]);
});

const VOTES =
  "v(s,x) <- vote(s,x); v@next(s,x) <- v(s,x), !com(x); n(count<s>,x) <- v(s,x); com(x) <- n(k,x), num(k); r@async(c)(x) <- com(x)";

function partitioned(): AnalyzedProgram {
  const p = caseProgram({
    nodes: { L: VOTES },
    channels: { "vote/2": "L" },
    deployment: { edb: { num: [[2]] } },
  });
  const keys = { vote: [1], v: [1], n: [1], com: [0] };
  const target = { component: "L", partitions: 2, keys };
  return afterSteps(p, [{ rewrite: "partitionByCohashing", target }]);
}

function checking(keys: object): StepRequest {
  return { rewrite: "verifyMessages", target: { component: "L", keys } };
}

test("case 103: each partition computes the owner of a message and drops what is not its own", () => {
  const p = partitioned();
  const [offered] = offers(p, { component: "L", rules: [] }).filter(
    (o) => o.rewrite === "verifyMessages",
  );
  expect(offered?.steps).toEqual([checking({ vote: [1] })]);
  const step = applied(applyStep(p, checking({ vote: [1] })));
  expect(rulesOf(step.program, "L").slice(0, 2)).toMatchInlineSnapshot(`
    [
      "vote_owned(x1, x2) :- vote(x1, x2), partition(x2, 2, k), part_L(k)",
      "v(s, x) :- vote_owned(s, x)",
    ]
  `);
  const { node } = step.program.deployment!;
  expect(Object.entries(node).map(([at, own]) => [at, own["part_L"]])).toEqual([
    ["L/1", [[0]]],
    ["L/2", [[1]]],
  ]);
});

test("a key that senders do not route by would drop honest messages", () => {
  expect(outcome(applyStep(partitioned(), checking({ vote: [0] })))).toBe("unroutable");
});

test("a component that nobody routes to has no partitions to tell apart", () => {
  const target = { component: "M", keys: { r: [0] } };
  expect(outcome(applyStep(relayed(), { rewrite: "verifyMessages", target }))).toContain(
    "fault: Nobody chooses a partition of M for `r`",
  );
});

test("a key that is a function of what is sent is computed again", () => {
  const p = caseProgram({
    nodes: {
      L: "s(v) <- st(v); s@next(v) <- s(v); q(h) <- ask(h); o@async(c)(v,h) <- s(v), hash(v,4,h), q(h)",
    },
    channels: { "st/1": "L", "ask/1": "L" },
  });
  const by = [{ function: "hash", of: [0, { value: 4 }] }];
  const keys = { st: by, s: by, ask: [0], q: [0] };
  const parts = afterSteps(p, [
    { rewrite: "partitionWithDependencies", target: { component: "L", partitions: 2, keys } },
  ]);
  const [offered] = offers(parts, { component: "L", rules: [] }).filter(
    (o) => o.rewrite === "verifyMessages",
  );
  expect(offered?.steps).toEqual([checking({ st: by, ask: [0] })]);
});

test("a channel is offered to be signed until it is, whatever else its reader verifies", () => {
  const p = splitProgram(
    "decoupleFunctional",
    "r(x,s) <- b(x,s); k@async(c)(x) <- b(x,_) | o@async(c)(x) <- r(x,s), verify(x,s)",
    { "b/2": "L" },
  );
  const offered = (at: AnalyzedProgram) =>
    offers(at, { component: "M", rules: [] }).filter((o) => o.rewrite === "verifySenders");
  const [offer] = offered(p);
  expect(offer?.steps.at(-1)?.target).toEqual({ component: "M", signed: { r: [0, 1] } });
  expect(offered(afterSteps(p, offer!.steps))).toEqual([]);
});
