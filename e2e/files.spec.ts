import { expect, test } from "@playwright/test";
import { mode, openApp, ruleInGraph } from "./app.ts";

test("a program with an error still draws what can be read, and says what and where", async ({
  page,
}) => {
  await openApp(page);
  await page.locator(".view-line", { hasText: "signed(val, sig) :- in(val)" }).click();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.insertText("broken(x :- ");
  await expect(page.locator(".status-bar")).toContainText(/error/);
  await expect(page.locator(".squiggly-error").first()).toBeVisible();
  await expect(ruleInGraph(page, 1)).toBeVisible();
});

test("nothing is fetched from any other host", async ({ page, baseURL }) => {
  const others: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(baseURL!) && !/^(data|blob):/.test(url)) others.push(url);
  });
  await openApp(page);
  for (const title of ["Simulate", "Cluster", "Rewrite"] as const) await mode(page, title);
  expect(others).toEqual([]);
});

test("the text survives a reload", async ({ page }) => {
  await openApp(page);
  await page.locator(".view-line", { hasText: "hash keeps 16 bits" }).click();
  await page.keyboard.press("End");
  await page.keyboard.type(" Kept across a reload.");
  await expect(page.locator(".view-lines")).toContainText("Kept across a reload");
  await page.reload();
  await expect(page.locator(".view-lines")).toContainText("Kept across a reload", {
    timeout: 30_000,
  });
});

test("a huge pasted text neither freezes the page nor loses what was there", async ({ page }) => {
  await openApp(page);
  const rules = Array.from({ length: 5000 }, (_, i) => `r${i}(x) :- s${i}(x)`).join("\n");
  const file = { name: "huge.ded", mimeType: "text/plain", buffer: Buffer.from(rules) };
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: /Verifiably replicated KVS/ }).click();
  await page.getByRole("menuitem", { name: "Open a file…" }).click();
  // Every kind of file that is read is listed, Hydroflow programs in Rust files too.
  expect(await (await chooser).element().getAttribute("accept")).toMatch(/\.ded,.*\.rs,/);
  await (await chooser).setFiles(file);
  await expect(page.getByText("5000 rules, 1 component")).toBeVisible({ timeout: 60_000 });
  await page.locator(".document-name").click();
  await page.getByRole("menuitem", { name: "Verifiably replicated KVS" }).first().click();
  await expect(page.getByText("15 rules, 2 components")).toBeVisible();
});

test("a malformed derivation is refused with a sentence and changes nothing", async ({ page }) => {
  await openApp(page);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: /Verifiably replicated KVS/ }).click();
  await page.getByRole("menuitem", { name: "Open a file…" }).click();
  await (
    await chooser
  ).setFiles({
    name: "bad.derivation.json",
    mimeType: "application/json",
    buffer: Buffer.from('{"format":"clew/derivation","version":7}'),
  });
  await expect(page.locator(".problem")).toContainText(/version/);
  await expect(page.getByText("15 rules, 2 components")).toBeVisible();
});
