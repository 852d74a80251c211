import { chromium } from "@playwright/test";
import { installChromium } from "../src/cli/install.mjs";
import { startServer } from "../src/harness/server.ts";
import { quantile, report } from "./report.ts";

// From a keystroke in the running example to the verdicts of the selected rule, in the real app in Chromium: Monaco's
// change, reading, analysing, judging in the worker, and the answer's arrival on the page. Needs a build: npm run build.
const KEYSTROKES = 150;

const server = await startServer({
  port: 0,
  host: "127.0.0.1",
  appDir: new URL("../dist/app", import.meta.url).pathname,
  version: "bench",
});
const browser = await chromium.launch({
  executablePath: installChromium(),
  args: ["--no-sandbox", "--disable-background-networking"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(server.url);
  await page
    .locator(".view-line", { hasText: "outInconsistent" })
    .first()
    .click({ timeout: 60_000 });
  await page.locator("article.card").first().waitFor({ timeout: 60_000 });
  await page.keyboard.press("End");
  await page.waitForTimeout(3000);
  await page.evaluate(() => performance.clearMeasures("verdicts"));
  for (let i = 0; i < KEYSTROKES; i++) {
    await page.keyboard.type(i % 2 === 0 ? " " : "\t");
    await page.waitForTimeout(120);
  }
  const durations = await page.evaluate(() =>
    performance.getEntriesByName("verdicts").map((entry) => entry.duration),
  );
  if (durations.length < KEYSTROKES / 2) throw new Error(`only ${durations.length} verdicts came`);
  const p95 = quantile(durations, 0.95);
  report("verdicts", 0, [
    {
      what: `keystroke to verdicts, median of ${durations.length}`,
      value: quantile(durations, 0.5),
      unit: "ms",
    },
    {
      what: "keystroke to verdicts, 95th percentile",
      value: p95,
      unit: "ms",
      goal: "≤ 50 ms",
      met: p95 <= 50,
    },
  ]);
} finally {
  await browser.close();
  await server.close();
}
