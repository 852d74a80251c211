import { expect, test } from "vitest";
import { checked, program, verdictOf } from "./programs.testing.ts";

// `checked` fails when the verdicts differ that follow the original's earliest states and all of them.

test("of equal inputs one may have arrived before the next is sent", () => {
  const rules =
    "one@next(v) <- a(v); one@next(v) <- one(v); two@next(v) <- a(v), one(v); two@next(v) <- two(v); o@async(c)(v) <- a(v), two(v)";
  const p = program({ nodes: { R: rules }, channels: { "a/1": "R" } });
  const inputs = Array.from({ length: 3 }, () => ["a", 1] as const);
  expect(verdictOf(checked(p, p, inputs))).toBe("refines");
});

/** Answers a request in each of so many ticks. */
function answering(times: number) {
  const later = Array.from(
    { length: times - 1 },
    (_, i) => `x${i + 1}@next(v) <- ${i === 0 ? "a" : `x${i}`}(v); o@async(c)(v) <- x${i + 1}(v)`,
  );
  const rules = ["o@async(c)(v) <- a(v)", ...later].join("; ");
  return program({ nodes: { R: rules }, channels: { "a/1": "R" } });
}

/** The verdict on a program that answers another number of times, for who counts two arrivals. */
function verdictOnTimes(original: number, rewritten: number): string {
  const options = { observer: { multi: 2 } } as const;
  return verdictOf(checked(answering(original), answering(rewritten), [["a", 1]], options));
}

test("equal outputs that are under way together may arrive as one, as many as there are", () => {
  expect(verdictOnTimes(2, 1)).toBe("refines");
  expect(verdictOnTimes(3, 1)).toBe("refines");
  expect(verdictOnTimes(4, 2)).toBe("refines");
  // One that has arrived is not the same as a later one.
  expect(verdictOnTimes(1, 2)).toBe("safety");
});

test("the original may have done more than it had to before it shows something", () => {
  // After o, the original shows `left` where b came first, and `both` where it came with a or later.
  const rules = (late: string): string =>
    `o@async(c)(v) <- a(v); b_seen@next(v) <- b(v); b_seen@next(v) <- b_seen(v); left@async(c)(v) <- a(v), b_seen(v); both@async(c)(v) <- ${late}`;
  const channels = { "a/1": "R", "b/1": "R" };
  const original = program({ nodes: { R: rules("a(v), !b_seen(v)") }, channels });
  const inputs = [
    ["b", 1],
    ["a", 1],
  ] as const;
  expect(verdictOf(checked(original, original, inputs))).toBe("refines");
  const wrong = program({ nodes: { R: rules("a(v)") }, channels });
  expect(verdictOf(checked(original, wrong, inputs))).toBe("safety");
});
