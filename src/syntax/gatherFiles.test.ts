import { expect, test } from "vitest";
import { gatherFiles } from "./gatherFiles.ts";
import type { Gathered } from "./gatherFiles.ts";
import { read } from "./read.ts";

const file = (name: string, text: string): { readonly name: string; readonly text: string } => ({
  name,
  text,
});
const cast = file("cast.ded", 'include "lib/keep.ded";\ngot(D, M)@async :- got(N, M), peer(N, D);');
const keep = file("keep.ded", 'include "facts.ded";\ngot(N, M)@next :- got(N, M);');
const facts = file("facts.ded", 'peer("a", "b")@1;');
const other = file("other.ded", "p(x) :- q(x)\n");

function names({ programs, completed, problems }: Gathered): unknown {
  return {
    programs: programs.map(({ name, includes }) => [name, ...includes.map((f) => f.name)]),
    completed: completed?.map((f) => f.name),
    problems,
  };
}

test("a program given with what it includes is one program, in whatever order the files come", () => {
  const gathered = gatherFiles([facts, keep, cast, other], undefined);
  expect(names(gathered)).toEqual({
    programs: [["cast.ded", "keep.ded", "facts.ded"], ["other.ded"]],
    completed: undefined,
    problems: [],
  });
  const [{ text, includes }] = gathered.programs as [Gathered["programs"][0]];
  const { diagnostics, program } = read(text, { fileName: "cast.ded", includes });
  expect(diagnostics).toEqual([]);
  expect(program.components[0]!.rules.map((r) => r.head.relation)).toContain("peer");
});

test("a file that the open program misses, or has in an older text, completes it with its own includes", () => {
  const open = { ...cast, includes: [] };
  expect(names(gatherFiles([facts, keep], open))).toEqual({
    programs: [],
    completed: ["keep.ded", "facts.ded"],
    problems: [],
  });
  const newer = file("keep.ded", "got(N, M)@next :- got(N, M), notin done(N);");
  const { completed } = gatherFiles([newer], { ...cast, includes: [keep, facts] });
  expect(completed).toEqual([facts, newer]);
  // What another one includes that is given with it belongs to that.
  const mine = file("mine.ded", 'include "keep.ded";');
  expect(names(gatherFiles([keep, mine, other], open))).toMatchObject({
    programs: [["mine.ded", "keep.ded"], ["other.ded"]],
    completed: undefined,
  });
});

test("a program given alone takes the files that the open one has; of what nobody has all is asked for at once", () => {
  const open = { ...cast, includes: [keep, facts] };
  const changed = file("cast.ded", `${cast.text}\ninclude "more.ded";`);
  expect(names(gatherFiles([changed], open))).toEqual({
    programs: [["cast.ded", "keep.ded", "facts.ded"]],
    completed: undefined,
    problems: [],
  });
  // What is given now counts before what was given then, and a program may be included itself.
  const newer = file("facts.ded", 'peer("b", "a")@1;');
  const mine = file("mine.ded", 'include "facts.ded"; include "cast.ded";');
  const [program] = gatherFiles([mine, newer], open).programs;
  expect(program!.includes).toEqual([newer, cast, keep]);
  expect(names(gatherFiles([cast, other], undefined))).toMatchObject({ problems: [] });
  const lacking = file("lacking.ded", 'include "x/a.ded"; include "b.ded"; include "keep.ded";');
  expect(gatherFiles([lacking, keep], undefined).problems).toEqual([
    "lacking.ded includes a.ded, b.ded and facts.ded, which are not here: drop them on this window.",
  ]);
});

test("files that include each other open as the first of them; two of one name are said", () => {
  const a = file("a.ded", 'include "b.ded"; p(N) :- q(N);');
  const b = file("b.ded", 'include "a.ded"; q(N) :- r(N);');
  expect(names(gatherFiles([a, b], undefined))).toMatchObject({ programs: [["a.ded", "b.ded"]] });
  const twins = [keep, file("keep.ded", "got(N) :- said(N);"), cast];
  expect(names(gatherFiles(twins, undefined))).toEqual({
    programs: [["cast.ded"]],
    completed: undefined,
    problems: [
      "Two files are called keep.ded, and included files are told apart by their names. Give one another name.",
    ],
  });
  // Nobody includes these, and these are the same.
  const again = [other, file("other.ded", "p(x) :- r(x)\n"), keep, { ...keep }, cast];
  expect(names(gatherFiles(again, undefined))).toMatchObject({
    programs: [["other.ded"], ["other.ded"], ["cast.ded", "keep.ded"]],
    problems: [],
  });
});
