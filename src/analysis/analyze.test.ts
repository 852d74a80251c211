import { expect, test } from "vitest";
import type { Deployment } from "../program/deployment.ts";
import type { Fault } from "../program/evidence.ts";
import { address } from "../program/value.ts";
import { read } from "../syntax/read.ts";
import { analyze } from "./analyze.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { placeText } from "./caseProgram.testing.ts";
import { resolveClients } from "./resolveClients.ts";

const DEPLOYMENT: Deployment = {
  instances: { main: ["n"] },
  edb: { client: [[address("client")]] },
  node: { n: { me: [[1]] } },
  originals: {},
  trusted: {},
  clients: {
    address: "client",
    input: "in",
    answers: ["out"],
    match: { out: { x: "x" } },
    template: { x: { kind: "unique" } },
    payloadBytes: 16,
  },
  partitions: {},
  seed: 1,
};

function analyzed(text: string, deployment?: Deployment): AnalyzedProgram {
  return analyze(read(text).program, deployment);
}

function described(p: AnalyzedProgram, fault: Fault): string {
  const related = fault.related.map((e) => ` (${placeText(p, e)}: ${e.because})`).join("");
  const fix = fault.replacement ? ` {${fault.replacement.from} -> ${fault.replacement.to}}` : "";
  return `${fault.severity} ${fault.code} [${placeText(p, fault.place)}] ${fault.message}${related}${fix}`;
}

function faults(text: string, deployment?: Deployment): string {
  const p = analyzed(text, deployment);
  return p.faults.map((fault) => described(p, fault)).join("\n");
}

function kinds(text: string, deployment?: Deployment): Readonly<Record<string, string>> {
  const p = analyzed(text, deployment);
  return Object.fromEntries([...p.relations.values()].map((r) => [r.name, r.kind]));
}

test("kinds: silence never makes an EDB (H-03, H-06)", () => {
  const text =
    "s(x) :- in(x), who(x), me(x), boot(), orig(l), hash(x, h), self(l), t(x)\ns(x)@async(l) :- r(x), primary(), self(l)";
  expect(kinds(`timer t every 50ms\n${text}`)).toEqual({
    s: "chan",
    in: "env",
    who: "env",
    me: "env",
    boot: "edb.static",
    orig: "edb.node",
    hash: "func",
    self: "builtin",
    t: "env",
    r: "env",
    primary: "env",
  });
  const deployed = {
    ...DEPLOYMENT,
    edb: { who: [[1]] },
    node: { n: { me: [[1]], primary: [[]] } },
  };
  expect(kinds(text, deployed)).toMatchObject({
    in: "env",
    who: "edb.static",
    me: "edb.node",
    primary: "edb.node",
    r: "env",
  });
});

test("kinds: declarations, channels, functions by their number of terms", () => {
  expect(
    kinds(
      "edb e(x) = { (1) }\nnode n(x)\ninput i(x)\nfunction f(x -> y)\na(y)@async(d) :- i(x), f(x, y), e(x), n(x), p(d)\nb(x) :- a(x), f(x)",
    ),
  ).toMatchObject({ e: "edb.static", n: "edb.node", i: "env", f: "func", a: "chan", b: "local" });
  expect(kinds("a(x) :- hash(x)\nb(x) :- sign(x, y, z, w)")).toMatchObject({
    hash: "env",
    sign: "env",
  });
});

test("attributes: declared, after head variables, unique", () => {
  const p = analyzed(
    "edb e(key: int, to)\nr(x, x, 1, count<z>) :- e(x, w), q(z, z)\ns(m) :- r(_, _, _, m)",
  );
  const names = (relation: string) => p.relations.get(relation)!.attributes.map((a) => a.name);
  expect(names("e")).toEqual(["key", "to"]);
  expect(names("q")).toEqual(["z", "z2"]);
  expect(names("r")).toEqual(["x", "x2", "a3", "m"]);
  expect(p.relations.get("r")!.attributes.map((a) => a.type)).toEqual(["int", "int", "int", "int"]);
  const often = analyzed("t(x, x2, x, x, x2, x2) :- u(x, x2)").relations.get("t")!.attributes;
  expect(often.map((a) => a.name)).toEqual(["x", "x2", "x3", "x4", "x22", "x23"]);
});

