import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { matchRules } from "../program/matchRules.ts";
import { printCompact } from "../program/printCompact.ts";
import { read } from "../syntax/read.ts";
import { derivationOf, programSha256, readDerivation, writeDerivation } from "./derivation.ts";
import type { Step } from "./derivation.ts";
import { offers, UNBOUND } from "./driver.ts";
import { example, printed, ruleIds, shippedDerivation } from "./examples.testing.ts";
import { remapStep } from "./remapStep.ts";
import { replay, replayStep } from "./replay.ts";
import type { ReadProgram } from "./replay.ts";

const readText: ReadProgram = (text, before) => {
  const { program, diagnostics } = read(text);
  const error = diagnostics.find((d) => d.severity === "error");
  if (error !== undefined) return error.message;
  return { program: analyze(program, before.deployment), origins: new Map() };
};

const SHIPPED = [
  ["kvs", "mutuallyIndependent", 5],
  ["kvs", "monotonic", 6],
  ["kvs", "functional", 7],
  ["kvs", "cohashing", 13],
  ["kvs", "dependencies", 19],
  ["voting", "scaled1", 6],
  ["voting", "scaled3", 16],
  ["voting", "scaled", 26],
] as const;

test.each(SHIPPED)("%s/%s replays, every precondition holds, on %i nodes", (name, form, nodes) => {
  const base = example(name);
  const { steps, last, baseDiffers } = replay(base, shippedDerivation(name, form), readText);
  expect(baseDiffers).toBe(false);
  expect(steps.map((s) => (s.kind === "done" ? s.verdict : s.reason))).toEqual(
    steps.map(() => "holds"),
  );
  expect(Object.values(last.deployment!.instances).flat()).toHaveLength(nodes);
  const { program } = read(printCompact(last.program));
  expect(programSha256(program)).toBe(programSha256(last.program));
});

test("the running example of Figure 5", () => {
  const { last } = replay(example("kvs"), shippedDerivation("kvs", "cohashing"), readText);
  expect(printed(last)).toMatchInlineSnapshot(`
    "leader
      signed(val, sig)@async(d2) :- in(val), sign(val, sig), my_broadcaster(d), partition(val, 3, k), route_broadcaster(d, k, d2)
    broadcaster by val
      toStorage(val, sig)@async(n) :- signed(val, sig), storageNodes(n)
    collector by val
      acks(src, sig, val, cnt) :- fromStorage(src, sig, val, cnt)
      acks(src, sig, val, cnt)@next :- acks(src, sig, val, cnt)
      numACKs(count<src>, val, cnt) :- acks(src, sig, val, cnt)
      certs(collect<sig>, val, cnt) :- acks(src, sig, val, cnt)
      outCert(cer, val, cnt, h)@async(c) :- certs(cer, val, cnt), numACKs(n, val, cnt), numNodes(n), hash(val, 16, h), client(c)
      acks_copy(src, sig, val, cnt)@async(d2) :- acks(src, sig, val, cnt), !acks_sent(src, sig, val, cnt), my_checker(d), partition(val, 3, k), route_checker(d, k, d2)
      acks_sent(src, sig, val, cnt)@next :- acks(src, sig, val, cnt)
      acks_sent(src, sig, val, cnt)@next :- acks_sent(src, sig, val, cnt)
    checker by val
      acks_at_checker(src, sig, val, cnt) :- acks_copy(src, sig, val, cnt)
      acks_at_checker(src, sig, val, cnt)@next :- acks_at_checker(src, sig, val, cnt)
      outInconsistent(val)@async(c) :- acks_at_checker(s1, g1, val, c1), acks_at_checker(s2, g2, val, c2), c1 != c2, client(c)
    storage
      good(val) :- toStorage(val, sig), verify(val, sig)
      hashset(h, val)@next :- good(val), hash(val, 16, h)
      hashset(h, val)@next :- hashset(h, val)
      collisions(v2, h) :- good(v1), hash(v1, 16, h), hashset(h, v2)
      collisions(v, h) :- good(v), hash(v, 16, h)
      numCollisions(count<v>, h) :- collisions(v, h)
      fromStorage(l, sig, val, n)@async(d3) :- good(val), hash(val, 16, h), numCollisions(n, h), sign(val, sig), self(l), leader(d), fwd_collector(d, d2), partition(val, 3, k), route_collector(d2, k, d3)"
  `);
});

