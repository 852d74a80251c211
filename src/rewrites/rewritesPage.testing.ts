import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { shownKeyTerm } from "../analysis/keyTerm.ts";
import type { KeyTerms } from "../analysis/keyTerm.ts";
import { printRule } from "../program/printCompact.ts";
import { printDeclaration } from "../program/printDeclaration.ts";
import type { RuleId } from "../program/program.ts";
import { readCase } from "../syntax/readCase.ts";
import { caseProgram, split } from "./cases.testing.ts";
import type { CaseText } from "./cases.testing.ts";
import { UNBOUND } from "./driver.ts";
import { example, shippedDerivation } from "./examples.testing.ts";
import { EXPLAINED } from "./explainedConditions.testing.ts";
import type { ExplainedCondition } from "./explainedConditions.testing.ts";
import { MENDED } from "./mendedConditions.testing.ts";
import type { Mended } from "./mendedConditions.testing.ts";
import { remediesAtOnce } from "./remedies.ts";
import type { RemedyKind } from "./remedy.ts";
import type { Citation, Precondition, Rewrite, RewriteName, StepRequest } from "./rewrite.ts";
import { replay } from "./replay.ts";
import { REWRITES, rewriteNamed } from "./rewrites.ts";
import { verifyMessages } from "./verifyMessages.ts";

/** Small ones: most of what can be stated is stated about the explained programs. */
const SHIPPED = ["kvs", "voting"];
/** Steps after which there is something for `verifyMessages` to ask. */
const PARTITIONED = { name: "kvs", form: "cohashing" } as const;

const INTRODUCTION = `# The rewrites

Made by \`npm run docs\` from the rewrites' own files in \`src/rewrites\`; a test fails when this page and those files differ.

Each rewrite states its preconditions one by one, with the rules that show it. A precondition **holds**; or it holds **in lock-step** only,
which means that the change is right if the nodes that one node became tick together, and has to be waived by hand; or it is **violated**,
and the rewrite is refused. A target gets the worst verdict of its preconditions. What was checked of this is in
[soundness.md](soundness.md).

H-01, S-01 and the like are the points in which a literal reading of the papers, or of our own drafts, goes wrong; a case is a program in the
tests of \`src/rewrites\` and \`src/verifier\`.

In the programs below the component is \`L\`, the address \`c\` is a client's, and what no rule derives comes from another component or is
given data.
`;

/** The program of an explanation, and the step that it is about. */
interface Posed {
  readonly program: AnalyzedProgram;
  readonly moves: readonly RuleId[];
  readonly request: StepRequest;
}

function posed({
  program,
  rewrite,
  request,
}: Pick<ExplainedCondition, "program" | "rewrite" | "request">): Posed {
  if ("components" in program) {
    if (request === undefined) throw new Error("whole components have no bar");
    const moves: readonly RuleId[] = [];
    return { program: analyze(readCase(program.components).program), moves, request };
  }
  const given = caseProgram(program);
  if (request !== undefined) return { program: given.program, moves: [], request };
  return { ...given, request: split(rewrite, given) };
}

function judged(p: AnalyzedProgram, { rewrite: name, target: json }: StepRequest) {
  const rewrite = rewriteNamed(name);
  if (rewrite === undefined) throw new Error(`there is no rewrite ${name}`);
  const target = rewrite.readTarget(json);
  if (typeof target === "string") throw new Error(`${name}: ${target}`);
  const misfit = rewrite.misfit(p, target);
  if (misfit !== undefined) throw new Error(`${name}: ${misfit}`);
  return rewrite.preconditions(p, target, UNBOUND);
}

/** What the rewrite says about the condition that the program is there for. */
export function answerTo(condition: ExplainedCondition): Precondition | undefined {
  const { program, request } = posed(condition);
  return judged(program, request).find(
    ({ code, verdict }) => code === condition.code && verdict === condition.verdict,
  );
}

