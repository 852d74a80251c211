import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
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

/** The same, for commands that must succeed and print JSON. */
function clewJson(...args: string[]): unknown {
  const done = clew(...args, "--json");
  expect([args, done.code, done.err]).toEqual([args, 0, ""]);
  return JSON.parse(done.out);
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
  const extra = clew("plan", voting, "extra");
  expect([extra.code, extra.err]).toEqual([
    2,
    "clew: clew plan takes one program; what is extra?\n",
  ]);
  for (const rules of ["0", "8-1", "1-99999999999", "", "x"]) {
    expect([rules, clew("rewrites", kvs, "--rules", rules).code]).toEqual([rules, 2]);
  }
  for (const requests of ["", "-1", "1.5", "0x10", "99999999999"]) {
    const wrong = clew("simulate", voting, "--requests", requests);
    expect([requests, wrong.code]).toEqual([requests, 2]);
  }
});

test("files that cannot be read or written are one sentence each, and exit with 1", () => {
  const said = (...args: string[]) => {
    const done = clew(...args);
    expect(done.code).toBe(1);
    return done.err.trim();
  };
  expect(said("check", "nowhere.ded")).toBe(
    "clew: nowhere.ded cannot be read: there is no such file or folder.",
  );
  expect(said("check", scratch)).toBe(`clew: ${scratch} cannot be read: it is a folder.`);
  expect(said("check", process.execPath)).toMatch(/is too large to read/);
  const binary = join(scratch, "binary.ded");
  writeFileSync(binary, Buffer.from([0x61, 0xff, 0x00]));
  expect(said("check", binary)).toBe(`clew: ${binary} is not a text file (UTF-8).`);
  expect(said("plan", "check", file("half.json", '{"format":'))).toMatch(
    /half\.json is not JSON: /,
  );
  const nowhere = join(scratch, "no", "folder");
  const cannot = `clew: ${nowhere} cannot be written: there is no such file or folder.`;
  expect(said("convert", kvs, "--to", "paper", "-o", nowhere)).toBe(cannot);
  expect(said("plan", voting, "-o", nowhere)).toBe(cannot);
  expect(said("simulate", voting, "--requests", "1", "--trace", nowhere)).toBe(cannot);
});

test("every command prints JSON when asked", () => {
  const broken = file("broken.json.ded", "component a {\n  p(x) :- q(y)\n}\n");
  const checked = clew("check", broken, "--json");
  expect(checked.code).toBe(1);
  expect(JSON.parse(checked.out)).toMatchObject([
    { file: broken, dialect: "compact", diagnostics: [{ severity: "error", line: 2, column: 3 }] },
  ]);
  expect(clewJson("convert", kvs, "--to", "paper")).toMatchObject({ dialect: "paper" });
  expect(clewJson("rewrites", kvs, "--rules", "8")).toMatchObject([
    { selection: { component: "leader", rules: ["leader/outInconsistent/1"] } },
  ]);
  const derivation = "public/examples/kvs/monotonic.derivation.json";
  expect(clewJson("rewrite", kvs, "--derivation", derivation)).toContainEqual(
    expect.objectContaining({ verdict: "holds", preconditions: expect.anything() as unknown }),
  );
  expect(clewJson("simulate", voting, "--requests", "1")).toMatchObject({ answered: 1 });
  const plan = join(scratch, "json.plan.json");
  expect(clewJson("plan", voting, "-o", plan)).toEqual(JSON.parse(readFileSync(plan, "utf8")));
  expect(clewJson("plan", "check", plan)).toMatchObject({ nodes: 4, channels: 4 });
});

test("groups of rules that can move are ranked by the busiest node", () => {
  const done = clew("rewrites", voting, "--groups", "--component", "leader");
  expect(done.out).toContain("now: leader is busiest, 8 messages per command");
  const group = /✓ applies: rules 2 to 6, Mutually independent decoupling\s+then: (.*)/.exec(
    done.out,
  );
  expect(group?.[1]).toBe("leader is busiest, 4 messages per command");
  expect(clewJson("rewrites", voting, "--groups")).toMatchObject({
    busiest: { address: "leader", messagesPerCommand: 8 },
    components: [{ component: "leader" }, { component: "participant", groups: [] }],
  });
  expect(clew("rewrites", voting, "--groups", "--rules", "2").code).toBe(2);
});

test("a reader that has seen enough is no error", () => {
  const command = `"${process.execPath}" src/cli/main.ts rewrites ${kvs} --json | head -n 1`;
  const done = spawnSync("bash", ["-c", `set -o pipefail; ${command}`], {
    cwd: root,
    encoding: "utf8",
  });
  expect([done.stdout, done.stderr, done.status]).toEqual(["[\n", "", 0]);
});

