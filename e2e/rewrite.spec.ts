import { expect, test } from "@playwright/test";
import {
  apply,
  card,
  inspector,
  knots,
  openApp,
  openCard,
  ruleInGraph,
  scaleKvs,
  scaleVoting,
  selectComponent,
  selectRules,
} from "./app.ts";

test("the running example is open: text, dataflow and what may be done", async ({ page }) => {
  await openApp(page);
  await expect(page.getByText("15 rules, 2 components")).toBeVisible();
  await expect(page.getByText("No problems")).toBeVisible();
  for (let rule = 1; rule <= 15; rule++) await expect(ruleInGraph(page, rule)).toBeAttached();
  await expect(inspector(page)).toContainText("Select rules to see what may be done with them");
});

test("one selection in graph, text and inspector", async ({ page }) => {
  await openApp(page);
  await selectRules(page, 8);
  await expect(ruleInGraph(page, 8)).toHaveAttribute("aria-pressed", "true");
  await page.locator(".view-line", { hasText: "numACKs(count" }).click();
  await expect(inspector(page)).toContainText("Rule 5");
  await expect(ruleInGraph(page, 5)).toHaveAttribute("aria-pressed", "true");
  await expect(ruleInGraph(page, 8)).toHaveAttribute("aria-pressed", "false");
});

test("functional decoupling of rule 8 is refused, and both reads light up", async ({ page }) => {
  await openApp(page);
  await selectRules(page, 8);
  const refused = await openCard(page, /Functional/);
  await expect(refused).toContainText(/Rule 8 reads\s+acks\s+twice/);
  await expect(refused.getByRole("button", { name: /^Apply/ })).toHaveCount(0);
  await expect(page.locator(".react-flow .line-letter").first()).toBeVisible();
  await expect(page.locator(".monaco-editor [class*=culprit]").first()).toBeVisible();
});

test("co-hashing the storage component is refused", async ({ page }) => {
  await openApp(page);
  await selectComponent(page, "storage");
  const refused = await openCard(page, /^Partition by co-hashing/);
  await expect(refused).toContainText("violated");
  await expect(refused.getByRole("button", { name: /^Apply/ })).toHaveCount(0);
});

test("what reads `in` does not move without its relay", async ({ page }) => {
  await openApp(page);
  await selectRules(page, 1, 2);
  // Moving the others is the only split without a relay: `in` stays where clients send it.
  const independent = await openCard(page, /Mutually independent/);
  await expect(independent).toContainText("Rules 3 to 8");
  await expect(await openCard(page, /Functional/)).toContainText(/leader keeps a relay/);
});

test("voting's broadcaster moves with a relay, which is said", async ({ page }) => {
  await openApp(page, "voting");
  await selectRules(page, 1);
  await expect(await openCard(page, /Functional/)).toContainText(/leader keeps a relay/);
});

test("the derivations of Figures 2 to 5 by hand, walked back and forth", async ({ page }) => {
  await openApp(page);
  await scaleKvs(page);
  await expect(page.getByText(/\d+ rules, 5 components/)).toBeVisible();
  const steps = (await knots(page).count()) - 1;
  expect(steps).toBe(7);
  await expect(page.locator(".box-component", { hasText: "collector" })).toContainText(
    "3 partitions by val",
  );

  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(page.getByText(`after step ${steps - 1}`)).toBeVisible();
  await page.locator(".knots button").first().click();
  await expect(page.getByText("15 rules, 2 components")).toBeVisible();
  await page.getByRole("button", { name: "Redo", exact: true }).click();
  await expect(page.getByText("after step 1")).toBeVisible();

  await page.getByRole("button", { name: /^Diff to/ }).click();
  await expect(page.getByRole("region", { name: "Text", exact: true })).toContainText("component");
});

test("voting scales to 26 nodes", async ({ page }) => {
  await openApp(page, "voting");
  await scaleVoting(page);
  await expect(knots(page).last()).toContainText("collector");
  await expect(page.locator(".box-component", { hasText: "participant" })).toContainText(
    "5 partitions by id",
  );
});

test("a rectangle with Shift selects the rules inside", async ({ page }) => {
  await openApp(page);
  await page.getByRole("button", { name: "Fit", exact: true }).click();
  const from = (await ruleInGraph(page, 5).boundingBox())!;
  const to = (await ruleInGraph(page, 6).boundingBox())!;
  await page.keyboard.down("Shift");
  await page.mouse.move(Math.min(from.x, to.x) - 14, Math.min(from.y, to.y) - 10);
  await page.mouse.down();
  await page.mouse.move(Math.max(from.x, to.x) + 40, Math.max(from.y, to.y) + 40, { steps: 8 });
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await expect(ruleInGraph(page, 5)).toHaveAttribute("aria-pressed", "true");
  await expect(ruleInGraph(page, 6)).toHaveAttribute("aria-pressed", "true");
});

test("by keyboard alone: select in the outline, open the rewrites, apply, undo", async ({
  page,
}) => {
  await openApp(page);
  await page.getByRole("button", { name: "Outline", exact: true }).focus();
  await page.keyboard.press("Enter");
  const rule2 = page.getByRole("treeitem", { name: /^Rule 2,/ });
  await page.getByRole("treeitem").first().focus();
  for (let i = 0; i < 40 && !(await rule2.evaluate((row) => row === document.activeElement)); i++) {
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
  await expect(inspector(page)).toContainText("Rule 2");
  const offer = card(page, /Functional/);
  await expect(offer).toBeVisible();
  await offer.getByRole("button", { name: /^Apply/ }).focus();
  await page.keyboard.press("Enter");
  await expect(knots(page)).toHaveCount(2);
  await page.locator(".knots button").first().focus();
  await page.keyboard.press("Control+z");
  await expect(page.getByText("15 rules, 2 components")).toBeVisible();
});

test("typing after a step continues by hand, unverified, and can be undone", async ({ page }) => {
  await openApp(page);
  await selectRules(page, 2);
  await apply(page, /Functional/, { name: "broadcaster" });
  await page.locator(".view-line", { hasText: "component broadcaster" }).click();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("extra(val) :- signed(val, sig)");
  await expect(page.getByText("By hand, not verified")).toBeVisible();
  await expect(knots(page)).toHaveCount(3);
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(page.getByText("after step 1")).toBeVisible();
});
