import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openDocument } from "../language-server/languageDocument.ts";
import { rename } from "../language-server/rename.ts";
import { renamedDeployment } from "../language-server/renamedDeployment.ts";
import { changedText } from "../language-server/renames.ts";
import { namesOf } from "../language-server/textNames.ts";
import { positionAt } from "../language-server/textLines.ts";
import { readDeployment } from "../plan/deploymentFile.ts";
import type { Deployment } from "../program/deployment.ts";
import type { DocumentSource, WorkspaceApi } from "./workspaceApi.ts";
import { workspaceHandlers } from "./workspaceHandlers.ts";

const context = { progress: () => undefined, signal: new AbortController().signal };

function json(name: string, file: string): unknown {
  return JSON.parse(readFileSync(`public/examples/${name}/${file}.json`, "utf8")) as unknown;
}

/** A document after a rename in its base, which takes the deployment along. */
function renamed(document: DocumentSource, from: string, to: string): DocumentSource {
  const read = readDeployment(document.deployment);
  if (read.kind !== "ok") throw new Error("no deployment");
  const opened = openDocument({ text: document.text, deployment: read.deployment });
  const { span } = namesOf(opened).find((use) => use.name === from)!;
  const result = rename(opened, positionAt(opened.lines, span.start), to);
  if (result.kind === "refused") throw new Error(result.message);
  const { changes, deployment } = result;
  return {
    ...document,
    text: changedText(document.text, changes),
    deployment:
      deployment === undefined
        ? document.deployment
        : renamedDeployment(document.deployment as Deployment, deployment),
  };
}

test.each([
  ["rset-dependencies", "scaled"],
  ["rset-partial", "scaled"],
  ["voting", "scaled"],
] as const)(
  "the steps of %s follow whatever they name that the base calls otherwise",
  async (name, derivation) => {
    const handlers = workspaceHandlers();
    const call = async <M extends keyof WorkspaceApi>(
      method: M,
      request: WorkspaceApi[M]["request"],
    ): Promise<WorkspaceApi[M]["response"]> => handlers[method](request, context);
    const base: DocumentSource = {
      fileName: "base.ded",
      text: readFileSync(`public/examples/${name}/base.ded`, "utf8"),
      deployment: json(name, "base.deployment"),
      steps: [],
    };
    const imported = await call("importDerivation", {
      document: base,
      json: json(name, `${derivation}.derivation`),
    });
    if (imported.kind === "refused") throw new Error(imported.message);
    const document = { ...base, steps: imported.steps };
    const was = document.steps.map((_, i) => i);
    const verdicts = async (of: DocumentSource): Promise<readonly unknown[]> =>
      (await call("replay", of)).steps.map((s) => [s.verdict, s.broken?.reason]);
    const expected = await verdicts(document);
    const said = JSON.stringify(document.steps);
    const names = namesOf(openDocument({ text: base.text })).flatMap(({ kind, name: own }) =>
      kind !== "variable" && own !== "hash" && new RegExp(`\\b${own}\\b`).test(said) ? [own] : [],
    );
    expect(names.length).toBeGreaterThan(3);
    for (const from of new Set(names)) {
      const after = renamed(document, from, "brandNew");
      const rebased = await call("rebase", { before: document, after, was });
      if (rebased.kind !== "steps") throw new Error(from);
      expect([from, rebased.complete]).toEqual([from, true]);
      expect([from, await verdicts({ ...after, steps: rebased.steps })]).toEqual([from, expected]);
    }
  },
);
