import { expect, test } from "vitest";
import { startLocalRun } from "./driver.ts";
import { examplePlan } from "./examplePlan.ts";

test.each(["twopc/base", "paxos/base", "pbft/base"])(
  "%s answers every request of 20 clients, its timers running",
  async (example) => {
    const settings = { clients: 20, warmupSeconds: 1, durationSeconds: 2 };
    const end = await startLocalRun(examplePlan(example), settings, () => undefined).done;
    if (end.kind !== "finished") throw new Error(JSON.stringify(end));
    const { results } = end;
    expect(results.errors).toEqual([]);
    expect(results.answered).toBeGreaterThan(0);
    expect(results.unanswered).toBe(0);
    expect(results.sent).toBe(results.answered);
  },
  60_000,
);
