import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";
import {
  apply,
  card,
  inspector,
  openApp,
  openCard,
  ruleInGraph,
  selectComponent,
  selectRules,
} from "./app.ts";

test("a relation that a rule reads twice carries a chip, and the graph's keys act from anywhere in its panel", async ({
  page,
}) => {
  await openApp(page);
  const chips = page.locator(".react-flow .line-repeat");
  await expect(chips).toHaveCount(1);
  await expect(chips).toHaveText("×2");
  const chip = await middle(chips);
  const rule = await middle(ruleInGraph(page, 8));
  expect(Math.hypot(chip.x - rule.x, chip.y - rule.y)).toBeLessThan(40);

  await ruleInGraph(page, 8).click();
  const graph = page.getByRole("button", { name: "Graph", exact: true });
  await graph.focus();
  await page.keyboard.press("Escape");
  await expect(ruleInGraph(page, 8)).toHaveAttribute("aria-pressed", "false");

  // Back to where one was, then along the line to what the rule reads.
  await page.keyboard.press("ArrowUp");
  await expect(ruleInGraph(page, 8)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.locator(".react-flow .is-preview")).toHaveCount(0);
  await page.keyboard.press("ArrowUp");
  await expect(page.locator('[data-graph-node="relation:acks"]')).toBeFocused();
  await page.keyboard.press("Escape");

  const larger = page.getByRole("button", { name: "Larger" });
  await larger.click();
  await larger.click();
  await expect.poll(() => boxesOutOfSight(page)).not.toBe(0);
  await page.keyboard.press("f");
  await expect.poll(() => boxesOutOfSight(page)).toBe(0);

  await graph.focus();
  await page.keyboard.press("p");
  await expect(inspector(page)).toContainText("in leader");
  await expect(
    card(page, /^Partition/)
      .getByRole("button")
      .first(),
  ).toHaveAttribute("aria-expanded", "true");
  await expect.poll(() => inspector(page).evaluate(hasFocus)).toBe(true);
});

test("a line follows the rule that is dragged; T lays it out afresh, and once more puts it back", async ({
  page,
}) => {
  await openApp(page);
  const moved = ruleInGraph(page, 8);
  const start = await middle(moved);
  expect(await nearestEnd(page, start)).toBeLessThan(20);
  await drag(page, start, 30, 40);
  const end = await middle(moved);
  expect(Math.hypot(end.x - start.x, end.y - start.y)).toBeGreaterThan(20);
  await expect.poll(() => nearestEnd(page, end)).toBeLessThan(20);

  const rule = ruleInGraph(page, 2);
  const before = await middle(rule);
  await drag(page, before, 40, 10);
  const dragged = await middle(rule);
  expect(dragged.x - before.x).toBeGreaterThan(20);
  await page.getByRole("button", { name: "Graph", exact: true }).focus();
  const away = async (from: { x: number }): Promise<number> =>
    Math.abs((await middle(rule)).x - from.x);
  await page.keyboard.press("t");
  await expect(page.getByRole("button", { name: "Undo tidy" })).toBeVisible();
  await expect.poll(() => away(before)).toBeLessThan(4);
  await page.keyboard.press("t");
  await expect(page.getByRole("button", { name: "Tidy", exact: true })).toBeVisible();
  await expect.poll(() => away(dragged)).toBeLessThan(4);
});

async function drag(
  page: Page,
  from: { x: number; y: number },
  x: number,
  y: number,
): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + x, from.y + y, { steps: 4 });
  await page.mouse.up();
}

function hasFocus(element: Element): boolean {
  return element.contains(document.activeElement);
}

test("partitions that are only previewed say so", async ({ page }) => {
  await openApp(page);
  await selectRules(page, 3, 4, 5, 6, 7, 8);
  await apply(page, /Mutually independent/, { name: "collector" });
  await selectComponent(page, "collector");
  await apply(page, /^Partition/, { partitions: 3 });
  const box = page.locator(".box-component", { hasText: "collector" });
  await openCard(page, /^Partition/);
  await expect(box.locator(".box-words")).toHaveText(/^preview: \d+ partitions by val/);
  await page.getByRole("button", { name: "Graph", exact: true }).press("Escape");
  await expect(box.locator(".box-words")).toHaveText("3 partitions by val");
});

test("the picture is saved as an SVG that stands alone, from the graph and from the palette", async ({
  page,
}) => {
  await openApp(page);
  const button = page.getByRole("button", { name: "Save picture" });
  const light = await savedPicture(page, () => button.click());
  expect(light.name).toMatch(/-step-0\.svg$/);
  expect(light.text).toContain("#f4f5f8");

  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await savedPicture(page, async () => {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Commands" }).fill("save picture");
    await page.keyboard.press("Enter");
  });
  expect(dark.text).toContain("#0f1217");

  for (const { path } of [light, dark]) {
    await page.goto(`file://${path}`);
    const names = page.locator("svg text");
    await expect(names.filter({ hasText: "outInconsistent" })).toBeVisible();
    await expect(names.filter({ hasText: "×2" })).toHaveCount(1);
  }
});

