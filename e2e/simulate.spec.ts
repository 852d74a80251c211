import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import type { Locator, Page, Worker } from "@playwright/test";
import { expectAccessible } from "./accessibility.ts";
import { apply, inspector, mode, openApp, selectRules } from "./app.ts";

test("original and rewritten run beside each other and are never called the same", async ({
  page,
}) => {
  await openApp(page);
  await selectRules(page, 3, 4, 5, 6, 7, 8);
  await apply(page, /Mutually independent/, { name: "collector" });
  await mode(page, "Simulate");
  const answers = page.getByRole("region", { name: "Answers compared" });
  await expect(answers).toContainText("Original: 20 of 20 requests answered", { timeout: 60_000 });
  await expect(answers).toContainText("Rewritten: 20 of 20 requests answered");
  await expect(answers).toContainText("not yet known");
  await expect(answers).not.toContainText("same program");
  await expect(page.getByRole("group", { name: /Rewritten run/ })).toBeVisible();
});

test("stepping back and forth shows any node's facts at any tick", async ({ page }) => {
  await openApp(page, "voting");
  await mode(page, "Simulate");
  await expect(page.getByRole("group", { name: /Original run/ })).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "To the start" }).click();
  const moment = page.getByRole("slider", { name: /Moment/ });
  await expect(moment).toHaveAttribute("aria-valuenow", "0");
  for (let i = 0; i < 25; i++) await page.getByRole("button", { name: "Step ▸" }).click();
  const later = Number(await moment.getAttribute("aria-valuenow"));
  expect(later).toBeGreaterThan(0);
  await page.getByRole("button", { name: "◂ Step" }).click();
  expect(Number(await moment.getAttribute("aria-valuenow"))).toBeLessThan(later);
  await page
    .getByRole("region", { name: /Facts of/ })
    .getByRole("combobox")
    .selectOption("participant.2");
  await expect(page.getByRole("region", { name: "Facts of participant.2" })).toContainText(/tick/);
});