test("the running example of Figure 6: senders compute the hash, and the tool finds the key", () => {
  const steps = shippedDerivation("kvs", "dependencies").steps;
  const before = replay(example("kvs"), shippedDerivation("kvs", "cohashing"), readText).last;
  const found = offers(before, { component: "storage", rules: [] }).find(
    ({ rewrite }) => rewrite === "partitionWithDependencies",
  );
  expect(found?.verdict).toBe("holds");
  expect(found?.steps).toEqual([
    { rewrite: "partitionWithDependencies", target: (steps.at(-1) as { target: unknown }).target },
  ]);
  const { last } = replay(example("kvs"), shippedDerivation("kvs", "dependencies"), readText);
  const sender = printed(last)
    .split("\n")
    .filter((line) => line.includes("storage"));
  expect(sender).toMatchInlineSnapshot(`
    [
      "  toStorage(val, sig)@async(n2) :- signed(val, sig), storageNodes(n), hash(val, 16, h), partition(h, 3, k), route_storage(n, k, n2)",
      "storage by val",
    ]
  `);
});

test("scaled voting", () => {
  const { last } = replay(example("voting"), shippedDerivation("voting", "scaled"), readText);
  expect(printed(last)).toMatchInlineSnapshot(`
    "leader
      in_relay(id, x)@async(d2) :- in(id, x), my_broadcaster(d), partition(id, 5, k), route_broadcaster(d, k, d2)
    broadcaster by id
      voteReq(id, x)@async(p2) :- in_relay(id, x), participants(p), partition(id, 5, k), route_participant(p, k, p2)
    collector by id
      votes(s, id) :- vote(s, id)
      votes(s, id)@next :- votes(s, id), !committed(id)
      numVotes(count<s>, id) :- votes(s, id)
      committed(id) :- numVotes(n, id), quorum(n)
      reply(id)@async(c) :- committed(id), client(c)
    participant by id
      vote(l, id)@async(d3) :- voteReq(id, x), leader(d), orig(l), fwd_collector(d, d2), partition(id, 5, k), route_collector(d2, k, d3)"
  `);
});

test("a derivation reads as it was written", () => {
  const derivation = shippedDerivation("kvs", "cohashing");
  const json: unknown = JSON.parse(JSON.stringify(writeDerivation(derivation)));
  expect(readDerivation(json)).toEqual({ kind: "derivation", derivation });
});

const split = {
  rewrite: "decoupleFunctional",
  name: "b",
  target: { component: "leader", rules: ["leader/toStorage/1"], name: "b" },
} as const;
const header = { format: "clew/derivation", version: 1, base: { sha256: "0", name: "kvs" } };

test.each([
  [[], "", /Expected an object, found \[\]/],
  [{ ...header, format: "clew/plan", steps: [] }, "/format", /"clew\/derivation"/],
  [{ ...header, version: 2, steps: [] }, "/version", /has version 2; version 1 is the newest/],
  [{ ...header, steps: {} }, "/steps", /Expected a list/],
  [{ ...header, extra: 1, steps: [] }, "/extra", /no field “extra”/],
  [{ ...header, steps: [{ ...split, wavier: "tick-counts" }] }, "/steps/0/wavier", /no field/],
  [{ ...header, steps: [{ ...split, waiver: "all" }] }, "/steps/0/waiver", /"tick-counts"/],
  [{ ...header, steps: [{ ...split, rewrite: "magic" }] }, "/steps/0/rewrite", /"magic"/],
  [
    { ...header, steps: [{ ...split, target: { component: "leader", name: "b" } }] },
    "/steps/0/target",
    /\/rules: expected a list of names, found nothing/,
  ],
  [{ ...header, steps: [{ rewrite: "by-hand", name: "x" }] }, "/steps/0/text", /Expected a text/],
])("derivation %j is refused at %s", (json, pointer, message) => {
  const result = readDerivation(json);
  const problems = result.kind === "problems" ? result.problems : [];
  expect(problems.find((p) => p.pointer === pointer)?.message).toMatch(message);
});

