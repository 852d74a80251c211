import { expect, test } from "vitest";
import { example, simulated } from "./examples.testing.ts";
import { SHIVIZ_PARSER, shivizLog } from "./shivizLog.ts";

interface Entry {
  readonly host: string;
  readonly clock: Readonly<Record<string, number>>;
  readonly event: string;
}

function entries(log: string): readonly Entry[] {
  const found = [...log.matchAll(new RegExp(SHIVIZ_PARSER, "g"))].map(({ groups }) => ({
    host: groups!["host"]!,
    clock: JSON.parse(groups!["clock"]!) as Record<string, number>,
    event: groups!["event"]!,
  }));
  expect(found.length * 2).toBe(log.trimEnd().split("\n").length);
  return found;
}

test.each([
  { min: 1, max: 10 },
  { min: 0, max: 0 },
])("every tick, request and answer is an event with a vector clock (delays %o)", (delay) => {
  const trace = simulated(example("voting"), { requests: 6, network: { delay } });
  const found = entries(shivizLog(trace));
  expect(found).toHaveLength(trace.ticks.length + 6 + 6);
  const counts = new Map<string, number>();
  for (const { host, clock } of found) {
    expect(clock[host]).toBe((counts.get(host) ?? 0) + 1);
    counts.set(host, clock[host]!);
  }
});

test("what sent a message happened before what received it, and concurrent ticks stay concurrent", () => {
  const trace = simulated(example("voting"), { requests: 1 });
  const found = entries(shivizLog(trace));
  const of = (text: RegExp): Entry => found.find((entry) => text.test(entry.event))!;
  const before = (a: Entry, b: Entry): boolean =>
    a !== b && Object.entries(a.clock).every(([host, n]) => n <= (b.clock[host] ?? 0));
  const asked = of(/^asked in\(/);
  const answered = of(/^received reply\(/);
  expect(before(asked, answered)).toBe(true);
  expect(before(answered, asked)).toBe(false);
  const voted = found.filter((entry) => /sent vote\(/.test(entry.event));
  expect(voted).toHaveLength(3);
  expect(before(asked, voted[0]!)).toBe(true);
  expect(before(voted[0]!, voted[1]!) || before(voted[1]!, voted[0]!)).toBe(false);
});
