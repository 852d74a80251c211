import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "clew-cli-"));

/** Runs the real command in a process of its own. */
function clew(...args: string[]) {
  const done = spawnSync(process.execPath, [join(root, "src/cli/main.ts"), ...args], {
    cwd: root,
    encoding: "utf8",
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

function file(name: string, text: string): string {
  const path = join(scratch, name);
  writeFileSync(path, text);
  return path;
}

const kvs = "public/examples/kvs/base.ded";
const voting = "public/examples/voting/base.ded";

test("check says that the examples are good", () => {
  const done = clew("check", kvs, voting);
  expect(done.err).toBe("");
  expect(done.out).toContain("15 rules, 2 components");
  expect(done.out).toContain("7 rules, 2 components");
  expect(done.code).toBe(0);
});

test("check names file, line, column and code, and exits with 1", () => {
  const broken = file("broken.ded", "component a {\n  p(x) :- q(y)\n}\n");
  const done = clew("check", broken);
  expect(done.code).toBe(1);
  expect(done.err).toMatch(/broken\.ded:2:\d+: error [a-z-]+: .*x/);
});

test("wrong usage exits with 2 and says what would be right", () => {
  expect(clew("chekc").code).toBe(2);
  const done = clew("convert", kvs, "--to", "klingon");
  expect(done.code).toBe(2);
  expect(done.err).toContain("compact, paper");
  const missing = clew("check", "nowhere.ded");
  expect(missing.code).toBe(1);
  expect(missing.err).toContain("nowhere.ded cannot be read");
});

test("convert to paper notation and back gives the same program", () => {
  const paper = clew("convert", kvs, "--to", "paper");
  expect(paper.code).toBe(0);
  const back = clew("convert", file("kvs.paper", paper.out), "--from", "paper", "--to", "compact");
  const straight = clew("convert", kvs, "--to", "compact");
  const rulesOf = (text: string) =>
    text.split("\n").filter((line) => !/^\s*(edb|node) /.test(line));
  expect(rulesOf(back.out).join("\n").trim()).toBe(rulesOf(straight.out).join("\n").trim());
});

test("rewrites refuses functional decoupling of rule 8 and says why", () => {
  const done = clew("rewrites", kvs, "--rules", "8");
  expect(done.code).toBe(0);
  expect(done.out).toMatch(/✗ refused: Functional decoupling/);
  expect(done.out).toContain("two-reads");
  expect(done.out).toMatch(/✓ applies: Monotonic decoupling/);
});

test("rewrite replays the scaled voting derivation; plan and check accept what it makes", () => {
  const scaled = join(scratch, "scaled.ded");
  const deployment = join(scratch, "scaled.deployment.json");
  const plan = join(scratch, "scaled.plan.json");
  const done = clew(
    ...["rewrite", voting, "--derivation", "public/examples/voting/scaled.derivation.json"],
    ...["-o", scaled, "--output-deployment", deployment],
  );
  expect(done.err).not.toContain("refused");
  expect(done.code).toBe(0);
  const instances = (
    JSON.parse(readFileSync(deployment, "utf8")) as { instances: Record<string, string[]> }
  ).instances;
  expect(Object.values(instances).flat()).toHaveLength(26);
  expect(clew("plan", scaled, "--deployment", deployment, "-o", plan).code).toBe(0);
  expect(clew("plan", "check", plan).out).toContain("26 nodes");
  const run = clew("simulate", scaled, "--deployment", deployment, "--requests", "50");
  expect(run.out).toContain("50 of 50 requests answered");
});

test("a refused step exits with 1 and names the violated condition", () => {
  const good = JSON.parse(
    readFileSync(join(root, "public/examples/kvs/functional.derivation.json"), "utf8"),
  ) as { steps: { target: Record<string, unknown>; name: string; rewrite: string }[] };
  const step = good.steps.find((s) => s.rewrite === "decoupleFunctional")!;
  const wrong = {
    ...good,
    steps: [{ ...step, target: { ...step.target, rules: ["leader/outInconsistent/1"] } }],
  };
  const done = clew("rewrite", kvs, "--derivation", file("wrong.json", JSON.stringify(wrong)));
  expect(done.code).toBe(1);
  expect(done.err).toContain("two-reads");
});

test("a malformed derivation is refused with its pointer", () => {
  const done = clew(
    ...[
      "rewrite",
      kvs,
      "--derivation",
      file("bad.json", '{"format":"clew/derivation","version":9}'),
    ],
  );
  expect(done.code).toBe(1);
  expect(done.err).toMatch(/bad\.json#.*9/);
});

test("simulate gives the same run for the same seed, another for another", () => {
  const trace = (seed: string, name: string): string => {
    const path = join(scratch, name);
    expect(clew("simulate", voting, "--seed", seed, "--trace", path).code).toBe(0);
    return readFileSync(path, "utf8");
  };
  expect(trace("5", "a.json")).toBe(trace("5", "b.json"));
  expect(trace("6", "c.json")).not.toBe(trace("5", "d.json"));
});

test("run measures a plan of real processes for a second", () => {
  const plan = join(scratch, "voting.plan.json");
  clew("plan", voting, "-o", plan);
  const done = clew("run", plan, "--clients", "4", "--duration", "1", "--warmup", "0", "--json");
  expect(done.err).toBe("");
  expect(done.code).toBe(0);
  const results = JSON.parse(done.out) as {
    answered: number;
    unanswered: number;
    errors: string[];
  };
  expect(results.answered).toBeGreaterThan(0);
  expect(results.unanswered).toBe(0);
  expect(results.errors).toEqual([]);
});
