import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { diagnosticLines, diagnosticsAsJson } from "./fileDiagnostics.ts";
import { load } from "./load.ts";

const folder = mkdtempSync(join(tmpdir(), "clew-files-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

test("what is wrong in an included file is said with its name and its line", () => {
  mkdirSync(join(folder, "lib"));
  const keep = file(
    "lib/keep.ded",
    "// keeps\nkept(N, M)@next :- kept(N, M);\nall(N, M) :- kept(N, _);\n",
  );
  const main = file("main.ded", 'include "lib/keep.ded";\nmore(N) :- kept(N, N, N);\n');
  const loaded = load(main);
  expect(diagnosticLines(loaded).replaceAll(folder, "").split("\n")).toEqual([
    "/main.ded:2:12: error arity: `kept` has 3 attributes here and 2 attributes elsewhere.",
    "    fix: Remove the last attribute",
    "    /lib/keep.ded:2:1: `kept` has 2 attributes here",
    "/lib/keep.ded:3:1: error unbound-variable: `M` in the head of rule 2 has no value: no positive literal binds it.",
  ]);
  expect(diagnosticsAsJson(loaded)).toMatchObject([
    { code: "arity", line: 2, column: 12, related: [{ file: keep, span: { start: 9, end: 24 } }] },
    { code: "unbound-variable", file: keep, line: 3, column: 1, span: { start: 40, end: 49 } },
  ]);
  expect(diagnosticsAsJson(loaded)[0]).not.toHaveProperty("file");
});
