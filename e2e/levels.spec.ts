import { expect, test } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "./accessibility.ts";
import { inspector, openApp, openCard, ruleInGraph, scaleVoting, selectRules } from "./app.ts";

function level(page: Page, title: string): Locator {
  return page
    .getByRole("group", { name: "Level of detail" })
    .getByRole("button", { name: title, exact: true });
}

test("the levels keep the selection and can be used by all", async ({ page }) => {
  await openApp(page);
  await level(page, "Deployment").click();
  await expect(page.getByRole("group", { name: /^Machine storage\.3/ })).toBeVisible();
  await expect(page.locator(".react-flow [aria-label^='Channel toStorage']")).toHaveCount(3);
  await expectAccessible(page);
  await page.getByRole("button", { name: "leader", exact: true }).click();
  await expect(inspector(page)).toContainText("in leader");

  await level(page, "Rules").click();
  await expect(ruleInGraph(page, 8)).toHaveAttribute("aria-pressed", "true");
  await ruleInGraph(page, 8).click();
  await level(page, "Joins").click();
  const table = page.getByRole("table", { name: "Rule 8, outInconsistent" });
  await expect(table.getByRole("row")).toHaveCount(6);
  await expect(table.getByRole("columnheader", { name: "val" })).toBeVisible();
  await expect(page.getByText("val joins acks with itself.")).toBeVisible();
  await expect(ruleInGraph(page, 8)).toBeHidden();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Outline", exact: true }).click();
  await expect(page.getByRole("treeitem", { name: "Condition c1 != c2" })).toBeVisible();
  // A row's name begins with its place, "Rule 8, leader", which the eye sees from the tree.
  await expectAccessible(page, { without: ["label-content-name-mismatch"] });
});

test("keys and zoom lead from level to level", async ({ page }) => {
  await openApp(page);
  await page.getByRole("button", { name: "Graph", exact: true }).focus();
  await page.keyboard.press("PageUp");
  await expect(level(page, "Components")).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("PageUp");
  await expect(level(page, "Deployment")).toHaveAttribute("aria-pressed", "true");
  for (let i = 0; i < 3; i++) await page.keyboard.press("PageDown");
  await expect(page.getByText("Select a rule to see what it joins.")).toBeVisible();
  await page.keyboard.press("-");
  await expect(level(page, "Rules")).toHaveAttribute("aria-pressed", "true");
  await expect(ruleInGraph(page, 7)).toBeVisible();

  // Far in at a rule: what it joins, and it is selected.
  const box = (await ruleInGraph(page, 7).boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let i = 0; i < 12; i++) await page.mouse.wheel(0, -150);
  await expect(page.getByRole("table", { name: "Rule 7, outCert" })).toBeVisible();
  await page.mouse.wheel(0, 150);
  await expect(level(page, "Rules")).toHaveAttribute("aria-pressed", "true");
  await expect(ruleInGraph(page, 7)).toHaveAttribute("aria-pressed", "true");
});

test("many machines are a box for each component, in the outline by address", async ({ page }) => {
  test.setTimeout(180_000);
  await openApp(page, "voting");
  await scaleVoting(page);
  await level(page, "Deployment").click();
  const participants = page.getByRole("group", { name: /^Machines of participant, 3 nodes of 5/ });
  await expect(participants).toBeVisible();
  await expect(participants).toContainText("and 12 more");
  await page.getByRole("button", { name: "Outline", exact: true }).click();
  await expect(page.getByRole("treeitem", { name: /^Machine participant/ })).toHaveCount(15);
});

test("without a deployment the level says so", async ({ page }) => {
  await openApp(page);
  await page.locator(".document-name").click();
  await page.getByRole("menuitem", { name: "New", exact: true }).click();
  await level(page, "Deployment").click();
  await expect(page.getByText("This program has no deployment")).toBeVisible();
});

