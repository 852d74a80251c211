import { expect } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";

/** Opens the app with nothing kept from before, and waits until text, graph and analysis stand. */
export async function openApp(page: Page, example: "kvs" | "voting" = "kvs"): Promise<void> {
  await page.goto("/");
  await expect(ruleInGraph(page, 1)).toBeVisible({ timeout: 30_000 });
  if (example === "voting") {
    await page.getByRole("button", { name: /Verifiably replicated KVS/ }).click();
    await page.getByRole("menuitem", { name: "Voting", exact: true }).click();
    await expect(page.getByText("7 rules, 2 components")).toBeVisible();
  }
  await expect(page.locator(".monaco-editor .view-line").first()).toBeVisible({ timeout: 30_000 });
}

export function ruleInGraph(page: Page, number: number): Locator {
  return page.locator(`.react-flow [aria-label^="Rule ${number},"]`).first();
}

export function inspector(page: Page): Locator {
  return page.getByRole("region", { name: "Rewrites and facts" });
}

/** Selects rules by their numbers in the graph: a click, then clicks with Shift. */
export async function selectRules(page: Page, ...numbers: readonly number[]): Promise<void> {
  await page.getByRole("button", { name: "Fit", exact: true }).click();
  for (const [i, number] of numbers.entries()) {
    await ruleInGraph(page, number).click(i === 0 ? {} : { modifiers: ["Shift"] });
  }
  const first = Math.min(...numbers);
  await expect(inspector(page)).toContainText(new RegExp(`Rules? ${first}(?!\\d)`));
}

/** All rules of a component, from the outline, which names it. */
export async function selectComponent(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Outline", exact: true }).click();
  await page.getByRole("treeitem", { name: new RegExp(`^(Component )?${name}\\b`) }).click();
  await page.getByRole("button", { name: "Graph", exact: true }).click();
}

export function card(page: Page, title: string | RegExp): Locator {
  return page.locator("article.card", { has: page.getByRole("heading", { name: title }) }).first();
}

export async function openCard(page: Page, title: string | RegExp): Promise<Locator> {
  const offer = card(page, title);
  await expect(offer).toBeVisible();
  const head = offer.getByRole("button").first();
  if ((await head.getAttribute("aria-expanded")) !== "true") await head.click();
  return offer;
}

/** Opens the card and applies it; waits for the new knot on the thread. */
export async function apply(
  page: Page,
  title: string | RegExp,
  fields: { readonly name?: string; readonly partitions?: number } = {},
): Promise<void> {
  const steps = await knots(page).count();
  const offer = await openCard(page, title);
  if (fields.partitions !== undefined) {
    await offer.getByLabel("partitions").fill(String(fields.partitions));
  }
  if (fields.name !== undefined) {
    await offer.getByLabel("Name", { exact: true }).fill(fields.name);
  }
  await offer.getByRole("button", { name: /^Apply/ }).click();
  await expect.poll(() => knots(page).count()).toBeGreaterThan(steps);
}

export function knots(page: Page): Locator {
  return page.locator(".knot-item:not(.knot-preview)");
}

export async function mode(page: Page, title: "Rewrite" | "Simulate" | "Cluster"): Promise<void> {
  await page.getByRole("tab", { name: title }).click();
}

/** The running example up to Figure 5, by hand. */
export async function scaleKvs(page: Page): Promise<void> {
  await selectRules(page, 3, 4, 5, 6, 7, 8);
  await apply(page, /Mutually independent/, { name: "collector" });
  await selectRules(page, 8);
  await apply(page, /Monotonic/, { name: "checker" });
  await selectRules(page, 2);
  await apply(page, /Functional/, { name: "broadcaster" });
  for (const component of ["broadcaster", "collector", "checker"]) {
    await selectComponent(page, component);
    await apply(page, /^Partition/, { partitions: 3 });
  }
}

/** Voting with its own up to five partitions: 26 processes. */
export async function scaleVoting(page: Page): Promise<void> {
  await selectRules(page, 2, 3, 4, 5, 6);
  await apply(page, /Mutually independent/, { name: "collector" });
  await selectRules(page, 1);
  await apply(page, /Functional/, { name: "broadcaster" });
  for (const component of ["broadcaster", "participant", "collector"]) {
    await selectComponent(page, component);
    await apply(page, /^Partition/, { partitions: 5 });
  }
}

/** Drops files on the window, all at once. */
export async function dropFiles(
  page: Page,
  ...files: readonly { readonly name: string; readonly text: string }[]
): Promise<void> {
  const data = await page.evaluateHandle((dropped) => {
    const transfer = new DataTransfer();
    for (const { name, text } of dropped) transfer.items.add(new File([text], name));
    return transfer;
  }, files);
  await page.dispatchEvent(".clew", "drop", { dataTransfer: data });
}
