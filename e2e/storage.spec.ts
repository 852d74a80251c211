import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { apply, dropFiles, knots, openApp, selectRules } from "./app.ts";

async function type(page: Page, text: string): Promise<void> {
  await page.locator(".view-line", { hasText: "hash keeps 16 bits" }).click();
  await page.keyboard.press("End");
  await page.keyboard.type(text);
}

function text(page: Page): ReturnType<Page["locator"]> {
  return page.locator(".view-lines");
}

async function ready(page: Page): Promise<void> {
  await page.goto("/");
  await expect(page.locator(".monaco-editor .view-line").first()).toBeVisible({ timeout: 30_000 });
}

test("two tabs of one document follow each other", async ({ page, context }) => {
  await openApp(page);
  const other = await context.newPage();
  await ready(other);
  await type(page, " First tab.");
  await expect(text(other)).toContainText("First tab.");
  await type(other, " Second tab.");
  await expect(text(page)).toContainText("Second tab.");
  await expect(text(page)).toContainText("First tab.");
  await page.reload();
  await expect(text(page)).toContainText("Second tab.", { timeout: 30_000 });
  await expect(text(page)).toContainText("First tab.");
});

test("the text survives a crash of its tab", async ({ page, context }) => {
  await openApp(page);
  await type(page, " Typed before the crash.");
  await expect
    .poll(() => page.evaluate(() => JSON.stringify({ ...localStorage })))
    .toContain("Typed before the crash.");
  const crashed = page.waitForEvent("crash");
  void page.goto("chrome://crash").catch(() => undefined);
  await crashed;
  const next = await context.newPage();
  await ready(next);
  await expect(text(next)).toContainText("Typed before the crash.");
});

test("what a deleted rule carried away comes back after a reload when the rule is typed again", async ({
  page,
}) => {
  await openApp(page);
  await selectRules(page, 3, 4, 5, 6, 7, 8);
  await apply(page, /Mutually independent/, { name: "collector" });
  await page.getByRole("button", { name: "Edit the base" }).click();
  // The next rule has the same head, and now the id that the deleted one had.
  await page.locator(".view-line", { hasText: "acks(src, sig, val, cnt) :- from" }).click();
  await page.keyboard.press("Home");
  await page.keyboard.press("Control+Shift+k");
  await expect(page.locator(".knot-broken")).toHaveCount(1);
  await expect(page.getByText(/Step 1 no longer holds:/)).toBeVisible();
  await page.reload();
  await expect(page.locator(".knot-broken")).toHaveCount(1, { timeout: 30_000 });
  const next = page.locator(".view-line", { hasText: "acks(src, sig, val, cnt)@next" });
  await next.click();
  await page.keyboard.press("Home");
  await page.keyboard.insertText("acks(src, sig, val, cnt) :- fromStorage(src, sig, val, cnt\n  ");
  await expect(page.getByText("Later steps wait.")).toBeVisible();
  // Half typed, and loaded once more.
  await page.reload();
  await expect(page.getByText("Later steps wait.")).toBeVisible({ timeout: 30_000 });
  await next.click();
  for (const key of ["Home", "Home", "ArrowLeft"]) await page.keyboard.press(key);
  await page.keyboard.insertText(")");
  await expect(page.locator(".knot-broken")).toHaveCount(0);
  await expect(knots(page).last()).toContainText("leader, rules 3 to 8 → collector");
  await page.reload();
  await expect(knots(page).last()).toContainText("leader, rules 3 to 8 → collector", {
    timeout: 30_000,
  });
});

