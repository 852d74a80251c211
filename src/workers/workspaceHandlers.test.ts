import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Span } from "../program/diagnostic.ts";
import type { Selection } from "../rewrites/rewrite.ts";
import { headSpan, literalSpan, ruleSpan } from "./rulePlaces.ts";
import type { DocumentSource, OfferView, WorkspaceApi } from "./workspaceApi.ts";
import { workspaceHandlers } from "./workspaceHandlers.ts";

const context = { progress: () => {}, signal: new AbortController().signal };

function example(name: string): DocumentSource {
  const folder = `public/examples/${name}/base`;
  return {
    fileName: "base.ded",
    text: readFileSync(`${folder}.ded`, "utf8"),
    deployment: JSON.parse(readFileSync(`${folder}.deployment.json`, "utf8")) as unknown,
    steps: [],
  };
}

/** The worker's methods without the worker. */
function workspace() {
  const handlers = workspaceHandlers();
  return async <M extends keyof WorkspaceApi>(
    method: M,
    request: WorkspaceApi[M]["request"],
  ): Promise<WorkspaceApi[M]["response"]> => handlers[method](request, context);
}

async function offer(
  call: ReturnType<typeof workspace>,
  document: DocumentSource,
  at: number,
  selection: Selection,
  rewrite: string,
): Promise<OfferView> {
  const { offers } = await call("offers", { document, at, selection });
  const found = offers.find((each) => each.rewrite === rewrite);
  if (found === undefined) throw new Error(`${rewrite} is not offered`);
  return found;
}

const CHECKER: Selection = { component: "leader", rules: ["leader/outInconsistent/1"] };

/** The running example with its checker split off. */
async function withChecker(call: ReturnType<typeof workspace>): Promise<DocumentSource> {
  const document = example("kvs");
  const { steps, defaultName } = await offer(call, document, 0, CHECKER, "decoupleMonotonic");
  const done = await call("preview", { document, at: 0, offer: { steps, name: defaultName } });
  return { ...document, steps: done.steps };
}

test("an error in the base makes later steps wait: no rewrite of the rest loses what cannot be read", async () => {
  const call = workspace();
  const document = await withChecker(call);
  const text = document.text.replace("signed(val, sig) :-", "signed(val, sig :-");
  expect(text).not.toBe(document.text);
  const wrong = { ...document, text };
  const { steps } = await call("replay", wrong);
  expect(steps.slice(1).map((step) => [step.broken?.waiting, step.view])).toEqual(
    document.steps.map(() => [true, undefined]),
  );
  expect(steps[1]?.broken?.reason).toContain("The base has an error in line 5");
  const selection = { component: "leader", rules: ["leader/toStorage/1"] };
  expect(await call("offers", { document: wrong, at: 0, selection })).toMatchObject({
    offers: [],
    blocked: true,
  });
  expect(await call("plan", { document: wrong, at: 0, name: "x" })).toMatchObject({
    kind: "refused",
  });
  const mended = await call("replay", document);
  expect(mended.steps.every((step) => step.broken === undefined)).toBe(true);
});

test.each(["kvs", "voting"])("the base of %s is shown without problems", async (name) => {
  const document = example(name);
  const { steps, notices } = await workspace()("replay", document);
  const view = steps[0]?.view;
  expect(notices).toEqual([]);
  expect(view?.diagnostics).toEqual([]);
  expect(view?.rules.map((rule) => rule.number)).toEqual(view?.rules.map((_, i) => i + 1));
  for (const rule of view?.rules ?? []) {
    const textOf = ({ start, end }: Span): string => document.text.slice(start, end);
    expect(textOf(headSpan(view!, rule))).toMatch(new RegExp(`^${rule.head}\\(`));
    expect(textOf(ruleSpan(view!, rule))).toMatch(new RegExp(`^${rule.head}\\([^]*\\)$`));
    for (const [i, { relation }] of rule.literals.entries()) {
      expect(textOf(literalSpan(view!, rule, i)!)).toContain(relation ?? "");
    }
  }
});

test("rule 8 moves monotonically after a copy; functionally it is refused for reading acks twice", async () => {
  const call = workspace();
  const document = example("kvs");
  const monotonic = await offer(call, document, 0, CHECKER, "decoupleMonotonic");
  expect(monotonic.verdict).toBe("holds");
  expect(monotonic.inserted).toHaveLength(1);
  const functional = await offer(call, document, 0, CHECKER, "decoupleFunctional");
  expect(functional.verdict).toBe("violated");
  const gravest = functional.preconditions.find((c) => c.verdict === "violated");
  expect(gravest?.statement).toContain("twice");
  expect(functional.culprits.slice(0, 2)).toMatchObject([
    { kind: "literal", rule: "leader/outInconsistent/1", index: 0 },
    { kind: "literal", rule: "leader/outInconsistent/1", index: 1 },
  ]);
});

