import * as fc from "fast-check";
import { expect, test } from "vitest";
import { oneNode, simulated } from "./examples.testing.ts";
import { ringing, timerOf, timersEnd } from "./timers.ts";

const beat = { name: "beat", arity: 1, timerMs: 50 };

test("a timer rings first within one period, then once in every period, and counts", () => {
  fc.assert(
    fc.property(fc.integer(), fc.string(), fc.nat(1_000), (seed, address, n) => {
      const timer = timerOf(seed, address, beat);
      expect(timer.phase).toBeGreaterThan(0);
      expect(timer.phase).toBeLessThanOrEqual(timer.period);
      const at = timer.phase + n * timer.period;
      expect(ringing(timer, at)).toEqual({ relation: "beat", row: [n + 1] });
    }),
  );
});

test("every node has a phase of its own, the same in every run from the same seed", () => {
  const phases = ["a", "b", "c", "d"].map((address) => timerOf(1, address, beat).phase);
  expect(new Set(phases).size).toBe(4);
  expect(["a", "b", "c", "d"].map((address) => timerOf(1, address, beat).phase)).toEqual(phases);
  expect(timerOf(2, "a", beat).phase).not.toBe(phases[0]);
});

test("a run with timers ends in a quiet moment after it lingered, or without one a while later", () => {
  expect(timersEnd(1_000, 500, 1_200, 1_300, 0)).toBeUndefined();
  expect(timersEnd(1_000, 500, 1_400, 1_501, 0)).toBe("quiet");
  expect(timersEnd(1_000, 500, 1_400, 1_501, 2)).toBeUndefined();
  expect(timersEnd(1_000, 500, 101_499, 101_500, 2)).toBeUndefined();
  expect(timersEnd(1_000, 500, 101_499, 101_501, 2)).toBe("timers");
});

test("a timer that always has something under way does not keep a run from ending", () => {
  const p = oneNode(`
    timer beat every 1ms
    out(id)@async(c) :- in(id), client(c)
    echo(l)@async(l) :- beat(), self(l)
    heard(l) :- echo(l)`);
  const trace = simulated(p, { requests: 2, linger: 300 });
  expect(trace.end.kind).toBe("timers");
  const answered = Math.max(...trace.requests.map((request) => request.answers[0]!.at));
  expect(trace.end.at).toBeGreaterThanOrEqual(answered + 300);
  expect(trace.end.at).toBeLessThan(answered + 500);
});

test("a request that nobody answers does not keep timers going for ever", () => {
  const p = oneNode(`
    timer beat every 10ms
    got(id) :- in(id)
    out(id)@async(c) :- got(id), beat(), id > 5, client(c)`);
  const trace = simulated(p, { requests: 1, patience: 200 });
  expect(trace.end.at).toBeGreaterThanOrEqual(200);
  expect(trace.end.at).toBeLessThan(500);
});
