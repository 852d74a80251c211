import { expect, test } from "vitest";
import { whenWords } from "./whenWords.ts";

test("when something was is said shortly, and a clock that was set back makes no nonsense", () => {
  const now = new Date(2026, 0, 2, 14, 5);
  const at = (...parts: [number, number, number, number, number]): string =>
    whenWords(new Date(...parts).getTime(), now.getTime());
  expect(at(2026, 0, 2, 14, 5)).toBe("just now");
  expect(at(2026, 0, 2, 15, 0)).toBe("just now");
  expect(at(2026, 0, 2, 14, 4)).toBe("1 minute ago");
  expect(at(2026, 0, 2, 13, 6)).toBe("59 minutes ago");
  expect(at(2026, 0, 2, 9, 3)).toBe("today, 9:03");
  expect(at(2026, 0, 1, 23, 30)).toBe("yesterday, 23:30");
  expect(at(2025, 11, 31, 14, 5)).toBe("31 Dec 2025");
  expect(whenWords(new Date(2026, 2, 3).getTime(), new Date(2026, 4, 1).getTime())).toBe("3 Mar");
  expect(whenWords(0, now.getTime())).toBe("");
});
