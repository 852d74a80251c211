import { spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("fuzz.ts", import.meta.url));

test("every search says how many cases it promises", async () => {
  const promised = new Map<string, unknown>();
  for (const file of readdirSync(new URL("fuzz/", import.meta.url))) {
    const name = file.replace(/\.ts$/, "");
    const { CASES } = (await import(`./fuzz/${name}.ts`)) as { readonly CASES: unknown };
    expect(CASES, name).toBeGreaterThanOrEqual(1_000);
    promised.set(name, CASES);
  }
  expect(promised.get("evaluator")).toBe(100_000);
  expect(promised.get("chains")).toBe(100_000);
  expect(promised.get("texts")).toBe(1_000_000);
});

test("--cases and --seed decide; the last line says what was done", () => {
  const args = [script, "ticks", "conversions", "--cases", "3", "--seed", "7"];
  const done = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(done.status).toBe(0);
  const lines = done.stdout.trim().split("\n");
  expect(lines).toContain("ticks: 3 cases, 0 failures, seed 7");
  expect(lines.at(-1)).toBe("6 cases, 0 failures, seed 7");
});

test("what it cannot take is said in a sentence, with what it takes", () => {
  const said = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
      encoding: "utf8",
    });
    return { status, stdout, first: stderr.split("\n")[0], stderr };
  };
  expect(said("ticks", "--cases", "few")).toMatchObject({
    status: 2,
    first: "--cases takes a positive whole number, not few.",
  });
  expect(said("nothing")).toMatchObject({ status: 2, first: "No search is called nothing." });
  expect(said("--fast")).toMatchObject({ status: 2, stderr: expect.stringContaining("Usage: ") });
  expect(said("--help")).toMatchObject({ status: 0, stdout: expect.stringContaining("Usage: ") });
});

test("Ctrl-C ends a search with what it has found so far", async () => {
  const search = spawn(process.execPath, [script, "evaluator", "--seed", "7"]);
  let [out, err] = ["", ""];
  search.stdout.on("data", (text) => (out += String(text)));
  search.stderr.on("data", (text) => {
    err += String(text);
    if (err.includes("evaluator: 100,000 cases, seed 7")) search.kill("SIGINT");
  });
  const code = await new Promise((resolve) => search.once("close", resolve));
  expect(code).toBe(130);
  const [, done] = /stopped after (\d+) of 100000 cases, 0 failures, seed 7\n/.exec(out) ?? [];
  expect(out.trim().split("\n").at(-1)).toBe(`${done} cases, 0 failures, seed 7`);
});