test("rule numbers run over the whole program", () => {
  const p = analyzed("component a { x(1) :- y(1)\n x(2) :- y(2) }\ncomponent b { z(1) :- w(1) }");
  expect([...p.rules].map(([id, { number, component }]) => [id, number, component])).toEqual([
    ["a/x/1", 1, "a"],
    ["a/x/2", 2, "a"],
    ["b/z/1", 3, "b"],
  ]);
});

test("W1: arities and types that differ name both places", () => {
  expect(faults("a(x) :- b(x)\nc(x) :- a(x, y), b(y)")).toMatchInlineSnapshot(
    `"error arity [2:0] \`a\` has 2 attributes here and 1 attribute elsewhere. (1:head: \`a\` has 1 attribute here)"`,
  );
  expect(faults('a(x) :- b(x), x == 1\nc(x) :- a(x), x == "one"')).toMatchInlineSnapshot(
    `"error type-conflict [2:1] Here an integer meets a string: \`1\` is an integer, but \`"one"\` is a string. (1:1: \`1\` is an integer) (2:1: \`"one"\` is a string)"`,
  );
  expect(faults("a(count<x>) :- b(x)\nc(x)@async(n) :- a(n), b(x)")).toMatchInlineSnapshot(
    `"error type-conflict [2:0] Here an integer meets an address: \`count\` gives an integer, but a message goes to an address. (1:head: \`count\` gives an integer) (2:head: a message goes to an address)"`,
  );
  expect(faults("a(h) :- b(x), hash(x, 1, 2, h)\nb(x) :- hash(x, h), in(x)")).toMatchInlineSnapshot(
    `"error function-arity [1:1] The function \`hash\` does not take 4 attributes."`,
  );
  expect(faults("a(x + 1) :- b(x)\nd(y) :- a(y), y > 2, b(y)")).toBe("");
});

test("W1: EDB, functions and builtins in a head", () => {
  expect(faults("edb e(x) = { (1) }\ne(x) :- in(x)\nhash(x, x) :- in(x)\nself(x) :- in(x)"))
    .toMatchInlineSnapshot(`
    "error edb-head [1:head] Rule 1 derives \`e\`, but it is declared constant.
    error edb-head [2:head] Rule 2 derives \`hash\`, but that is a function.
    error edb-head [3:head] Rule 3 derives \`self\`, but that name is built in."
  `);
  expect(faults("orig(x) :- in(x)\nboot() :- in(_)")).toContain(
    "Rule 1 derives `orig`, but that name is built in.",
  );
});

test("W1: a row of the deployment that does not fit", () => {
  expect(
    faults("out(x)@async(c) :- in(x), client(c)", {
      ...DEPLOYMENT,
      edb: { client: [[address("client"), 1]] },
    }),
  ).toMatchInlineSnapshot(
    `"error edb-arity [client] The deployment gives \`client\` a row of 2 values, but the program reads 1."`,
  );
});

test("rows that the deployment gives to a misspelt relation", () => {
  const deployed = (relation: string): string =>
    faults("out(x)@async(c) :- in(x), client(c)", {
      ...DEPLOYMENT,
      edb: { [relation]: [[address("client")]] },
    });
  expect(deployed("clients")).toContain(
    "warning edb-name [client] The deployment gives rows to `clients`, which the program does not know, " +
      "and none to `client`. Perhaps `client` is meant.",
  );
  expect(deployed("client")).toBe("");
  expect(deployed("somethingElse")).not.toContain("edb-name");
});