test("what would make a refused offer legal is a step that previews, and the offer applies after it", async () => {
  const call = workspace();
  const document = example("kvs");
  const refused = await offer(call, document, 0, CHECKER, "decoupleFunctional");
  const step = refused.steps.at(-1)!;
  const [fold] = await call("remedies", { document, at: 0, step });
  expect(fold?.sentence).toBe(
    "Folding what rule 8 reads into one relation that `leader` derives would work.",
  );
  const done = await call("preview", { document, at: 0, offer: { steps: fold!.first } });
  const after = { ...document, steps: done.steps };
  expect((await offer(call, after, 1, CHECKER, "decoupleFunctional")).verdict).toBe("holds");

  const stopped = new AbortController();
  stopped.abort();
  const search = workspaceHandlers().remedies(
    { document, at: 0, step },
    { ...context, signal: stopped.signal },
  );
  await expect(search).rejects.toThrow("cancelled");
});

test("what a preview shows is what its steps replay to", async () => {
  const call = workspace();
  const document = example("kvs");
  const { steps } = await offer(call, document, 0, CHECKER, "decoupleMonotonic");
  const preview = await call("preview", { document, at: 0, offer: { steps, name: "inspector" } });
  const replay = await workspace()("replay", { ...document, steps: preview.steps });
  expect(replay.steps.at(-1)?.view?.text).toBe(preview.view.text);
  expect(preview.view.components.map((c) => c.name)).toContain("inspector");
  expect(replay.steps.map((step) => step.verdict)).toEqual(["base", "holds", "holds"]);
});

test("a step that no longer applies stays with its reason, and the steps after it wait", async () => {
  const call = workspace();
  const document = await withChecker(call);
  const edited = { ...document, text: document.text.replace(/ {2}outInconsistent.*\n/, "") };
  const { steps } = await call("replay", edited);
  expect(steps[0]?.broken).toBeUndefined();
  expect(steps[1]?.broken?.reason).not.toBe("");
  expect(steps[2]?.broken?.reason).toBe("Step 1 before it does not apply any longer.");
  expect(steps[2]?.view).toBeUndefined();
});

test("whatever is typed by hand is shown, with what is wrong with it", async () => {
  const call = workspace();
  const document = await withChecker(call);
  const text = "component leader {\n  reply(x) :- \n}\n";
  const steps = [...document.steps, { rewrite: "by-hand" as const, name: "By hand", text }];
  const last = (await call("replay", { ...document, steps })).steps.at(-1);
  expect(last?.verdict).toBe("unverified");
  expect(last?.view?.text).toBe(text);
  expect(last?.view?.diagnostics.some((d) => d.severity === "error")).toBe(true);
});

test("unchanged beginnings are not computed again, changed ones are", async () => {
  const call = workspace();
  const document = await withChecker(call);
  const first = await call("replay", document);
  const again = await call("replay", { ...document, steps: document.steps.slice(0, 1) });
  expect(again.steps[1]).toBe(first.steps[1]);
  const edited = await call("replay", { ...document, text: `${document.text}\n` });
  expect(edited.steps[0]).not.toBe(first.steps[0]);
});

test("an edit elsewhere moves ids, and the derivation follows its rules", async () => {
  const call = workspace();
  const document = await withChecker(call);
  const text = document.text.replace(
    "  outInconsistent(val)@async(c) :- acks(s1",
    "  outInconsistent(val)@async(c) :- acks(s, g, val, n), n < 0, client(c)\n  outInconsistent(val)@async(c) :- acks(s1",
  );
  const rebased = await call("rebase", {
    before: document,
    after: { ...document, text },
    was: document.steps.map((_, index) => index),
  });
  const steps = rebased.kind === "steps" && rebased.complete ? rebased.steps : [];
  expect(JSON.stringify(steps)).toContain("leader/outInconsistent/2");
  expect(JSON.stringify(document.steps)).not.toContain("leader/outInconsistent/2");
  const checker = (view: { text: string } | undefined): string =>
    view?.text.slice(view.text.indexOf("component checker")) ?? "";
  const before = (await call("replay", document)).steps.at(-1)?.view;
  const after = (await call("replay", { ...document, text, steps })).steps.at(-1)?.view;
  expect(checker(after)).toBe(checker(before));
});

test("no two offers of a selection have one title", async () => {
  const call = workspace();
  const document = example("kvs");
  const rules = ["leader/outCert/1", "leader/outInconsistent/1"];
  const selection = { component: "leader", rules };
  const { offers } = await call("offers", { document, at: 0, selection });
  const titles = offers.map((offer) => offer.title);
  expect(new Set(titles).size).toBe(titles.length);
});

test("while a text has an error no target is taken for gone", async () => {
  const call = workspace();
  const document = await withChecker(call);
  const rebase = (text: string) =>
    call("rebase", {
      before: document,
      after: { ...document, text },
      was: document.steps.map((_, index) => index),
    });
  const rule = "  acks(src, sig, val, cnt) :- fromStorage";
  expect((await rebase(document.text.replace(rule, `  acks(src :- fromStorage`))).kind).toBe(
    "waiting",
  );
  expect(await rebase(`${document.text}\n`)).toEqual({
    kind: "steps",
    steps: document.steps,
    complete: true,
  });
});

