import * as fc from "fast-check";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { EvaluationError, factText } from "../evaluator/evaluationError.ts";
import type { Fact } from "../evaluator/nodeEngine.ts";
import {
  ENVIRONMENT,
  holdsMuch,
  programOf,
  randomCase,
} from "../evaluator/randomComponent.testing.ts";
import { reference } from "../evaluator/reference.ts";
import { arbitraryProgram } from "../program/arbitraryProgram.testing.ts";
import { printCompact } from "../program/printCompact.ts";
import type { Program } from "../program/program.ts";
import { rowKey } from "../program/value.ts";
import { read } from "../syntax/read.ts";
import {
  atCursor,
  EXAMPLES,
  exampleDeployment,
  exampleDocument,
  exampleText,
  positionOf,
} from "./examples.testing.ts";
import { openDocument } from "./languageDocument.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import type { NameUse } from "./nameUse.ts";
import { prepareRename, rename } from "./rename.ts";
import type { Renaming } from "./rename.ts";
import { deploymentChanges, renamedDeployment } from "./renamedDeployment.ts";
import { changedText } from "./renames.ts";
import { namesOf } from "./textNames.ts";
import { positionAt } from "./textLines.ts";

function renamedText(document: LanguageDocument, result: Renaming): string {
  if (result.kind === "refused") throw new Error(result.message);
  return changedText(document.text, result.changes);
}

function renameAt(text: string, to: string): string {
  const { document, position } = atCursor(text);
  return renamedText(document, rename(document, position, to));
}

function refusal(text: string, to: string): string {
  const { document, position } = atCursor(text);
  const result = rename(document, position, to);
  return result.kind === "refused" ? result.message : "";
}

test("a relation keeps its name in what is said of it outside of every node", () => {
  const text = (name: string, mark = ""): string =>
    `component a {\n  ${mark}${name}(x) :- in(x)\n}\nglobal sure(x) :- ${name}_everywhere(n, x)\n` +
    `invariant bad(x) :- sure(x), !${name}_everywhere(n, x), peer(n)\n`;
  expect(renameAt(text("known", "‸"), "learnt")).toBe(text("learnt"));
  expect(renameAt(text("known").replace("sure(", "‸sure("), "safe")).toBe(
    text("known").replaceAll("sure(", "safe("),
  );
});

test("a relation gets its new name in all components and declarations", () => {
  expect(
    renameAt(
      "output m(x)\ncomponent a {\n  m‸(x)@async(d) :- in(x), peer(d)\n}\ncomponent b {\n  durable p\n  p(x) :- m(x), !m(3)\n}\n",
      "message",
    ),
  ).toBe(
    "output message(x)\ncomponent a {\n  message(x)@async(d) :- in(x), peer(d)\n}\ncomponent b {\n  durable p\n  p(x) :- message(x), !message(3)\n}\n",
  );
});

test("a variable gets its new name in its rule, comments and strings are left alone", () => {
  expect(renameAt('p(x‸, "x") :- q(x, y), x != y // x\nr(x) :- q(x, x)\n', "z")).toBe(
    'p(z, "x") :- q(z, y), z != y // x\nr(x) :- q(x, x)\n',
  );
});

test("an attribute that is named after the variable follows, where it is repeated", () => {
  expect(renameAt("fd q: x -> y\np(x) :- q(x‸, y)\n", "key")).toBe(
    "fd q: key -> y\np(key) :- q(key, y)\n",
  );
  expect(renameAt("input q(id‸, v)\nfd q: id -> v\np(x) :- q(x, y)\n", "key")).toBe(
    "input q(key, v)\nfd q: key -> v\np(x) :- q(x, y)\n",
  );
});

test("a component gets its new name", () => {
  expect(renameAt("component a‸ {\n  p(x) :- q(x)\n}\n", "b")).toBe(
    "component b {\n  p(x) :- q(x)\n}\n",
  );
});

test("rules that cannot be read are renamed too", () => {
  expect(renameAt("p‸(x) :- q(x)\nr(x :- p(x), s(p)\n", "new")).toBe(
    "new(x) :- q(x)\nr(x :- new(x), s(p)\n",
  );
});

test("in paper notation too, primes and all", () => {
  expect(
    renameAt("acks(s,l,t) :- ack‸(s,l,t)\nacks(s,l,t') :- acks(s,l,t), t'=t+1\n", "vote"),
  ).toContain("acks(s,l,t) :- vote(s,l,t)");
});

