import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { apply, dropFiles, knots, openApp, openCard, selectRules } from "./app.ts";

const CLOCK = `component a {
  e(x)@async(d) :- p(x), client(d)
  k(1)@next :- boot(), !k(_)
  k(n+1)@next :- k(n)
  o(n)@async(d) :- b(), k(n), client(d)
}
component source {
  p(x)@async(d) :- in(x), main(d)
  b()@async(d) :- go(), main(d)
}
edb client(address)
edb main(address)
edb boot()
`;

async function openDerivation(page: Page): Promise<ReturnType<Page["getByRole"]>> {
  await page.getByRole("button", { name: "Open", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  return dialog;
}

async function close(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

function editor(page: Page): ReturnType<Page["locator"]> {
  return page.locator(".view-lines");
}

function textPanel(page: Page): ReturnType<Page["getByRole"]> {
  return page.getByRole("region", { name: "Text", exact: true });
}

test("a waiver can be withdrawn, which breaks its step, and recorded again", async ({ page }) => {
  await openApp(page);
  await dropFiles(page, { name: "clock.ded", text: CLOCK });
  await expect(page.getByText("6 rules, 2 components")).toBeVisible();
  await selectRules(page, 2, 3, 4);
  const offer = await openCard(page, /Mutually independent/);
  await offer.getByRole("checkbox", { name: /Tick counts do not matter/ }).check();
  await offer.getByRole("button", { name: /^Apply/ }).click();
  await expect(knots(page)).toHaveCount(2);
  const dialog = await openDerivation(page);
  await dialog.getByRole("button", { name: "Withdraw the waiver" }).click();
  await expect(dialog).toContainText("The step does not record a waiver for that.");
  await expect(page.locator(".knot-broken")).toHaveCount(1);
  await dialog.getByRole("button", { name: "Record the waiver" }).click();
  await expect(dialog).toContainText("Applied with the waiver");
  await expect(page.locator(".knot-broken")).toHaveCount(0);
});

test("steps change places, and a place that does not work can be taken back", async ({ page }) => {
  await openApp(page);
  await selectRules(page, 3, 4, 5, 6, 7, 8);
  await apply(page, /Mutually independent/, { name: "collector" });
  await selectRules(page, 2);
  await apply(page, /Functional/, { name: "broadcaster" });
  const dialog = await openDerivation(page);
  await dialog.getByRole("button", { name: "Move step 2 before step 1" }).click();
  await expect(knots(page).nth(1)).toContainText("broadcaster");
  await expect(knots(page).nth(2)).toContainText("collector");
  await expect(page.locator(".knot-broken")).toHaveCount(0);
  await dialog.getByRole("button", { name: /Put back/ }).click();
  await expect(knots(page).nth(1)).toContainText("collector");
});

test("a note stays with its step, and the replay shows every step", async ({ page }) => {
  await openApp(page);
  await selectRules(page, 3, 4, 5, 6, 7, 8);
  await apply(page, /Mutually independent/, { name: "collector" });
  await selectRules(page, 2);
  await apply(page, /Functional/, { name: "broadcaster" });
  let dialog = await openDerivation(page);
  await dialog.getByLabel("Note of step 1").fill("Two machines from here on.");
  await close(page);
  await page.reload();
  await expect(knots(page)).toHaveCount(3, { timeout: 30_000 });
  dialog = await openDerivation(page);
  await expect(dialog.getByLabel("Note of step 1")).toHaveValue("Two machines from here on.");
  // Each step is shown for a moment only: the page itself writes down what it showed.
  const shown = await textPanel(page).evaluateHandle((panel) => {
    const seen: string[] = [];
    new MutationObserver(() => {
      const step = /after step \d/.exec(panel.textContent ?? "")?.[0] ?? "base";
      const stops = [...document.querySelectorAll("button")].some((b) => b.textContent === "Stop");
      const now = stops ? `${step}, can be stopped` : step;
      if (seen.at(-1) !== now) seen.push(now);
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
    return seen;
  });
  await dialog.getByRole("button", { name: "Replay" }).click();
  await expect
    .poll(() => shown.jsonValue(), { timeout: 30_000 })
    .toEqual(expect.arrayContaining(["base, can be stopped", "after step 1, can be stopped"]));
  await expect.poll(async () => (await shown.jsonValue()).at(-1)).toBe("after step 2");
  await expect(page.getByRole("button", { name: "Stop", exact: true })).toHaveCount(0);
});

test("undo in the text and undo of steps come in order, and one key does one thing", async ({
  page,
}) => {
  await openApp(page);
  await page.locator(".view-line", { hasText: "hash keeps 16 bits" }).click();
  await page.keyboard.press("End");
  await page.keyboard.type(" Typed.");
  await selectRules(page, 2);
  await apply(page, /Functional/, { name: "broadcaster" });
  await page.locator(".view-line", { hasText: "component broadcaster" }).click();
  await page.keyboard.press("End");
  await page.keyboard.type("//more");
  await expect(knots(page)).toHaveCount(3);
  await page.keyboard.press("Control+z");
  await expect(knots(page)).toHaveCount(2);
  await page.keyboard.press("Control+Shift+z");
  await expect(knots(page)).toHaveCount(3);
  await expect(editor(page)).toContainText("//more");
  await page.keyboard.press("Control+z");
  await expect(textPanel(page)).toContainText("after step 1");
  await page.keyboard.press("Control+z");
  await expect(page.getByText("15 rules, 2 components")).toBeVisible();
  await expect(editor(page)).toContainText("Typed.");
  await page.keyboard.press("Control+z");
  await expect(editor(page)).not.toContainText("Typed.");
  await expect(knots(page)).toHaveCount(2);
});

test("a step that an edit of the base breaks stays with its reason, and undoing the edit mends it", async ({
  page,
}) => {
  await openApp(page);
  await selectRules(page, 3, 4, 5, 6, 7, 8);
  await apply(page, /Mutually independent/, { name: "collector" });
  await page.getByRole("button", { name: "Edit the base" }).click();
  const rule = page.locator(".view-line", { hasText: "acks(src, sig, val, cnt) :- from" });
  await rule.click();
  await page.keyboard.press("Home");
  await page.keyboard.press("Control+Shift+k");
  await expect(page.locator(".knot-broken")).toHaveCount(1);
  await expect(page.getByText(/Step 1 no longer holds:/)).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(page.locator(".knot-broken")).toHaveCount(0);
  await expect(knots(page).last()).toContainText("collector");
  // A rule that is being typed is not gone: its step waits, and then means the same rules.
  await rule.click();
  await page.keyboard.press("Home");
  await page.keyboard.type("wrong( ");
  await expect(page.getByText("Later steps wait.")).toBeVisible();
  for (let i = 0; i < 7; i++) await page.keyboard.press("Backspace");
  await expect(page.getByText("Later steps wait.")).toHaveCount(0);
  await expect(page.locator(".knot-broken")).toHaveCount(0);
  await expect(knots(page).last()).toContainText("leader, rules 3 to 8 → collector");
});
