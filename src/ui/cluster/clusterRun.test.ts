import { expect, test } from "vitest";
import { after } from "./clusterRun.ts";

const started = {
  id: "1",
  side: "original" as const,
  title: "Voting, original",
  nodes: 4,
  clients: 20,
  repeat: 1,
  startedAt: "2026-11-21T00:00:00Z",
  state: "running" as const,
  status: "",
  seconds: [],
  lost: [],
};

test("seconds add up, and what was measured stays when the run fails", () => {
  const one = after(started, {
    kind: "second",
    second: 1,
    of: 10,
    answered: 900,
    p50: 1.5,
    p99: 4,
  });
  const lost = after(one, {
    kind: "node-lost",
    address: "participant.2",
    how: "signal SIGKILL",
    output: "",
  });
  const failed = after(lost, { kind: "failed", message: "participant.2 ended" });
  expect(failed.seconds).toEqual([{ second: 1, answered: 900, p50: 1.5, p99: 4 }]);
  expect(failed.lost.map((node) => node.address)).toEqual(["participant.2"]);
  expect(failed.state).toBe("failed");
  expect(failed.status).toBe("participant.2 ended");
});
