import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Plan } from "../plan/plan.ts";
import type { RunEvent } from "../plan/runApi.ts";
import { startLocalRun } from "./driver.ts";
import type { RunSettings } from "./messages.ts";
import { exampleDeployment, examplePlan, exampleText, planOf } from "./examplePlan.ts";

const SETTINGS: RunSettings = { clients: 10, warmupSeconds: 1, durationSeconds: 2 };

async function finished(plan: Plan, settings: RunSettings = SETTINGS) {
  const end = await startLocalRun(plan, settings, () => undefined).done;
  if (end.kind !== "finished") throw new Error(JSON.stringify(end));
  return end.results;
}

/** Voting whose leader answers something else: an expression over x, the id of the request. */
function changedReply(expression: string): Plan {
  const text = exampleText("voting/base");
  const reply = "reply(id)@async(c) :- committed(id), client(c)";
  expect(text).toContain(reply);
  const changed = `reply(id)@async(c) :- committed(x), client(c), id := ${expression}`;
  return planOf("changed voting", text.replace(reply, changed), exampleDeployment("voting/base"));
}

test.each(["voting/base", "kvs/base"])(
  "%s answers every request of a run",
  async (example) => {
    const results = await finished(examplePlan(example));
    expect(results.errors).toEqual([]);
    expect(results.answered).toBeGreaterThan(0);
    expect(results.unanswered).toBe(0);
    expect(results.sent).toBe(results.answered);
    expect(results.duplicates).toBe(0);
    expect(results.throughput.perSecond).toHaveLength(2);
    expect(results.latencyMs.max).toBeGreaterThanOrEqual(results.latencyMs.p50);
    expect(Object.keys(results.nodes)).toHaveLength(4);
    for (const node of Object.values(results.nodes)) {
      expect(node.rowsIn).toBeGreaterThan(0);
      expect(node.rowsOut).toBeGreaterThan(0);
      expect(node.cpuSeconds).toBeGreaterThan(0);
      expect(node.memoryBytes).toBeGreaterThan(1e6);
    }
  },
  60_000,
);

test("a node that dies is reported with how, and what was measured is kept", async () => {
  const events: RunEvent[] = [];
  const settings = { clients: 5, warmupSeconds: 0, durationSeconds: 3 };
  const run = startLocalRun(examplePlan("voting/base"), settings, (event) => {
    events.push(event);
    const pid = run.pids()["participant.2"];
    if (event.kind === "second" && event.second === 1 && pid !== undefined) {
      process.kill(pid, "SIGKILL");
    }
  });
  const end = await run.done;
  const lost = events.find((e) => e.kind === "node-lost");
  expect(lost).toMatchObject({ address: "participant.2", how: "was ended by signal SIGKILL" });
  if (end.kind !== "finished") throw new Error(JSON.stringify(end));
  expect(end.results.throughput.perSecond[0]).toBeGreaterThan(0);
  expect(end.results.unanswered).toBe(5);
  expect(end.results.errors[0]).toBe("“participant.2” was lost: was ended by signal SIGKILL.");
  expect(end.results.errors.at(-1)).toMatch(
    /^5 of 5 clients wait for an answer; the first is client \d, which asked in\(/,
  );
}, 60_000);

test("a run-time error of the program ends its node with rule and fact", async () => {
  const plan = changedReply("x / 0");
  const events: RunEvent[] = [];
  const settings = { clients: 1, warmupSeconds: 0, durationSeconds: 1 };
  await startLocalRun(plan, settings, (event) => events.push(event)).done;
  const lost = events.find((e) => e.kind === "node-lost");
  expect(lost).toMatchObject({ address: "leader" });
  expect(lost?.how).toMatch(/zero.*leader\/reply\/1/i);
}, 60_000);

test("answers that never come, come twice or fit no request are told apart", async () => {
  const settings = { clients: 3, warmupSeconds: 0, durationSeconds: 1 };
  const stray = await finished(changedReply("0 - x"), settings);
  expect(stray.answered).toBe(0);
  expect(stray.unanswered).toBe(3);
  expect(stray.errors.join(" ")).toMatch(/3 answers fit no request; the first is reply\(-\d\)\./);
  const twice = await finished(
    planOf(
      "echo twice",
      [
        "component echo {",
        "  again(id)@next :- in(id, x)",
        "  reply(id)@async(c) :- in(id, x), client(c)",
        "  reply(id)@async(c) :- again2(id), client(c)",
        "  again2(id)@next :- again(id)",
        "}",
      ].join("\n"),
      { ...exampleDeployment("voting/base"), instances: { echo: ["echo"] } },
    ),
    settings,
  );
  expect(twice.errors).toEqual([]);
  expect(twice.unanswered).toBe(0);
  expect(twice.duplicates).toBeGreaterThan(0);
}, 60_000);

test("what a receiver could count is sent again while it stands", async () => {
  const text = [
    "component keeper {",
    "  kept(id) :- in(id, x)",
    "  kept(id)@next :- kept(id)",
    "  tell(id)@async(d) :- kept(id), counter(d)",
    "}",
    "component counter {",
    "  once(id)@next :- tell(id)",
    "  once(id)@next :- once(id)",
    "  reply(id)@async(c) :- tell(id), once(id), client(c)",
    "}",
  ].join("\n");
  const plan = planOf("told twice", text, {
    ...exampleDeployment("voting/base"),
    instances: { keeper: ["k"], counter: ["n"] },
    edb: { counter: [[{ addr: "n" }]], client: [[{ addr: "client" }]] },
  });
  const results = await finished(plan, { clients: 3, warmupSeconds: 0, durationSeconds: 1 });
  expect(results.answered).toBeGreaterThan(0);
  expect(results.unanswered).toBe(0);
}, 60_000);

test("a port in use, or another host, ends the start with a sentence", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const plan = examplePlan("voting/base");
  const withLeader = (change: object): Plan => ({
    ...plan,
    file: {
      ...plan.file,
      nodes: plan.file.nodes.map((n, i) => (i === 0 ? { ...n, ...change } : n)),
    },
  });
  const failed = async (changed: Plan) => {
    const end = await startLocalRun(changed, SETTINGS, () => undefined).done;
    return end.kind === "failed" ? end.message : end.kind;
  };
  expect(await failed(withLeader({ port }))).toBe(
    `“leader” could not be started: port ${port} is in use.`,
  );
  expect(await failed(withLeader({ host: "far" }))).toMatch(
    /^Node “leader” is planned for host “far”/,
  );
  server.close();
}, 60_000);

/** A zombie still answers signals; where there is a /proc, it says more. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" && process.platform !== "linux";
  }
}

test("no process of a run outlives its driver, even one that is killed hard", async () => {
  const module = (file: string) => JSON.stringify(fileURLToPath(new URL(file, import.meta.url)));
  const script = `
    const { examplePlan } = await import(${module("examplePlan.ts")});
    const { startLocalRun } = await import(${module("driver.ts")});
    const settings = { clients: 5, warmupSeconds: 0, durationSeconds: 600 };
    const run = startLocalRun(examplePlan("voting/base"), settings, (event) => {
      if (event.kind === "second") console.log(JSON.stringify(Object.values(run.pids())));
    });`;
  const driver = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const pids = await new Promise<number[]>((resolve) => {
    driver.stdout.once("data", (line: Buffer) => resolve(JSON.parse(String(line)) as number[]));
  });
  expect(pids).toHaveLength(5);
  expect(pids.filter(isAlive)).toEqual(pids);
  driver.kill("SIGKILL");
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 10));
}, 60_000);
