import { expect, test } from "vitest";
import { MOST_DRAWN } from "../program/limits.ts";
import { viewText } from "./programView.ts";

/** So many components that all send to each other. */
function program(components: number): string {
  const component = (_: unknown, i: number): string =>
    `component c${i} {\n  all(x)@async(n) :- in${i}(x), peers(n)\n  got${i}(x) :- all(x)\n}\n`;
  return Array.from({ length: components }, component).join("");
}

test("a graph with too many lines is not drawn, and all else of its program is there", () => {
  const side = Math.ceil(Math.sqrt(MOST_DRAWN.lines));
  const { view } = viewText(program(side), { fileName: "wide" }, undefined);
  expect(view.graph).toEqual({ groups: [], nodes: [], edges: [] });
  expect(view.rules).toHaveLength(2 * side);
  expect(viewText(program(3), { fileName: "small" }, undefined).view.graph.nodes).not.toEqual([]);
});
