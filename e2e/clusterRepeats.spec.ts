import { expect, test } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";
import { mode, openApp } from "./app.ts";

function charts(page: Page): Locator {
  return page.getByRole("region", { name: "Charts" });
}

function runs(page: Page): Locator {
  return page.getByRole("region", { name: "Runs", exact: true });
}

async function downloaded(page: Page, button: string): Promise<string> {
  const download = page.waitForEvent("download");
  await runs(page).getByRole("button", { name: button, exact: true }).click();
  const stream = await (await download).createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** As if the last repeat of the first sweep had lost a node. */
async function failLastRepeat(page: Page): Promise<void> {
  await page.evaluate(() => {
    const key = "clew/sweeps/1";
    const sweeps = JSON.parse(localStorage.getItem(key) ?? "[]") as {
      runs: { lost: unknown[] }[];
    }[];
    sweeps[0]!.runs.at(-1)!.lost = [{ address: "leader", how: "ended by itself", output: "" }];
    localStorage.setItem(key, JSON.stringify(sweeps));
  });
}

test("repeats: medians with bands, every repeat in table and files, and a failed one keeps the others", async ({
  page,
}) => {
  await openApp(page, "voting");
  await mode(page, "Cluster");
  await page.getByLabel("Clients", { exact: true }).fill("1, 2");
  await page.getByLabel(/Warm-up/).fill("0");
  await page.getByLabel(/Duration/).fill("1");
  const repeats = page.getByLabel(/Repeats/);
  await expect(repeats).toHaveValue("1");
  await repeats.fill("3");
  await expect(page.getByText("6 runs; about 18 s in all.")).toBeVisible();
  await page.getByRole("button", { name: "Run on cluster" }).click();
  await expect(runs(page)).toContainText("run 2 of 6: original at 1, repeat 2", {
    timeout: 60_000,
  });
  await expect(runs(page)).toContainText("finished", { timeout: 60_000 });
  await expect(runs(page)).toContainText("3 × 1 s each");

  await expect(charts(page).locator(".curve-point")).toHaveCount(2);
  await expect(charts(page).locator(".curve-chart .chart-band")).toHaveCount(1);
  await expect(charts(page).locator(".seconds-chart .chart-band")).toHaveCount(2);
  const range = /median of 3, from [\d.]+k?\/s to [\d.]+k?\/s/;
  await expect(charts(page).locator(".run-figures")).toContainText(range);
  await expect(
    charts(page).getByRole("button", { name: /^Original, 2 clients: .*median of 3, from/ }),
  ).toBeVisible();

  await page.getByRole("button", { name: "Table", exact: true }).click();
  const curve = charts(page).getByRole("table").first();
  await expect(curve.getByRole("row")).toHaveCount(1 + 2 * 4);
  await expect(curve.getByRole("row", { name: /^1 / })).toContainText("3 of 3 finished");
  await expect(curve.getByRole("rowheader", { name: "repeat 3" })).toHaveCount(2);

  const csv = await downloaded(page, "CSV");
  expect(csv.match(/^point,/gm)).toHaveLength(6);
  const sweep = JSON.parse(await downloaded(page, "JSON")) as {
    repeats: number;
    points: { clients: number; repeat: number; results?: unknown }[];
  };
  expect(sweep.repeats).toBe(3);
  expect(sweep.points.map((p) => [p.clients, p.repeat, p.results !== undefined])).toEqual(
    [1, 2].flatMap((clients) => [1, 2, 3].map((repeat) => [clients, repeat, true])),
  );

  await failLastRepeat(page);
  await page.reload();
  await mode(page, "Cluster");
  await expect(runs(page)).toContainText("finished, 1 failed");
  await expect(
    charts(page).getByRole("button", { name: /^Original, 2 clients: .*median of 2, from/ }),
  ).toBeVisible();
  await expect(page.getByRole("list", { name: "Runs that failed" })).toContainText(
    "at 2 clients, repeat 3 failed: “leader” ended by itself.",
  );
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await expect(charts(page).getByRole("row", { name: /^2 / }).first()).toContainText(
    "2 of 3 finished",
  );
});
