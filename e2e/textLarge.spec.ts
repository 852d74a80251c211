import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { openApp } from "./app.ts";

const RULES = 10_000;

function program(): string {
  const component = (c: number): string => {
    const rules = Array.from({ length: RULES / 10 }, (_, i) => {
      const read = i === 0 ? `in${c}` : `r${c}_${i - 1}`;
      return `  r${c}_${i}(x, y) :- ${read}(x, y)\n`;
    });
    return `component c${c} {\n${rules.join("")}}\n`;
  };
  return Array.from({ length: 10 }, (_, c) => component(c)).join("");
}

/** Numbers in the gutter at the rows that are shown, with the rules beside them. */
async function numbered(page: Page, rule: string): Promise<string> {
  return page.evaluate((words) => {
    const top = (element: Element): number => Math.round(element.getBoundingClientRect().top);
    const row = [...document.querySelectorAll(".monaco-editor .view-line")].find((line) =>
      line.textContent?.replaceAll("\u00a0", " ").includes(words),
    );
    const gutter = [...document.querySelectorAll(".monaco-editor .rule-number")].find(
      (number) => row !== undefined && top(number) === top(row),
    );
    return gutter === undefined ? "" : getComputedStyle(gutter, "::before").content;
  }, rule);
}

test("ten thousand pasted rules are all numbered, in sight and out of it, and again after an edit", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openApp(page);
  await page.evaluate((text) => navigator.clipboard.writeText(text), program());
  await page.locator(".view-line").nth(3).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+v");
  await expect(page.getByText("10000 rules, 10 components")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("more rules or lines than a graph can show")).toBeVisible();
  await page.keyboard.press("Control+End");
  await expect.poll(() => numbered(page, "r9_999(x, y)")).toBe('"10000"');
  await page.keyboard.press("Control+Home");
  await expect.poll(() => numbered(page, "r0_0(x, y)")).toBe('"1"');
  await page.keyboard.press("End");
  await page.keyboard.insertText("\n  first(x, y) :- in0(x, y)");
  await expect(page.getByText("10001 rules, 10 components")).toBeVisible({ timeout: 60_000 });
  await expect.poll(() => numbered(page, "first(x, y)")).toBe('"1"');
  await page.keyboard.press("Control+End");
  await expect.poll(() => numbered(page, "r9_999(x, y)")).toBe('"10001"');

  await page.locator(".view-line", { hasText: "r9_998(x, y)" }).first().click();
  await expect(page.locator(".monaco-editor .rule-number-selected")).not.toHaveCount(0);
  await expect(page.getByRole("region", { name: "Rewrites and facts" })).toContainText(
    /Rules? 10000/,
  );
});
