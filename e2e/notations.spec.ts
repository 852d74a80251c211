import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";
import {
  apply,
  card,
  dropFiles,
  inspector,
  knots,
  mode,
  openApp,
  openCard,
  selectRules,
} from "./app.ts";

interface Opened {
  readonly name: string;
  readonly text: string;
  readonly deployment: unknown;
}

const VOTING = new URL("../public/examples/voting/", import.meta.url);

/** As it comes out of a PDF: numbers before the lines, typographic primes and minus signs. */
const LISTING: Opened = {
  name: "listing.txt",
  text: `component leader {
1 voteReq(id,x,p,t’) :− in(id,x,l,t), participants(p,l,t),
delay((id,x,l,t,p),t’)
2 votes(s,id,l,t) :− vote(s,id,l,t)
3 votes(s,id,l,t’) :− votes(s,id,l,t), ¬ committed(id,l,t), t’=t+1
4 numVotes(count⟨s⟩,id,l,t) :− votes(s,id,l,t)
5 committed(id,l,t) :− numVotes(n,id,l,t), quorum(n,l,t)
6 reply(id,c,t’) :− committed(id,l,t), client(c,l,t), delay((id,l,t,c),t’)
}
component participant {
7 vote(l,id,d,t’) :− voteReq(id,x,l,t), leader(d,l,t), delay((l,id,l,t,d),t’)
}
`,
  deployment: JSON.parse(readFileSync(new URL("base.deployment.json", VOTING), "utf8")),
};

const clients = (input: string, answer: string, id: string, payload: string): unknown => ({
  address: "client",
  input,
  answers: [answer],
  match: { [answer]: { [id]: id } },
  template: { [id]: { kind: "unique" }, [payload]: { kind: "payload" } },
  payloadBytes: 16,
  requests: 20,
});
const addresses = (...names: readonly string[]): unknown => names.map((addr) => [{ addr }]);

const RUST: Opened = {
  name: "votes.rs",
  text: `fn leader(requests: Requests, peers: Vec<Peer>) {
    let flow = datalog!(r#"
        .input request \`source_stream(requests)\`
        .static participants \`source_iter(peers)\`
        voteReq@p(id, x) :~ request(id, x), participants(p)
        votes(s, id) :- vote(s, id)
        votes(s, id) :+ votes(s, id), !committed(id)
        numVotes(count(s), id) :- votes(s, id)
        committed(id) :- numVotes(n, id), quorum(n)
        reply@c(id) :~ committed(id), client(c)   # to whoever asked
    "#);
}

fn participant() {
    let flow = datalog!(r#"
        vote@d(me, id) :~ voteReq(id, x), leader(d), name(me)
    "#);
}
`,
  deployment: {
    format: "clew/deployment",
    version: 1,
    instances: { votes: ["leader"], votes_2: ["peer.1", "peer.2", "peer.3"] },
    edb: { quorum: [[3]], leader: addresses("leader"), client: addresses("client") },
    node: {
      leader: { participants: addresses("peer.1", "peer.2", "peer.3") },
      "peer.1": { name: [["one"]] },
      "peer.2": { name: [["two"]] },
      "peer.3": { name: [["three"]] },
    },
    clients: clients("request", "reply", "id", "x"),
    seed: 1,
  },
};

const PROTOTYPE: Opened = {
  name: "notes.ded",
  text: `% dialect: prototype
% A server that keeps what it is told and answers every request.
noted(Id, Text)@next <- told(Id, Text);
noted(Id, Text)@next <- noted(Id, Text);
answer(#C, Id)@async <- told(Id, _), client(C);
long(count<Id>) :- noted(Id, _);
copy(#B, Id, Text)@async <- told(Id, Text), backup(B), Id =/= 0;
`,
  deployment: {
    format: "clew/deployment",
    version: 1,
    instances: { notes: ["server"] },
    edb: { client: addresses("client"), backup: addresses("server") },
    node: {},
    clients: clients("told", "answer", "Id", "Text"),
    seed: 1,
  },
};

async function open(page: Page, { name, text, deployment }: Opened): Promise<void> {
  await openApp(page);
  const stem = name.replace(/\..*$/, "");
  const file = { name: `${stem}.deployment.json`, text: JSON.stringify(deployment) };
  await dropFiles(page, { name, text }, file);
  await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
  await expect(page.locator(".status-bar")).toContainText("No problems");
}

function notation(page: Page): Locator {
  const chosen = page.getByRole("combobox", { name: "Notation of the base" });
  return chosen.locator("option:checked");
}