test.each(["SIGTERM", "SIGKILL"] as const)(
  "a server goes when what started it gets %s, and frees its port",
  async (signal) => {
    const appDir = join(root, "dist", "app");
    mkdirSync(appDir, { recursive: true });
    const wrapper = spawn(
      process.execPath,
      ["src/cli/clew.mjs", "serve", "--port", "0", "--json"],
      {
        cwd: root,
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const line = await new Promise<string>((resolve) => {
      let text = "";
      wrapper.stdout.on("data", (chunk: Buffer) => {
        text += String(chunk);
        if (text.includes("}")) resolve(text);
      });
    });
    const { url, token } = JSON.parse(line) as { url: string; token: string };
    const health = () =>
      fetch(`${url}api/health`, { headers: { authorization: `Bearer ${token}` } });
    expect((await health()).status).toBe(200);
    wrapper.kill(signal);
    while (
      await health().then(
        () => true,
        () => false,
      )
    );
  },
  30_000,
);

test("check and convert take every notation, and includes are read beside the file", () => {
  const rust = file("node.rs", 'let f = datalog!(r#"seen(v) :+ seen(v), !done(v)"#);');
  mkdirSync(join(scratch, "lib"), { recursive: true });
  file("lib/keep.ded", "got(N, M)@next :- got(N, M);");
  const molly = file(
    "cast.ded",
    'include "lib/keep.ded"; got(D, M)@async :- got(N, M), peer(N, D);',
  );
  const prototype = file("p.dedalus", "p(X) <- q(X), not r.");
  const done = clew("check", rust, molly);
  expect([done.code, done.err]).toEqual([0, ""]);
  expect(done.out).toContain("1 rules, 1 components, hydroflow notation");
  expect(done.out).toContain("3 rules, 1 components, molly notation");
  const compact = (path: string, ...from: string[]): string =>
    clew("convert", path, ...from, "--to", "compact").out;
  expect(compact(molly)).toContain("got_sent(M)@async(D) :- got(M), peer(D)");
  expect(compact(prototype, "--from", "prototype")).toContain("p(X) :- q(X), !r()");
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
  const derivation = "public/examples/voting/scaled.derivation.json";
  const written = ["-o", scaled, "--output-deployment", deployment];
  const done = clew("rewrite", voting, "--derivation", derivation, ...written);
  expect(done.err).not.toContain("refused");
  expect(done.err).not.toContain("But note");
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

test("rewrite says what has to be seen to where the program runs", () => {
  const folder = "public/examples/rset-partial";
  const { code, err } = clew("rewrite", `${folder}/base.ded`, "--derivation", `${folder}/scaled.derivation.json`); // prettier-ignore
  expect(code).toBe(0);
  expect(err).toContain("But note: Nothing that `replica` keeps is durable. After a crash it must");
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
  expect(done.err).toContain("what would work: Folding what rule 8 reads");
});

test("a malformed derivation is refused with its pointer", () => {
  const bad = file("bad.json", '{"format":"clew/derivation","version":9}');
  const done = clew("rewrite", kvs, "--derivation", bad);
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

test("run sweeps over numbers of clients, two plans in turn, into one document and one table", () => {
  const plan = join(scratch, "sweep.plan.json");
  clew("plan", voting, "-o", plan);
  const out = join(scratch, "sweep");
  const short = ["--duration", "1", "--warmup", "0", "-o", out];
  const done = clew("run", plan, plan, "--clients", "4,1", ...short);
  expect([done.code, done.err]).toEqual([0, ""]);
  expect(done.out).toContain("Run 4 of 4: base, 4 clients");
  expect(done.out).toMatch(/(Busiest|Bottleneck): \S+, \d+ % of a core\. It receives/);
  const sweep = JSON.parse(readFileSync(`${out}.json`, "utf8")) as {
    format: string;
    points: { program: number; clients: number; state: string }[];
  };
  expect(sweep.format).toBe("clew/sweep");
  expect(sweep.points.map((p) => [p.program, p.clients, p.state])).toEqual([
    [0, 1, "finished"],
    [1, 1, "finished"],
    [0, 4, "finished"],
    [1, 4, "finished"],
  ]);
  expect(readFileSync(`${out}.csv`, "utf8").match(/^point,/gm)).toHaveLength(4);
  const wrong = clew("run", plan, "--clients", "1,none");
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining("“none”") as string]);
}, 60_000);

test("plan places nodes on hosts, and run refuses those that are elsewhere", () => {
  const header = { format: "clew/hosts", version: 1 };
  const two = [
    { name: "here", address: "localhost" },
    { name: "lab", address: "lab.example", cpus: 3 },
  ];
  const hosts = file("hosts.json", JSON.stringify({ ...header, hosts: two }));
  const plan = join(scratch, "placed.plan.json");
  expect(clew("plan", voting, "--hosts", hosts, "-o", plan).code).toBe(0);
  const { nodes } = JSON.parse(readFileSync(plan, "utf8")) as { nodes: { host: string }[] };
  expect(nodes.filter((n) => n.host === "lab")).toHaveLength(3);
  const run = clew("run", plan, "--duration", "1");
  expect(run.code).toBe(1);
  expect(run.err).toMatch(/planned for host “lab” \(lab\.example\) and 2 more/);
  const bad = file("bad.hosts.json", JSON.stringify({ ...header, hosts: [{ name: "x" }] }));
  const refused = clew("plan", voting, "--hosts", bad);
  expect([refused.code, refused.err]).toEqual([
    1,
    `clew: ${bad}#/hosts/0: The field “address” is missing.\n`,
  ]);
});
