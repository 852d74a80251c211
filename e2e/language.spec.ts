import { expect, test } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";
import { dropFiles, inspector, knots, openApp } from "./app.ts";

let opened = 0;

/** A program of our own in the editor. */
async function show(page: Page, text: string): Promise<void> {
  opened += 1;
  await dropFiles(page, { name: `own${opened}.ded`, text });
  await expect(page.getByRole("heading", { name: `own${opened}.ded` })).toBeVisible();
  const [first] = text.split("\n");
  await expect.poll(async () => (await shown(page)).split("\n")[0]).toBe(first);
  await settled(page);
}

/** What is told of the text is of this text. */
async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(page.getByText(/Verdicts in|problem|warning/).first()).toBeVisible();
}

function lines(page: Page): Locator {
  return page.locator(".monaco-editor .view-line");
}

/** Puts the cursor into the first such word of the first line with that text. */
async function cursorIn(page: Page, line: string, word: string): Promise<void> {
  // Verdicts and the lines above components, which come later than the text, move words under the pointer.
  await expect(async () => {
    const place = await wordBox(page, line, word);
    await page.mouse.click(place.x, place.y);
    expect(await wordBox(page, line, word)).toEqual(place);
  }).toPass();
}

/** At the end of that line, however often it is wrapped. */
async function cursorAfter(page: Page, line: string, word: string): Promise<void> {
  await cursorIn(page, line, word);
  await page.keyboard.press("End");
  await page.keyboard.press("End");
}

async function wordBox(page: Page, line: string, word: string): Promise<{ x: number; y: number }> {
  const row = lines(page).filter({ hasText: line }).first();
  let box: { x: number; y: number } | undefined;
  await expect(async () => {
    box = await row.evaluate(placeOfWord, word);
    expect(box, `${word} in ${line}`).toBeDefined();
  }).toPass();
  return box!;
}

/** Nothing where the row has no such word, or was taken out of the page meanwhile, as Monaco does when it draws anew. */
function placeOfWord(row: Element, word: string): { x: number; y: number } | undefined {
  const at = row.textContent?.search(new RegExp(`(?<!\\w)${word}(?!\\w)`)) ?? -1;
  const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
  let seen = 0;
  if (at < 0 || !row.isConnected) return undefined;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0;
    if (at < seen + length) {
      const range = document.createRange();
      range.setStart(node, at - seen);
      range.setEnd(node, at - seen + 1);
      const { x, y, width, height } = range.getBoundingClientRect();
      return width === 0 ? undefined : { x: x + width / 4, y: y + height / 2 };
    }
    seen += length;
  }
  return undefined;
}

/** Whether the cursor stands on the first line with that text. */
async function cursorOn(page: Page, line: string, word: string): Promise<boolean> {
  const target = await wordBox(page, line, word);
  const box = await page.locator(".monaco-editor .cursor").first().boundingBox();
  return box !== null && Math.abs(box.y + box.height / 2 - target.y) < 10;
}

/** The whole text as Monaco shows it, no-break spaces as spaces. */
async function shown(page: Page): Promise<string> {
  const rows = await lines(page).evaluateAll((all) =>
    all
      .map((row) => ({ top: row.getBoundingClientRect().top, text: row.textContent ?? "" }))
      .sort((a, b) => a.top - b.top)
      .map(({ text }) => text.replaceAll("\u00a0", " ").trimEnd()),
  );
  return rows.join("\n");
}

const VOTES = `edb peers(p)
edb leader(d)
component leader {
  ask(id)@async(p) :- in(id), peers(p)
  votes(s, id) :- vote(s, id)
  numVotes(count<s>, id) :- votes(s, id)
}

component peer {
  vote(l, id)@async(d) :- ask(id), leader(d), self(l)
}
`;

