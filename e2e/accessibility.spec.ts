import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { mode, openApp, openCard, selectRules } from "./app.ts";

async function violations(page: Page): Promise<readonly string[]> {
  const found = await new AxeBuilder({ page }).exclude(".monaco-editor").analyze();
  return found.violations.flatMap((v) =>
    v.nodes.map((node) => `${v.id}: ${node.target.join(" ")}`),
  );
}

for (const scheme of ["light", "dark"] as const) {
  test(`no accessibility fault in any mode, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await openApp(page);
    await selectRules(page, 8);
    await openCard(page, /Functional/);
    expect(await violations(page)).toEqual([]);
    await mode(page, "Simulate");
    await expect(page.getByRole("region", { name: "Answers compared" })).toBeVisible({
      timeout: 60_000,
    });
    expect(await violations(page)).toEqual([]);
    await mode(page, "Cluster");
    await expect(page.getByRole("button", { name: "Run on cluster" })).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}