test("a malformed deployment is told in one sentence, with the place", async () => {
  const call = workspace();
  const { deployment } = example("kvs");
  expect(await call("checkDeployment", { json: deployment })).toEqual({ message: undefined });
  const { message } = await call("checkDeployment", {
    json: { format: "clew/deployment", version: 1 },
  });
  expect(message).toMatch(/^At \/: .*instances.* is missing\. \(And \d+ more\.\)$/);
});

test("a derivation goes through its file; one of another base says so", async () => {
  const call = workspace();
  const document = await withChecker(call);
  const { json } = await call("exportDerivation", { document, name: "kvs" });
  const plain = JSON.parse(JSON.stringify(json)) as unknown;
  const bare = { ...document, steps: [] };
  expect(await call("importDerivation", { document: bare, json: plain })).toEqual({
    kind: "derivation",
    steps: document.steps,
    notices: [],
  });
  const other = await call("importDerivation", { document: example("voting"), json: plain });
  expect(other.kind === "derivation" && other.notices).toHaveLength(1);
  const malformed = await call("importDerivation", {
    document: bare,
    json: { format: "clew/derivation" },
  });
  expect(malformed.kind).toBe("refused");
});

test("a wrong deployment is a notice; the program is shown all the same", async () => {
  const document = { ...example("kvs"), deployment: { format: "clew/deployment", version: 1 } };
  const { steps, notices } = await workspace()("replay", document);
  expect(notices.length).toBeGreaterThan(0);
  expect(steps[0]?.view?.rules).toHaveLength(15);
});

test("a plan is made of the program with every step, and refused where there is an error", async () => {
  const call = workspace();
  const document = await withChecker(call);
  const plan = await call("plan", { document, at: 2, name: "kvs" });
  expect(plan).toMatchObject({ kind: "plan", nodes: 5 });
  const broken = { ...document, text: document.text.replace("in(val)", "in(") };
  expect((await call("plan", { document: broken, at: 0, name: "kvs" })).kind).toBe("refused");
});

test("a text too large to read is said to be so, and kept", async () => {
  const text = "// a comment that goes on and on\n".repeat(31_000);
  const { steps } = await workspace()("replay", { ...example("kvs"), text });
  expect(steps[0]?.view?.diagnostics.map((d) => d.code)).toEqual(["text-too-large"]);
  expect(steps[0]?.view?.text).toBe(text);
});

test("a step's program is had in paper notation, which reads to the same program", async () => {
  const call = workspace();
  const document = await withChecker(call);
  const paper = await call("convert", { document, at: 2, to: "paper" });
  if (paper.kind !== "text") throw new Error(paper.message);
  const source: DocumentSource = { ...document, text: paper.text, dialect: "paper", steps: [] };
  const again = (await call("replay", source)).steps[0]?.view;
  const compact = (await call("replay", document)).steps[2]?.view;
  expect(again?.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  expect(again?.rules).toHaveLength(compact?.rules.length ?? 0);
  // What cannot be read would be missing.
  const broken = { ...document, text: document.text.replace("in(val)", "in(") };
  expect((await call("convert", { document: broken, at: 0, to: "paper" })).kind).toBe("refused");
});

test("a document's program has what its text includes, and another one when that changes", async () => {
  const call = workspace();
  const text = 'include "lib/keep.ded";\ngot(D, M)@async :- got(N, M), peer(N, D);\n';
  const document: DocumentSource = { fileName: "cast.ded", text, deployment: null, steps: [] };
  const keep = (rules: string): DocumentSource => ({
    ...document,
    includes: [{ name: "keep.ded", text: rules }],
  });
  const shown = async (source: DocumentSource) => (await call("replay", source)).steps[0]!.view!;
  expect((await shown(document)).diagnostics.map((d) => [d.code, d.span])).toEqual([
    ["include", { start: 0, end: 'include "lib/keep.ded"'.length }],
  ]);
  const view = await shown(keep("got(N, M)@next :- got(N, M);"));
  expect([view.text, view.diagnostics]).toEqual([text, []]);
  expect(view.canonical).toContain("got(M)@next :- got(M)\n");
  // Rules of the file have their numbers, and their places in it.
  const rules = "// kept\ngot(N, M)@next :- got(N, M);\nall(N, M) :- got(N, M);";
  const more = await shown(keep(rules));
  expect(more.files?.map(({ name, text: own }) => [name, own])).toEqual([["keep.ded", rules]]);
  const [file] = more.files!;
  expect(
    file!.rules.map((rule) => {
      const { start, end } = ruleSpan(file!, rule);
      return [rule.number, rules.slice(start, end)];
    }),
  ).toEqual([
    [1, "got(N, M)@next :- got(N, M)"],
    [2, "all(N, M) :- got(N, M)"],
  ]);
  expect((await shown(keep("was(N, M)@next :- got(N, M);"))).canonical).toContain("was(M)@next");
  const long = await shown(keep("// a comment that goes on and on\n".repeat(31_000)));
  expect(long.diagnostics.map((d) => d.code)).toEqual(["text-too-large"]);
  const gathered = await call("gather", {
    files: keep("q(N) :- p(N);").includes!,
    open: document,
  });
  expect(gathered).toMatchObject({ programs: [], completed: [{ name: "keep.ded" }] });
});
