import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { bytes, type Row, type Value } from "../program/value.ts";
import { read } from "../syntax/read.ts";
import { differenceIn } from "./compareEngines.testing.ts";
import { compile } from "./compile.ts";
import { functionKey } from "./functions.ts";
import type { NodeEnvironment } from "./nodeEngine.ts";
import { ENVIRONMENT } from "./randomComponent.testing.ts";
import { reference } from "./reference.ts";

const { program } = read(`
  function foreign(x -> y)
  component c {
    r(y) :- m(x), foreign(x, y)
    both(y) :- r(y), n(y)
    number(count<y>) :- n(y)
    number(count<y>) :- r(y)
  }`);

/** Where the embedding code gives that, whatever the types say. */
function giving(value: unknown): NodeEnvironment {
  const given = (): readonly Value[] => [value as Value];
  const functions = new Map([...ENVIRONMENT.functions, [functionKey("foreign", 2), given]]);
  return { ...ENVIRONMENT, functions };
}

function arrived(known: Value): readonly { readonly relation: string; readonly row: Row }[] {
  return [
    { relation: "m", row: [1] },
    { relation: "n", row: [known] },
  ];
}

const ENGINES = {
  reference: (p: ReturnType<typeof analyze>) => reference(p, "c"),
  generated: (p: ReturnType<typeof analyze>) => compile(p, "c", { code: "generated" }),
  interpreted: (p: ReturnType<typeof analyze>) => compile(p, "c", { code: "interpreted" }),
};

const CANONICAL: readonly (readonly [unknown, Value])[] = [
  [5n, 5],
  [-0, 0],
  [2 ** 53, 2n ** 53n],
  [
    [[5n], "a"],
    [[5], "a"],
  ],
  [{ kind: "bytes", hex: "AB" }, bytes("ab")],
];

test.each(CANONICAL)("what a function gives gets its canonical form: %o", (value, canonical) => {
  for (const start of Object.values(ENGINES)) {
    const engine = start(analyze(program)).start(giving(value));
    engine.tick(arrived(canonical));
    expect(engine.facts("both")).toEqual([[canonical]]);
  }
  for (const code of ["generated", "interpreted"] as const) {
    const schedule = [arrived(canonical)];
    expect(differenceIn(program, giving(value), { schedule }, code)).toBeUndefined();
  }
});

test.each([1.5, Number.NaN, 2n ** 63n, undefined, null, [1, null], {}, () => 1])(
  "and what is no value is an error that names the function: %o",
  (value) => {
    for (const start of Object.values(ENGINES)) {
      const engine = start(analyze(program)).start(giving(value));
      expect(() => engine.tick(arrived(1))).toThrow(
        /^function foreign gave .*, which is no value in rule c\/r\/1 for m\(1\)\.$/,
      );
    }
  },
);
