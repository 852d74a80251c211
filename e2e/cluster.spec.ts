import { expect, test } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "./accessibility.ts";
import { apply, mode, openApp, selectRules } from "./app.ts";

function runs(page: Page): Locator {
  return page.getByRole("region", { name: "Runs", exact: true });
}

function charts(page: Page): Locator {
  return page.getByRole("region", { name: "Charts" });
}

async function run(page: Page, clients: string, seconds: number): Promise<void> {
  await page.getByLabel("Clients", { exact: true }).fill(clients);
  await page.getByLabel(/Warm-up/).fill("0");
  await page.getByLabel(/Duration/).fill(String(seconds));
  await page.getByRole("button", { name: "Run on cluster" }).click();
}

/** Types at the end of the first line of the program that contains these words. */
async function typeAfter(page: Page, words: string, text: string): Promise<void> {
  await page.locator(".monaco-editor .view-line", { hasText: words }).first().click();
  await page.keyboard.press("End");
  await page.keyboard.type(text);
}

test("a sweep of original and rewritten on real processes: curve, seconds, busiest node, kept", async ({
  page,
}) => {
  await openApp(page, "voting");
  await selectRules(page, 2, 3, 4, 5, 6);
  await apply(page, /Mutually independent/, { name: "collector" });
  await mode(page, "Cluster");
  await run(page, "1, 4", 2);
  await expect(runs(page)).toContainText("run 1 of 4");
  await expect(runs(page)).toContainText(/finished, \d/, { timeout: 80_000 });
  await expect(page.getByText("all fit their requests")).toBeVisible();
  await expect(page.getByText(/(Busiest|Bottleneck): /)).toHaveCount(2);

  const points = charts(page).locator(".curve-point");
  await expect(points).toHaveCount(4);
  await charts(page)
    .getByRole("button", { name: /^Rewritten, 4 clients/ })
    .focus();
  await page.keyboard.press("Home");
  await expect(charts(page).getByRole("button", { name: /^Rewritten, 1 client:/ })).toBeFocused();
  await expect(charts(page)).toContainText("Second by second at 1 client;");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowRight");
  await expect(charts(page).getByRole("button", { name: /^Original, 4 clients/ })).toBeFocused();
  await expect(charts(page)).toContainText("Second by second at 4 clients;");

  await expectAccessible(page);
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await expect(charts(page).getByRole("table")).toHaveCount(4);
  await expectAccessible(page);

  await page.reload();
  await mode(page, "Cluster");
  await expect(runs(page)).toContainText(/finished, \d/);
  await expect(points).toHaveCount(4);
  await page.getByRole("button", { name: "See rewrites of leader" }).first().click();
  await expect(page.getByRole("region", { name: "Rewrites and facts" })).toContainText("in leader");
});

test("a node that dies fails its point with the reason, and the sweep goes on", async ({
  page,
}) => {
  await openApp(page, "voting");
  await typeAfter(page, "reply(id)", ", z := id / 0");
  await mode(page, "Cluster");
  await run(page, "1, 2", 1);
  await expect(runs(page)).toContainText("finished, 2 failed", { timeout: 60_000 });
  const failed = page.getByRole("list", { name: "Runs that failed" }).getByRole("listitem");
  await expect(failed).toHaveCount(2);
  await expect(failed.first()).toContainText(/at 1 client failed: “leader” .*zero/i);
});

test("stopping keeps the points measured so far", async ({ page }) => {
  await openApp(page, "voting");
  await mode(page, "Cluster");
  await run(page, "1, 2, 3", 4);
  await expect(runs(page)).toContainText("run 2 of 3: original at 2, second 1", {
    timeout: 60_000,
  });
  await runs(page).getByRole("button", { name: "Stop" }).click();
  await expect(runs(page)).toContainText("stopped; 2 of 3 runs kept", { timeout: 15_000 });
  await expect(charts(page).locator(".curve-point")).toHaveCount(2);
  await expect(page.getByRole("button", { name: "Run on cluster" })).toBeVisible();
});

test("what is no number of clients is said, and nothing runs", async ({ page }) => {
  await openApp(page, "voting");
  await mode(page, "Cluster");
  await run(page, "4, 20000", 1);
  await expect(page.getByText("“20000” is no number of clients")).toBeVisible();
  await expect(page.getByLabel("Clients", { exact: true })).toBeFocused();
  await expect(runs(page)).toContainText("No run yet");
});

test("a changed program is told apart from the one that was measured", async ({ page }) => {
  await openApp(page, "voting");
  await mode(page, "Cluster");
  await run(page, "1", 1);
  await expect(runs(page)).toContainText("finished", { timeout: 60_000 });
  await expect(page.getByText("is not what is open now")).toHaveCount(0);
  await mode(page, "Rewrite");
  await typeAfter(page, "reply(id)", ", id == id");
  await mode(page, "Cluster");
  await expect(page.getByText("is not what is open now")).toBeVisible();
});

test("export writes the plan that the run would use", async ({ page }) => {
  await openApp(page, "voting");
  await mode(page, "Cluster");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export plan" }).click();
  const stream = await (await download).createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const plan = JSON.parse(Buffer.concat(chunks).toString()) as { format: string; nodes: unknown[] };
  expect(plan.format).toBe("clew/plan");
  expect(plan.nodes).toHaveLength(4);
});