/** The text as Monaco holds it in sight, no-break spaces as spaces. */
async function expectText(page: Page, wanted: string | RegExp): Promise<void> {
  const lines = page.locator(".view-lines");
  await expect
    .poll(async () => (await lines.evaluate(withoutMarks)).replaceAll("\u00a0", " "))
    .toMatch(wanted);
}

/** The text alone: the marks of verdicts stand in it, and come when they are known. */
function withoutMarks(lines: Element): string {
  const copy = lines.cloneNode(true) as Element;
  for (const mark of copy.querySelectorAll(".verdict-mark")) mark.remove();
  return copy.textContent ?? "";
}

/** Both runs answer all of their clients. */
async function simulates(page: Page): Promise<void> {
  await mode(page, "Simulate");
  const answers = page.getByRole("region", { name: "Answers compared" });
  await expect(answers).toContainText("Original: 20 of 20 requests answered", { timeout: 60_000 });
  await expect(answers).toContainText("Rewritten: 20 of 20 requests answered");
}

interface Story {
  readonly text: Opened;
  readonly notation: string;
  readonly counts: string;
  /** Rules that move, the card that moves them, and what there is then. */
  readonly moves: readonly number[];
  readonly by: RegExp;
  readonly name: string;
  readonly components: number;
}

/** Opens it, sees why rule 4 cannot move by itself, moves others, and runs both. */
async function opensAndRuns(page: Page, opened: Story): Promise<void> {
  await open(page, opened.text);
  await expect(notation(page)).toHaveText(`${opened.notation}, detected`);
  await expect(page.getByText(opened.counts)).toBeVisible();
  await selectRules(page, 4);
  await openCard(page, /Functional/);
  await expect(card(page, /Functional/)).toContainText("counts");
  await selectRules(page, ...opened.moves);
  await apply(page, opened.by, { name: opened.name });
  await expect(page.getByText(new RegExp(`\\d+ rules, ${opened.components} comp`))).toBeVisible();
  await simulates(page);
}

const SPLIT = {
  counts: "7 rules, 2 components",
  moves: [2, 3, 4, 5, 6],
  by: /Mutually independent/,
  name: "collector",
  components: 3,
} as const;

test("a listing pasted from a PDF opens with its verdicts, is rewritten and runs", async ({
  page,
}) => {
  await opensAndRuns(page, { ...SPLIT, text: LISTING, notation: "Paper notation" });
});

test("a Rust file with datalog opens with its verdicts, is rewritten and runs", async ({
  page,
}) => {
  await opensAndRuns(page, { ...SPLIT, text: RUST, notation: "Hydroflow datalog" });
});

test("a program in the prototype notation opens with its verdicts, is rewritten and runs", async ({
  page,
}) => {
  await opensAndRuns(page, {
    text: PROTOTYPE,
    notation: "Prototype notation",
    counts: "5 rules, 1 component",
    moves: [3, 5],
    by: /Functional/,
    name: "answerer",
    components: 2,
  });
});

