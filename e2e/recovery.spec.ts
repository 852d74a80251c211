import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import {
  apply,
  inspector,
  knots,
  mode,
  openApp,
  openCard,
  ruleInGraph,
  selectRules,
} from "./app.ts";

async function openFile(page: Page, name: string, text: string): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.locator(".document-name").click();
  await page.getByRole("menuitem", { name: "Open a file…" }).click();
  await (await chooser).setFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
}

test("a dropped step can be put back, by its notice and by the undo key", async ({ page }) => {
  await openApp(page);
  await selectRules(page, 2);
  await apply(page, /Functional/, { name: "broadcaster" });
  const drop = async (): Promise<void> => {
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Drop" }).click();
    await expect(page.locator(".taken-away")).toContainText(
      "Step 1, Functional decoupling, was dropped.",
    );
    await expect(page.getByRole("button", { name: /Put back/ })).toBeFocused();
  };
  await drop();
  await page.keyboard.press("Enter");
  await expect(page.locator(".taken-away")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(knots(page)).toHaveCount(2);

  await drop();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(knots(page)).toHaveCount(1);
  await page.keyboard.press("Control+z");
  await expect(knots(page)).toHaveCount(2);
  await expect(page.getByText("3 components")).toBeVisible();
});

test("an edit after a drop ends the offer to put it back", async ({ page }) => {
  await openApp(page);
  await selectRules(page, 2);
  await apply(page, /Functional/, { name: "broadcaster" });
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Drop" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.locator(".view-line", { hasText: "hash keeps 16 bits" }).click();
  await page.keyboard.press("End");
  await page.keyboard.type(" More.");
  await expect(page.locator(".taken-away")).toHaveCount(0);
});

test("a document outlives a full localStorage and a reload", async ({ page }) => {
  await openApp(page);
  await page.evaluate(() => {
    for (let size = 1 << 20; size > 0; size >>= 1) {
      try {
        for (let i = 0; ; i++) localStorage.setItem(`filler/${size}/${i}`, "x".repeat(size));
      } catch {
        // Full for pieces of this size.
      }
    }
  });
  await page.locator(".view-line", { hasText: "hash keeps 16 bits" }).click();
  await page.keyboard.press("End");
  await page.keyboard.type(` Kept in spite of that: ${"y".repeat(60)}.`);
  await expect(page.locator(".view-lines")).toContainText("Kept in spite of that");
  const rows = (): Promise<number> =>
    page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const request = indexedDB.open("clew", 1);
          request.onsuccess = () => {
            const all = request.result.transaction("documents").objectStore("documents").getAll();
            all.onsuccess = () =>
              resolve(all.result.filter((row) => JSON.stringify(row).includes("yyyy.")).length);
          };
        }),
    );
  await expect.poll(rows).toBe(1);
  await expect(page.locator(".problem")).toHaveCount(0);
  await page.reload();
  await expect(page.locator(".view-lines")).toContainText("Kept in spite of that", {
    timeout: 30_000,
  });
});

