import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "clew-molly-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function simulate(...args: readonly string[]) {
  const command = ["src/cli/main.ts", "simulate", ...args];
  const done = spawnSync(process.execPath, command, { cwd: root, encoding: "utf8" });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

function file(name: string, text: string): string {
  const path = join(scratch, name);
  writeFileSync(path, text);
  return path;
}

/** The broadcast of docs/command-line.md: what one node has that is up, all have that are up. */
const [, BROADCAST] = /```dedalus\n(.*?)```/s.exec(
  readFileSync(join(root, "docs/command-line.md"), "utf8"),
)!;
const once = file("once.ded", BROADCAST!);
const again = file("again.ded", `${BROADCAST}said(N, M)@next :- said(N, M);`);

test("one omission breaks a broadcast that sends once, and one that sends again mends it", () => {
  expect(simulate(once)).toEqual({
    code: 0,
    out: `Ticks 1 to 3 at a, b, c; 2 messages, 0 lost
pre at tick 3:
  pre("hello")
post at tick 3:
  post("hello")
What pre holds, post holds too
`,
    err: "",
  });
  expect(simulate(once, "--omissions", "a:c@1")).toEqual({
    code: 1,
    out: `Ticks 1 to 3 at a, b, c; 2 messages, 1 lost
pre at tick 3:
  pre("hello")
post at tick 3: nothing
`,
    err: 'clew: pre("hello") holds at tick 3 and post("hello") does not; without failures it does.\n',
  });
  expect(simulate(again, "--omissions", "a:c@1")).toMatchObject({ code: 0, err: "" });
});

test("as JSON: who is down is not asked, what is lost is told, and what would be lost anyhow", () => {
  const faults = ["--crashes", "c@1", "--omissions", "b:a@1,a:b@1"];
  const done = simulate(once, ...faults, "--json");
  expect([done.code, done.err]).toEqual([
    1,
    expect.stringContaining("b sends nothing to a at tick 1; nothing to lose.") as string,
  ]);
  expect(JSON.parse(done.out)).toMatchObject({
    nodes: ["a", "b", "c"],
    eot: 3,
    eff: 3,
    crashes: [{ node: "c", tick: 1 }],
    pre: [["hello"]],
    post: [],
    missing: [{ row: ["hello"], violation: true }],
    messages: [
      { relation: "got", from: "a", to: "b", tick: 1, row: ["hello"], arrives: false },
      { relation: "got", from: "a", to: "c", tick: 1, row: ["hello"], arrives: true },
    ],
    ticks: [{ lost: [[{ addr: "b" }, "hello"]] }, {}, { pre: [["hello"]] }],
  });
  const never = file("never.ded", `${BROADCAST}pre("unsaid")@3;`);
  const failed = simulate(never, "--crashes", "c@1");
  expect(failed.code).toBe(1);
  expect(failed.err).toContain('post("unsaid") does not, without failures either.');
});

test("an option of Molly's asks for its run where a deployment stands beside; without pre nothing is asked", () => {
  const kept = file("kept.ded", 'a(N, M)@next :- a(N, M); a("n", 1)@1;');
  const voting = join(root, "public/examples/voting/base.deployment.json");
  copyFileSync(voting, join(scratch, "kept.deployment.json"));
  expect(simulate(kept, "--eot", "2")).toEqual({
    code: 0,
    out: `Ticks 1 to 2 at n; 0 messages, 0 lost
pre at tick 2: nothing
post at tick 2: nothing
No rule derives pre, so nothing is asked of the run
`,
    err: "",
  });
});

test("options of one kind of run are no options of the other", () => {
  const seed = simulate(once, "--seed", "1");
  expect([seed.code, seed.err]).toEqual([
    2,
    `clew: --seed is for a run on a deployment, and ${once}, in Molly's notation, has none.\n`,
  ]);
  const eot = simulate("public/examples/voting/base.ded", "--eot", "4");
  expect([eot.code, eot.err]).toEqual([
    2,
    "clew: --eot is for a program in Molly's notation that runs without a deployment.\n",
  ]);
});
