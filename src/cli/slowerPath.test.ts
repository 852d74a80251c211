import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "clew-slower-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const voting = "public/examples/voting/base.ded";
const SAID = /^Rules run on a slower path, because they may not become code here/gm;

/** Runs clew where Node makes no code from text, and where it does. */
function clew(options: string, ...args: readonly string[]) {
  const env = { ...process.env, NODE_OPTIONS: options };
  const done = spawnSync(process.execPath, ["src/cli/main.ts", ...args], {
    cwd: root,
    encoding: "utf8",
    env,
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

const forbidden = (...args: readonly string[]) =>
  clew("--disallow-code-generation-from-strings", ...args);
const allowed = (...args: readonly string[]) => clew("", ...args);

test("simulate: the same run on a slower path, which is said once", () => {
  const slower = forbidden("simulate", voting, "--json");
  expect(slower.code).toBe(0);
  expect(slower.err.match(SAID)).toHaveLength(1);
  const usual = allowed("simulate", voting, "--json");
  expect(usual.err).toBe("");
  const summary = JSON.parse(usual.out) as { readonly code: string };
  expect(summary.code).toBe("generated");
  expect(JSON.parse(slower.out)).toEqual({ ...summary, code: "interpreted" });
});

test("run: nodes answer on a slower path, which is said once", () => {
  const plan = join(scratch, "plan.json");
  expect(forbidden("plan", voting, "-o", plan).code).toBe(0);
  const run = forbidden("run", plan, "--clients", "2", "--duration", "1", "--warmup", "0");
  expect(run.code).toBe(0);
  expect(run.err.match(SAID)).toHaveLength(1);
  expect(run.out).toMatch(/[1-9][\d,]* commands\/s, (\d+) of \1 answered/);
});

test("verify never makes code, so its verdict costs the same and nothing is said", () => {
  const derivation = "public/examples/voting/scaled1.derivation.json";
  const slower = forbidden("verify", voting, "--derivation", derivation);
  expect(slower).toEqual(allowed("verify", voting, "--derivation", derivation));
  expect(slower).toMatchObject({ code: 0, err: "" });
});
