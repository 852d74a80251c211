import { readdirSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryProgram } from "../program/arbitraryProgram.testing.ts";
import { printCompact } from "../program/printCompact.ts";
import { format } from "./format.ts";
import { read } from "./read.ts";
import { scan } from "./tokens.ts";

const EXAMPLES = new URL("../../public/examples/", import.meta.url);

test.each(readdirSync(EXAMPLES))("the example %s is formatted", (name) => {
  const text = readFileSync(new URL(`${name}/base.ded`, EXAMPLES), "utf8");
  expect(format(text)).toBe(text);
});

test("layout becomes canonical, comments and blank lines stay", () => {
  const text = `# head


edb e(a)={(1),(2)}
component  a   by x,y{ p(x):-q(x); r@next(x)<-p(x) // why
  // before
  s(x) :- p(x),   /* inside */
     !q(x)

  broken(x :- 3
 }
t(long_name_number_one, long_name_number_two) :- u(long_name_number_one), v(long_name_number_two), w(1)
// end`;
  expect(format(text)).toMatchInlineSnapshot(`
    "# head

    edb e(a) = { (1), (2) }

    component a by x, y {
      p(x) :- q(x)
      r(x)@next :- p(x) // why
      // before
      /* inside */
      s(x) :- p(x), !q(x)

      broken(x :- 3
    }

    t(long_name_number_one, long_name_number_two) :-
      u(long_name_number_one), v(long_name_number_two), w(1)
    // end
    "
  `);
});

test("what cannot be read as a whole is given back as it is", () => {
  for (const text of [
    "p( x ) :- q(x)\n}",
    "component a { p( x )",
    "p( x ) § q(x)",
    "p( x )|q( x )",
  ]) {
    expect(format(text)).toBe(text);
  }
  const paper = "p( x,l,t' ) :- p(x,l,t), t'=t+1";
  expect(format(paper)).toBe(paper);
});

test("formatting keeps the program and every comment, and formatting again changes nothing", () => {
  const blank = fc.constantFrom(" ", "\n", "\n\n", "\t", " // c1\n", " /* c2 */ ", "\n# c3\n");
  fc.assert(
    fc.property(arbitraryProgram, fc.infiniteStream(blank), (program, blanks) => {
      const text = scattered(printCompact(program), blanks);
      const formatted = format(text);
      const options = { dialect: "compact" } as const;
      expect(read(formatted, options).program).toEqual(read(text, options).program);
      expect(comments(formatted)).toEqual(comments(text));
      expect(format(formatted)).toBe(formatted);
    }),
    { numRuns: 150 },
  );
});

/** With other blanks after commas and line ends, outside strings. */
function scattered(text: string, blanks: Iterator<string>): string {
  const next = (): string => blanks.next().value as string;
  return text.replace(/"(?:[^"\\]|\\.)*"|,|\n/g, (piece) =>
    piece === "," ? `,${next()}` : piece === "\n" ? `\n${next()}` : piece,
  );
}

function comments(text: string): readonly string[] {
  return scan(text).comments.map((c) => c.image.trim());
}