test("at the level Joins no picture of the graph beneath is saved, and the palette says why", async ({
  page,
}) => {
  await openApp(page);
  await ruleInGraph(page, 8).click();
  await page.getByRole("button", { name: "Joins", exact: true }).click();
  await expect(page.getByRole("table", { name: /^Rule 8/ })).toBeVisible();
  const downloads: unknown[] = [];
  page.on("download", (download) => downloads.push(download));
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Commands" }).fill("save the dataflow");
  await expect(page.getByRole("option", { name: /^Save the dataflow/ })).toHaveText(
    /not now, the level Joins is a table; choose Rules/,
  );
  await page.keyboard.press("Enter");
  await expect(page.getByText("No picture was saved: the level Joins is a table")).toBeAttached();
  expect(downloads).toEqual([]);
  await page.getByRole("button", { name: "Rules", exact: true }).click();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Commands" }).fill("save the dataflow");
  await page.keyboard.press("Enter");
  await expect.poll(() => downloads.length).toBe(1);
});

async function savedPicture(
  page: Page,
  save: () => Promise<void>,
): Promise<{ readonly name: string; readonly path: string; readonly text: string }> {
  const coming = page.waitForEvent("download");
  await save();
  const download = await coming;
  const name = download.suggestedFilename();
  const path = test
    .info()
    .outputPath(`${new URL(download.url()).pathname.split("/").at(-1)}-${name}`);
  await download.saveAs(path);
  return { name, path, text: await readFile(path, "utf8") };
}

async function middle(shape: Locator): Promise<{ x: number; y: number }> {
  const box = (await shape.boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** How far the nearest end of any line is from a point of the screen. */
async function nearestEnd(page: Page, at: { x: number; y: number }): Promise<number> {
  return await page.evaluate(({ x, y }) => {
    const paths = [...document.querySelectorAll<SVGPathElement>(".react-flow .line-path")];
    const far = paths.flatMap((path) => {
      const toScreen = path.getScreenCTM()!;
      return [0, path.getTotalLength()].map((length) => {
        const point = path.getPointAtLength(length).matrixTransform(toScreen);
        return Math.hypot(point.x - x, point.y - y);
      });
    });
    return Math.min(...far);
  }, at);
}

/** How many boxes of the graph lie partly outside its canvas. */
async function boxesOutOfSight(page: Page): Promise<number> {
  return await page.evaluate(() => {
    const canvas = document.querySelector(".react-flow")!.getBoundingClientRect();
    const boxes = [...document.querySelectorAll(".react-flow__node")];
    return boxes.filter((box) => {
      const { left, right, top, bottom } = box.getBoundingClientRect();
      return (
        left < canvas.left || right > canvas.right || top < canvas.top || bottom > canvas.bottom
      );
    }).length;
  });
}

test("a knot lights what its step touched, by pointer and by keyboard, also where the step is not yet done", async ({
  page,
}) => {
  await openApp(page);
  await selectRules(page, 3, 4, 5, 6, 7, 8);
  await apply(page, /Mutually independent/, { name: "collector" });
  await page.getByRole("button", { name: "Graph", exact: true }).press("Escape");
  const lit = page.locator(".react-flow .shape.is-touched");
  const litLines = page.locator(".monaco-editor .view-overlays .touched-rule-line");
  const acks = page.locator(".shape.is-touched", {
    has: page.locator('[data-graph-node="relation:acks"]'),
  });
  const step = page.locator(".knot-button").nth(1);
  const sentence = page.getByText(/^Step 1 touched rules 3 to 8 and 15; acks, /);
  await expect(lit).toHaveCount(0);

  await step.hover();
  await expect(acks).toHaveCount(1);
  await expect(page.locator(".box-component.is-touched")).toContainText("collector");
  await expect(litLines).not.toHaveCount(0);
  await expect(sentence).toBeVisible();
  await page.mouse.move(700, 300);
  await expect(lit).toHaveCount(0);
  await expect(litLines).toHaveCount(0);

  // Before the step: what is there already.
  await page.locator(".knot-button").first().click();
  await page.mouse.move(700, 300);
  await expect(page.locator(".box-component", { hasText: "collector" })).toHaveCount(0);
  await page.locator(".knot-button").first().focus();
  await page.keyboard.press("Tab");
  await expect(step).toBeFocused();
  await expect(acks).toHaveCount(1);
  await expect(litLines).not.toHaveCount(0);
  await expect(step).toHaveAccessibleDescription(/^Step 1 touched rules 3 to 8/);
  await page.getByRole("button", { name: "Outline", exact: true }).focus();
  await expect(lit).toHaveCount(0);
  await step.focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");
  await page.getByRole("button", { name: "Outline", exact: true }).click();
  await step.hover();
  const row = page.getByRole("treeitem", { name: /^Relation acks/ });
  await expect(row).toHaveAttribute("data-touched", "true");
});