test("evidence in the derivation document names the rules of the step before", async ({ page }) => {
  await openApp(page);
  await selectRules(page, 3, 4, 5, 6, 7, 8);
  await apply(page, /Mutually independent/, { name: "collector" });
  const open = page.getByRole("button", { name: "Open", exact: true });
  await open.click();
  const document = page.getByRole("dialog");
  await document.getByText("7 conditions").click();
  await expect(document.locator(".rule-badge").first()).toHaveText("3");
  await expect(document.locator(".rule-badge", { hasText: "?" })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(open).toBeFocused();
});

test("another selection opens its own best card, with its own name", async ({ page }) => {
  await openApp(page);
  await selectRules(page, 8);
  await openCard(page, /Functional/);
  await selectRules(page, 2);
  const offer = page.locator("article.card-open");
  await expect(offer).toContainText("Functional decoupling");
  await selectRules(page, 3, 4, 5, 6, 7, 8);
  await expect(offer).toContainText("Mutually independent");
  await expect(offer.getByLabel("Name", { exact: true })).toHaveValue("collector");
});

test("a rule's name in graph and outline says what may be done with it", async ({ page }) => {
  await openApp(page);
  await expect(ruleInGraph(page, 2)).toHaveAttribute("aria-label", /rewrites? appl.*refused/);
  await page.getByRole("button", { name: "Outline", exact: true }).click();
  await expect(page.getByRole("treeitem", { name: /^Rule 2,.*refused/ })).toBeVisible();
});

test("thousands of rules start folded, and a layout that takes long can be stopped", async ({
  page,
}) => {
  await openApp(page);
  const rules = Array.from({ length: 5000 }, (_, i) => `r${i}(x) :- s${i}(x)`).join("\n");
  await openFile(page, "huge.ded", rules);
  await expect(page.getByText("5000 rules, 1 component")).toBeVisible({ timeout: 30_000 });
  await expect(page.locator(".box-component")).toContainText("5000 rules");
  await page.getByRole("button", { name: "Rules", exact: true }).click();
  await expect(page.getByText(/Laying out 15000 shapes/)).toBeVisible();
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await expect(page.getByText("This picture is of before")).toBeVisible();
  await page.getByRole("button", { name: "Components", exact: true }).click();
  await expect(page.locator(".layout-note")).toHaveCount(0);
});

test("a lock-step rewrite waits for the waiver, which the derivation then shows", async ({
  page,
}) => {
  await openApp(page);
  await openFile(
    page,
    "clock.ded",
    `component a {
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
`,
  );
  await expect(page.getByText("6 rules, 2 components")).toBeVisible();
  await selectRules(page, 2, 3, 4);
  const offer = await openCard(page, /Mutually independent/);
  await expect(offer).toContainText("Lock-step only");
  await expect(offer.getByRole("button", { name: /^Apply/ })).toBeDisabled();
  await offer.getByRole("checkbox", { name: /Tick counts do not matter/ }).check();
  await offer.getByRole("button", { name: /^Apply/ }).click();
  await expect(knots(page)).toHaveCount(2);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await expect(page.getByRole("dialog")).toContainText("Applied with the waiver");
});

test("a misspelt relation: the warning leads there and its fix mends it", async ({ page }) => {
  await openApp(page);
  await openFile(
    page,
    "votes.ded",
    "component a {\n  votes(x) :- in(x)\n  r(x)@async(d) :- votse(x), client(d)\n}\nedb client(address)\n",
  );
  await page.getByRole("button", { name: "1 warning" }).click();
  await expect(page.locator(".monaco-editor.focused")).toBeVisible();
  await page.keyboard.press("Control+.");
  await expect(page.getByText("Replace votse with votes")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByText("No problems")).toBeVisible();
  await expect(page.locator(".view-lines")).toContainText("votes(x), client(d)");
});

test("a part that cannot be loaded says so, and everything else stays", async ({ page }) => {
  await openApp(page);
  await page.route(/SimulateMode.*\.js/, (route) => route.abort());
  await mode(page, "Simulate");
  await expect(page.getByText(/could not be loaded/)).toBeVisible();
  await mode(page, "Rewrite");
  await expect(page.locator(".view-lines")).toContainText("component leader");
  await mode(page, "Simulate");
  await page.unroute(/SimulateMode.*\.js/);
  const loaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Load again" }).click();
  await loaded;
  await mode(page, "Simulate");
  await expect(page.getByRole("button", { name: /^Run\b/ }).first()).toBeVisible();
});

test("an empty program and a new one greet without errors", async ({ page }) => {
  await openApp(page);
  await openFile(page, "empty.ded", "");
  await expect(inspector(page)).toContainText("There are no rules yet");
  await page.locator(".document-name").click();
  await page.getByRole("menuitem", { name: "New", exact: true }).click();
  await expect(page.getByText("1 rule, 1 component")).toBeVisible();
  await expect(page.getByText("No problems")).toBeVisible();
});

test("the keyboard stays where it was when what had it goes", async ({ page }) => {
  await openApp(page);
  await selectRules(page, 2);
  const head = page.locator("article.card-open [data-card-head]");
  await expect(head).toContainText("Functional");
  await head.focus();
  await page.keyboard.press("Enter");
  await expect(knots(page)).toHaveCount(2);
  await expect(inspector(page).locator(":focus")).toHaveCount(1);

  const name = page.locator(".document-name");
  await name.focus();
  await page.keyboard.press("Enter");
  // Escape is for whoever is in the menu.
  await expect(page.getByRole("menu").locator(":focus")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(name).toBeFocused();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Rename" }).press("Enter");
  await expect(page.getByLabel("Document name")).toBeFocused();
  await page.keyboard.type("My store");
  await page.keyboard.press("Enter");
  await expect(name).toBeFocused();
  await expect(name).toHaveText(/My store/);
});

test("an error in the base makes later steps wait, and offers nothing to lose a rule with", async ({
  page,
}) => {
  await openApp(page);
  await selectRules(page, 2);
  await apply(page, /Functional/, { name: "broadcaster" });
  await page.getByRole("button", { name: "Edit the base" }).click();
  await page.locator(".view-line", { hasText: "signed(val, sig) :- in(val)" }).click();
  await page.keyboard.press("Home");
  await page.keyboard.type("wrong( ");
  await expect(page.getByText("Later steps wait.")).toBeVisible();
  await expect(page.getByRole("button", { name: /Drop step/ })).toHaveCount(0);
  await expect(page.locator(".card .button-primary")).toHaveCount(0);
  for (let i = 0; i < 7; i++) await page.keyboard.press("Backspace");
  await expect(page.getByText("Later steps wait.")).toHaveCount(0);
  await expect(knots(page).last()).toContainText("leader, rule 2 → broadcaster");
});
