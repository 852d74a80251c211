import { expect, test } from "@playwright/test";
import { expectAccessible } from "./accessibility.ts";
import { apply, mode, openApp, openCard, selectComponent, selectRules } from "./app.ts";

test("no accessibility fault in any mode", async ({ page }) => {
  await openApp(page);
  await selectRules(page, 8);
  await openCard(page, /Functional/);
  await expectAccessible(page);
  await mode(page, "Simulate");
  await expect(page.getByRole("region", { name: "Answers compared" })).toBeVisible({
    timeout: 60_000,
  });
  await expectAccessible(page);
  await mode(page, "Cluster");
  await expect(page.getByRole("button", { name: "Run on cluster" })).toBeVisible();
  await expectAccessible(page);
});

test("no accessibility fault in menu, palette, keys and derivation, or where a step broke", async ({
  page,
}) => {
  await openApp(page);
  await selectRules(page, 3, 4, 5, 6, 7, 8);
  await apply(page, /Mutually independent/, { name: "collector" });
  await selectComponent(page, "collector");
  await apply(page, /^Partition/, { partitions: 3 });
  const name = page.locator(".document-name");
  await name.click();
  await expect(page.getByRole("menuitem", { name: "Rename" })).toBeVisible();
  await expectAccessible(page, { within: "[role=menu]" });
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Commands" })).toBeFocused();
  await expectAccessible(page, { within: "[role=dialog]" });
  await page.keyboard.type("Keys and help");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: /Keys/ })).toBeVisible();
  await expectAccessible(page, { within: "[role=dialog]" });
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByRole("button", { name: "Drop step 1" }).click();
  await expect(page.locator(".knot-broken")).toHaveCount(1);
  await expectAccessible(page, { within: "[role=dialog]" });
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("group", { name: "Step 1 no longer holds" })).toBeVisible();
  await expectAccessible(page);
});