/** The refusal that a remedy is shown for. */
export function posedAsMended(
  condition: ExplainedCondition,
  { program, rewrite, request }: Mended,
): Posed {
  return program === undefined
    ? posed(condition)
    : posed({
        program,
        rewrite: rewrite ?? condition.rewrite,
        ...(request !== undefined
          ? { request }
          : "components" in program && condition.request && { request: condition.request }),
      });
}

interface Stated {
  readonly rewrite: RewriteName;
  readonly code: string;
}

/** What the rewrites state about a program: of every step that a selection may mean, and of the steps that these suggest. */
function statedAbout(p: AnalyzedProgram, requests: readonly StepRequest[]): readonly Stated[] {
  const selections = p.program.components.flatMap(({ name: component, rules }) =>
    [[], ...rules.map(({ id }) => [id])].map((selected) => ({ component, rules: selected })),
  );
  const meant = REWRITES.filter((rewrite) => canRead(p, rewrite)).flatMap((rewrite) =>
    selections
      .flatMap((selection) => rewrite.targets(p, selection))
      .filter((target) => rewrite.misfit(p, target) === undefined)
      .map((target): StepRequest => ({ rewrite: rewrite.name, target })),
  );
  const found = [...requests, ...meant].map((request) => ({
    rewrite: request.rewrite,
    preconditions: judged(p, request),
  }));
  const suggested = found.flatMap(({ preconditions }) =>
    preconditions.flatMap((c) => {
      const [step] = c.verdict === "violated" ? (c.suggestion?.steps ?? []) : [];
      return step === undefined ? [] : [step];
    }),
  );
  return [
    ...found,
    ...suggested.map((step) => ({ rewrite: step.rewrite, preconditions: judged(p, step) })),
  ].flatMap(({ rewrite, preconditions }) => preconditions.map(({ code }) => ({ rewrite, code })));
}

function statedOfPartitions(): readonly Stated[] {
  const { name, form } = PARTITIONED;
  const p = replay(example(name), shippedDerivation(name, form), () => "no text by hand").last;
  return p.program.components.flatMap(({ name: component }) =>
    verifyMessages
      .targets(p, { component, rules: [] })
      .flatMap((target) => verifyMessages.preconditions(p, target, UNBOUND))
      .map(({ code }): Stated => ({ rewrite: "verifyMessages", code })),
  );
}

/** With errors in a program only a rewrite that takes them away can be asked. */
function canRead(p: AnalyzedProgram, { mends = [] }: Rewrite): boolean {
  return p.faults.every(({ severity, code }) => severity !== "error" || mends.includes(code));
}

/** The whole page; `sourceOf` reads a file of src/rewrites. */
export function rewritesPage(sourceOf: (file: string) => string): string {
  const stated = [
    ...SHIPPED.flatMap((name) => statedAbout(example(name), [])),
    ...statedOfPartitions(),
    ...EXPLAINED.map(posed).flatMap(({ program, request }) => statedAbout(program, [request])),
  ];
  const rewrites = REWRITES.map((rewrite) => ({
    rewrite,
    prose: headerProse(rewrite.name, sourceOf(`${rewrite.name}.ts`)),
    codes: new Set(stated.filter((s) => s.rewrite === rewrite.name).map(({ code }) => code)),
  }));
  const unexplained = [...new Set(rewrites.flatMap(({ codes }) => [...codes]))].filter(
    (code) => !EXPLAINED.some((condition) => condition.code === code),
  );
  if (unexplained.length > 0) {
    throw new Error(`src/rewrites/explainedConditions.testing.ts lacks ${unexplained.join(", ")}`);
  }
  const sections = rewrites.map(({ rewrite, prose, codes }) => section(rewrite, prose, codes));
  const conditions = EXPLAINED.map((condition) => {
    const by = rewrites.filter(({ codes }) => codes.has(condition.code));
    return conditionSection(
      condition,
      by.map((one) => one.rewrite),
    );
  });
  return [
    INTRODUCTION,
    ...REWRITES.map((r) => `* [${r.title}](#${anchor(r.title)}): ${lowered(r.summary)}`),
    "",
    ...sections,
    "## The preconditions\n",
    ...conditions,
    ...mendings(),
  ].join("\n");
}

