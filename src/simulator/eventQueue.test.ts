import * as fc from "fast-check";
import { expect, test } from "vitest";
import { eventQueue } from "./eventQueue.ts";

test("events come out by time, then rank, then the order they went in", () => {
  const planned = fc.record({ at: fc.nat(5), rank: fc.nat(2), popsBefore: fc.nat(2) });
  fc.assert(
    fc.property(fc.array(planned), (events) => {
      const queue = eventQueue<number>();
      let waiting: { at: number; rank: number; order: number }[] = [];
      const popped = (): void => {
        waiting.sort((a, b) => a.at - b.at || a.rank - b.rank || a.order - b.order);
        expect(queue.nextAt()).toBe(waiting[0]?.at);
        expect(queue.pop()).toBe(waiting[0]?.order);
        waiting = waiting.slice(1);
      };
      events.forEach(({ at, rank, popsBefore }, order) => {
        for (let i = 0; i < popsBefore; i++) popped();
        queue.push(at, rank, order);
        waiting.push({ at, rank, order });
      });
      while (waiting.length > 0) popped();
      popped();
    }),
  );
});