test("the editor tells what a text means, and leads from place to place", async ({ page }) => {
  await openApp(page);
  await test.step("hover tells what a relation is, how long it lasts and whether order matters", async () => {
    await show(page, VOTES);
    const { x, y } = await wordBox(page, "numVotes", "votes");
    // Monaco wants to see the pointer come.
    await page.mouse.move(x, y + 40);
    await page.mouse.move(x, y, { steps: 5 });
    const hover = page.locator(".monaco-hover").first();
    await expect(hover).toContainText("Facts of one node. Derived by rule 2; read by rule 3.");
    await expect(hover).toContainText("Not kept: gone after its tick.");
    await expect(hover).toContainText("Coordination: not needed.");
  });
  await test.step("F12 goes to the rule that derives, in another component", async () => {
    await show(page, VOTES);
    await cursorIn(page, "votes(s, id) :- vote", "vote");
    await page.keyboard.press("F12");
    await expect.poll(() => cursorOn(page, "vote(l, id)", "vote")).toBe(true);
  });
  await test.step("Shift F12 lists the references over all components", async () => {
    await show(page, VOTES);
    await cursorIn(page, "ask(id)@async", "ask");
    await page.keyboard.press("Shift+F12");
    const peek = page.locator(".peekview-widget");
    await expect(peek).toContainText("References (2)");
    await expect(peek.locator(".referenceMatch")).toHaveCount(2);
    await page.keyboard.press("Escape");
    await expect(peek).toHaveCount(0);
  });
  await test.step("Ctrl Shift O lists components and rules by name", async () => {
    await show(page, VOTES);
    await cursorIn(page, "component leader", "leader");
    await page.keyboard.press("Control+Shift+o");
    const outline = page.locator(".quick-input-widget");
    await expect(outline).toContainText("numVotes(count<s>, id)");
    await page.keyboard.type("vote(l");
    await page.keyboard.press("Enter");
    await expect.poll(() => cursorOn(page, "vote(l, id)", "vote")).toBe(true);
  });
  await test.step("Ctrl G goes to a line by its number", async () => {
    const line = 1 + VOTES.split("\n").findIndex((each) => each.includes("vote(l, id)"));
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("Control+g");
    await page.keyboard.type(`${line}:2`);
    await page.keyboard.press("Enter");
    await expect.poll(() => cursorOn(page, "vote(l, id)", "vote")).toBe(true);
  });
  await test.step("Ctrl Alt held shows kinds and ticks, which are hidden otherwise", async () => {
    await show(page, VOTES);
    await cursorIn(page, "component leader", "leader");
    await expect(lines(page).filter({ hasText: "some later tick" })).toHaveCount(0);
    await page.keyboard.down("Control");
    await page.keyboard.down("Alt");
    await expect(lines(page).filter({ hasText: "some later tick" })).toHaveCount(2);
    await page.keyboard.up("Alt");
    await page.keyboard.up("Control");
    await expect(lines(page).filter({ hasText: "some later tick" })).toHaveCount(0);
  });
  await test.step("heads are bold wherever they stand, the functions of the program italic", async () => {
    await show(page, "function f(x -> y)\ncomponent a {\n  p(y)\n    :- q(x), f(x, y)\n}\n");
    const style = (line: string, word: string): Promise<string> =>
      lines(page)
        .filter({ hasText: line })
        .first()
        .locator("span > span")
        .filter({ hasText: new RegExp(`^${word}$`) })
        .first()
        .evaluate(
          (element) =>
            `${getComputedStyle(element).fontWeight} ${getComputedStyle(element).fontStyle}`,
        );
    await expect.poll(() => style("p(y)", "p")).toBe("700 normal");
    await expect.poll(() => style(":- q(x)", "f")).toBe("400 italic");
  });
});

test("the editor helps along what is typed", async ({ page }) => {
  await openApp(page);
  await test.step("Ctrl Space offers relations, bound variables and functions, and fills in a literal", async () => {
    await show(page, VOTES);
    await cursorAfter(page, "numVotes", "numVotes");
    await page.keyboard.type(", vot");
    await page.keyboard.press("Control+Space");
    const list = page.locator(".suggest-widget");
    await expect(list).toContainText("votes(s: address, id)");
    await page.keyboard.press("Escape");
    await page.keyboard.type("e");
    await page.keyboard.press("Control+Space");
    await expect(list.locator(".focused")).toContainText("vote");
    await page.keyboard.press("Enter");
    await expect.poll(() => shown(page)).toMatch(/votes\(s,\s+id\),\s+vote\(l,\s+id\)/);
  });
  await test.step("a snippet at the start of a rule keeps a relation", async () => {
    await show(page, VOTES);
    await cursorAfter(page, "numVotes", "numVotes");
    await page.keyboard.press("Enter");
    await page.keyboard.type("keep");
    await page.keyboard.press("Control+Space");
    await page.locator(".suggest-widget").getByText("keep votes", { exact: true }).click();
    await expect.poll(() => shown(page)).toMatch(/votes\(s, id\)@next :- (\w\s+)?votes\(s, id\)/);
  });
  await test.step("an open parenthesis shows the attributes, and which one is written", async () => {
    await show(page, VOTES);
    await cursorAfter(page, "numVotes", "numVotes");
    await page.keyboard.type(", hash(id, ");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+Shift+Space");
    const help = page.locator(".parameter-hints-widget");
    await expect(help).toContainText("hash(x -> h: bytes)");
    await expect(help.locator(".parameter.active")).toContainText("h: bytes");
  });
  await test.step("a name that is taken is refused where it is typed", async () => {
    await show(page, VOTES);
    await cursorIn(page, "numVotes", "numVotes");
    await page.keyboard.press("F2");
    await expect(page.locator(".rename-input").first()).toBeFocused();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("votes");
    await page.keyboard.press("Enter");
    await expect(page.locator(".monaco-editor-overlaymessage")).toContainText(
      "There is a relation votes already.",
    );
    expect(await shown(page)).toContain("numVotes(count<s>");
  });
  await test.step("Shift Alt F lays the text out", async () => {
    await show(page, "component a {\np(x):-q(x),r(x)\n}\n");
    await cursorIn(page, "p(x)", "p");
    await expect(inspector(page)).toContainText("Rule 1");
    await page.keyboard.press("Shift+Alt+f");
    await expect.poll(() => shown(page)).toMatch(/^ {2}p\(x\) :- q\(x\), r\(x\)/m);
  });
  await test.step("a component folds to its first and last line", async () => {
    await show(page, VOTES);
    await cursorIn(page, "component leader", "leader");
    await page.keyboard.press("Control+Shift+[");
    await expect(lines(page).filter({ hasText: "numVotes" })).toHaveCount(0);
    await expect(lines(page).filter({ hasText: "component peer" })).toHaveCount(1);
  });
});

