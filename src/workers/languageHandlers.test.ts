import { expect, test } from "vitest";
import { example } from "../rewrites/examples.testing.ts";
import { printCompact } from "../program/printCompact.ts";
import { fileOfUri } from "./languageApi.ts";
import type { LanguageText } from "./languageApi.ts";
import { languageHandlers } from "./languageHandlers.ts";

const { program, deployment } = example("voting");
const text = printCompact(program);
const source: LanguageText = {
  text,
  includes: undefined,
  file: undefined,
  fileName: "base.ded",
  dialect: undefined,
  deployment,
};
const context = { progress: () => undefined, signal: new AbortController().signal };
const file = { clients: { input: "in", answers: ["reply"], match: { reply: { id: "id" } } } };

function positionOf(piece: string): { readonly line: number; readonly character: number } {
  const before = text.slice(0, text.indexOf(piece)).split("\n");
  return { line: before.length - 1, character: before.at(-1)!.length };
}

test("a rename in the base gives the deployment's file its new names too", async () => {
  const answer = await languageHandlers().rename(
    { source, position: positionOf("reply("), newName: "answer", deploymentFile: file },
    context,
  );
  if (answer.kind === "refused") throw new Error(answer.message);
  expect(answer.files.map((f) => f.file)).toEqual([undefined]);
  expect(answer.files[0]!.text).toContain("answer(id)@async(c)");
  expect(answer.deploymentFile).toEqual({
    clients: { input: "in", answers: ["answer"], match: { answer: { id: "id" } } },
  });
});

test("where the deployment cannot follow, a rename that it would have to is refused", async () => {
  const handlers = languageHandlers();
  const rename = (piece: string, newName: string) =>
    handlers.rename(
      { source, position: positionOf(piece), newName, deploymentFile: null },
      context,
    );
  expect(await rename("reply(", "answer")).toMatchObject({ kind: "refused" });
  expect(await rename("votes(", "ballots")).toMatchObject({
    kind: "renamed",
    deploymentFile: undefined,
  });
});

test("the answers are about the text that is asked about", async () => {
  const handlers = languageHandlers();
  const first = await handlers.symbols(source, context);
  expect(first.map((s) => s.name)).toEqual(["leader", "participant"]);
  const changed = { ...source, text: text.replace("component participant", "component voter") };
  expect((await handlers.symbols(changed, context)).map((s) => s.name)).toEqual([
    "leader",
    "voter",
  ]);
  expect(await handlers.formatting(source, context)).toEqual({ kind: "edits", edits: [] });
});

test("a file that the text includes is asked about with the whole program in view", async () => {
  const handlers = languageHandlers();
  const keep = { name: "keep.ded", text: "// kept\nkept(N, M) :- got(N, M);\n" };
  const main: LanguageText = {
    ...source,
    text: 'include "lib/keep.ded";\ngot(N, M) :- said(N, M);\nall(N, M) :- kept(N, M);\n',
    includes: [keep],
    deployment: undefined,
  };
  const inKeep = { ...main, file: "keep.ded" };
  const [defined] = await handlers.definition(
    { source: main, position: { line: 2, character: 15 } },
    context,
  );
  expect([fileOfUri(defined!.uri), defined!.range.start]).toEqual([
    "keep.ded",
    { line: 1, character: 0 },
  ]);
  const renamed = await handlers.rename(
    {
      source: inKeep,
      position: { line: 1, character: 15 },
      newName: "heard",
      deploymentFile: null,
    },
    context,
  );
  if (renamed.kind === "refused") throw new Error(renamed.message);
  expect(renamed.files.map(({ file, text: after }) => [file, after])).toEqual([
    [undefined, main.text.replace("got(", "heard(")],
    ["keep.ded", keep.text.replace("got(", "heard(")],
  ]);
  expect(
    (await handlers.symbols(inKeep, context)).map((s) => [s.name, s.range.start.line]),
  ).toEqual([["kept(M)", 1]]);
  const wrong = { ...inKeep, includes: [{ ...keep, text: "kept(N) :- got(N, M), got(N);\n" }] };
  expect((await handlers.problems(wrong, context)).map((d) => d.code)).toContain("arity");
  const more = 'include "x/more.ded";\ninclude "../more.ded"; include "last.ded";\n';
  expect(await handlers.missing({ ...main, includes: [{ ...keep, text: more }] }, context)).toEqual(
    ["more.ded", "last.ded"],
  );
  // No longer included, it is still a text of its own.
  const apart = { ...inKeep, text: "got(N, M) :- said(N, M);\n" };
  expect(await handlers.symbols(apart, context)).toHaveLength(1);
});
