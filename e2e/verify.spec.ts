import { expect, test } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "./accessibility.ts";
import { apply, knots, mode, openApp, selectRules } from "./app.ts";

function panel(page: Page): Locator {
  return page.getByRole("region", { name: "Check", exact: true });
}

/** The verdict on the step that the panel shows. */
function answer(page: Page, question: string | RegExp): Locator {
  return panel(page).getByRole("region", { name: question });
}

async function splitVoting(page: Page): Promise<void> {
  await openApp(page, "voting");
  await selectRules(page, 2, 3, 4, 5, 6);
  await apply(page, /Mutually independent/, { name: "collector" });
}

/** A by-hand step behind the one that is shown: the text is added to the end of a line. */
async function typeAt(page: Page, line: string, text: string): Promise<void> {
  const steps = await knots(page).count();
  await page.locator(".view-line", { hasText: line }).first().click();
  // A line that is wrapped ends at the second.
  await page.keyboard.press("End");
  await page.keyboard.press("End");
  await page.keyboard.type(text);
  await expect(knots(page)).toHaveCount(steps + 1);
}

async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Commands" }).fill(words);
  await page.keyboard.press("Enter");
}

test("a by-hand change that breaks voting is caught, and its violation opens in Simulate", async ({
  page,
}) => {
  await splitVoting(page);
  await typeAt(page, "committed(id) :- numVotes", ", id != 1");
  await expect(knots(page).nth(2)).toContainText("not verified");
  await page.getByRole("button", { name: "Check it" }).click();

  const found = answer(page, "Step 2 against step 1");
  await expect(found).toContainText("A violation. Step 2 comes to rest", { timeout: 30_000 });
  await expect(found).toContainText("clients have seen nothing");
  await expect(
    found.getByRole("listitem").filter({ hasText: "Clients send request 1" }),
  ).toHaveCount(2);
  await expect(found).toContainText(
    /Bounds: the first request of the deployment’s clients; at most 20,000 states/,
  );
  await expect(knots(page).nth(2)).toContainText("a check found a violation");
  await expectAccessible(page);

  await found.getByRole("button", { name: "Open in Simulate" }).click();
  const band = page.getByRole("group", { name: "A violation" });
  await expect(band).toContainText("the rewritten program owes what clients see first", {
    timeout: 30_000,
  });
  await expect(band).toContainText("Original: reply(1). Rewritten: nothing more.");
  const answers = page.getByRole("region", { name: "Answers compared" });
  await expect(answers).toContainText("Original: 1 of 1 requests answered");
  await expect(answers).toContainText("Rewritten: 0 of 1 requests answered");
  await expect(answers).not.toContainText("not yet known");
  // The programs that were checked run, not the base: step 1 has a collector already.
  await expect(page.getByRole("heading", { name: /^Original step 1, 5 nodes/ })).toBeVisible();
  await expect(page.locator(".difference-ring")).toHaveCount(2);
  await expectAccessible(page);

  // What is changed is another run, of which nothing is known.
  await page.getByRole("button", { name: "Pause leader here" }).click();
  await expect(band).toHaveCount(0);
  await expect(page.getByRole("list", { name: "Runs" })).toContainText("Violation: step 2");
  await page.getByRole("list", { name: "Runs" }).getByRole("button", { name: "Main run" }).click();
  await expect(answers).toContainText("Original: 20 of 20 requests answered", { timeout: 30_000 });

  // Kept over the change of mode.
  await mode(page, "Rewrite");
  await expect(found).toContainText("A violation.");
  await page.keyboard.press("Escape");
});