test("refusals say why", () => {
  expect(refusal("p‸(x) :- q(x)\n", "q")).toBe("There is a relation `q` already.");
  expect(refusal("p‸(x) :- q(x)\n", "hash")).toBe("`hash` is built in.");
  expect(refusal("p(h) :- q(x), hash‸(x, h)\n", "digest")).toBe(
    "`hash` is built in and keeps its name.",
  );
  expect(refusal("function f(x -> y)\np(y) :- q(x), f‸(x, y)\n", "g")).toContain(
    "outside the program",
  );
  expect(refusal("p(l) :- q(x), self‸(l)\n", "here")).toBe(
    "`self` is built in and keeps its name.",
  );
  expect(refusal("p(x‸) :- q(x, y)\n", "y")).toBe("Rule 1 has a variable `y` already.");
  expect(refusal("p(x‸) :- q(x, y)\n", "2x")).toContain("A name is a letter");
  expect(refusal("p‸(x) :- q(x, y)\n", "true")).toBe("`true` is a value.");
  expect(refusal("component a‸ {\n p(x) :- q(x)\n}\ncomponent b {\n r(x) :- s(x)\n}\n", "b")).toBe(
    "There is a component `b` already.",
  );
  expect(refusal("p(x) :- q(x)‸ \n", "b")).toBe("There is no name here to change.");
  expect(refusal("p(self‸) :- q(x)\n", "b")).toContain("own address");
});

test("what must hold in the end keeps its name, and nothing else becomes it", () => {
  const keeps = "`pre` says what must hold in the end and keeps its name.";
  const would = "`post` says what must hold in the end.";
  const molly = "// dialect: molly\npre(P) :- got(P, _);\nmine(P) :- got(P, _);\n";
  expect(refusal(molly.replace("pre", "pr‸e"), "zz")).toBe(keeps);
  expect(refusal(molly.replace("mine", "mi‸ne"), "post")).toBe(would);
  const global =
    "global pre(x) :- seen_everywhere(n, x)\nglobal fine(x) :- seen_everywhere(n, x)\n";
  expect(refusal(`${global.replace("pre", "pr‸e")}seen(x) :- in(x)\n`, "zz")).toBe(keeps);
  expect(refusal(`${global.replace("fine", "fi‸ne")}seen(x) :- in(x)\n`, "post")).toBe(would);
  // Of nodes in other notations than Molly's these are names like any others.
  expect(renameAt("pr‸e(x) :- in(x)\n", "zz")).toBe("zz(x) :- in(x)\n");
  expect(renameAt(`${global}se‸en(x) :- in(x)\n`, "post")).toBe(
    `${global.replaceAll("seen", "post")}post(x) :- in(x)\n`,
  );
});

test("what is prepared is the name under the cursor", () => {
  const { document, position } = atCursor("p(x) :- quo‸te(x)\n");
  expect(prepareRename(document, position)).toMatchObject({ kind: "range", placeholder: "quote" });
});

test.each(EXAMPLES.filter((name) => name !== "paxos"))(
  "every name of %s can be changed, or it is said why not; the deployment follows",
  (name) => {
    const document = exampleDocument(name);
    const deploymentText = exampleText(name, "base.deployment.json");
    const done = new Set<string>();
    let withDeployment = 0;
    for (const use of namesOf(document)) {
      const key = use.kind === "variable" ? use.kind : `${use.kind} ${use.name}`;
      if (done.has(key)) continue;
      done.add(key);
      const result = rename(document, positionAt(document.lines, use.span.start), "renamed");
      if (result.kind === "refused") {
        expect(result.message).toMatch(/is built in|must hold in the end/);
        continue;
      }
      if (result.deployment === undefined) continue;
      withDeployment++;
      const json: unknown = JSON.parse(
        changedText(deploymentText, deploymentChanges(deploymentText, result.deployment)),
      );
      const plain = JSON.parse(deploymentText) as Parameters<typeof renamedDeployment>[0];
      expect(json).toEqual(renamedDeployment(plain, result.deployment));
    }
    expect(withDeployment).toBeGreaterThan(3);
  },
);

