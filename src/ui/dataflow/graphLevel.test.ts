import { expect, test } from "vitest";
import { levelAtZoom, levelBeside } from "./graphLevel.ts";

test("zooming in leads to the finer level, zooming out of the whole to the coarser one", () => {
  expect(levelAtZoom("rules", 1, 1)).toBe("rules");
  expect(levelAtZoom("rules", 2, 1)).toBe("rules");
  expect(levelAtZoom("rules", 2.6, 1)).toBe("joins");
  expect(levelAtZoom("rules", 0.5, 1)).toBe("components");
  expect(levelAtZoom("components", 0.5, 1)).toBe("deployment");
  expect(levelAtZoom("components", 1.8, 1)).toBe("rules");
});

test("beyond the first and the last level nothing changes", () => {
  expect(levelAtZoom("joins", 3, 1)).toBe("joins");
  expect(levelAtZoom("deployment", 0.1, 1)).toBe("deployment");
  expect(levelBeside("joins", 1)).toBe("joins");
  expect(levelBeside("deployment", -1)).toBe("deployment");
});

test("a large picture that is seen whole keeps its level", () => {
  expect(levelAtZoom("rules", 0.2, 0.2)).toBe("rules");
});