test("a preview of components draws new lines green and dashed, those that stay as they are", async ({
  page,
}) => {
  await openApp(page);
  await selectRules(page, 3, 4, 5, 6, 7, 8);
  await openCard(page, /Mutually independent/);
  await level(page, "Components").click();
  await expect(page.locator(".box-component.is-preview")).toHaveCount(1);
  const look = (from: string, channel: string) =>
    page
      .locator(`.react-flow__edge[data-id="${from}>relation:${channel}"] .line-path`)
      .evaluate((path) => {
        const { stroke, strokeDasharray } = getComputedStyle(path);
        return { stroke, dashed: strokeDasharray !== "none" };
      });
  const green = await page
    .locator(".box-preview")
    .evaluate((words) => ({ stroke: getComputedStyle(words).color, dashed: true }));
  // The channel stays, but another component would receive it.
  expect(await look("component:storage", "fromStorage")).toEqual(green);
  expect(await look("component:collector", "outCert")).toEqual(green);
  const stays = await look("component:leader", "toStorage");
  expect(stays.stroke).not.toBe(green.stroke);
  await expect(page.locator(".react-flow .line.is-preview")).toHaveCount(3);
});

test("the legend lists culprits and previews while they are shown", async ({ page }) => {
  await openApp(page);
  const legend = page.getByRole("list", { name: "Lines" });
  await expect(legend).toContainText("same tick");
  await expect(legend).not.toContainText(/culprit|preview/);
  await selectRules(page, 8);
  await openCard(page, /Functional/);
  await expect(legend.getByText("culprit")).toBeVisible();
  await expect(legend).not.toContainText("preview");
  await level(page, "Joins").click();
  await expect(legend.getByText("culprit")).toBeVisible();
  await level(page, "Rules").click();
  await openCard(page, /Monotonic/);
  await expect(legend.getByText("preview")).toBeVisible();
  await expect(legend).not.toContainText("culprit");
});

test("arrow keys reach and follow the boxes of components and machines", async ({ page }) => {
  await openApp(page);
  await page.getByRole("button", { name: "Graph", exact: true }).focus();
  await page.keyboard.press("PageUp");
  const leader = page.locator('[data-graph-node="component:leader"]');
  const storage = page.locator('[data-graph-node="component:storage"]');
  await expect(leader).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await expect(leader).toBeFocused();
  await expect(inspector(page)).toContainText("in leader");
  await page.keyboard.press("Escape");
  await expect(page.locator(".box.is-selected")).toHaveCount(0);
  await page.keyboard.press("ArrowDown");
  await expect(storage).toBeFocused();
  await expect(page.locator(".box.is-selected")).toHaveText(/storage/);
  await expect(inspector(page)).toContainText("in storage");
  await page.keyboard.press("Shift+ArrowUp");
  await expect(leader).toBeFocused();
  await expect(page.locator(".box.is-selected")).toHaveCount(2);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowDown");
  await expect(page.locator(".box.is-selected")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect
    .poll(() => inspector(page).evaluate((panel) => panel.contains(document.activeElement)))
    .toBe(true);
  await expect(leader).toBeVisible();

  await level(page, "Deployment").click();
  const machine = page.locator('[data-graph-node="machine:leader"]');
  await expect(machine).toBeVisible();
  await machine.focus();
  // By its tag to who sends there; down the line of a message to the machine that gets it.
  await page.keyboard.press("ArrowUp");
  await expect(page.locator('[data-graph-node^="machine:leader/"]:focus')).toHaveCount(1);
  await machine.focus();
  await page.keyboard.press("ArrowDown");
  const storages = page.locator('[data-graph-node^="machine:storage."]:focus');
  await expect(storages).toHaveCount(1);
  // What the rewrites of its rules would do is drawn now: the focus stays where it is.
  await expect(page.locator(".react-flow .is-preview").first()).toBeAttached();
  await expect(storages).toHaveCount(1);
});
