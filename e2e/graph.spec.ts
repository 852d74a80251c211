import { expect, test } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";
import { openApp, ruleInGraph } from "./app.ts";

test("a line follows the rule that is dragged", async ({ page }) => {
  await openApp(page);
  const rule = ruleInGraph(page, 8);
  const before = await middle(rule);
  expect(await nearestEnd(page, before)).toBeLessThan(20);
  await page.mouse.move(before.x, before.y);
  await page.mouse.down();
  await page.mouse.move(before.x + 30, before.y + 40, { steps: 4 });
  await page.mouse.up();
  const after = await middle(rule);
  expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeGreaterThan(20);
  await expect.poll(() => nearestEnd(page, after)).toBeLessThan(20);
});

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