test("files that cannot be used are named with what is wrong and where, and change nothing", async ({
  page,
}) => {
  await openApp(page);
  const problem = page.locator(".problem-error");
  const refused = async (name: string, content: string, sentence: RegExp): Promise<void> => {
    await dropFiles(page, { name, text: content });
    await expect(problem).toContainText(sentence);
    await problem.getByRole("button", { name: "Dismiss" }).click();
    await expect(page.locator(".taken-away")).toHaveCount(0);
    await expect(page.locator(".knot-item").first()).toContainText("4 nodes");
  };
  const header = { version: 1 };
  const json = (format: string, rest: object = {}): string =>
    JSON.stringify({ format, ...header, ...rest });
  await refused("a.json", "{ no", /a\.json could not be read as JSON: .*line 1 column 3/);
  await refused("b.json", json("clew/deployment"), /b\.json was not opened\. At \/: .*missing/);
  await refused("c.json", json("clew/derivation", { base: 3, steps: [] }), /At \/base: /);
  await refused("d.json", json("clew/plan"), /d\.json is a plan: clew run d\.json runs it/);
  await refused("e.json", "[1]", /neither a program, a deployment nor a derivation/);
  await refused("f.png", "\u0000PNG", /f\.png is not a text in UTF-8/);
  await refused("g.ded", "x".repeat(1_100_000), /g\.ded has 1100 KB; Clew reads up to 1,000 KB/);
});

