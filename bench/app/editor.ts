import { chromium } from "@playwright/test";
import type { Browser, Page } from "@playwright/test";
import { installChromium } from "../../src/cli/install.mjs";
import { startServer } from "../../src/harness/server.ts";
import { read } from "../../src/syntax/read.ts";

/** The built app in Chromium (`npm run build` makes it), for as long as `use` takes. */
export async function withApp(use: (page: Page, browser: Browser) => Promise<void>): Promise<void> {
  const server = await startServer({
    port: 0,
    host: "127.0.0.1",
    appDir: new URL("../../dist/app", import.meta.url).pathname,
    version: "bench",
  });
  const browser = await chromium.launch({
    executablePath: installChromium(),
    args: ["--no-sandbox", "--disable-background-networking"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(server.url);
    await page.locator(".monaco-editor .view-line").first().waitFor({ timeout: 60_000 });
    await use(page, browser);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Opens the text as a file that is dropped on the window. */
export async function drop(page: Page, text: string): Promise<void> {
  const transfer = await page.evaluateHandle((content) => {
    const data = new DataTransfer();
    data.items.add(new File([content], "dropped.ded"));
    return data;
  }, text);
  await page.dispatchEvent(".clew", "drop", { dataTransfer: transfer });
}

/** Another example than the one that is open. */
export async function openExample(page: Page, title: string): Promise<void> {
  await page.getByRole("button", { name: /Verifiably replicated KVS/ }).click();
  await page.getByRole("menuitem", { name: title, exact: true }).click();
}

/** Once the text is read: finds its first rule with these words, puts the cursor at the line's end, has its verdicts. */
export async function standAt(page: Page, text: string, words: string): Promise<void> {
  const { components } = read(text).program;
  const rules = components.reduce((sum, component) => sum + component.rules.length, 0);
  await page.getByText(`${rules} rules, `).waitFor({ timeout: 60_000 });
  await page.locator(".view-line").first().click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Control+f");
  await page.keyboard.insertText(words);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  // The first leads to the end of a wrapped line's first part.
  for (let i = 0; i < 3; i++) await page.keyboard.press("End");
  await page.locator("article.card").first().waitFor({ timeout: 60_000 });
  await page.waitForTimeout(3000);
}

/** As fast as a person types. */
const BETWEEN_KEYS = 120;

/** Types so many blanks: the program stays what it is. */
export async function typeBlanks(page: Page, keystrokes: number): Promise<void> {
  for (let i = 0; i < keystrokes; i++) {
    await page.keyboard.type(i % 2 === 0 ? " " : "\t");
    await page.waitForTimeout(BETWEEN_KEYS);
  }
}

/** At the end of a rule: adds a comparison, and changes a number in it with each of so many keys. */
export async function typeNumbers(page: Page, keystrokes: number): Promise<void> {
  await page.keyboard.insertText(", 1 <= 1");
  await page.waitForTimeout(3000);
  await page.evaluate(() => performance.clearMeasures("verdicts"));
  for (let i = 0; i < keystrokes; i++) {
    if (i % 2 === 0) await page.keyboard.type("7");
    else await page.keyboard.press("Backspace");
    await page.waitForTimeout(BETWEEN_KEYS);
  }
}