async function inMenu(page: Page, title: string, item: string): Promise<void> {
  await page.locator(".document-name").click();
  await page.getByRole("menuitem", { name: title }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Commands" }).fill(title);
  await page.keyboard.press("Enter");
}

test("a program is saved in every notation that can say it; what one cannot say is said", async ({
  page,
}) => {
  await open(page, PROTOTYPE);
  const saved: Record<string, string> = {};
  page.on("download", async (download) => {
    saved[download.suggestedFilename()] = readFileSync(await download.path(), "utf8");
  });
  const titles = ["Compact notation", "Paper notation", "Hydroflow datalog", "Molly"];
  for (const title of [...titles, "Prototype notation"]) {
    await inMenu(page, "Save it in a notation", title);
  }
  await expect.poll(() => Object.keys(saved).length).toBe(5);
  expect(saved["notes-paper.ded"]).toContain("t' = t+1");
  expect(saved["notes-hydroflow.hf"]).toContain("answer@C(Id) :~");
  expect(saved["notes-molly.ded"]).toContain("@async :- told(");
  expect(saved["notes-compact.ded"]).toContain("@async(C)");
  expect(saved["notes-prototype.ded"]).toContain("% dialect: prototype");
  for (const [name, text] of Object.entries(saved)) {
    await dropFiles(page, { name, text });
    await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
    await expect(page.getByText("5 rules, 1 component")).toBeVisible();
    const title = [...titles, "Prototype notation"].find((t) =>
      t.toLowerCase().startsWith(name.replace(/^notes-|\..*$/g, "")),
    );
    await expect(notation(page)).toHaveText(`${title}, detected`);
  }
  await dropFiles(page, {
    name: "two.ded",
    text: "component a { p(x) :- q(x) }\ncomponent b { r(x) :- s(x) }\n",
  });
  await expect(page.getByRole("heading", { name: "two.ded" })).toBeVisible();
  await inMenu(page, "Save it in a notation", "Molly");
  await expect(page.locator(".problem-error")).toContainText(
    "Not in Molly: The program has several components, a, b, which Molly cannot say.",
  );
});

test("the base is converted as one edit, and undo brings text, notation and files back", async ({
  page,
}) => {
  await open(page, PROTOTYPE);
  await selectRules(page, 3, 5);
  await apply(page, /Functional/, { name: "answerer" });
  await inMenu(page, "Convert the base to a notation", "Paper notation");
  await expect(notation(page)).toHaveText("Paper notation, detected");
  await expectText(page, /long\(count<Id>, l, t\) :- noted\(Id, _, l, t\)/);
  await expectText(page, /\/\/ A server that keeps what it is told/);
  // The steps still hold: it is the same program.
  await expect(knots(page)).toHaveCount(3);
  await expect(page.locator(".knot-broken")).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(notation(page)).toHaveText("Prototype notation, detected");
  await expectText(page, /long\(count<Id>\) :- noted\(Id, _\)/);
  await page.keyboard.press("Control+Shift+z");
  await expect(notation(page)).toHaveText("Paper notation, detected");
  // By the palette, from another mode, on to a notation that is chosen by hand.
  await mode(page, "Simulate");
  await command(page, "Convert the base to: Compact");
  await expect(notation(page)).toHaveText("Compact notation, detected");
  await expectText(page, /copy\(Id, Text\)@async\(B\)/);

  // What it includes is written out, and comes back.
  const cast = 'include "keep.ded";\ngot(D, M)@async :- got(N, M), peer(N, D);\n';
  await dropFiles(
    page,
    { name: "keep.ded", text: "got(N, M)@next :- got(N, M);\n" },
    { name: "cast.molly", text: cast },
  );
  const files = page.getByRole("group", { name: "Files of the program" });
  await expect(files.getByRole("button")).toHaveText(["cast.molly", "keep.ded"]);
  await inMenu(page, "Convert the base to a notation", "Compact notation");
  await expectText(page, /got\(M\)@next :- got\(M\)/);
  await expect(files).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "cast.ded" })).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(files.getByRole("button")).toHaveText(["cast.molly", "keep.ded"]);
  await expect(notation(page)).toHaveText("Molly, detected");

  // A text with an error would lose what cannot be read.
  await page.locator(".view-line", { hasText: "@async" }).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("broken(N :- ;");
  await expect(page.locator(".status-bar")).toContainText(/errors?/);
  await inMenu(page, "Convert the base to a notation", "Compact notation");
  await expect(page.locator(".problem-error")).toContainText("Not in compact notation: Line 3:");
  await expectText(page, /broken\(N/);
});

test("one undo takes a rename back in all files; where one has changed since, in this one only", async ({
  page,
}) => {
  await openApp(page);
  await dropFiles(
    page,
    { name: "keep.ded", text: "got(N, M)@next :- got(N, M);\n" },
    { name: "cast.ded", text: 'include "keep.ded";\ngot(D, M)@async :- got(N, M), peer(N, D);\n' },
  );
  const files = page.getByRole("group", { name: "Files of the program" });
  const show = (name: string): Promise<void> => files.getByRole("button", { name }).click();
  const line = page.locator(".view-line", { hasText: "@async" });
  await expect(files.getByRole("button")).toHaveText(["cast.ded", "keep.ded"]);
  await line.click();
  await page.keyboard.press("Home");
  await page.keyboard.press("F2");
  await expect(page.locator(".rename-input")).toBeFocused();
  await page.keyboard.insertText("had");
  await page.keyboard.press("Enter");
  await expectText(page, /had\(D, M\)@async :- had\(N, M\)/);
  await show("keep.ded");
  await expectText(page, /had\(N, M\)@next :- had\(N, M\)/);
  await page.locator(".view-lines").click();
  await page.keyboard.press("Control+z");
  await expectText(page, /got\(N, M\)@next :- got\(N, M\)/);
  await show("cast.ded");
  await expectText(page, /got\(D, M\)@async :- got\(N, M\)/);
  await line.click();
  await page.keyboard.press("Control+Shift+z");
  await expectText(page, /had\(D, M\)@async :- had\(N, M\)/);
  await show("keep.ded");
  await expectText(page, /had\(N, M\)@next :- had\(N, M\)/);
  await page.locator(".view-lines").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("seen(N) :- had(N, _);\n");
  await show("cast.ded");
  await line.click();
  await page.keyboard.press("Control+z");
  await expectText(page, /got\(D, M\)@async :- got\(N, M\)/);
  await show("keep.ded");
  await expectText(page, /had\(N, M\)@next :- had\(N, M\).*;seen/);
});