test("a step that no longer applies stops the replay; it and the later ones are kept", () => {
  const base = example("kvs");
  const gone: Step = { ...split, target: { ...split.target, rules: ["leader/gone/1"] } };
  const { steps, last } = replay(base, derivationOf(base, "kvs", [gone, split]), readText);
  expect(steps.map((s) => s.kind === "broken" && s.reason)).toEqual([
    "Component leader has no rule leader/gone/1.",
    "Step 1 before it does not apply any longer.",
  ]);
  expect(last).toBe(base);
});

test("a refused step names its first violated condition", () => {
  const base = example("kvs");
  const target = { component: "leader", rules: ruleIds(base, 8), name: "checker" };
  const step: Step = { rewrite: "decoupleFunctional", name: "checker", target };
  const result = replayStep(base, step, UNBOUND, readText);
  expect(result.kind === "broken" && result.reason).toMatch(/Both groups read `acks`/);
});

test("a hand-written step goes on from its text, unverified, and with the deployment it found", () => {
  const base = example("kvs");
  const text = printCompact(base.program).replace("c1 != c2", "c1 < c2");
  const byHand: Step = { rewrite: "by-hand", name: "compare once", text };
  const { steps, last } = replay(base, derivationOf(base, "kvs", [byHand, split]), readText);
  expect(steps.map((s) => s.kind === "done" && s.verdict)).toEqual(["unverified", "holds"]);
  expect(printed(last)).toContain("c1 < c2");
  const broken = replayStep(base, { ...byHand, text: "component {" }, UNBOUND, readText);
  expect(broken.kind).toBe("broken");
});

test("the base's hash is over its rules, not over its layout", () => {
  const { program } = read("component a { o(x)@async(c) :- in(x), k(c) }");
  const other = read("# words\ncomponent a {\n  o(x)@async(c) :-\n    in(x), k(c)\n}").program;
  const changed = read("component a { o(x)@async(c) :- in(x), k(c), x > 1 }").program;
  expect(programSha256(other)).toBe(programSha256(program));
  expect(programSha256(changed)).not.toBe(programSha256(program));
});

test("targets follow their rules through an edit of the base", () => {
  const base = example("kvs");
  const text = printCompact(base.program).replace(
    "  toStorage(val",
    "  toStorage(val, val)@async(n) :- in(val), storageNodes(n)\n  toStorage(val",
  );
  const edited = read(text).program;
  const step = remapStep(split, matchRules(base.program, edited));
  expect(step).toMatchObject({
    target: { component: "leader", rules: ["leader/toStorage/2"], name: "b" },
  });
});

test("a target does not mean another rule that got the id of one that is gone", () => {
  const before = read("component a { o(x)@async(c) :- b(x), k(c)\n o(x)@async(c) :- d(x), k(c) }");
  const after = read("component a { o(x)@async(c) :- d(x), k(c) }");
  const target = { component: "a", rules: ["a/o/1"], name: "m" };
  const step: Step = { rewrite: "decoupleFunctional", name: "m", target };
  const moved = remapStep(step, matchRules(before.program, after.program));
  const result = replayStep(analyze(after.program), moved, UNBOUND, readText);
  expect(result.kind === "broken" && result.reason).toBe("Component a has no rule a/o/1 (gone).");
});
