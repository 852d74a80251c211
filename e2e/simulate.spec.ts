import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { apply, mode, openApp, selectRules } from "./app.ts";

test("original and rewritten run beside each other and are never called the same", async ({
  page,
}) => {
  await openApp(page);
  await selectRules(page, 3, 4, 5, 6, 7, 8);
  await apply(page, /Mutually independent/, { name: "collector" });
  await mode(page, "Simulate");
  const answers = page.getByRole("region", { name: "Answers compared" });
  await expect(answers).toContainText("Original: 20 of 20 requests answered", { timeout: 60_000 });
  await expect(answers).toContainText("Rewritten: 20 of 20 requests answered");
  await expect(answers).toContainText("not yet known");
  await expect(answers).not.toContainText("same program");
  await expect(page.getByRole("group", { name: /Rewritten run/ })).toBeVisible();
});

test("stepping back and forth shows any node's facts at any tick", async ({ page }) => {
  await openApp(page, "voting");
  await mode(page, "Simulate");
  await expect(page.getByRole("group", { name: /Original run/ })).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "To the start" }).click();
  const moment = page.getByRole("slider", { name: /Moment/ });
  await expect(moment).toHaveAttribute("aria-valuenow", "0");
  for (let i = 0; i < 25; i++) await page.getByRole("button", { name: "Step ▸" }).click();
  const later = Number(await moment.getAttribute("aria-valuenow"));
  expect(later).toBeGreaterThan(0);
  await page.getByRole("button", { name: "◂ Step" }).click();
  expect(Number(await moment.getAttribute("aria-valuenow"))).toBeLessThan(later);
  await page
    .getByRole("region", { name: /Facts of/ })
    .getByRole("combobox")
    .selectOption("participant.2");
  await expect(page.getByRole("region", { name: "Facts of participant.2" })).toContainText(/tick/);
});

test("a lost vote leaves its request without an answer, and can be taken back", async ({
  page,
}) => {
  await openApp(page, "voting");
  await mode(page, "Simulate");
  const answers = page.getByRole("region", { name: "Answers compared" });
  await expect(answers).toContainText("20 of 20", { timeout: 60_000 });
  await page.getByRole("button", { name: "To the start" }).click();
  const pending = page.getByRole("region", { name: "Messages under way" });
  const lose = pending.getByRole("button", { name: /^Lose vote\(/ }).first();
  for (let i = 0; i < 60 && !(await lose.isVisible()); i++) {
    await page.getByRole("button", { name: "Step ▸" }).click();
  }
  await lose.click();
  await expect(answers).toContainText(/19 of 20|without an answer/, { timeout: 30_000 });
  await page.getByRole("button", { name: /^Take back/ }).click();
  await expect(answers).toContainText("20 of 20", { timeout: 30_000 });
});

test("the browser's run is the command line's run, to the byte", async ({ page }) => {
  const path = join(mkdtempSync(join(tmpdir(), "clew-e2e-")), "trace.json");
  const program = "public/examples/voting/base.ded";
  const done = spawnSync("node", ["src/cli/main.ts", "simulate", program, "--trace", path]);
  expect(done.status).toBe(0);
  await openApp(page, "voting");
  await mode(page, "Simulate");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save the original run" }).click({ timeout: 60_000 });
  const kept = await (await download).path();
  expect(readFileSync(kept, "utf8")).toBe(readFileSync(path, "utf8"));
});