test("a by-hand change that changes nothing loses its mark, and says within what", async ({
  page,
  context,
}) => {
  await splitVoting(page);
  await typeAt(page, "committed(id) :- numVotes", ", n == n");
  await page.getByRole("button", { name: "Check it" }).click();
  const found = answer(page, "Step 2 against step 1");
  await expect(found).toContainText(/^.*Refines within 1 request\. In every schedule/s, {
    timeout: 30_000,
  });
  await expect(panel(page)).not.toContainText("same program");
  const knot = knots(page).nth(2);
  await expect(knot).toContainText("refines within 1 request");
  await expect(knot).not.toContainText("not verified");
  await expect(page.getByText("By hand, refines within 1 request.")).toBeVisible();
  // Undone and done again it is the same step, and what is known of it is still known.
  await panel(page)
    .getByRole("button", { name: /^Close/ })
    .click();
  await knots(page).nth(1).getByRole("button").click();
  await knots(page).nth(2).getByRole("button").click();
  await expect(page.getByText("By hand, refines within 1 request.")).toBeVisible();
  // So it is when the page is loaded again; what is typed then is another program.
  await page.reload();
  await expect(knots(page).nth(2)).toContainText("refines within 1 request", { timeout: 30_000 });
  await expect(knots(page).nth(1)).not.toContainText("refines");

  // What two pages find is kept beside each other.
  const other = await context.newPage();
  await other.goto("/");
  await expect(knots(other).nth(2)).toContainText("refines within 1 request", { timeout: 30_000 });
  await command(page, "Check every step");
  await expect(knots(page).nth(1)).toContainText("refines within 1 request", { timeout: 30_000 });
  await command(other, "Check the whole derivation");
  const whole = "All steps: refines within 1 request.";
  await expect(other.locator(".strip-legend")).toContainText(whole, { timeout: 30_000 });
  await page.reload();
  await expect(page.locator(".strip-legend")).toContainText(whole, { timeout: 30_000 });
  await expect(knots(page).nth(1)).toContainText("refines within 1 request");
});

test("a shipped derivation's steps refine, from the palette and by keyboard alone", async ({
  page,
}) => {
  await openApp(page, "voting");
  await command(page, "Open example Voting, decoupled only");
  await expect(knots(page)).toHaveCount(4);
  await command(page, "Check every step");
  for (const step of [1, 2, 3]) {
    await expect(knots(page).nth(step)).toContainText("refines within 1 request", {
      timeout: 60_000,
    });
  }
  await command(page, "Check the whole derivation");
  const whole = answer(page, "Steps 1 to 3 against the base");
  await expect(whole).toContainText("Refines within 1 request.", { timeout: 60_000 });
  await expect(page.locator(".strip-legend")).toContainText("All steps: refines within 1 request.");

  // More of it: the bounds are adjustable, and both verdicts stay with their own.
  await panel(page).getByLabel("Requests that clients send").fill("0");
  await expect(panel(page)).toContainText("A whole number from 1 to 8.");
  await panel(page).getByLabel("Requests that clients send").fill("2");
  await panel(page).getByLabel("States at most").fill("5");
  await panel(page).getByLabel("How often each node crashes").fill("1");
  await panel(page).getByLabel("Messages into one tick at most").fill("17");
  await expect(panel(page)).toContainText("A whole number from 1 to 16.");
  await panel(page).getByLabel("Messages into one tick at most").fill("2");
  const down = panel(page).getByRole("group", { name: "Nodes that may crash and stay down" });
  await expect(down.getByRole("checkbox")).toHaveCount(4);
  await down.getByRole("checkbox", { name: "participant.2" }).press("Space");
  await down.getByText("leader").click();
  await down.getByText("leader").click();
  // Nothing fires in voting.
  await expect(panel(page).getByLabel(/each timer/)).toHaveCount(0);
  await panel(page).getByLabel("Clients notice").selectOption("up to 2 of equal answers");
  await panel(page)
    .getByLabel(/may arrive twice/)
    .check();
  await whole.getByRole("button", { name: "Check again" }).press("Enter");
  const results = whole.locator(".check-result");
  await expect(results).toHaveCount(2, { timeout: 30_000 });
  await expect(results.first()).toContainText("Not known. The bound was reached after");
  await expect(results.first()).toContainText("up to 2 of equal answers");
  await expect(results.first()).toContainText("may arrive twice");
  await expect(results.first()).toContainText("each node crashes at most once");
  await expect(results.first()).toContainText("Nor was it decided with 2 nodes (leader, ");
  await expect(results.first()).toContainText("participant.2 may crash and stay down");
  await expect(results.first()).toContainText("at most 2 messages into one tick");
  await expect(results.last()).toContainText("Refines within 1 request.");
  await expect(page.locator(".strip-legend")).toContainText("All steps: refines within 1 request.");
  await page.keyboard.press("Escape");
  await expect(panel(page)).toHaveCount(0);
});