function section(rewrite: Rewrite, prose: string, codes: ReadonlySet<string>): string {
  const file = `src/rewrites/${rewrite.name}.ts`;
  const asked = EXPLAINED.filter(({ code }) => codes.has(code));
  const list = asked.map(({ code, sentence, elsewhere }) => {
    return `* [\`${code}\`](#${code}): ${elsewhere?.[rewrite.name] ?? sentence}`;
  });
  return [
    `## ${rewrite.title}\n`,
    `${rewrite.summary} ${cited(rewrite.citation)}; [\`${rewrite.name}\`](../${file}).\n`,
    prose,
    ...(list.length > 0 ? ["Preconditions:\n", ...list, ""] : []),
  ].join("\n");
}

function cited({ source, where }: Citation): string {
  const title =
    source === "SIGMOD 2024" ? "“Optimizing Distributed Protocols with Query Rewrites”, " : "";
  return `${title}${source}, ${where}`;
}

/** The comment above the rewrite as Markdown: what it does, before and after, and why each condition is there. */
function headerProse(name: string, source: string): string {
  const [before = ""] = source.split(`export const ${name}:`);
  const prose = before
    .slice(before.lastIndexOf("/**"))
    .split("\n")
    .filter((line) => /^ \*(?!\/)/.test(line))
    .map((line) => line.replace(/^ \* ?/, ""))
    .join("\n")
    // The citation is a value of the rewrite, and shown already.
    .replace(
      /"(?:Optimizing Distributed|Bigger, not)[^"]*"[^;]*; rewrites\.md sections? [\d.]*\d(, [A-Z]-?\d+)*\.\s?/,
      "",
    )
    .trim();
  if (!prose.startsWith(name)) throw new Error(`${name}.ts does not say what ${name} does`);
  return `\`${name}\`${prose.slice(name.length)}\n`;
}