test("what a lost message breaks is said, shown at its moment, and can be taken back", async ({
  page,
}) => {
  await openApp(page, "voting");
  await mode(page, "Simulate");
  const answers = page.getByRole("region", { name: "Answers compared" });
  await expect(answers).toContainText("20 of 20", { timeout: 60_000 });
  await page.getByRole("button", { name: "To the start" }).click();
  const pending = page.getByRole("region", { name: "Messages under way" });
  const lose = pending.getByRole("button", { name: /^Lose vote\(/ }).first();
  for (let i = 0; i < 60 && !(await lose.isVisible()); i++) {
    await page.getByRole("button", { name: "Step ▸" }).click();
  }
  await lose.click();
  await expect(answers).toContainText(/19 of 20|without an answer/, { timeout: 30_000 });
  await page.getByRole("button", { name: /^Take back/ }).click();
  await expect(answers).toContainText("20 of 20", { timeout: 30_000 });

  // A program that says what must hold.
  await page.getByRole("button", { name: /^Voting/ }).click();
  await page.getByRole("menuitem", { name: "Small ones to learn on" }).hover();
  await page.getByRole("menuitem", { name: "Reliable broadcast: best effort" }).click();
  const stated = page.getByRole("region", { name: "What must hold" });
  await expect(stated).toContainText("all of pre is in post", { timeout: 30_000 });
  await page.getByRole("button", { name: "To the start" }).click();
  const loseSend = pending.getByRole("button", { name: /^Lose send\(1,/ }).first();
  for (let i = 0; i < 60 && !(await loseSend.isVisible()); i++) {
    await page.getByRole("button", { name: "Step ▸" }).click();
  }
  await loseSend.click();
  const finding = page.getByRole("status").filter({ hasText: "Broken" });
  await expect(finding).toContainText(/post\(member\.\d, 1\) is missing in the end/);
  await expect(stated).toContainText("post is broken");
  await finding.getByRole("button", { name: "Show it" }).click();
  await expect(page.locator(".cause-tree")).toContainText("log(1, ");
  await expectAccessible(page);
});

test("the browser's run is the command line's run, to the byte", async ({ page }) => {
  const path = join(mkdtempSync(join(tmpdir(), "clew-e2e-")), "trace.json");
  const program = "public/examples/voting/base.ded";
  const done = spawnSync("node", ["src/cli/main.ts", "simulate", program, "--trace", path]);
  expect(done.status).toBe(0);
  await openApp(page, "voting");
  await mode(page, "Simulate");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save the original run" }).click({ timeout: 60_000 });
  const kept = await (await download).path();
  expect(readFileSync(kept, "utf8")).toBe(readFileSync(path, "utf8"));
});

async function toFirst(page: Page, button: Locator): Promise<void> {
  await page.getByRole("button", { name: "To the start" }).click();
  for (let i = 0; i < 90 && !(await button.first().isVisible()); i++) {
    await page.getByRole("button", { name: "Step ▸" }).click();
  }
}

test("a fact's causes lead over all nodes back to the client's request", async ({ page }) => {
  await openApp(page, "voting");
  await mode(page, "Simulate");
  const why = page.getByRole("button", { name: /^Why committed\(/ });
  await expect(page.getByRole("region", { name: "Answers compared" })).toContainText("20 of 20", {
    timeout: 60_000,
  });
  await toFirst(page, why);
  const asked = await why.first().getAttribute("aria-label");
  await why.first().click();
  const tree = page.getByRole("region", { name: asked! });
  await expect(tree).toContainText("numVotes(3,");
  await expect(tree).toContainText("gathered over 3 matches");
  await expect(tree.getByRole("button", { name: "Select rule 5" })).toBeVisible();

  const vote = tree.getByRole("button", { name: /^from participant\.1, tick/ });
  await vote.click();
  await expect(page.getByRole("region", { name: "Facts of participant.1" })).toBeVisible();
  for (let i = 0; i < 20; i++) {
    const folded = tree.locator('.cause-toggle[aria-expanded="false"]').first();
    if (!(await folded.isVisible())) break;
    await folded.click();
  }
  await expect(tree.getByRole("button", { name: /request \d+ of client/ }).first()).toBeVisible();

  await tree.getByRole("button", { name: "Show path" }).click();
  await expect(tree).toContainText(/\d+ messages led here/);
  await expect(page.locator(".message.on-path").first()).toBeAttached();

  await tree.getByRole("button", { name: "Select rule 5" }).click();
  await mode(page, "Rewrite");
  await expect(inspector(page)).toContainText("Rule 5");
});

test("a branch keeps the run it left, by keyboard alone", async ({ page }) => {
  await openApp(page, "voting");
  await mode(page, "Simulate");
  const answers = page.getByRole("region", { name: "Answers compared" });
  await expect(answers).toContainText("20 of 20", { timeout: 60_000 });
  const pending = page.getByRole("region", { name: "Messages under way" });
  await toFirst(page, pending.getByRole("button", { name: /^Lose vote\(/ }));
  await page.getByRole("region", { name: "Space-time diagram" }).focus();
  await page.keyboard.press("b");
  const about = page.getByRole("group", { name: "About Branch 1" });
  await expect(about).toContainText("left Main run at");
  await expect(page.locator(".branch-band")).toContainText("Nothing is changed yet");

  await pending
    .getByRole("button", { name: /^Lose vote\(/ })
    .first()
    .press("Enter");
  await expect(answers).toContainText("19 of 20", { timeout: 30_000 });
  await expect(page.locator(".branch-band")).toContainText(/Leaves Main run at answer \d+/);
  const moment = page.getByRole("slider", { name: /Moment/ });
  const before = Number(await moment.getAttribute("aria-valuenow"));
  await page.getByRole("region", { name: "Space-time diagram" }).focus();
  await page.keyboard.press("n");
  await expect
    .poll(async () => Number(await moment.getAttribute("aria-valuenow")))
    .not.toBe(before);

  const runs = page.getByRole("list", { name: "Runs" });
  await runs.getByRole("button", { name: "Main run" }).press("Enter");
  await expect(answers).toContainText("20 of 20");
  await runs.getByRole("button", { name: /^Branch 1/ }).press("Enter");
  await expect(answers).toContainText("19 of 20");
  await about.getByRole("textbox", { name: "Name of this branch" }).fill("a vote is lost");
  await expect(runs).toContainText("a vote is lost");
  await runs.getByRole("button", { name: "Remove a vote is lost" }).click();
  await expect(answers).toContainText("20 of 20");
  await expect(runs).toHaveCount(0);
});

test("a fault that is chosen is put away with Escape; a paused node is resumed", async ({
  page,
}) => {
  await openApp(page, "voting");
  await mode(page, "Simulate");
  const answers = page.getByRole("region", { name: "Answers compared" });
  await expect(answers).toContainText("20 of 20", { timeout: 60_000 });
  await page.getByRole("region", { name: "Space-time diagram" }).focus();
  await page.keyboard.press("p");
  await expect(page.getByText(/Pause: click a node/)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText(/Pause: click a node/)).toHaveCount(0);

  await page.getByRole("button", { name: "To the start" }).click();
  for (let i = 0; i < 6; i++) await page.getByRole("button", { name: "Step ▸" }).click();
  await page.getByRole("region", { name: "Space-time diagram" }).focus();
  await page.keyboard.press("p");
  await page.getByRole("button", { name: "Show the facts of participant.2" }).press("Enter");
  await expect(answers).toContainText("without an answer", { timeout: 30_000 });
  for (let i = 0; i < 4; i++) await page.getByRole("button", { name: "Step ▸" }).click();
  await page.getByRole("button", { name: /^Resume at/ }).click();
  await expect(answers).toContainText("20 of 20", { timeout: 30_000 });
});

// In a turn of its own: what the debugger evaluates is not bound by the policy.
const makesCode = `new Promise((done) => setTimeout(() => {
  try { done(Function("return true")()); } catch { done(false); }
}))`;

function simulationWorker(page: Page): Worker | undefined {
  return page.workers().find((w) => w.url().includes("simulation.worker"));
}

test("rules become code in the simulation's worker, and nowhere else", async ({ page }) => {
  await openApp(page, "voting");
  await firstRun(page);
  const worker = simulationWorker(page);
  expect(await worker?.evaluate(makesCode)).toBe(true);
  for (const other of page.workers()) {
    if (other !== worker) expect(await other.evaluate(makesCode)).toBe(false);
  }
});

test("where no rule may become code, runs take a slower path, which is said while they last", async ({
  page,
}) => {
  // As another server may serve the app.
  await page.context().route(/simulation\.worker/, async (route) => {
    const response = await route.fetch();
    const headers = response.headers();
    const policy = headers["content-security-policy"]!.replace(" 'unsafe-eval'", "");
    await route.fulfill({
      response,
      headers: { ...headers, "content-security-policy": policy },
    });
  });
  await openApp(page, "voting");
  await firstRun(page);
  expect(await simulationWorker(page)?.evaluate(makesCode)).toBe(false);
  await page.getByLabel("Requests").fill("3000");
  // It is there for a few seconds only, or less: the page itself writes down what it showed.
  const said = await page.evaluateHandle(() => {
    const seen = new Set<string>();
    new MutationObserver(() => {
      seen.add(document.querySelector(".run-progress")?.textContent ?? "");
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
    return seen;
  });
  await page.getByRole("button", { name: "Run again" }).click();
  await expect(page.getByRole("region", { name: "Answers compared" })).toContainText(
    "3000 of 3000 requests answered",
    { timeout: 60_000 },
  );
  expect(await said.evaluate((seen) => [...seen].join("\n"))).toContain(
    "slower: where this page comes from, rules may not become code",
  );
});

async function momentNow(page: Page): Promise<number> {
  const moment = page.getByRole("slider", { name: /Moment/ });
  return Number(await moment.getAttribute("aria-valuenow"));
}

async function firstRun(page: Page): Promise<void> {
  await mode(page, "Simulate");
  await expect(page.getByRole("region", { name: "Answers compared" })).toContainText("20 of 20", {
    timeout: 60_000,
  });
}

test("Run until… moves to a fact that fits a pattern, and on to the next, by keyboard alone", async ({
  page,
}) => {
  await openApp(page, "voting");
  await firstRun(page);
  await page.getByRole("button", { name: "To the start" }).click();
  await page.getByRole("region", { name: "Space-time diagram" }).focus();
  await page.keyboard.press("u");
  const form = page.getByRole("dialog", { name: "Run until" });
  const condition = form.getByRole("combobox", { name: "Run until" });
  await expect(condition).toBeFocused();
  await condition.selectOption("a fact appears");
  await page.keyboard.press("Tab");
  await page.keyboard.type("vots(_, 3)");
  await page.keyboard.press("Enter");
  await expect(form.getByRole("alert")).toContainText("facts of vots");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("votes(_, 3)");
  await page.keyboard.press("Enter");
  await expect(form).toHaveCount(0);
  const band = page.locator(".until-band");
  await expect(band).toContainText(
    /Stopped at [\d.]+ ms: votes\(participant\.\d, 3\) appears on leader/,
  );
  await expect(
    page.getByRole("button", { name: /^Why votes\(participant\.\d, 3\)/ }),
  ).toBeVisible();
  const first = await momentNow(page);
  await band.getByRole("button", { name: "Run on" }).press("Enter");
  await expect.poll(() => momentNow(page)).toBeGreaterThan(first);

  await page.getByRole("region", { name: "Space-time diagram" }).focus();
  await page.keyboard.press("u");
  await expect(form.getByRole("combobox", { name: "Fact" })).toHaveValue("votes(_, 3)");
  await page.keyboard.press("Escape");
  await expect(form).toHaveCount(0);
});

test("Run until… says plainly when the condition never comes", async ({ page }) => {
  await openApp(page, "voting");
  await firstRun(page);
  const ask = async (condition: string, field?: string, value?: string): Promise<void> => {
    await page.getByRole("button", { name: "Run until…" }).click();
    const form = page.getByRole("dialog", { name: "Run until" });
    await form.getByRole("combobox", { name: "Run until" }).selectOption(condition);
    if (field !== undefined) await form.getByLabel(field, { exact: true }).fill(value!);
    await form.getByRole("button", { name: "Run" }).click();
  };
  const band = page.locator(".until-band");
  const stood = await momentNow(page);
  await ask("a fact appears", "Fact", "votes(_, 999)");
  await expect(band).toContainText(
    /never comes to a moment at which votes\(_, 999\) appears.*ended at/,
  );
  expect(await momentNow(page)).toBe(stood);
  await ask("the first difference");
  await expect(band).toContainText("this is the base alone");
  await ask("a time", "Time, ms", "99999");
  await expect(band).toContainText("never comes to 99999.0 ms");
  await ask("a request’s answer", "Request", "21");
  await expect(band).toContainText("clients ask 20");
  await ask("a request’s answer", "Request", "20");
  await expect(band).toContainText("reply(20) answers request 20");
  await ask("a time", "Time, ms", "12");
  await expect(band).toContainText("Stopped at 12.0 ms");
  expect(await momentNow(page)).toBe(12);
});

test("Run until… runs first what has been told anew, and can be cancelled on the way", async ({
  page,
}) => {
  await openApp(page, "voting");
  await firstRun(page);
  await page.getByLabel("Requests").fill("9000");
  await page.getByRole("region", { name: "Space-time diagram" }).focus();
  await page.keyboard.press("u");
  const form = page.getByRole("dialog", { name: "Run until" });
  await form.getByRole("combobox", { name: "Run until" }).selectOption("a request’s answer");
  await form.getByLabel("Request", { exact: true }).fill("8999");
  await page.keyboard.press("Enter");
  const band = page.locator(".until-band");
  // At once: a pointer waits until nothing moves, and by then the run may be over.
  await band.getByRole("button", { name: /^Cancel/ }).dispatchEvent("click");
  await expect(band).toBeEmpty();
  await expect(page.locator(".run-progress")).toHaveCount(0);
  await page.getByLabel("Requests").fill("40");
  await page.getByRole("region", { name: "Space-time diagram" }).focus();
  await page.keyboard.press("u");
  await form.getByLabel("Request", { exact: true }).fill("33");
  await page.keyboard.press("Enter");
  await expect(band).toContainText("answers request 33", { timeout: 30_000 });
});

test("nodes are hidden by component or one by one, by keyboard, and stay so over a change of mode", async ({
  page,
}) => {
  await openApp(page, "voting");
  await firstRun(page);
  const lane = (name: string): Locator =>
    page.getByRole("button", { name: `Show the facts of ${name}` });
  await expect(lane("participant.2")).toBeVisible();
  const nodes = page.getByRole("button", { name: /(All|of \d+) nodes/ });
  await expect(nodes).toHaveText("All nodes ▾");
  await nodes.press("Enter");
  const find = page.getByRole("combobox", { name: "Find among nodes" });
  await expect(find).toBeFocused();
  await page.keyboard.type("participant");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(nodes).toHaveText("2 of 5 nodes ▾");
  await expect(page.getByRole("option", { name: /participant 0 of 3/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(nodes).toBeFocused();
  await expect(find).toHaveCount(0);
  await expect(lane("participant.2")).toHaveCount(0);
  await expect(lane("leader")).toBeVisible();
  const hidden = page.locator(".hidden-text");
  await expect(hidden).toHaveText(/^3 nodes, 120 messages hidden$/);

  await nodes.click();
  await page.getByRole("listbox").getByRole("option", { name: "participant.2" }).click();
  await page.keyboard.press("Escape");
  await expect(lane("participant.2")).toBeVisible();
  await expect(hidden).toHaveText(/^2 nodes, 80 messages hidden$/);
  await page.getByRole("button", { name: "Table" }).click();
  await expect(page.locator(".message-table caption")).toContainText("80 messages, 80 more hidden");
  await page.getByRole("button", { name: "Table" }).click();

  await mode(page, "Rewrite");
  await mode(page, "Simulate");
  await expect(nodes).toHaveText("3 of 5 nodes ▾");
  await page.getByRole("button", { name: "Show everything" }).click();
  await expect(nodes).toHaveText("All nodes ▾");
  await expect(lane("participant.3")).toBeVisible();
});

test("a hidden relation is neither drawn, nor listed, nor counted as nothing", async ({ page }) => {
  await openApp(page, "voting");
  await firstRun(page);
  const facts = page.getByRole("region", { name: "Facts of leader" });
  const why = page.getByRole("button", { name: /^Why votes\(/ });
  await toFirst(page, why);
  await expect(facts.getByRole("heading", { name: /^votes/ })).toBeVisible();
  const relations = page.getByRole("button", { name: /(All|of \d+) relations/ });
  await relations.click();
  await page.getByRole("option", { name: "votes", exact: true }).click();
  await page.getByRole("option", { name: "voteReq", exact: true }).click();
  await page.keyboard.press("Escape");
  await expect(relations).toHaveText(/^\d+ of \d+ relations ▾$/);
  await expect(facts.getByRole("heading", { name: /^votes/ })).toHaveCount(0);
  await expect(facts).toContainText("1 relation is hidden.");
  await expect(page.locator(".hidden-text")).toHaveText("2 relations, 60 messages hidden");
  const pending = page.getByRole("region", { name: "Messages under way" });
  await expect(pending).not.toContainText("voteReq(");

  await page.getByRole("button", { name: /^Voting/ }).click();
  await page.getByRole("menuitem", { name: "Two-phase commit", exact: true }).click();
  await expect(page.getByText(/rules, 2 components/)).toBeVisible();
  await expect(relations).toHaveText("All relations ▾");
});

test("a moved cursor draws no arrow, tick or answer again", async ({ page }) => {
  await openApp(page, "voting");
  await firstRun(page);
  await page.getByRole("button", { name: "To the start" }).click();
  const drawn = await page.evaluateHandle(() => {
    const changes: string[] = [];
    const parts = ".message, .tick, .answer";
    new MutationObserver((records) => {
      for (const { target, addedNodes, removedNodes } of records) {
        for (const each of [target, ...addedNodes, ...removedNodes]) {
          if (each instanceof Element && each.closest(parts)) changes.push(each.outerHTML);
        }
      }
    }).observe(document.querySelector(".diagrams")!, {
      subtree: true,
      childList: true,
      attributes: true,
    });
    return changes;
  });
  const before = await momentNow(page);
  for (let i = 0; i < 8; i++) await page.getByRole("button", { name: "Step ▸" }).click();
  expect(await momentNow(page)).toBeGreaterThan(before);
  expect(await drawn.jsonValue()).toEqual([]);
  await page.getByRole("button", { name: "Zoom in" }).click();
  await expect.poll(async () => (await drawn.jsonValue()).length).toBeGreaterThan(0);
});

test("causes, branches, the form of “Run until…” and the filters have no accessibility violations", async ({
  page,
}) => {
  await openApp(page, "voting");
  await mode(page, "Simulate");
  await expect(page.getByRole("region", { name: "Answers compared" })).toContainText("20 of 20", {
    timeout: 60_000,
  });
  const why = page.getByRole("button", { name: /^Why committed\(/ });
  await toFirst(page, why);
  await why.first().click();
  await expect(page.locator(".cause-tree")).toContainText("gathered over");
  await page.getByRole("button", { name: "Show path" }).click();
  await page.getByRole("button", { name: /^Branch at/ }).click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Run until…" }).click();
  const form = page.getByRole("dialog", { name: "Run until" });
  await form.getByRole("combobox", { name: "Run until" }).selectOption("a fact appears");
  await form.getByRole("button", { name: "Run" }).click();
  await expect(form.getByRole("alert")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "All nodes" }).click();
  await page.getByRole("listbox").getByRole("option", { name: "participant.2" }).click();
  await expectAccessible(page);
});
