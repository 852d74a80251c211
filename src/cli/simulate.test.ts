import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "clew-simulate-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const voting = "public/examples/voting/base.ded";

function simulate(...args: readonly string[]) {
  return simulateProgram(voting, ...args);
}

function simulateProgram(...args: readonly string[]) {
  const command = ["src/cli/main.ts", "simulate", ...args];
  const done = spawnSync(process.execPath, command, { cwd: root, encoding: "utf8" });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

function faultsFile(name: string, ...faults: readonly object[]): string {
  const path = join(scratch, name);
  writeFileSync(path, JSON.stringify({ format: "clew/faults", version: 1, faults }));
  return path;
}

const vote = (id: number) => ({
  from: "participant.1",
  to: "leader",
  relation: "vote",
  row: [{ addr: "participant.1" }, id],
});

test("a fault of the file happens: the request whose vote is lost stays without an answer", () => {
  const lost = simulate("--faults", faultsFile("lost.json", { kind: "lose", message: vote(3) }));
  expect(lost.code).toBe(1);
  expect(lost.out).toContain("19 of 20 requests answered");
  expect(lost.out).toContain("Without an answer: 3");
  const again = simulate("--json", "--faults", faultsFile("none.json"));
  expect(JSON.parse(again.out)).toMatchObject({ answered: 20 });
});

test("what a fault cannot reach is said", () => {
  const nobody = faultsFile("nobody.json", { kind: "crash", node: "leeder", at: 3 });
  expect(simulate("--faults", nobody)).toMatchObject({
    code: 1,
    err: expect.stringContaining("there is no node leeder to crash") as string,
  });
  const unsent = simulate(
    "--faults",
    faultsFile("unsent.json", { kind: "lose", message: vote(99) }),
  );
  expect(unsent.code).toBe(0);
  expect(unsent.err).toContain("never sends vote");
  const wrong = simulate("--faults", faultsFile("wrong.json", { kind: "melt" }));
  expect(wrong.code).toBe(1);
  expect(wrong.err).toContain("wrong.json#/faults/0/kind: ");
});

test("what the program says must hold and a run breaks is reported, and the command fails", () => {
  const broadcast = "public/examples/broadcast-besteffort/base.ded";
  const fine = simulateProgram(broadcast, "--json");
  expect(fine.code).toBe(0);
  expect(JSON.parse(fine.out)).toMatchObject({ invariants: [{ kind: "held", relation: "post" }] });
  const cut = { kind: "cut", at: 0, from: "source", to: "member.2" };
  const { code, out } = simulateProgram(broadcast, "--faults", faultsFile("cut.json", cut));
  expect(code).toBe(1);
  expect(out).toContain("20 of 20 requests answered");
  expect(out).toMatch(
    /Broken: post\(addr\("member\.2"\), 1\) is missing in the end, .* log\(1, .*\) at member/,
  );
  expect(out).toContain("and 10 more of post");
});

/** A program and a deployment of one's own, whose one node answers `in(id)` with `out(id)`. */
function ownProgram(name: string, text: string): readonly string[] {
  const program = join(scratch, `${name}.ded`);
  const deployment = join(scratch, `${name}.json`);
  writeFileSync(program, text);
  writeFileSync(deployment, JSON.stringify(ONE_NODE));
  return [program, "--deployment", deployment];
}

const ONE_NODE = {
  format: "clew/deployment",
  version: 1,
  instances: { main: ["n"] },
  edb: { client: [[{ addr: "client" }]] },
  clients: {
    address: "client",
    input: "in",
    answers: ["out"],
    match: { out: { id: "id" } },
    template: { id: { kind: "unique" } },
    payloadBytes: 16,
    requests: 3,
  },
  seed: 1,
};

test("a tuple that grows without end ends the run with the rule and the fact", () => {
  const { code, err } = simulateProgram(
    ...ownProgram(
      "grows",
      `component main {
  p((id,)) :- in(id)
  p((y,))@next :- p(y)
  out(id)@async(c) :- in(id), client(c)
}`,
    ),
  );
  expect(code).toBe(1);
  const deepest = `${"(".repeat(64)}1${",)".repeat(64)}`;
  expect(err).toContain(
    `Node n stopped: a tuple would be nested more than 64 deep in rule main/p/2 for p(${deepest}).`,
  );
});

test("the cost of every rule is told", () => {
  const { code, out } = simulate("--requests", "10", "--profile");
  expect(code).toBe(0);
  // In, out, withdrawn: every vote holds in its tick only, and what is committed is forgotten.
  expect(out).toMatch(/ 30 +30 +0 +\d+\.\d {2}votes\(s, id\) :- vote\(s, id\)\n/);
  expect(out).toMatch(/ 60 +10 +10 +\d+\.\d {2}committed\(id\) :- /);
});

test("of any program and deployment, also where a node starts again after a crash", () => {
  const kept = ownProgram(
    "kept",
    `durable kept
component main {
  kept(id) :- in(id)
  kept(id)@next :- kept(id)
  out(id)@async(c) :- kept(id), client(c)
}`,
  );
  const crash = faultsFile(
    "crash.json",
    { kind: "crash", node: "n", at: 20 },
    { kind: "restart", node: "n", at: 40 },
  );
  const { code, out, err } = simulateProgram(...kept, "--profile", "--faults", crash);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain("facts in  facts out  withdrawn        ms  rule");
  expect(out).toMatch(/ +3 +3 +0 +\d+\.\d  kept\(id\) :- in\(id\)\n/);
  expect(out).toMatch(/\d\.\d  \/\/ kept of main, read from the disk after a crash\n/);
});

test("a log for ShiViz is written", () => {
  const log = join(scratch, "run.log");
  expect(simulate("--requests", "2", "--shiviz", log).code).toBe(0);
  expect(readFileSync(log, "utf8")).toMatch(/^\S+ \{"\S+":1\}\n/);
});