test("a program dropped with all that belongs to it is one document, which is kept and can be had again", async ({
  page,
}) => {
  await openApp(page);
  const fetched = (path: string): Promise<string> =>
    page.evaluate((url) => fetch(url).then((response) => response.text()), path);
  const folder = "/examples/kvs";
  await dropFiles(
    page,
    {
      name: "mine.derivation.json",
      text: await fetched(`${folder}/mutuallyIndependent.derivation.json`),
    },
    { name: "mine.deployment.json", text: await fetched(`${folder}/base.deployment.json`) },
    { name: "mine.ded", text: (await fetched(`${folder}/base.ded`)).replaceAll("\n", "\r\n") },
  );
  await expect(page.locator(".document-name")).toHaveText(/mine/);
  await expect(knots(page)).toHaveCount(2);
  await expect(knots(page).first()).toContainText("4 nodes");
  await expect(page.getByText(/\d+ rules, 3 components/)).toBeVisible();
  await expect(page.locator(".rule-number-1")).toBeVisible();

  // A program of Molly's with a file that it includes; the other one is missed, and comes later. Another program beside
  // it is open for no time at all, and kept all the same.
  const notice = page.getByRole("group", { name: "First error" });
  await dropFiles(
    page,
    { name: "keep.ded", text: "got(N, M)@next :- got(N, M);\n" },
    { name: "aside.ded", text: "p(x) :- q(x)\n" },
    {
      name: "cast.ded",
      text: 'include "lib/keep.ded";\ninclude "facts.ded";\ngot(D, M)@async :- got(N, M), peer(N, D);\n',
    },
  );
  await expect(page.locator(".document-name")).toHaveText(/cast/);
  await expect(notice).toContainText(
    /Line 2: The file facts\.ded is not here: drop it on this window/,
  );
  const files = page.getByRole("group", { name: "Files of the program" });
  await expect(files.getByRole("button", { name: "Create facts.ded" })).toBeVisible();
  await dropFiles(page, { name: "facts.ded", text: 'peer("a", "b")@1;\n' });
  await expect(notice).toHaveCount(0);
  await expect(files.getByRole("button")).toHaveText(["cast.ded", "keep.ded", "facts.ded"]);
  await expect(page.getByRole("group", { name: "Taken away" })).toContainText("includes facts.ded");
  // Each of its files can be edited, and all of them are the program. F12 goes from one into another.
  await page.locator(".view-line", { hasText: "@async" }).click();
  await page.keyboard.press("End");
  for (let i = 0; i < 9; i++) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("F12");
  await expect(files.getByRole("button", { pressed: true })).toHaveText("facts.ded");
  await expect(text(page)).toContainText('peer("a", "b")@1');
  await page.keyboard.press("End");
  await page.keyboard.insertText('\npeer("a")@1;');
  await expect(page.locator(".squiggly-error").first()).toBeVisible();
  await expect(notice).toContainText("Line 2: ");
  await files.getByRole("button", { name: "cast.ded" }).click();
  await notice.getByRole("button", { name: "Go to line" }).click();
  await expect(files.getByRole("button", { pressed: true })).toHaveText("facts.ded");
  await page.keyboard.press("Control+z");
  await expect(notice).toHaveCount(0);
  await page.keyboard.insertText('\npeer("a", "c")@1;');
  // What is renamed is renamed in all files.
  for (let i = 0; i < 14; i++) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("F2");
  await expect(page.locator(".rename-input")).toBeFocused();
  await page.keyboard.insertText("link");
  await page.keyboard.press("Enter");
  await expect(text(page)).toContainText('link("a", "c")@1');
  await files.getByRole("button", { name: "cast.ded" }).click();
  await expect(text(page)).toContainText("got(N, M), link(N, D)");
  // Another file begins empty. Typed just before the page goes away.
  await page.locator(".view-line", { hasText: "@async" }).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText('include "more.ded";\n');
  await files.getByRole("button", { name: "Create more.ded" }).click();
  await expect(files.getByRole("button", { pressed: true })).toHaveText("more.ded");
  await expect(notice).toHaveCount(0);
  await page.locator(".view-lines").click();
  await page.keyboard.insertText("seen(N) :- got(N, _);");
  await page.reload();
  await expect(text(page)).toContainText("more.ded", { timeout: 30_000 });
  await expect(page.getByText("6 rules, 1 component")).toBeVisible();
  await files.getByRole("button", { name: "facts.ded" }).click();
  await expect(text(page)).toContainText('link("a", "c")@1');
  await files.getByRole("button", { name: "cast.ded" }).click();
  // The notation is found out, and can be chosen.
  const notation = page.getByRole("combobox", { name: "Notation of the base" });
  await expect(notation.locator("option:checked")).toHaveText("Molly, detected");
  await notation.selectOption("Compact notation");
  await expect(notice).toContainText("Line 1: ");
  await notation.selectOption("Molly");
  await expect(notice).toHaveCount(0);
  await notation.selectOption("Detect the notation");
  await expect(notation.locator("option:checked")).toHaveText("Molly, detected");
  await expect(page.getByText("6 rules, 1 component")).toBeVisible();
  // And just before another document is opened.
  await page.locator(".view-line", { hasText: "@async" }).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("// kept");
  const menu = page.locator(".document-name");
  await menu.click();
  const mine = page.getByRole("menuitem", { name: /^mine (just now|1 minute ago)/ });
  await mine.press("Enter");
  await expect(knots(page)).toHaveCount(2);
  await menu.click();
  await expect(page.getByRole("menuitem", { name: /^aside / })).toBeVisible();
  const cast = page.getByRole("menuitem", { name: /^cast / });
  await page.getByRole("menuitem", { name: "Remove cast from this browser" }).click();
  await expect(cast).toHaveCount(0);
  await page.getByRole("menuitem", { name: "Put back cast" }).press("Enter");
  await cast.press("Delete");
  await page.getByRole("menuitem", { name: "Put back cast" }).press("Enter");
  await cast.click();
  await expect(text(page)).toContainText("// kept");
  await expect(notice).toHaveCount(0);
  // What was given is saved; what a step by hand says needs no other file.
  const saved: string[] = [];
  page.on("download", (download) => saved.push(download.suggestedFilename()));
  await menu.click();
  await page.getByRole("menuitem", { name: "Save the base program" }).click();
  await expect
    .poll(() => saved.toSorted())
    .toEqual(["cast.ded", "facts.ded", "keep.ded", "more.ded"]);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Commands" }).fill("Continue by hand");
  await page.keyboard.press("Enter");
  await expect(knots(page)).toHaveCount(2);
  await expect(text(page)).toContainText("got(M)@next :- got(M)");
  await expect(page.locator(".status-bar")).not.toContainText("error");
});

test("a line of a megabyte and fifty thousand lines can be pasted, said to be too much, and undone", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openApp(page);
  const huge = [
    "x".repeat(1_100_000),
    Array.from({ length: 50_000 }, (_, i) => `r${i}(x) :- s${i}(x)`).join("\n"),
  ];
  for (const pasted of huge) {
    await page.evaluate((text) => navigator.clipboard.writeText(text), pasted);
    await page.locator(".view-line").nth(3).click();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Control+v");
    await expect(page.getByRole("group", { name: "First error" })).toContainText(
      /The text has [\d,]+ characters; programs of up to 1,000,000 are read/,
    );
    await page.keyboard.press("Control+z");
    await expect(page.getByText("15 rules, 2 components")).toBeVisible();
  }
});