test("clients follow a relation and an attribute by their names", () => {
  const document = exampleDocument("voting");
  const result = rename(document, positionOf(document, "in(id, x)", 3), "key");
  if (result.kind === "refused" || result.deployment === undefined)
    throw new Error("no deployment");
  const { clients } = renamedDeployment(exampleDeployment("voting"), result.deployment);
  expect(Object.keys(clients.template)).toEqual(["key", "x"]);
  expect(clients.match).toEqual({ reply: { id: "key" } });
});

test("a relation that the deployment does not name leaves it alone", () => {
  const document = exampleDocument("voting");
  const result = rename(document, positionOf(document, "votes(s, id)"), "ballots");
  expect(result).toMatchObject({ kind: "renamed", deployment: undefined });
});

/** Some name of a program; which one is up to fast-check. */
function chosen(document: LanguageDocument, pick: number): NameUse | undefined {
  const names = namesOf(document);
  return names[pick % Math.max(1, names.length)];
}

test("property: renamed and renamed back, any program is what it was", () => {
  let renamed = 0;
  fc.assert(
    fc.property(arbitraryProgram, fc.nat(), (program: Program, pick) => {
      const text = printCompact(program);
      const document = openDocument({ text, dialect: "compact" });
      const use = chosen(document, pick);
      // A declared relation may have a built-in's name, but none can be given it.
      if (use === undefined || use.name === "boot") return;
      const position = positionAt(document.lines, use.span.start);
      const there = rename(document, position, "brandNew");
      if (there.kind === "refused") return;
      renamed++;
      const after = openDocument({ text: renamedText(document, there), dialect: "compact" });
      expect(namesOf(after).length).toBe(namesOf(document).length);
      // Attributes that were named after the variable are called so, too, and have no name of their own to change.
      const again = namesOf(after).find((n) => n.kind === use.kind && n.name === "brandNew")!;
      const back = rename(after, positionAt(after.lines, again.span.start), use.name);
      if (back.kind === "refused") throw new Error(back.message);
      const result = read(renamedText(after, back), { dialect: "compact" });
      expect(printCompact(result.program)).toBe(printCompact(document.read.program));
    }),
    { numRuns: 100 },
  );
  expect(renamed).toBeGreaterThan(20);
});

/** What a node of the program does, tick by tick, as text. */
function run(
  program: Program,
  schedule: readonly (readonly Fact[])[],
  named: (relation: string) => string,
): string {
  const p = analyze(program);
  const engine = reference(p, "c").start(ENVIRONMENT, { observe: true });
  const lines: string[] = [];
  try {
    for (const arrived of schedule) {
      if (holdsMuch(engine, p.relations.keys())) break;
      const { sends } = engine.tick(arrived.map((f) => ({ ...f, relation: named(f.relation) })));
      lines.push(
        sends
          .map((s) => `${factText(s)}@${s.to}`)
          .sort()
          .join(" "),
      );
      for (const relation of p.relations.keys()) {
        lines.push(`${relation}: ${engine.facts(relation).map(rowKey).sort().join(" ")}`);
      }
    }
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    lines.push("error");
  }
  return lines.join("\n");
}

test("property: a renamed component does at every tick what it did", () => {
  let renamed = 0;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), fc.nat(), (seed, pick) => {
      const { rules, schedule } = randomCase(seed);
      const text = printCompact(programOf(rules));
      const document = openDocument({ text, dialect: "compact" });
      const use = chosen(document, pick);
      const kind = use?.kind === "relation" ? document.analyzed.relations.get(use.name)?.kind : "";
      // Their contents come from the test's environment, under the old name.
      if (
        use === undefined ||
        use.kind === "component" ||
        kind === "edb.static" ||
        kind === "edb.node"
      )
        return;
      const result = rename(document, positionAt(document.lines, use.span.start), "brandNew");
      if (result.kind === "refused") return;
      const after = read(renamedText(document, result), { dialect: "compact" }).program;
      const before = document.read.program;
      if (analyze(before).faults.some((f) => f.severity === "error")) return;
      renamed++;
      const named = (name: string): string =>
        use.kind === "relation" && name === use.name ? "brandNew" : name;
      const expected = run(before, schedule, (name) => name);
      const pattern = new RegExp(`(?<![\\w'])${use.name}(?![\\w'])`, "g");
      const translated = use.kind === "relation" ? expected.replace(pattern, "brandNew") : expected;
      const order = (text_: string): readonly string[] => text_.split("\n");
      expect(order(run(after, schedule, named))).toEqual(order(translated));
    }),
    { numRuns: 60 },
  );
  expect(renamed).toBeGreaterThan(5);
});
