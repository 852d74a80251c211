import { expect, test } from "vitest";
import { read } from "./read.ts";

interface Said {
  readonly said: readonly string[];
  readonly heads: readonly string[];
}

/** With the files known by name, as the app has them. */
function named(text: string, files: Readonly<Record<string, string>>): Said {
  const includes = Object.entries(files).map(([name, each]) => ({ name, text: each }));
  return result(text, read(text, { fileName: "main.ded", dialect: "molly", includes }));
}

/** With the files at paths, as the command line has them. */
function placed(text: string, files: Readonly<Record<string, string>>): Said {
  const all: Readonly<Record<string, string>> = { ...files, "main.ded": text };
  const include = (path: string): string | undefined => all[path];
  return result(text, read(text, { fileName: "main.ded", dialect: "molly", include }));
}

function result(text: string, { diagnostics, program }: ReturnType<typeof read>): Said {
  return {
    said: diagnostics.map(
      (d) => `${d.severity} ${text.slice(d.span.start, d.span.end)}: ${d.message}`,
    ),
    heads: program.components.flatMap((c) => c.rules.map((r) => r.head.relation)),
  };
}

test("a missing file is said once, at its line, with who includes it and how to give it", () => {
  const text = 'p(N) :- q(N);\ninclude "lib/a.ded"; include "b.ded"; include "x/../b.ded";';
  expect(named(text, { "a.ded": 'include "../c.ded"; r(N) :- q(N);' })).toEqual({
    said: [
      'error include "lib/a.ded": The file `c.ded`, which `a.ded` includes, is not here: drop it on this window, now or together with the program.',
      'error include "b.ded": The file `b.ded` is not here: drop it on this window, now or together with the program.',
    ],
    heads: ["p", "r"],
  });
});

test("a file that includes itself counts once, and is said to", () => {
  const files = {
    "a.ded": 'include "b.ded"; p(N) :- q(N);',
    "b.ded": 'include "main.ded"; q(N) :- r(N);',
  };
  const text = 'include "a.ded"; include "main.ded"; s(N) :- p(N);';
  for (const how of [named, placed]) {
    expect(how(text, files)).toEqual({
      said: [
        'warning include "a.ded": `main.ded` includes itself by way of `a.ded` and `b.ded`. It counts once.',
        'warning include "main.ded": `main.ded` includes itself. It counts once.',
      ],
      heads: ["q", "p", "s"],
    });
  }
});

test("one file that two others include counts once, however its path is written", () => {
  const files = { "a.ded": 'include "c.ded"; p(N) :- q(N);', "c.ded": "q(N) :- r(N);" };
  const text = 'include "lib/a.ded"; include "lib/c.ded"; include "./lib/c.ded";';
  expect(named(text, files)).toEqual({ said: [], heads: ["q", "p"] });
  const atPaths = { "lib/a.ded": files["a.ded"], "lib/c.ded": files["c.ded"] };
  expect(placed(text, atPaths)).toEqual({ said: [], heads: ["q", "p"] });
});

test("two files of one name in two folders are two where paths are known, and refused where they are not", () => {
  const text = 'include "x/a.ded"; include "y/a.ded";';
  expect(placed(text, { "x/a.ded": "p(N) :- q(N);", "y/a.ded": "r(N) :- q(N);" })).toEqual({
    said: [],
    heads: ["p", "r"],
  });
  expect(named(text, { "a.ded": "p(N) :- q(N);" })).toEqual({
    said: [
      'error include "y/a.ded": `y/a.ded` and `x/a.ded` are two files of one name, and here files are told apart by their names: give one another name.',
    ],
    heads: ["p"],
  });
});

test("joined, it is the same program, and every place is where the files have it", () => {
  const files: Readonly<Record<string, string>> = {
    "lib/a.ded": 'p(N) :- q(N); include "b.ded"; /* never closed',
    "lib/b.ded": "q(N)@next :- q(N), notin r(N)@1;\nbroken(N :- ;\n",
  };
  const text = 'first(N) :- p(N);\ninclude "lib/a.ded"; include "lib/gone.ded";\nlast(N) :- q(N);';
  const options = { dialect: "molly", include: (path: string) => files[path] } as const;
  const plain = read(text, options);
  const joined = read(text, { ...options, joined: true });
  expect(joined.program).toEqual(plain.program);
  expect(joined.included!.map((f) => f.path)).toEqual(["lib/a.ded", "lib/b.ded"]);
  const [a, b] = joined.included!;
  const all = [text, a!.text, b!.text].join("\n\n");
  const said = joined.diagnostics.map(({ code, span }) => [code, all.slice(span.start, span.end)]);
  expect(said).toContainEqual(["include", 'include "lib/gone.ded"']);
  expect(said).toContainEqual(["open-comment", "/*"]);
  expect(joined.broken.map(({ span }) => all.slice(span.start, span.end))).toEqual(["broken(N :-"]);
  for (const [id, { head }] of joined.sourceMap.rules) {
    expect(all.slice(head.start, head.end)).toMatch(id.includes("_at_") ? /r\(/ : /^\w+\(N\)/);
  }
});