test("F2 renames in all components and in the deployment, and undo brings both back", async ({
  page,
}) => {
  await openApp(page, "voting");
  await settled(page);
  await expect(page.getByText("No problems")).toBeVisible();
  await cursorIn(page, "reply(id)@async", "reply");
  await page.keyboard.press("F2");
  const box = page.locator(".rename-input");
  await expect(box.first()).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("answer");
  await page.keyboard.press("Enter");
  await expect.poll(() => shown(page)).toContain("answer(id)@async(c) :- committed(id)");
  // The clients wait for answers of that name: with the old one in the deployment there would be a warning.
  await expect(
    page.locator(".react-flow").getByText("answer", { exact: true }).first(),
  ).toBeVisible();
  await expect(page.getByText("No problems")).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect.poll(() => shown(page)).toContain("reply(id)@async(c) :- committed(id)");
  await expect(
    page.locator(".react-flow").getByText("reply", { exact: true }).first(),
  ).toBeVisible();
  await expect(page.getByText("No problems")).toBeVisible();
});

test("the line above a component stays above it while lines come and go", async ({ page }) => {
  await openApp(page);
  await settled(page);
  const zone = page.locator(".component-zone").first();
  const isAbove = async (): Promise<boolean> => {
    const line = lines(page).filter({ hasText: "component leader" }).first();
    const [above, below] = [await zone.boundingBox(), await line.boundingBox()];
    return above !== null && below !== null && Math.abs(above.y + above.height - below.y) < 3;
  };
  await expect.poll(isAbove).toBe(true);
  await cursorIn(page, "component leader", "component");
  await page.keyboard.press("Home");
  await page.keyboard.insertText("// said before\n\n");
  await expect.poll(isAbove).toBe(true);
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.press("Control+z");
  await expect(zone).toContainText("leader");
  // Undo shows the end of what it selects again, which may leave the first line out of sight.
  await page.keyboard.press("Control+Home");
  await expect.poll(isAbove).toBe(true);
});

test("the rename box has the keyboard also when a slow frame shows it late", async ({ page }) => {
  await openApp(page);
  await settled(page);
  await cursorIn(page, "outInconsistent(val)@async", "outInconsistent");
  await page.evaluate(() => {
    const frame = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (draw) => frame((at) => setTimeout(() => draw(at), 300));
  });
  await page.keyboard.press("F2");
  await expect(page.locator(".rename-input").first()).toBeFocused();
});

test("Ctrl . offers what mends the text and what rewrites it", async ({ page }) => {
  await openApp(page);
  await test.step("Ctrl . leads to the card of a rewrite that is refused", async () => {
    await cursorIn(page, "outInconsistent(val)@async", "outInconsistent");
    await expect(inspector(page)).toContainText("Rule 8");
    await page.keyboard.press("Control+.");
    await page
      .locator(".action-widget")
      .first()
      .getByText("Functional decoupling: refused")
      .click();
    await expect(page.locator("article.card-open")).toContainText("reads acks twice");
  });
  await test.step("Ctrl . applies a rewrite of the rules at the cursor as a step", async () => {
    await cursorIn(page, "toStorage(val, sig)@async", "toStorage");
    await expect(inspector(page)).toContainText("Rule 2");
    await page.keyboard.press("Control+.");
    await page.locator(".action-widget").first().getByText("Apply Functional decoupling").click();
    await expect(knots(page)).toHaveCount(2);
  });
  await test.step("Ctrl . mends what is wrong, and offers more than one way", async () => {
    await show(
      page,
      VOTES.replace("numVotes(count<s>, id) :- votes", "numVotes(count<s>, id) :- vots"),
    );
    await expect(page.getByText("1 warning")).toBeVisible();
    await cursorIn(page, "numVotes", "vots");
    await page.keyboard.press("Control+.");
    const menu = page.locator(".action-widget").first();
    await expect(menu).toContainText("Declare vots as an input from clients");
    await menu.getByText(/Replace vots with vote/).click();
    await expect(page.getByText("No problems")).toBeVisible();
  });
});