function conditionSection(condition: ExplainedCondition, by: readonly Rewrite[]): string {
  const answer = answerTo(condition);
  if (answer === undefined) {
    throw new Error(`${condition.rewrite} says nothing about ${condition.code}`);
  }
  const title = rewriteNamed(condition.rewrite)!.title.toLowerCase();
  return [
    `### ${condition.code}\n`,
    `${condition.sentence}\n`,
    ...Object.entries(condition.elsewhere ?? {}).map(
      ([name, sentence]) => `For ${rewriteNamed(name)!.title.toLowerCase()}: ${sentence}\n`,
    ),
    `Asked by: ${by.map((r) => `[${r.title.toLowerCase()}](#${anchor(r.title)})`).join(", ")}.\n`,
    programText(condition, posed(condition)),
    `For ${title} this is **${shownVerdict(condition)}**: ${answer.statement}\n`,
  ].join("\n");
}

const MENDINGS = `## What would make it legal

Of a refused rewrite that is looked at (an open card in the app, \`clew rewrites\` with \`--rules\` or of a whole component) Clew looks for what
would make it legal. Nothing is told that was not tried: the steps are taken, and the rewrite is judged again on the program that they make. A
declaration is its author's to answer for, so it is offered as text. Not every refusal can be mended; where the condition is about what the
program says, only another program would do. For each condition what is found for a program that it refuses:
`;

const WAYS: Readonly<Record<RemedyKind, string>> = {
  prepare: "steps before it",
  "other-key": "another key",
  "move-along": "rules come along",
  fold: "a fold before it",
  "leave-behind": "rules stay behind",
  "decouple-first": "a split before it",
  declare: "a declaration",
  "other-rewrite": "another rewrite",
};

function mendings(): readonly string[] {
  const rows = EXPLAINED.filter(({ verdict }) => verdict === "violated").flatMap((condition) => {
    const mending = MENDED[condition.code];
    if (mending === undefined) throw new Error(`nothing says how ${condition.code} is mended`);
    const code = `[\`${condition.code}\`](#${condition.code})`;
    if ("never" in mending) return [`| ${code} | | nothing | Not computable: ${mending.never} |`];
    return mending.map((mended) => {
      const at = posedAsMended(condition, mended);
      const { program, request } = at;
      const found = remediesAtOnce(program, request, mended.chain).find(
        (r) => r.kind === mended.by,
      );
      if (found === undefined) throw new Error(`${condition.code} is not mended: ${mended.by}`);
      const title = rewriteNamed(request.rewrite)!.title.toLowerCase();
      const rules = mended.program === undefined ? "the rules above" : ruleCell(mended.program, at);
      const bound = mended.chain?.lockstep === true ? ", after a step in lock-step" : "";
      return `| ${code} | ${title}${bound}: ${rules} | ${WAYS[mended.by]} | ${found.sentence} |`;
    });
  });
  return [
    MENDINGS,
    "| condition | refused | what is found | and told |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ];
}

/** Numbered rules and what is given, for a cell of a table. */
function ruleCell(program: ExplainedCondition["program"], at: Posed): string {
  const rules = [...at.program.rules.values()]
    .filter(({ component }) => component === "L")
    .map(({ number, rule }) => {
      const goes = at.moves.includes(rule.id) ? " (moves)" : "";
      return `${number} \`${printRule(rule)}\`${goes}`;
    });
  const declared = at.program.program.declarations.map((d) => `\`${printDeclaration(d)}\``);
  const clients = "components" in program ? [] : (program.env ?? []);
  return [...declared, ...rules, ...clients.map((r) => `Clients send \`${r}\`.`), ...targetOf(at)]
    .join("<br>")
    .replaceAll("|", "\\|");
}

function shownVerdict({ verdict }: ExplainedCondition): string {
  switch (verdict) {
    case "holds":
      return "made right";
    case "lockstep":
      return "right in lock-step only";
    case "violated":
      return "refused";
  }
}

/** The rules with their numbers, without those of `K` that only pass on what `L` reads, and what the program is given. */
function programText({ program }: ExplainedCondition, posedAs: Posed): string {
  const isWhole =
    "components" in program || program.other !== undefined || program.counted !== undefined;
  const lines = [...posedAs.program.rules.values()]
    .filter(({ component }) => isWhole || component === "L")
    .map(({ number, rule, component }) => {
      const where = isWhole ? `${component}  ` : "";
      const moved = posedAs.moves.includes(rule.id) ? "    // moves" : "";
      return `${where}${number}  ${printRule(rule)}${moved}`;
    });
  const given = [...("components" in program ? [] : givenOf(program)), ...targetOf(posedAs)];
  return ["```", ...lines, "```\n", ...(given.length > 0 ? [`${given.join(" ")}\n`] : [])].join(
    "\n",
  );
}

function givenOf({ env = [], edb = [], declarations }: CaseText): readonly string[] {
  return [
    ...env.map((relation) => `Clients send \`${relation}\`.`),
    ...edb.map((relation) => `\`${relation}\` is given and never changes.`),
    ...(declarations === undefined ? [] : [`Declared: \`${declarations}\`.`]),
  ];
}

/** By what the target splits each relation, and what it replicates. */
function targetOf({ program, request }: Posed): readonly string[] {
  const { keys = {}, replicated = [] } = request.target as {
    readonly keys?: KeyTerms;
    readonly replicated?: readonly string[];
  };
  const split = Object.entries(keys).map(([relation, terms]) => {
    const shown = terms.map((term) => shownKeyTerm(program, relation, term)).join(", ");
    return `\`${relation}\` by \`${shown}\``;
  });
  return [
    ...(replicated.length > 0
      ? [`Replicated: ${replicated.map((r) => `\`${r}\``).join(", ")}.`]
      : []),
    ...(split.length > 0 ? [`Split: ${split.join(", ")}.`] : []),
  ];
}

function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
}

function lowered(summary: string): string {
  return summary.charAt(0).toLowerCase() + summary.slice(1);
}
