import { expect, test } from "vitest";
import { example, simulated } from "../../simulator/examples.testing.ts";
import {
  hiddenText,
  isShown,
  nodeGroups,
  NOTHING_HIDDEN,
  relationGroups,
  shownRun,
  toggled,
} from "./shownParts.ts";
import { lanesOf } from "./timeline.ts";

const voting = example("voting");
const trace = simulated(voting);
const hideNodes = (...nodes: readonly string[]) => ({ ...NOTHING_HIDDEN, nodes: new Set(nodes) });

test("nodes are grouped by component, clients first, each once however many runs there are", () => {
  const groups = nodeGroups([trace, trace]);
  expect(groups).toEqual([
    { name: "clients", members: ["client"] },
    { name: "leader", members: ["leader"] },
    { name: "participant", members: ["participant.1", "participant.2", "participant.3"] },
  ]);
});

test("every relation that a run shows can be hidden, what is sent apart from what is derived", () => {
  const groups = relationGroups([voting.program], voting.deployment!.clients.input);
  const members = groups.flatMap((group) => group.members);
  expect(new Set(members).size).toBe(members.length);
  for (const { relation } of trace.messages) expect(groups[0]!.members).toContain(relation);
  const there = trace.ticks.flatMap((tick) => tick.appeared.map((fact) => fact.relation));
  for (const relation of there) expect(members).toContain(relation);
});

test("a group is hidden whole, and shown whole once nothing of it is shown", () => {
  const group = ["a", "b"];
  const one = toggled(new Set(["a", "x"]), group);
  expect(one).toEqual(new Set(["a", "b", "x"]));
  expect(toggled(one, group)).toEqual(new Set(["x"]));
});

test("a hidden node takes its lane, its ticks and every message from or to it along, and nothing else", () => {
  const hidden = hideNodes("participant.2");
  const { trace: shown, lanes } = shownRun(trace, hidden);
  expect(lanes).toEqual(lanesOf(trace).filter((lane) => lane !== "participant.2"));
  expect(shown.nodes).toEqual(trace.nodes);
  const out = trace.messages.filter((m) => [m.from, m.to].includes("participant.2"));
  expect(out.length).toBeGreaterThan(0);
  expect(shown.messages).toEqual(trace.messages.filter((m) => !out.includes(m)));
  expect(shown.messages.every((m) => isShown(hidden, m))).toBe(true);
  const node = trace.nodes.findIndex((each) => each.address === "participant.2");
  expect(shown.ticks).toEqual(trace.ticks.filter((tick) => tick.node !== node));
});

test("an empty filter leaves the run itself; another filter is worked out anew", () => {
  expect(shownRun(trace, NOTHING_HIDDEN).trace).toBe(trace);
  const hidden = hideNodes("leader");
  expect(shownRun(trace, hidden)).toBe(shownRun(trace, hidden));
  expect(shownRun(trace, hideNodes("client")).lanes).toContain("leader");
});

test("what is hidden is counted: only nodes that the runs have", () => {
  expect(hiddenText(NOTHING_HIDDEN, [trace])).toBeUndefined();
  const replies = trace.messages.filter((m) => m.relation === "reply").length;
  const hidden = { relations: new Set(["reply"]), nodes: new Set(["elsewhere"]) };
  expect(hiddenText(hidden, [trace])).toBe(`1 relation, ${replies} messages hidden`);
  expect(hiddenText(hideNodes("elsewhere"), [trace])).toBeUndefined();
});
