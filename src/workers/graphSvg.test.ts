import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { GraphModel } from "../analysis/graphModel.ts";
import { graphSvg } from "./graphSvg.ts";
import type { LayoutResult } from "./layoutApi.ts";
import { INKS } from "./pictureInks.ts";

const graph: GraphModel = {
  groups: [
    {
      id: "component:a",
      kind: "component",
      name: "a",
      rules: 1,
      instances: 1,
      partitions: 1,
      by: [],
      words: "",
      label: "Component a",
    },
  ],
  nodes: [
    {
      id: "relation:p",
      group: "component:a",
      kind: "relation",
      label: "Relation p <kept>",
      relation: "p",
      keptBy: [],
      constant: false,
    },
    {
      id: "rule:q",
      group: "component:a",
      kind: "rule",
      label: "Rule 1",
      rule: "a/q/1",
      number: 1,
      aggregates: true,
    },
  ],
  edges: [0, 1].map((i) => ({
    id: `literal ${i}`,
    kind: "reads",
    from: "relation:p",
    to: "rule:q",
    constant: false,
  })),
};
const layout: LayoutResult = {
  width: 200,
  height: 100,
  boxes: { "component:a": { x: 0, y: 0, width: 200, height: 100 } },
  shapes: {
    "relation:p": { x: 10, y: 10, width: 40, height: 24 },
    "rule:q": { x: 20, y: 70, width: 22, height: 22 },
  },
  edges: Object.fromEntries(
    [28, 34].map((x, i) => [
      `literal ${i}`,
      {
        points: [
          { x, y: 34 },
          { x, y: 70 },
        ],
      },
    ]),
  ),
};

test("a picture has the colours of its scheme, which are the tokens of the app", () => {
  const css = readFileSync("src/ui/tokens.css", "utf8");
  const blocks = {
    light: css.slice(css.indexOf('scheme="light"]'), css.indexOf('scheme="dark"]')),
    dark: css.slice(css.indexOf('scheme="dark"]'), css.indexOf("@media")),
  };
  for (const scheme of ["light", "dark"] as const) {
    for (const [name, color] of Object.entries(INKS[scheme])) {
      const token = name === "border" ? "control-border" : name.replace("Tint", "-tint");
      expect(blocks[scheme]).toContain(`--${token}: ${color.toLowerCase()};`);
    }
    const other = INKS[scheme === "light" ? "dark" : "light"];
    const svg = graphSvg(graph, layout, { scheme });
    expect(svg).toContain(INKS[scheme].bg);
    expect(svg).not.toContain(other.bg);
  }
});

test("what is read twice, counted, new and a culprit shows; names are escaped", () => {
  const plain = graphSvg(graph, layout);
  expect(plain).toContain(">×2<");
  expect(plain).toContain(">Σ<");
  expect(plain).toContain("Relation p &lt;kept&gt;");
  expect(plain).not.toContain("stroke-dasharray");

  const before = { ...graph, nodes: graph.nodes.slice(0, 1) };
  const preview = graphSvg(graph, layout, { scheme: "light", before });
  expect(preview).toContain(`fill="${INKS.light.ok}"`);
  expect(preview).toContain(">+<");

  const marked = { nodes: new Map(), edges: new Map([["literal 0", "A"]]) };
  const refused = graphSvg(graph, layout, { scheme: "light", marked });
  expect(refused).toContain(">A<");
  expect(refused).toContain(`stroke="${INKS.light.no}" stroke-width="3"`);
});
