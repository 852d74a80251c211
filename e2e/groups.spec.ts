import { expect, test } from "@playwright/test";
import { apply, inspector, knots, openApp, openCard, ruleInGraph, selectRules } from "./app.ts";

test("with nothing selected, the groups that can move are found and ranked", async ({ page }) => {
  await openApp(page);
  const listed = (name: RegExp) =>
    inspector(page)
      .getByRole("list", { name })
      .getByRole("button", { name: /busiest node: 8 →/ });
  const groups = listed(/^Groups/);
  await expect(groups.first()).toContainText("Rules 3 to 8", { timeout: 30_000 });
  await expect(groups.first()).toContainText("busiest node: 8 → 4 msg/cmd");
  await expect(groups.first()).toContainText("Mutually independent");
  // Allowed is not worthwhile: a group that makes the busiest node busier stands last and says so.
  await expect(groups.last()).toContainText("busier");

  const keys = listed(/^Keys/);
  await expect(keys).toHaveCount(1, { timeout: 30_000 });
  await expect(keys).toContainText("storage → 3 partitions by hash(val, 16)");
  await expect(keys).toContainText("busiest node: 8 → 8 msg/cmd; storage: 2 → 0.7");
  await keys.click();
  await openCard(page, /^Partition with dependencies on hash/);
  await ruleInGraph(page, 9).press("Escape");

  await groups.first().click();
  for (const rule of [3, 5, 8]) {
    await expect(ruleInGraph(page, rule)).toHaveAttribute("aria-pressed", "true");
  }
  await apply(page, /Mutually independent/, { name: "collector" });
  await expect(knots(page)).toHaveCount(2);
});

test("a refused split says what would work: a step first, rules that come along", async ({
  page,
}) => {
  await openApp(page);
  await selectRules(page, 7);
  const card = await openCard(page, /^Mutually independent/);
  await expect(card).toContainText("Rules 3 to 8 can move together.");
  await card.getByRole("button", { name: "Select them" }).click();
  await expect(inspector(page)).toContainText("Rules 3 to 8");
  await apply(page, /Mutually independent/, { name: "collector" });

  await selectRules(page, 7);
  const monotonic = await openCard(page, /^Monotonic/);
  await expect(monotonic).toContainText("Folding what rule 7 reads into one relation");
  await monotonic.getByRole("button", { name: "Do this first" }).click();
  await expect(knots(page)).toHaveCount(3);
  await expect(monotonic).toContainText("Any clock");
});