test("W2: what is not bound, with the name that is meant", () => {
  expect(faults("certs(cer, v) :- in(cert, v)")).toMatchInlineSnapshot(
    `"error unbound-variable [1:head] \`cer\` in the head of rule 1 has no value: no positive literal binds it. Perhaps \`cert\` is meant. {cer -> cert}"`,
  );
  expect(faults("a(x)@async(dest) :- in(x), nodes(des)")).toMatchInlineSnapshot(
    `"error unbound-variable [1:head] \`dest\` in the destination of rule 1 has no value: no positive literal binds it. Perhaps \`des\` is meant. {dest -> des}"`,
  );
  expect(faults("a(x) :- in(x), y > 2")).toMatchInlineSnapshot(
    `"error unbound-variable [1:1] \`y\` in a comparison of rule 1 has no value: no positive literal binds it."`,
  );
  expect(faults("a(x) :- in(x), hash(w, x)")).toMatchInlineSnapshot(
    `"error unbound-variable [1:1] \`w\` in an argument of \`hash\` of rule 1 has no value: no positive literal binds it."`,
  );
  expect(faults("a(z) :- in(x), z := y + 1")).toMatchInlineSnapshot(
    `"error unbound-variable [1:1] \`y\` in an assignment of rule 1 has no value: no positive literal binds it."`,
  );
  expect(faults("a(z) :- in(x), z := y + 1, y := x * 2, hash(z, h), len(h, z)")).toBe("");
  expect(faults("a(x) :- in((x, y)), b(y)")).toBe("");
  expect(faults("a(x) :- b(x), in(x + y)")).toContain("`y`");
});

test("W2: a name in one negated literal only is a slip", () => {
  expect(faults("a(val) :- in(val), !ban(vla)")).toMatchInlineSnapshot(
    `"error lonely-variable [1:1] \`vla\` stands only in the negated \`ban\` of rule 1. Perhaps \`val\` is meant; write \`_\` if any value will do. {vla -> val}"`,
  );
  expect(faults("a(val) :- in(val), !ban(other, val)")).toMatchInlineSnapshot(
    `"error lonely-variable [1:1] \`other\` stands only in the negated \`ban\` of rule 1. Write \`_\` if any value will do. {other -> _}"`,
  );
  expect(faults("a(val) :- in(val), !ban(_, val)")).toBe("");
});

test("`_` gives no value", () => {
  expect(faults("a(_) :- in(x)\na(x) :- in(x), _ > 2\na(x) :- in(x), hash(_, h)"))
    .toMatchInlineSnapshot(`
    "error wildcard [1:head] \`_\` in the head of rule 1 gives no value.
    error wildcard [2:1] \`_\` in a comparison of rule 2 gives no value.
    error wildcard [3:1] \`_\` in an argument of \`hash\` of rule 3 gives no value."
  `);
});

test("W5: a channel that is also derived in the node", () => {
  expect(faults("c(x)@async(d) :- in(x), nodes(d)\nc(x)@next :- c(x)")).toMatchInlineSnapshot(
    `"error mixed-channel [2:head] Rule 2 derives \`c\` in the node itself, but rule 1 sends it. Copy what arrives to another relation and derive that one. (1:head: sends \`c\`)"`,
  );
  expect(faults("in(x)@next :- in(x)", DEPLOYMENT)).toContain("clients or a timer send it");
});

test("W6, W7, W9: legal, but in the way", () => {
  expect(faults("c(count<x>)@async(d) :- in(x), nodes(d)")).toMatchInlineSnapshot(
    `"warning aggregate-sent [1:head] Rule 1 computes an aggregate and sends it at once. It can be split into a rule that computes it and one that sends it, which rewrites need."`,
  );
  expect(faults("c(x, i) :- in(x), index(i)")).toMatchInlineSnapshot(
    `"warning non-deterministic [1:1] Rule 1 uses \`index\`: in what order rows are numbered is left open. Runs go by their values; rewrites may not rely on that."`,
  );
  expect(faults("seen(x, t) :- in(x), tick(t)\nc(x) :- in(x), tick(_)")).toMatchInlineSnapshot(
    `"warning tick-as-data [1:head] Rule 1 puts the tick number into \`seen\`; no rewrite can move or split this component."`,
  );
  expect(faults("late(x) :- in(x), now(t), t > 5\nnow(t) :- tick(t)")).toMatchInlineSnapshot(
    `"warning tick-as-data [2:head] Rule 2 puts the tick number into \`now\`; no rewrite can move or split this component."`,
  );
  expect(faults("c(seal<x>)@async(d) :- in(x), nodes(d)")).toContain("error sealing");
});

test("W8: a component without rules", () => {
  expect(faults("component a { }\ncomponent b { x(1) :- y(1) }")).toContain("`a` has no rules");
});

