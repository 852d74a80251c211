import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "clew-verify-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const voting = "public/examples/voting";

function verify(...args: readonly string[]) {
  const command = ["src/cli/main.ts", "verify", `${voting}/base.ded`, ...args];
  const done = spawnSync(process.execPath, command, { cwd: root, encoding: "utf8" });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

test("every step of voting's derivation to three partitions refines the program before it", () => {
  const steps = (...more: readonly string[]) => {
    const file = `${voting}/scaled3.derivation.json`;
    const { code, out } = verify("--derivation", file, "--json", ...more);
    expect(code).toBe(0);
    return JSON.parse(out) as readonly { kind: string; explored: number }[];
  };
  const every = steps("--every-schedule");
  const reduced = steps();
  for (const found of [every, reduced]) {
    expect(found.map((s) => s.kind)).toEqual(Array(6).fill("refines"));
  }
  // A leader, three participants, one request: never less than what one node can see of it.
  expect(Math.min(...every.map((s) => s.explored))).toBeGreaterThan(20);
  expect(reduced.at(-1)!.explored).toBeLessThan(every.at(-1)!.explored);
});

test("a program that answers what was not asked is caught, with the schedule that shows it", () => {
  const wrong = join(scratch, "wrong.ded");
  const text = readFileSync(join(root, voting, "base.ded"), "utf8");
  writeFileSync(
    wrong,
    text.replace("committed(id), client(c)", "committed(n), client(c), id := n + 1"),
  );
  const { code, out } = verify(wrong, "--rewritten-deployment", `${voting}/base.deployment.json`);
  expect(code).toBe(1);
  expect(out).toContain("clients see what the original cannot show them");
  expect(out).toContain("clients send request 1");
  expect(out).toMatch(/clients see reply\(2\)\n$/);
});

test("timers fire where and as often as told, and it is said when none does", () => {
  const paxos = "public/examples/paxos";
  const asked = (...more: readonly string[]) => {
    const args = ["src/cli/main.ts", "verify", `${paxos}/base.ded`, `${paxos}/base.ded`];
    const all = [...args, "--rewritten-deployment", `${paxos}/base.deployment.json`, ...more];
    return spawnSync(process.execPath, all, { cwd: root, encoding: "utf8" });
  };
  const silent = asked("--bound", "300");
  expect(silent.stdout).toContain("No timer fired, of beat, watchdog");
  const fired = asked("--bound", "300", "--timer", "watchdog@proposer.1*2");
  expect(fired.stdout).toContain("1 request with timers");
  expect(fired.stdout).not.toContain("No timer fired");
  expect(asked("--timer", "dog").stderr).toContain("There is no timer `dog`; there is `beat`");
  expect(asked("--timer", "beat@x").stderr).toContain("`beat` does not fire at `x`, but at");
  expect(asked("--timer", "@x").status).toBe(2);
});

test("a node crashes when told, and what is no longer durable shows", () => {
  const rules = `
component main {
  k(id) :- in(id)
  k(id)@next :- k(id)
  n(count<id>) :- k(id)
  out(id, n)@async(c) :- in(id), n(n), client(c)
}`;
  const deployment = {
    format: "clew/deployment",
    version: 1,
    instances: { main: ["a"] },
    edb: { client: [[{ addr: "client" }]] },
    node: {},
    clients: {
      address: "client",
      input: "in",
      answers: ["out"],
      match: { out: { id: "id" } },
      template: { id: { kind: "unique" } },
      payloadBytes: 16,
      requests: 2,
    },
    seed: 1,
  };
  const file = (name: string, text: string): string => {
    writeFileSync(join(scratch, name), text);
    return join(scratch, name);
  };
  const [kept, lost] = [file("kept.ded", `durable k${rules}`), file("lost.ded", rules)];
  const where = file("one.deployment.json", JSON.stringify(deployment));
  const asked = (...crash: readonly string[]) => {
    const args = ["src/cli/main.ts", "verify", kept, lost, "--requests", "2", ...crash];
    const all = [...args, "--deployment", where, "--rewritten-deployment", where];
    return spawnSync(process.execPath, all, { cwd: root, encoding: "utf8" });
  };
  const found = asked("--crash", "a*2");
  expect(found.status).toBe(1);
  expect(found.stdout).toContain("(2 requests with crashes, ");
  expect(found.stdout.match(/a crashes and starts again, and loses nothing/g)).toHaveLength(1);
  expect(found.stdout).toMatch(/clients see out\(\d, 1\)\n$/);
  expect(asked("--crash", "b").stderr).toContain("There is no node `b`; there is `a`.");
  expect(asked("--down", "b").stderr).toContain("There is no node `b`; there is `a`.");
  // What is not durable is not missed when nobody starts again.
  expect(asked("--down", "a").stdout).toContain("refines");
  expect(asked("--crash", "*2")).toMatchObject({ status: 2 });
});

test("a program with seals is checked with its seals written out", () => {
  const reader = `
component reader {
  all(collect<x>, id) :- rows(x, id)
  out(id, s)@async(c) :- all(s, id), client(c)
}`;
  const sealing = (to: string) => `
component main {
  l(id) :- in(id)
  l(id)@next :- l(id)
  rows(seal<x>, id)@async(d) :- in(id), l(x), ${to}(d)
}`;
  const file = (name: string, text: string): string => {
    writeFileSync(join(scratch, name), text);
    return join(scratch, name);
  };
  const where = file(
    "seal.deployment.json",
    JSON.stringify({
      format: "clew/deployment",
      version: 1,
      instances: { main: ["a"], reader: ["r"] },
      edb: { client: [[{ addr: "client" }]], at: [[{ addr: "r" }]] },
      node: {},
      clients: {
        address: "client",
        input: "in",
        answers: ["out"],
        match: { out: { id: "id" } },
        template: { id: { kind: "unique" } },
        payloadBytes: 16,
        requests: 2,
      },
      seed: 1,
    }),
  );
  const asked = (before: string, after: string) => {
    const args = ["src/cli/main.ts", "verify", before, after, "--requests", "2"];
    const all = [...args, "--deployment", where, "--rewritten-deployment", where];
    return spawnSync(process.execPath, all, { cwd: root, encoding: "utf8" });
  };
  const whole = file("seal.ded", sealing("at") + reader);
  const forgetful = sealing("at").replace("l(id)@next :- l(id)", "");
  expect(asked(whole, whole).stdout).toContain("refines");
  expect(asked(whole, file("less.ded", forgetful + reader)).stdout).toContain("clients see");
  const { status, stderr } = asked(file("out.ded", sealing("client")), whole);
  expect(stderr).toContain("Clients receive `rows`, and they do not wait");
  expect(status).toBe(1);
});

test("what cannot be asked is said", () => {
  expect(verify()).toMatchObject({
    code: 2,
    err: expect.stringContaining("--derivation") as string,
  });
  const derivation = ["--derivation", `${voting}/scaled1.derivation.json`];
  expect(verify(...derivation, "--observer", "all")).toMatchObject({
    code: 2,
    err: expect.stringContaining("first or multi:N") as string,
  });
  expect(
    verify("--derivation", `${voting}/scaled1.derivation.json`, "--clocks", "wet"),
  ).toMatchObject({ code: 2, err: expect.stringContaining("free or lockstep") as string });
});
