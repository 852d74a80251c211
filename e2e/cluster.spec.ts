import { expect, test } from "@playwright/test";
import { apply, mode, openApp, selectRules } from "./app.ts";

test("original and rewritten run on real processes in turn, with their figures", async ({
  page,
}) => {
  await openApp(page, "voting");
  await selectRules(page, 2, 3, 4, 5, 6);
  await apply(page, /Mutually independent/, { name: "collector" });
  await mode(page, "Cluster");
  await page.getByLabel(/Clients/).fill("4");
  await page.getByLabel(/Warm-up/).fill("1");
  await page.getByLabel(/Duration/).fill("2");
  await page.getByRole("button", { name: "Run on cluster" }).click();
  const runs = page.getByRole("region", { name: "Runs", exact: true });
  await expect(runs).toContainText("finished", { timeout: 60_000 });
  await expect(runs.getByText("finished")).toHaveCount(2, { timeout: 60_000 });
  await expect(page.getByText("all fit their requests")).toBeVisible();
  await expect(page.getByText(/Busiest: /).first()).toBeVisible();

  await page.reload();
  await mode(page, "Cluster");
  await expect(
    page.getByRole("region", { name: "Runs", exact: true }).getByText("finished"),
  ).toHaveCount(2);
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