test("no order of evaluation", () => {
  expect(
    faults("a(x) :- in(x), b(x)\nb(x) :- c(x)\nc(x) :- in(x), !a(x)\nd(count<x>) :- d(x)"),
  ).toMatchInlineSnapshot(
    `"error unstratified [2>1>3] Rules 1, 2 and 3 derive \`b\` → \`a\` → \`c\` in one tick through a negation or an aggregate of itself: no order of evaluation exists. \`@next\` would break the cycle. (2: part of the cycle) (1: part of the cycle) (3: part of the cycle)"`,
  );
  expect(faults("a(x) :- in(x), !b(x)\nb(x)@next :- a(x)")).toBe("");
  expect(faults("win(x) :- move(x, y), !win(y)")).toContain("Rule 1 derives `win` in one tick");
});

test("a dependency or foreign key over an attribute that is not there", () => {
  expect(
    faults(
      "input req(i, b)\nedb ids(x)\nfd req: id -> b\nwithin req.i of ids\nout(i)@async(c) :- req(i, b), client(c)",
    ),
  ).toMatchInlineSnapshot(
    `"warning no-attribute [req] \`req\` has no attribute \`id\`: it has \`i\` and \`b\`."`,
  );
});

test("suspicions: misspelt relations, EDB without contents, facts that never travel", () => {
  expect(
    faults("votes(x) :- in(x)\nout(x)@async(c) :- vote(x), client(c)", DEPLOYMENT),
  ).toMatchInlineSnapshot(
    `"warning misspelt-relation [2:0] Nothing derives \`vote\`, so it counts as an input from clients. Perhaps \`votes\` is meant. {vote -> votes}"`,
  );
  expect(
    faults("node key(k)\nout(x)@async(c) :- in(x), client(c), key(x), boot()", DEPLOYMENT),
  ).toMatchInlineSnapshot(
    `"warning no-contents [1:2] \`key\` has no contents in this deployment."`,
  );
  expect(
    faults(
      "component main { s(x) :- in(x) }\ncomponent b { out(x)@async(c) :- s(x), client(c) }",
      DEPLOYMENT,
    ),
  ).toMatchInlineSnapshot(`
    "warning never-sent [2:0] Component \`b\` reads \`s\`, which only \`main\` derives, and no rule sends it.
    warning no-instance [2] The deployment runs component \`b\` nowhere."
  `);
});

test("clients that do not fit the program", () => {
  const program = "out(id)@async(c) :- in(id), client(c)";
  expect(faults(program, DEPLOYMENT)).toMatchInlineSnapshot(`
    "warning clients-mismatch [in] The template of the clients names \`x\`, which \`in\` does not have; it has \`id\`.
    warning clients-mismatch [in] The template of the clients says nothing about \`id\` of \`in\`.
    warning clients-mismatch [out] The match of answer \`out\` names \`x\`, which \`out\` does not have; it has \`id\`.
    warning clients-mismatch [in] The match of answer \`out\` names \`x\`, which \`in\` does not have; it has \`id\`."
  `);
  expect(resolveClients(analyzed(program, DEPLOYMENT)).kind).toBe("faults");
  expect(resolveClients(analyzed(program)).kind).toBe("faults");
  expect(faults("out(x)@async(c) :- request(x), client(c)", DEPLOYMENT)).toContain(
    "Clients send `in`, which no component reads.",
  );
  expect(resolveClients(analyzed("out(x)@async(c) :- in(x), client(c)", DEPLOYMENT)).kind).toBe(
    "resolved",
  );
});

test("to clients: declared, answered, or read by nobody", () => {
  const p = analyzed(
    "output a(x)\na(x)@async(d) :- in(x), nodes(d)\nout(x)@async(d) :- a(x), nodes(d)\nt(x) :- out(x), m(x)\nm(x)@async(d) :- in(x), nodes(d)\nz(x)@async(d) :- in(x), nodes(d)",
    DEPLOYMENT,
  );
  const toClients = [...p.relations.values()].filter((r) => r.toClients).map((r) => r.name);
  expect(toClients.sort()).toEqual(["a", "out", "z"]);
});
