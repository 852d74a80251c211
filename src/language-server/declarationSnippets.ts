import type { Dialect } from "../syntax/dialect.ts";
import { COMMENT_MARKS } from "./commentMarks.ts";
import type { RuleSnippet } from "./ruleSnippets.ts";

/** What begins a declaration, as the notation says it: its own words, or a comment that Clew reads. */
export function declarationSnippets(dialect: Dialect): readonly RuleSnippet[] {
  if (dialect === "compact" || dialect === "paper") return [BLOCK, ...DECLARATIONS];
  const mark = COMMENT_MARKS[dialect];
  const commented = DECLARATIONS.map((s) => ({ ...s, body: `${mark} clew: ${s.body}` }));
  const own = OWN[dialect];
  const named = new Set(own.map(({ label }) => label));
  const component: RuleSnippet = {
    label: "component",
    body: `${mark} clew: component \${1:name}`,
    detail: "the name of the component that these rules are",
  };
  return [...own, component, ...commented.filter(({ label }) => !named.has(label))];
}

/** In a head, between terms that group. */
export function aggregateSnippets(dialect: Dialect): readonly RuleSnippet[] {
  const more =
    dialect === "hydroflow"
      ? ["collect_vec", "choose"]
      : dialect === "compact" || dialect === "paper"
        ? ["choose", "collect", "seal"]
        : [];
  const names = ["count", "sum", "min", "max", ...more];
  const [open, close] = dialect === "hydroflow" ? ["(", ")"] : ["<", ">"];
  const aggregates = names.map((label) => ({
    label,
    body: `${label}${open}$1${close}`,
    detail: label === "choose" ? "one of the values, whichever" : "an aggregate",
  }));
  const index = { label: "index", body: "index()", detail: "numbers the rows, in any order" };
  return dialect === "hydroflow" ? [...aggregates, index] : aggregates;
}

const BLOCK: RuleSnippet = {
  label: "component",
  body: "component ${1:name} {\n  $0\n}",
  detail: "rules that run together on one node",
};

const DECLARATIONS: readonly RuleSnippet[] = (
  [
    ["input", "input ${1:relation}(${2:attributes})", "what clients send"],
    ["output", "output ${1:relation}(${2:attributes})", "answers to clients"],
    ["edb", "edb ${1:relation}(${2:attributes})", "constant, the same at every node"],
    ["node", "node ${1:relation}(${2:attributes})", "constant, each node has its own"],
    ["timer", "timer ${1:relation} every ${2:50}ms", "a fact every so often"],
    ["durable", "durable ${1:relation}", "survives a crash"],
    ["invariant", "invariant ${1:relation}", "must stay empty"],
    ["sink", "sink ${1:relation}", "a log"],
    ["fd", "fd ${1:relation}: ${2:from} -> ${3:to}", "a functional dependency"],
    ["within", "within ${1:relation}.${2:attribute} of ${3:set}", "a foreign key"],
    ["injective", "injective ${1:function}", "different inputs, different outputs"],
    ["function", "function ${1:name}(${2:in} -> ${3:out})", "a function of the embedding code"],
  ] as const
).map(([label, body, detail]) => ({ label, body, detail }));

const OWN: Readonly<Record<Exclude<Dialect, "compact" | "paper">, readonly RuleSnippet[]>> = {
  hydroflow: [
    { label: ".input", body: ".input ${1:relation} `${2:source}`", detail: "what clients send" },
    { label: ".output", body: ".output ${1:relation} `${2:sink}`", detail: "answers to clients" },
    {
      label: ".static",
      body: ".static ${1:relation} `${2:source}`",
      detail: "constant, each node has its own",
    },
    {
      label: ".async",
      body: ".async ${1:relation} `${2:sink}` `${3:source}`",
      detail: "messages between nodes",
    },
    { label: ".persist", body: ".persist ${1:relation}", detail: "keep a relation's facts" },
  ],
  molly: [{ label: "include", body: 'include "${1:file}";', detail: "the rules of another file" }],
  prototype: [],
};
