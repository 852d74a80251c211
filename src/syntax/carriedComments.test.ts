import { expect, test } from "vitest";
import type { Dialect } from "./dialect.ts";
import { DIALECTS } from "./dialect.ts";
import { convertProgram } from "./printProgram.ts";
import { read } from "./read.ts";

function converted(text: string, to: Dialect): string {
  const result = read(text);
  const printed = convertProgram(result.program, to, () => false, { text, ...result });
  if (printed.kind === "problems") throw new Error(printed.problems.join(" "));
  return printed.text;
}

const TEXT = `// What the file is about.

component main {
  /* asked
   * by clients */
  seen(x) :- ask(x)   // once
  seen(x)@next :- seen(x), // kept
    !done(x)
  // the end
}
// last
`;

test("comments go along to another notation, as it writes them", () => {
  expect(converted(TEXT, "hydroflow")).toMatchInlineSnapshot(`
    "# clew: component main
    # What the file is about.
    # asked
    # by clients
    seen(x) :- ask(x) # once
    # kept
    seen(x) :+ seen(x), !done(x)
    # the end
    # last
    "
  `);
  expect(converted(TEXT, "paper")).toMatchInlineSnapshot(`
    "// What the file is about.
    component main {
      // asked
      // by clients
      seen(x, l, t) :- ask(x, l, t) // once
      // kept
      seen(x, l, t') :- seen(x, l, t), !done(x, l, t), t' = t+1
    }
    // the end
    // last
    "
  `);
});

test("there and back, every comment is still there and the program is the same", () => {
  for (const to of DIALECTS) {
    const there = converted(TEXT, to);
    const back = converted(there, "compact");
    for (const said of ["about.", "asked", "by clients", "once", "kept", "the end", "last"]) {
      expect([to, said, there.split(said).length, back.split(said).length]).toEqual([
        to,
        said,
        2,
        2,
      ]);
    }
    expect(read(there).dialect).toBe(to);
    if (to !== "prototype") expect(read(back).program).toEqual(read(TEXT).program);
  }
});
