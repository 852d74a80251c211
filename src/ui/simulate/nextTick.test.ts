import { expect, test } from "vitest";
import { example, simulated } from "../../simulator/examples.testing.ts";
import { traceIndex } from "../../simulator/stateAt.ts";
import { nextTick } from "./nextTick.ts";

const voting = example("voting");
const trace = simulated(voting);
const index = traceIndex(trace);

test("a commit decides that the next tick forgets the command's votes, and nothing else does", () => {
  let commits = 0;
  for (const tick of trace.ticks) {
    const { appears, forgotten } = nextTick(voting.program, trace, index, tick.node, tick.tick);
    expect(appears).toEqual([]);
    const done = tick.appeared.filter((fact) => fact.relation === "committed");
    commits += done.length;
    expect(forgotten).toHaveLength(3 * done.length);
    for (const fact of forgotten) {
      expect(fact.relation).toBe("votes");
      expect(done.map((commit) => commit.row[0])).toContain(fact.row[1]);
    }
  }
  expect(commits).toBe(20);
});
