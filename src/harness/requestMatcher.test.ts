import { expect, test } from "vitest";
import type { ClientShape } from "../simulator/clients.ts";
import { REMEMBERED, requestMatcher } from "./requestMatcher.ts";
import type { Request } from "./requestMatcher.ts";

/** Requests in(key, payload); answers yes(payload2, key) by key alone, both(key, payload) by both. */
const shape: ClientShape = {
  clients: {
    address: "c",
    input: "in",
    answers: ["yes", "both"],
    match: {},
    template: {},
    payloadBytes: 16,
  },
  generators: [],
  destinations: [],
  answers: new Map([
    ["yes", [{ answer: 1, input: 0 }]],
    [
      "both",
      [
        { answer: 1, input: 1 },
        { answer: 0, input: 0 },
      ],
    ],
  ]),
};

const request = (loop: number, key: number, payload: string): Request => ({
  loop,
  sentAt: 0,
  row: [key, payload],
});

test("the first answer of any kind serves a request; equal ones after it are duplicates", () => {
  const matcher = requestMatcher(shape);
  const asked = request(0, 7, "p");
  matcher.sent(asked);
  expect(matcher.received("both", [8, "p"])).toEqual({ kind: "stray" });
  expect(matcher.received("both", [7, "q"])).toEqual({ kind: "stray" });
  expect(matcher.received("other", [7, "p"])).toEqual({ kind: "stray" });
  expect(matcher.waitingCount).toBe(1);
  expect(matcher.received("both", [7, "p"])).toEqual({ kind: "answer", requests: [asked] });
  expect(matcher.received("both", [7, "p"])).toEqual({ kind: "duplicate" });
  expect(matcher.received("yes", [1, 7])).toEqual({ kind: "further" });
  expect(matcher.received("yes", [1, 7])).toEqual({ kind: "duplicate" });
  expect(matcher.waiting()).toEqual([]);
});

test("one answer serves all requests that it fits, since relations are sets", () => {
  const matcher = requestMatcher(shape);
  const two = [request(0, 7, "p"), request(1, 7, "p")];
  for (const one of two) matcher.sent(one);
  expect(matcher.received("yes", [1, 7])).toEqual({ kind: "answer", requests: two });
});

test("a request asked again after an answer waits for the next one", () => {
  const matcher = requestMatcher(shape);
  matcher.sent(request(0, 7, "p"));
  matcher.received("yes", [1, 7]);
  const again = request(0, 7, "p");
  matcher.sent(again);
  expect(matcher.waiting()).toEqual([again]);
  expect(matcher.received("yes", [2, 7])).toEqual({ kind: "answer", requests: [again] });
});

test("an answer long ago is forgotten, one of just now is not, however often its like was asked", () => {
  const matcher = requestMatcher(shape);
  const answer = (key: number): unknown => {
    matcher.sent(request(0, key, "p"));
    return matcher.received("yes", [1, key]);
  };
  answer(-1);
  for (let n = 0; n < REMEMBERED; n++) {
    answer(n);
    answer(-2);
  }
  expect(matcher.received("yes", [1, -2])).toEqual({ kind: "duplicate" });
  expect(matcher.received("both", [-2, "p"])).toEqual({ kind: "further" });
  expect(matcher.received("yes", [1, -1])).toEqual({ kind: "stray" });
  expect(matcher.received("both", [-1, "p"])).toEqual({ kind: "stray" });
});

test("an answer seen before a request was asked again is no duplicate of it", () => {
  const matcher = requestMatcher(shape);
  matcher.sent(request(0, 7, "p"));
  matcher.received("yes", [1, 7]);
  matcher.received("yes", [2, 7]);
  matcher.sent(request(0, 7, "p"));
  matcher.received("yes", [1, 7]);
  expect(matcher.received("yes", [2, 7])).toEqual({ kind: "further" });
});
