import { expect, test } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "./accessibility.ts";
import { inspector, openApp, openCard, ruleInGraph, selectRules } from "./app.ts";

function panel(page: Page): Locator {
  return page.getByRole("region", { name: /^Why not/ });
}

test("why a refused rewrite is refused: the run in which forcing it goes wrong", async ({
  page,
}) => {
  await openApp(page);
  await selectRules(page, 8);
  const card = await openCard(page, /^Functional decoupling/);
  await card.getByRole("button", { name: "Why not?" }).first().click();

  // The condition in this program's own words; the text stays in sight with its culprits.
  await expect(panel(page)).toContainText("Rule 8 reads acks twice");
  await expect(page.locator(".monaco-editor")).toBeVisible();
  // The small program, its forced form and the run come from the referee.
  await expect(panel(page)).toContainText("r(x, a), r(x, b), a != b");
  await expect(panel(page)).toContainText("component M");
  await expect(panel(page)).toContainText("waits for o(1) for ever");
  await expect(panel(page)).toContainText(/trying every schedule of 1 message: \d+ states/);

  await expectAccessible(page);

  // Moments by key; what has not happened yet is not drawn.
  const forced = panel(page).getByRole("img", { name: /forced/ });
  await expect(forced.locator("text", { hasText: "never comes" })).toHaveCount(1);
  await panel(page).getByRole("button", { name: /Back/ }).click();
  await expect(forced.locator("text", { hasText: "never comes" })).toHaveCount(0);
  await page.keyboard.press(",");
  await expect(panel(page)).toContainText("moment 1 of 3");
  await expect(panel(page)).toContainText("L gets in(1) and sends");
  await page.keyboard.press(".");
  await page.keyboard.press(".");
  await expect(panel(page)).toContainText("waits for o(1) for ever");

  // Escape gives back what was covered, and the keyboard to where the question was asked.
  await page.keyboard.press("Escape");
  await expect(panel(page)).toHaveCount(0);
  await expect(card.getByRole("button", { name: "Why not?" }).first()).toBeFocused();

  // Whoever selects something else in the text is no longer asking.
  await page.keyboard.press("Enter");
  await expect(panel(page)).toBeVisible();
  await page.locator(".monaco-editor .view-line", { hasText: "toStorage" }).first().click();
  await expect(panel(page)).toHaveCount(0);
  await expect(inspector(page)).toContainText("Rule 2");
});

test("what would work is offered with the reason, and taken there", async ({ page }) => {
  await openApp(page);
  await selectRules(page, 8);
  const card = await openCard(page, /^Functional decoupling/);
  await card.getByRole("button", { name: "Why not?" }).first().click();
  await panel(page).getByRole("button", { name: "Show it" }).click();
  await expect(panel(page)).toHaveCount(0);
  await expect(inspector(page)).toContainText("Monotonic decoupling");
  await expect(ruleInGraph(page, 8)).toBeVisible();
});
