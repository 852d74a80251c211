import { expect, test } from "@playwright/test";
import { knots, openApp } from "./app.ts";

test("an example opens with its derivation, from a submenu and by keyboard", async ({ page }) => {
  await openApp(page);
  await page.getByRole("button", { name: /Verifiably replicated KVS/ }).click();
  await page.getByRole("menuitem", { name: "Rewritten, step by step" }).hover();
  await page.getByRole("menuitem", { name: "Voting on 26 machines" }).click();
  await expect(knots(page)).toHaveCount(7);
  await expect(page.getByText(/\d+ rules, 4 components/)).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("grow-only");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /Grow-only set/ })).toBeVisible();

  await page.getByRole("button", { name: /Grow-only set/ }).click();
  await expect(page.getByRole("menuitem", { name: /KVS/ }).first()).toBeFocused();
  // Six examples, then the submenus.
  for (let i = 0; i < 8; i++) await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitem", { name: "Small ones to learn on" })).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("menuitem", { name: "Echo" }).press("Enter");
  await expect(page.getByRole("button", { name: /Echo/ })).toBeVisible();
});
