import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { reference } from "../evaluator/reference.ts";
import { ENVIRONMENT } from "../evaluator/randomComponent.testing.ts";
import type { Program } from "../program/program.ts";
import type { Selection } from "../rewrites/rewrite.ts";
import { DIALECTS } from "../syntax/dialect.ts";
import type { Dialect, DocumentSource, WorkspaceApi } from "./workspaceApi.ts";
import { workspaceHandlers } from "./workspaceHandlers.ts";

/** One program, as somebody would write it in each notation. */
const TEXTS: Readonly<Record<Dialect, string>> = {
  compact: `component server {
  seen(V) :- ask(V)
  seen(V)@next :- seen(V)
  many(count<V>) :- seen(V)
  answer(V)@async(C) :- seen(V), client(C), !old(V)
}
`,
  paper: `// dialect: paper
seen(V,l,t) :- ask(V,l,t)
seen(V,l,t') :- seen(V,l,t), t'=t+1
many(count<V>,l,t) :- seen(V,l,t)
answer(V,C,t') :- seen(V,l,t), client(C,l,t), !old(V,l,t), delay((V,l,t,C),t')
`,
  hydroflow: `seen(V) :- ask(V)
seen(V) :+ seen(V)
many(count(V)) :- seen(V)
answer@C(V) :~ seen(V), client(C), !old(V)
`,
  molly: `seen(N, V) :- ask(N, V);
seen(N, V)@next :- seen(N, V);
many(N, count<V>) :- seen(N, V);
answer(C, V)@async :- seen(N, V), client(N, C), notin old(N, V);
`,
  prototype: `% dialect: prototype
seen(V) :- ask(V);
seen(V)@next :- seen(V);
many(count<V>) :- seen(V);
answer(#C, V)@async :- seen(V), client(C), not old(V).
`,
};

function document(text: string): DocumentSource {
  return { fileName: "server.ded", text, deployment: null, steps: [] };
}

const context = { progress: () => undefined, signal: new AbortController().signal };
const handlers = workspaceHandlers();
async function call<M extends keyof WorkspaceApi>(
  method: M,
  request: WorkspaceApi[M]["request"],
): Promise<WorkspaceApi[M]["response"]> {
  return handlers[method](request, context);
}

async function opened(text: string) {
  const { steps } = await call("replay", document(text));
  const view = steps[0]!.view!;
  expect(view.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  return view;
}

/** What a node of it does with two requests, tick by tick. */
function run(program: Program): readonly string[] {
  const engine = reference(analyze(program), "server").start(ENVIRONMENT, { observe: true });
  return [[7], [8], []].flatMap((arrive) => {
    const facts = arrive.map((value) => ({ relation: "ask", row: [value] }));
    engine.tick(facts);
    return ["seen", "many"].map((r) => `${r}: ${engine.facts(r).map(String).toSorted().join()}`);
  });
}

/** What may be done with each rule, and what comes out. */
async function rewrites(text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { id } of (await opened(text)).rules) {
    const selection: Selection = { component: "server", rules: [id] };
    const at = { document: document(text), at: 0 };
    const { offers } = await call("offers", { ...at, selection });
    for (const { rewrite, verdict, preconditions, steps } of offers) {
      found.push(`${id} ${rewrite} ${verdict}: ${preconditions.map((c) => c.verdict).join()}`);
      if (verdict !== "holds") continue;
      const { view } = await call("preview", { ...at, offer: { steps } });
      found.push(view.canonical);
    }
  }
  return found;
}

test.each(DIALECTS)(
  "a program in %s notation opens, converts, evaluates and is rewritten as in any other",
  async (dialect) => {
    const text = TEXTS[dialect];
    const compact = await opened(TEXTS.compact);
    const view = await opened(text);
    expect(view.dialect).toBe(dialect);
    expect(view.canonical).toBe(compact.canonical);
    for (const to of DIALECTS) {
      const answer = await call("convert", { document: document(text), at: 0, to });
      expect(answer.kind === "text" && (await opened(answer.text)).canonical).toBe(
        compact.canonical,
      );
    }
    const done = run(view.program);
    expect(done).toEqual(run(compact.program));
    expect(done.at(-1)).toBe("many: 2");
    const offered = await rewrites(text);
    expect(offered).toEqual(await rewrites(TEXTS.compact));
    expect(offered.filter((line) => line.includes(" holds: ")).length).toBeGreaterThan(0);
  },
);
