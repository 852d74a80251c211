import { expect, test } from "vitest";
import { readSweep } from "../plan/sweepFile.ts";
import { sweepCsv } from "../plan/sweepCsv.ts";
import { exampleDeployment, examplePlan, exampleText, planOf } from "./examplePlan.ts";
import { startLocalSweep } from "./sweep.ts";
import type { SweepReports } from "./sweep.ts";

const SILENT: SweepReports = {
  begins: () => undefined,
  event: () => undefined,
  ended: () => undefined,
};
const SHORT = { warmupSeconds: 0, durationSeconds: 1 };

/** Voting whose leader divides by zero at the first command. */
function dyingPlan() {
  const text = exampleText("voting/base").replace(
    "reply(id)@async(c) :- committed(id), client(c)",
    "reply(id)@async(c) :- committed(x), client(c), id := x / 0",
  );
  return planOf("dying", text, exampleDeployment("voting/base"));
}

test("a sweep takes the programs in turn, and a point that loses a node does not end it", async () => {
  const plans = [examplePlan("voting/base"), dyingPlan()];
  const begun: string[] = [];
  const sweep = startLocalSweep(
    plans,
    { ...SHORT, clients: [1, 3] },
    {
      ...SILENT,
      begins: (point, index, of) => begun.push(`${index}/${of}: ${point.program} ${point.clients}`),
    },
  );
  const done = await sweep.done;
  expect(begun).toEqual(["0/4: 0 1", "1/4: 1 1", "2/4: 0 3", "3/4: 1 3"]);
  expect(done.points.map((p) => [p.program, p.clients, p.state])).toEqual([
    [0, 1, "finished"],
    [1, 1, "failed"],
    [0, 3, "finished"],
    [1, 3, "failed"],
  ]);
  expect(done.points[1]?.why).toMatch(/^“leader” was lost: .*leader\/reply\/1/i);
  const good = done.points[2]?.results;
  expect(good?.throughput.mean).toBeGreaterThan(0);
  expect(good?.clientsCpuSeconds).toBeGreaterThan(0);
  expect(good?.machineBusy).toBeGreaterThan(0);
  expect(good?.machineBusy).toBeLessThanOrEqual(1);
  for (const node of Object.values(good?.nodes ?? {})) {
    expect(node.cpuSeconds).toBeGreaterThan(0);
    expect(node.cpuSeconds).toBeLessThanOrEqual((node.sampledSeconds ?? 0) * 2);
  }
  expect(readSweep(JSON.parse(JSON.stringify(done)))).toMatchObject({ kind: "ok" });
  expect(sweepCsv(done).match(/^point,/gm)).toHaveLength(4);
}, 120_000);

test("a sweep that is stopped keeps the points it has and starts no further one", async () => {
  const sweep = startLocalSweep(
    [examplePlan("voting/base")],
    { ...SHORT, durationSeconds: 60, clients: [1, 2, 3] },
    {
      ...SILENT,
      event: (event) => {
        if (event.kind === "second" && event.second === 1) sweep.stop();
      },
    },
  );
  const { points } = await sweep.done;
  expect(points.map((p) => [p.clients, p.state])).toEqual([[1, "stopped"]]);
  expect(points[0]?.results?.answered).toBeGreaterThan(0);
}, 120_000);