test("a check says how far it is, and can be cancelled", async ({ page }) => {
  await openApp(page);
  await command(page, "Open example KVS, Figure 5");
  await expect(knots(page).nth(5)).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Check…" }).click();
  await panel(page)
    .getByRole("button", { name: /whole derivation/ })
    .click();
  await panel(page).getByLabel("Requests that clients send").fill("3");
  await panel(page).getByLabel("States at most").fill("10000000");
  const whole = answer(page, /^Steps 1 to \d+ against the base/);
  await whole.getByRole("button", { name: "Check", exact: true }).click();
  const progress = panel(page).getByRole("group", { name: "Check under way" });
  await expect(progress).toContainText(
    /[\d,]+ states so far, [\d,]+ a second, beside [\d,]+ of the base; at most 10,000,000/,
  );
  await mode(page, "Simulate");
  await mode(page, "Rewrite");
  await expect(progress).toBeVisible();
  await progress.getByRole("button", { name: "Cancel" }).click();
  await expect(whole).toContainText(
    /Not known\. Cancelled after [\d,]+ states? without a difference\./,
  );
  await expect(progress).toHaveCount(0);
  await mode(page, "Cluster");
  await mode(page, "Rewrite");
  await expect(whole).toContainText("Cancelled after");
});

test("Simulate offers the check where it cannot know", async ({ page }) => {
  await splitVoting(page);
  await mode(page, "Simulate");
  const answers = page.getByRole("region", { name: "Answers compared" });
  await expect(answers).toContainText("is not yet known.", { timeout: 60_000 });
  await answers.getByRole("button", { name: "Check it" }).press("Enter");
  await expect(answers).toContainText("a check found no difference within 1 request", {
    timeout: 30_000,
  });
  await expect(answers).toContainText("is not yet known for these requests");
  await answers.getByRole("button", { name: "More of the check" }).click();
  await expect(answer(page, "Step 1 against the base")).toContainText("Refines within 1 request.");
});

test("what was armed, set and opened in Simulate does not outlast its document", async ({
  page,
}) => {
  await openApp(page, "voting");
  await command(page, "Run until");
  const form = page.getByRole("dialog", { name: "Run until" });
  await expect(form.getByRole("combobox", { name: "Run until" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(form).toHaveCount(0);
  const answers = page.getByRole("region", { name: "Answers compared" });
  await expect(answers).toContainText("20 of 20", { timeout: 60_000 });
  await page.getByLabel("Requests").fill("7");
  await page.getByRole("button", { name: "Run again", exact: true }).click();
  await expect(answers).toContainText("7 of 7", { timeout: 30_000 });
  await page.getByRole("button", { name: "To the start" }).click();
  await page.getByRole("button", { name: "Crash leader here" }).click();
  await expect(answers).toContainText("Original: 0 of 7", { timeout: 30_000 });
  await page.getByRole("button", { name: /^Crash X/ }).click();
  await expect(page.getByText(/Crash: click a node/)).toBeVisible();

  await command(page, "Open example Echo");
  // The other document runs by itself, as its own deployment says.
  await expect(answers).toContainText(/Original: (\d+) of \1 requests answered/, {
    timeout: 60_000,
  });
  await expect(page.getByRole("region", { name: "Faults" })).toHaveCount(0);
  await expect(page.getByText(/Crash: click a node/)).toHaveCount(0);
  await expect(page.getByLabel("Requests")).not.toHaveValue("7");
});
