import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { BUILTIN_FUNCTIONS } from "../program/functions.ts";
import { printCompact } from "../program/printCompact.ts";
import { DIALECTS } from "./dialect.ts";
import { convertProgram, printProgram } from "./printProgram.ts";
import { read } from "./read.ts";

const EXAMPLES = new URL("../../public/examples/", import.meta.url);
const FUNCTIONS = new Set(BUILTIN_FUNCTIONS.map((f) => f.name));

/** Whether the example's deployment or text fills the relation, or it is a function. */
function constantsOf(name: string, text: string): (relation: string) => boolean {
  const file = readFileSync(new URL(`${name}/base.deployment.json`, EXAMPLES), "utf8");
  const { edb = {}, node = {} } = JSON.parse(file) as {
    edb?: Record<string, unknown>;
    node?: Record<string, Record<string, unknown>>;
  };
  const declared = read(text).program.declarations.flatMap((d) =>
    d.kind === "relation" && (d.role === "edb" || d.role === "node") ? [d.relation] : [],
  );
  const filled = new Set([
    ...Object.keys(edb),
    ...Object.values(node).flatMap(Object.keys),
    ...declared,
  ]);
  return (relation) => FUNCTIONS.has(relation) || filled.has(relation);
}

test.each(readdirSync(EXAMPLES))("the example %s in paper notation is the same program", (name) => {
  const text = readFileSync(new URL(`${name}/base.ded`, EXAMPLES), "utf8");
  const { program } = read(text);
  const printed = printProgram(program, "paper", constantsOf(name, text));
  if (printed.kind === "problems") throw new Error(printed.problems.join("\n"));
  const again = read(printed.text);
  expect(again.dialect).toBe("paper");
  expect(again.diagnostics).toEqual([]);
  expect(again.program.components).toEqual(program.components);
});

test("location and time are l and t unless the rule calls them otherwise or uses these names", () => {
  const program = read(`edb peers(a)
component c {
  p(x)@async(d) :- q(x), peers(d)
  p(me, now)@next :- q(x), self(me), tick(now)
  p(l)@next :- q(l), !r(_)
  p(count<x>) :- self(a), q(x), peers(a)
  p(1)
}`).program;
  const printed = printProgram(program, "paper", (relation) => relation === "peers");
  expect(printed.kind === "text" && printed.text).toMatchInlineSnapshot(`
    "edb peers(a)

    component c {
      p(x, d, t') :- q(x, l, t), peers(d), delay((x, l, t, d), t')
      p(me, now, me, t') :- q(x, me, now), t' = now+1
      p(l, l1, t') :- q(l, l1, t), !r(_, l1, t), t' = t+1
      p(count<x>, a, t) :- self(a), q(x, a, t), peers(a)
      p(1, l, t)
    }
    "
  `);
});

test("a constant relation stays what it is in paper notation, whoever says that it is one", () => {
  const exact = (text: string, constants: readonly string[]): string => {
    const { program } = read(text);
    const printed = printProgram(program, "paper", (r) => constants.includes(r));
    if (printed.kind === "problems") throw new Error(printed.problems.join("\n"));
    const again = read(printed.text, { dialect: "paper" });
    expect(again.diagnostics).toEqual([]);
    expect(again.program).toEqual(program);
    return printed.text;
  };
  // Each node has its own peers.
  const own = ".static peers `x`\n.input q `a`\nh@p(x) :~ q(x), peers(p)\n";
  expect(exact(own, ["peers"])).toContain("q(x, l, t), peers(p)");
  // Only the deployment knows, or the runtime.
  expect(exact("h(x)@async(p) :- q(x), peers(p)", ["peers"])).toContain("peers(p, l, t)");
  expect(exact("h(x) :- q(x), orig(x), hash(x, y), r(y)", ["orig"])).toContain("orig(x, l, t)");
});

test("what paper notation cannot say is said", () => {
  const program = read("delay(x) :- q(x)\npeers(x) :- delay(x), q(x)").program;
  expect(printProgram(program, "paper", (relation) => relation === "peers")).toEqual({
    kind: "problems",
    problems: [
      expect.stringContaining("`delay` is a relation of this program"),
      expect.stringContaining("`peers` is constant, yet a rule derives it"),
    ],
  });
});

test("compact notation says everything", () => {
  const program = read("delay(x) :- q(x)").program;
  const printed = printProgram(program, "compact", () => false);
  expect(printed).toEqual({ kind: "text", text: printCompact(program) });
});

test("a text that stands by itself is seen to be in its notation, however little it says", () => {
  for (const text of ["p(x) :- q(x)", "p(l, t) :- q(l, t)", "p(x)@next :- q(x), !r(x)"]) {
    const { program } = read(text, { dialect: "compact" });
    for (const dialect of DIALECTS) {
      const converted = convertProgram(program, dialect, () => false);
      if (converted.kind !== "text") throw new Error(converted.problems.join(" "));
      const again = read(converted.text);
      expect([again.dialect, printCompact(again.program)]).toEqual([
        dialect,
        // Only this one has capitals for variables.
        dialect === "prototype" ? expect.any(String) : printCompact(program),
      ]);
    }
  }
});

test.each(DIALECTS)("a program without rules is a text without rules: %s", (dialect) => {
  for (const text of ["", "edb r(x)\n"]) {
    const { program } = read(text);
    const converted = convertProgram(program, dialect, () => true);
    const again = read(converted.kind === "text" ? converted.text : converted.problems.join("\n"));
    expect([again.diagnostics, again.program]).toEqual([[], program]);
  }
});

test("a tick's variable that the rule also assigns does not become the paper's time", () => {
  const text = "component leader {\n  p(x) :- tick(t), q(x), t := x + 1\n}\n";
  const { program } = read(text, { dialect: "compact" });
  const printed = printProgram(program, "paper", () => false);
  if (printed.kind !== "text") throw new Error(printed.problems.join(" "));
  const back = read(printed.text, { dialect: "paper" });
  expect(back.diagnostics).toEqual([]);
  expect(back.program.components[0]?.rules).toEqual(program.components[0]?.rules);
});

test("what is computed stands for its variable, and is compared where something else binds that too", () => {
  const { program } = read(`p(x) :- q(y), x := y + 1
counted(count<x>) :- q(x, y), x := y + 1
twice(x) :- q(y, z), x := y + 1, x := z * 2
never(x) :- q(x), x := x + 1`);
  const text = (dialect: "molly" | "hydroflow"): unknown => {
    const printed = printProgram(program, dialect, () => false);
    return printed.kind === "text" ? printed.text : printed.problems;
  };
  expect(text("molly")).toMatchInlineSnapshot(`
    "// clew: component main
    p(L, y + 1) :- q(L, y);
    counted(L, count<x>) :- q(L, x, y), x == y + 1;
    twice(L, z * 2) :- q(L, y, z), z * 2 == y + 1;
    never(L, x) :- q(L, x), x == x + 1;
    "
  `);
  expect(text("hydroflow")).toMatchInlineSnapshot(`
    "# clew: component main
    p(y + 1) :- q(y)
    counted(count(x)) :- q(x, y), (x == y + 1)
    twice(z * 2) :- q(y, z), (z * 2 == y + 1)
    never(x) :- q(x), (x == x + 1)
    "
  `);
});

test("what is computed from itself alone has no place in a notation without assignments", () => {
  const { program } = read("p(x) :- q(y), x := x");
  for (const dialect of ["molly", "hydroflow"] as const) {
    expect(printProgram(program, dialect, () => false)).toEqual({
      kind: "problems",
      problems: [expect.stringContaining(`[${dialect}-assignment]`)],
    });
  }
});
