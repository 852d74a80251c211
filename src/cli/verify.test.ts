import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "clew-verify-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const voting = "public/examples/voting";

function verify(...args: readonly string[]) {
  const command = ["src/cli/main.ts", "verify", `${voting}/base.ded`, ...args];
  const done = spawnSync(process.execPath, command, { cwd: root, encoding: "utf8" });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

test("every step of voting's derivation to three partitions refines the program before it", () => {
  const steps = (...more: readonly string[]) => {
    const file = `${voting}/scaled3.derivation.json`;
    const { code, out } = verify("--derivation", file, "--json", ...more);
    expect(code).toBe(0);
    return JSON.parse(out) as readonly { kind: string; explored: number }[];
  };
  const every = steps("--every-schedule");
  const reduced = steps();
  for (const found of [every, reduced]) {
    expect(found.map((s) => s.kind)).toEqual(Array(6).fill("refines"));
  }
  // A leader, three participants, one request: never less than what one node can see of it.
  expect(Math.min(...every.map((s) => s.explored))).toBeGreaterThan(20);
  expect(reduced.at(-1)!.explored).toBeLessThan(every.at(-1)!.explored);
});

test("a program that answers what was not asked is caught, with the schedule that shows it", () => {
  const wrong = join(scratch, "wrong.ded");
  const text = readFileSync(join(root, voting, "base.ded"), "utf8");
  writeFileSync(
    wrong,
    text.replace("committed(id), client(c)", "committed(n), client(c), id := n + 1"),
  );
  const { code, out } = verify(wrong, "--rewritten-deployment", `${voting}/base.deployment.json`);
  expect(code).toBe(1);
  expect(out).toContain("clients see what the original cannot show them");
  expect(out).toContain("clients send request 1");
  expect(out).toMatch(/clients see reply\(2\)\n$/);
});

test("timers fire where and as often as told, and it is said when none does", () => {
  const paxos = "public/examples/paxos";
  const asked = (...more: readonly string[]) => {
    const args = ["src/cli/main.ts", "verify", `${paxos}/base.ded`, `${paxos}/base.ded`];
    const all = [...args, "--rewritten-deployment", `${paxos}/base.deployment.json`, ...more];
    return spawnSync(process.execPath, all, { cwd: root, encoding: "utf8" });
  };
  const silent = asked("--bound", "300");
  // Without a timer clients see nothing, and one that lets them is looked for.
  expect(silent.stdout).toContain("but clients see nothing in any of them, which says little");
  expect(silent.stdout).toContain("No timer fired, of beat, ");
  const fired = asked("--bound", "300", "--timer", "watchdog@proposer.1*2");
  expect(fired.stdout).toContain("1 request with timers");
  expect(fired.stdout).not.toContain("No timer fired");
  expect(asked("--timer", "dog").stderr).toContain("There is no timer `dog`; there is `beat`");
  expect(asked("--timer", "beat@x").stderr).toContain("`beat` does not fire at `x`, but at");
  expect(asked("--timer", "@x").status).toBe(2);
});

test("a node crashes when told, and what is no longer durable shows", () => {
  const rules = `
component main {
  k(id) :- in(id)
  k(id)@next :- k(id)
  n(count<id>) :- k(id)
  out(id, n)@async(c) :- in(id), n(n), client(c)
}`;
  const deployment = {
    format: "clew/deployment",
    version: 1,
    instances: { main: ["a"] },
    edb: { client: [[{ addr: "client" }]] },
    node: {},
    clients: {
      address: "client",
      input: "in",
      answers: ["out"],
      match: { out: { id: "id" } },
      template: { id: { kind: "unique" } },
      payloadBytes: 16,
      requests: 2,
    },
    seed: 1,
  };
  const file = (name: string, text: string): string => {
    writeFileSync(join(scratch, name), text);
    return join(scratch, name);
  };
  const [kept, lost] = [file("kept.ded", `durable k${rules}`), file("lost.ded", rules)];
  const where = file("one.deployment.json", JSON.stringify(deployment));
  const asked = (...crash: readonly string[]) => {
    const args = ["src/cli/main.ts", "verify", kept, lost, "--requests", "2", ...crash];
    const all = [...args, "--deployment", where, "--rewritten-deployment", where];
    return spawnSync(process.execPath, all, { cwd: root, encoding: "utf8" });
  };
  const found = asked("--crash", "a*2");
  expect(found.status).toBe(1);
  expect(found.stdout).toContain("(2 requests with crashes, ");
  expect(found.stdout.match(/a crashes and starts again, and loses nothing/g)).toHaveLength(1);
  expect(found.stdout).toMatch(/clients see out\(\d, 1\)\n$/);
  expect(asked("--crash", "b").stderr).toContain("There is no node `b`; there is `a`.");
  expect(asked("--down", "b").stderr).toContain("There is no node `b`; there is `a`.");
  // What is not durable is not missed when nobody starts again.
  expect(asked("--down", "a").stdout).toContain("refines");
  expect(asked("--crash", "*2")).toMatchObject({ status: 2 });
});

test("a program with seals is checked with its seals written out", () => {
  const reader = `
component reader {
  all(collect<x>, id) :- rows(x, id)
  out(id, s)@async(c) :- all(s, id), client(c)
}`;
  const sealing = (to: string) => `
component main {
  l(id) :- in(id)
  l(id)@next :- l(id)
  rows(seal<x>, id)@async(d) :- in(id), l(x), ${to}(d)
}`;
  const file = (name: string, text: string): string => {
    writeFileSync(join(scratch, name), text);
    return join(scratch, name);
  };
  const where = file(
    "seal.deployment.json",
    JSON.stringify({
      format: "clew/deployment",
      version: 1,
      instances: { main: ["a"], reader: ["r"] },
      edb: { client: [[{ addr: "client" }]], at: [[{ addr: "r" }]] },
      node: {},
      clients: {
        address: "client",
        input: "in",
        answers: ["out"],
        match: { out: { id: "id" } },
        template: { id: { kind: "unique" } },
        payloadBytes: 16,
        requests: 2,
      },
      seed: 1,
    }),
  );
  const asked = (before: string, after: string) => {
    const args = ["src/cli/main.ts", "verify", before, after, "--requests", "2"];
    const all = [...args, "--deployment", where, "--rewritten-deployment", where];
    return spawnSync(process.execPath, all, { cwd: root, encoding: "utf8" });
  };
  const whole = file("seal.ded", sealing("at") + reader);
  const forgetful = sealing("at").replace("l(id)@next :- l(id)", "");
  expect(asked(whole, whole).stdout).toContain("refines");
  expect(asked(whole, file("less.ded", forgetful + reader)).stdout).toContain("clients see");
  const { status, stderr } = asked(file("out.ded", sealing("client")), whole);
  expect(stderr).toContain("Clients receive `rows`, and they do not wait");
  expect(status).toBe(1);
});

test("what cannot be asked is said", () => {
  expect(verify()).toMatchObject({
    code: 2,
    err: expect.stringContaining("--derivation") as string,
  });
  const derivation = ["--derivation", `${voting}/scaled1.derivation.json`];
  expect(verify(...derivation, "--observer", "all")).toMatchObject({
    code: 2,
    err: expect.stringContaining("first or multi:N") as string,
  });
  expect(
    verify("--derivation", `${voting}/scaled1.derivation.json`, "--clocks", "wet"),
  ).toMatchObject({ code: 2, err: expect.stringContaining("free or lockstep") as string });
});

const asking = (most: string) => `
input in(id: int)
output got(id: int, n: int)
component leader {
  ask(i)@async(h) :- in(i), helpers(h)
  n(count<h>, i) :- reply(h, i)
  got(i, k)@async(c) :- n(k, i)${most}, client(c)
}
component helper {
  reply(h, i)@async(l) :- ask(i), self(h), leaders(l)
}`;

/** The second program answers when four messages arrive at one tick, the first does not. */
function fourAtOnce(): readonly string[] {
  const helpers = ["h1", "h2", "h3", "h4"];
  const at = (...nodes: readonly string[]) => nodes.map((addr) => [{ addr }]);
  const deployment = {
    format: "clew/deployment",
    version: 1,
    instances: { leader: ["leader"], helper: helpers },
    edb: { helpers: at(...helpers), leaders: at("leader"), client: at("client") },
    node: {},
    clients: {
      address: "client",
      input: "in",
      answers: ["got"],
      match: { got: { id: "id" } },
      template: { id: { kind: "unique" } },
      payloadBytes: 16,
      requests: 1,
    },
    seed: 1,
  };
  const texts = { few: asking(", k < 4"), all: asking("") };
  return Object.entries(texts).map(([name, text]) => {
    writeFileSync(join(scratch, `${name}.deployment.json`), JSON.stringify(deployment));
    writeFileSync(join(scratch, `${name}.ded`), text);
    return join(scratch, `${name}.ded`);
  });
}

function run(...args: readonly string[]) {
  return spawnSync(process.execPath, ["src/cli/main.ts", "verify", ...args], {
    cwd: root,
    encoding: "utf8",
  });
}

test("how many messages enter a tick together is said, and no more is claimed than was tried", () => {
  const programs = fourAtOnce();
  const [few] = programs as [string];
  const narrow = run(...programs, "--together", "3");
  expect(narrow.stdout).toContain("in which at most 3 messages enter a tick together");
  expect(narrow.stdout).toMatch(/^Bounds: at most 3 messages into one tick \(--together\);/);
  expect(narrow.status).toBe(0);
  // The same programs with nothing said of it, and with every schedule.
  for (const more of [[], ["--every-schedule"]]) {
    const { status, stdout } = run(...programs, ...more);
    expect(stdout).toMatch(/clients see got\(1, 4\)\n$/);
    expect(status).toBe(1);
  }
  const whole = run(few, few, "--json");
  const [{ bounds }] = JSON.parse(whole.stdout) as [{ readonly bounds: object }];
  expect(bounds).toEqual({
    requests: 1,
    facts: 0,
    timers: [],
    crashes: [],
    clocks: "free",
    observer: "first",
    duplicates: false,
    together: 8,
    leftOut: false,
    states: 20_000,
    originalStates: 100_000,
    copies: 2,
    everySchedule: false,
  });
});

test("what was not decided says which bound was in the way, and exits with 3", () => {
  const derivation = ["--derivation", `${voting}/scaled1.derivation.json`, "--no-smaller"];
  const few = verify(...derivation, "--bound", "5");
  expect(few.out).toContain(
    "there are more than 5 states; --bound looks further, --nodes asks of fewer nodes",
  );
  expect(few.code).toBe(3);
  const { code, out } = verify(...derivation, "--original-states", "5", "--json");
  expect(JSON.parse(out)).toContainEqual(
    expect.objectContaining({ kind: "not-known", reached: "originalStates" }),
  );
  expect(code).toBe(3);
});

const pbft = "public/examples/pbft";
const pbftSteps = ["--derivation", `${pbft}/scaled.derivation.json`];

test("PBFT on two nodes is decided, with the numbers that belong to them", () => {
  const numbers = ["--table", "numReplicas=1", "--table", "quorum=1"];
  const asked = (...more: readonly string[]) => run(`${pbft}/base.ded`, ...pbftSteps, ...more);
  const { status, stdout } = asked("--nodes", "leader,replica.1", ...numbers);
  expect(stdout.match(/refines \(every schedule of 1 request, /g)).toHaveLength(7);
  expect(status).toBe(0);
  const noTable = asked("--nodes", "leader,replica.1", "--table", "leaders=1");
  expect(noTable.stderr).toContain("gives `leaders` no single number");
});

test("where the whole deployment is not decided a smaller one is, and no more is said than that", () => {
  const { status, stdout } = run(`${pbft}/base.ded`, ...pbftSteps, "--bound", "300");
  expect(stdout).not.toContain("refines");
  expect(stdout.match(/at full size not decided: /g)).toHaveLength(7);
  expect(stdout).toMatch(
    /^3\..*: no difference within these bounds: in the smaller form of 3 nodes \(leader, replica\.1, replica\.2; numReplicas = 2; quorum = 2; at most 2 partitions\) \(every schedule of 1 request, \d+ states, free clocks\);$/m,
  );
  expect(stdout).toContain("7 of 7 steps are decided in a smaller form only");
  expect(status).toBe(0);
  // What happens to a node happens to it there, too.
  const down = ["--down", "replica.4", "--bound", "30", "--json"];
  const json = run(`${pbft}/base.ded`, ...pbftSteps, ...down);
  const [step] = JSON.parse(json.stdout) as readonly [{ readonly smaller: object }];
  expect(step).toMatchObject({
    kind: "not-known",
    smaller: { kind: "refines", tables: { numReplicas: 1, quorum: 1 }, bounds: { states: 1_500 } },
  });
  expect(step.smaller).toHaveProperty("nodes", ["leader", "replica.4"]);
});

test("a difference in a smaller form is a difference", () => {
  const text = readFileSync(join(root, voting, "base.ded"), "utf8");
  const never = text.replace("quorum(n)", "quorum(n), n > 3");
  expect(never).not.toBe(text);
  const steps = [{ rewrite: "by-hand", name: "never", text: never }];
  const file = join(scratch, "never.derivation.json");
  const base = { sha256: "0".repeat(64), name: "voting" };
  writeFileSync(file, JSON.stringify({ format: "clew/derivation", version: 1, base, steps }));
  const { code, out } = verify("--derivation", file, "--bound", "3");
  expect(out).toContain(
    "it comes to rest with other answers than the original ever would, in the smaller form of 2 nodes (leader, participant.1; quorum = 1)",
  );
  expect(code).toBe(1);
});

/** An exact quorum that cannot be passed as long as it counts the whole set. */
const EXACT = `
edb member(s:int) = {(1), (2)}
within ask.x of member
component front {
  ask(x)@async(d) :- in(x), leader(d)
  other(x)@async(c) :- in(x), client(c)
}
component leader {
  seen(x) :- ask(x)
  seen(x)@next :- seen(x)
  n(count<x>) :- seen(x)
  done("yes") :- n(n), quorum(n)
  reply(n)@async(c) :- done(n), client(c)
  told(x)@async(c) :- tell(x), client(c)
}`;

test("it is said where a step does not apply to the smaller form", () => {
  const to = (name: string, value: object) => {
    writeFileSync(join(scratch, name), JSON.stringify(value));
    return join(scratch, name);
  };
  writeFileSync(join(scratch, "exact.ded"), EXACT);
  const deployed = JSON.parse(readFileSync(join(root, voting, "base.deployment.json"), "utf8")) as {
    readonly clients: object;
  };
  const at = (address: string) => [[{ addr: address }]];
  const deployment = to("exact.deployment.json", {
    ...deployed,
    instances: { front: ["front.1", "front.2"], leader: ["leader"] },
    edb: { quorum: [[2]], leader: at("leader"), client: at("client") },
    clients: { ...deployed.clients, answers: ["other"], match: { other: { x: "x" } }, template: { x: { kind: "unique" } } }, // prettier-ignore
  });
  const rules = ["seen/1", "seen/2", "n/1", "done/1", "reply/1"].map((rule) => `leader/${rule}`);
  const target = { component: "leader", rules, name: "counter" };
  const derivation = to("exact.derivation.json", {
    format: "clew/derivation",
    version: 1,
    base: { sha256: "0".repeat(64), name: "exact" },
    steps: [{ rewrite: "decoupleMonotonic", name: "counter", target }],
  });
  const asked = ["--deployment", deployment, "--derivation", derivation, "--requests", "2"];
  const { status, stdout } = run(join(scratch, "exact.ded"), ...asked, "--bound", "5");
  expect(stdout).toContain(
    "nothing said of the smaller form of 2 nodes (front.1, leader; quorum = 1) either: step 1 does not apply there",
  );
  expect(status).toBe(3);
});

test("facts from a file are sent beside requests or alone", () => {
  const [few, all] = fourAtOnce() as [string, string];
  const file = join(scratch, "some.inputs.json");
  const withFacts = (facts: readonly object[]) => {
    writeFileSync(file, JSON.stringify({ format: "clew/inputs", version: 1, facts }));
    return run(few, all, "--inputs", file);
  };
  const alone = withFacts([{ relation: "in", row: [7] }]);
  expect(alone.stdout).toContain("(1 fact of the file, ");
  expect(alone.stdout).toContain("clients send in(7) to leader");
  expect(alone.stdout).toMatch(/clients see got\(7, 4\)\n$/);
  const wrong = withFacts([{ relation: "ask", row: [1] }]);
  expect(wrong.stderr).toContain("#/facts/0: Nobody outside sends `ask`, but `in`.");
  expect(wrong.status).toBe(1);
});