test("Shift Alt F lays out a program of any notation, and says why where it does not", async ({
  page,
}) => {
  await openApp(page);
  const text = "got(N,M)@next:-got( N,M ) ; // kept\ngot(D,M)@async:-got(N,M),peer(N,D);\n";
  await dropFiles(page, { name: "cast.ded", text });
  await expect(page.getByRole("heading", { name: "cast.ded" })).toBeVisible();
  await expect(page.locator(".status-bar")).toContainText("3 rules");
  await page.locator(".view-line", { hasText: "@async" }).click();
  await page.keyboard.press("Shift+Alt+f");
  await expectText(page, /got\(N, M\)@next :- got\(N, M\).*; \/\/ keptgot\(D, M\)@async/);
  await page.keyboard.press("Control+z");
  await expectText(page, /got\(N,M\)@next:-got\( N,M \)/);
  await dropFiles(page, { name: "stray.ded", text: "p( x ) :- q(x)\n}\n" });
  await expect(page.getByRole("heading", { name: "stray.ded" })).toBeVisible();
  await expect(page.locator(".status-bar")).toContainText("1 error");
  await page.locator(".view-line", { hasText: "p( x )" }).click();
  await page.keyboard.press("Shift+Alt+f");
  await expect(page.locator(".monaco-editor-overlaymessage")).toContainText(
    "Line 2 cannot be read as a rule, so the text stays as it is.",
  );
});

test("the document gets another name in its menu, which its files have then", async ({ page }) => {
  await openApp(page);
  await page.locator(".document-name").click();
  await page.getByRole("menuitem", { name: "Rename", exact: true }).click();
  const field = page.getByRole("textbox", { name: "Document name" });
  await field.fill("My store");
  await field.press("Enter");
  await expect(page.locator(".document-name")).toHaveText(/My store/);
  await expect(page.locator(".document-name")).toBeFocused();
  const saved = page.waitForEvent("download");
  await inMenu(page, "Save it in a notation", "Paper notation");
  expect((await saved).suggestedFilename()).toBe("my-store-paper.ded");
});

test("rules of an included file have their numbers there, and are selected there and in the graph", async ({
  page,
}) => {
  await openApp(page);
  await dropFiles(
    page,
    { name: "keep.ded", text: "// kept\ngot(N, M)@next :- got(N, M);\nseen(N) :- got(N, _);\n" },
    { name: "cast.ded", text: 'include "keep.ded";\ngot(D, M)@async :- said(N, M), peer(N, D);\n' },
  );
  const files = page.getByRole("group", { name: "Files of the program" });
  const pressed = files.getByRole("button", { pressed: true });
  const numbered = (number: number): Locator => page.locator(`.rule-number-${number}`);
  await expect(page.getByText("4 rules, 1 component")).toBeVisible();
  await expect(numbered(3)).toBeVisible();
  await files.getByRole("button", { name: "keep.ded" }).click();
  await expect(numbered(1)).toBeVisible();
  await expect(numbered(2)).toBeVisible();
  await expect(numbered(3)).toHaveCount(0);
  await page.locator(".view-line", { hasText: "seen(N)" }).click();
  await expect(inspector(page)).toContainText("Rule 2");
  await expect(page.locator(".selected-rule-line")).toHaveCount(1);
  await selectRules(page, 3);
  await expect(pressed).toHaveText("cast.ded");
  await selectRules(page, 1);
  await expect(pressed).toHaveText("keep.ded");
  await expect(page.locator(".selected-rule-line").first()).toBeVisible();
  // An edit in the file moves its numbers along.
  await page.locator(".view-line", { hasText: "// kept" }).click();
  await page.keyboard.press("Home");
  await page.keyboard.insertText("seen(N) :- said(N, _);\n");
  await expect(page.getByText("5 rules, 1 component")).toBeVisible();
  await expect(numbered(3)).toBeVisible();
});
