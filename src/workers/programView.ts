import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { dataflowGraph, keepsItsRelation } from "../analysis/dataflowGraph.ts";
import type { BrokenRule } from "../analysis/dataflowGraph.ts";
import type { Deployment } from "../program/deployment.ts";
import type { Diagnostic, SourceMap, Span } from "../program/diagnostic.ts";
import { programDiagnostics } from "../language-server/programDiagnostics.ts";
import { MOST_CHARACTERS, MOST_DRAWN, tooLongText } from "../program/limits.ts";
import { printCompact, printCompactWithMap } from "../program/printCompact.ts";
import { charactersOf } from "../program/programFiles.ts";
import type { Component, Rule, RuleId } from "../program/program.ts";
import { fileNameOf } from "../syntax/includes.ts";
import { read } from "../syntax/read.ts";
import type { ReadOptions } from "../syntax/read.ts";
import type {
  ComponentView,
  Dialect,
  FileView,
  LiteralView,
  ProgramView,
  RelationView,
  RuleView,
} from "./workspaceApi.ts";

const NOWHERE: Span = { start: 0, end: 0 };

/** A program with its view; the view is what the page gets. */
export interface Viewed {
  readonly program: AnalyzedProgram;
  readonly view: ProgramView;
}

/** A text as the user has it, with whatever is wrong with it. */
export function viewText(
  text: string,
  options: ReadOptions & { readonly fileName: string },
  deployment: Deployment | undefined,
): Viewed {
  const characters = charactersOf(text, options.includes);
  if (characters > MOST_CHARACTERS) return tooLarge(text, characters, deployment);
  const { dialect, program, sourceMap, diagnostics, broken } = read(text, options);
  const analyzed = analyze(program, deployment);
  // What could not be read is not in the program: then only the text itself says what changed.
  const whole = !diagnostics.some((diagnostic) => diagnostic.severity === "error");
  const canonical = whole ? printCompact(program) : text;
  const own = view(analyzed, { text, canonical, dialect, sourceMap, diagnostics, broken });
  const files = fileViews(own, text, options);
  return { program: analyzed, view: files.length === 0 ? own : { ...own, files } };
}

/** Where the rules of each included file stand in that: the texts are read once more, as one. */
function fileViews(
  { rules, program }: ProgramView,
  text: string,
  options: ReadOptions,
): readonly FileView[] {
  if ((options.includes ?? []).length === 0) return [];
  const { sourceMap, included = [] } = read(text, { ...options, joined: true });
  const all = new Map(program.components.flatMap((c) => c.rules.map((rule) => [rule.id, rule])));
  return included.map(({ path, text: own, start }): FileView => {
    const startOf = ({ id }: { readonly id: RuleId }): number =>
      (sourceMap.rules.get(id)?.rule.start ?? -1) - start;
    const within = rules.filter((r) => 0 <= startOf(r) && startOf(r) <= own.length);
    return {
      name: fileNameOf(path),
      text: own,
      rules: within
        .map((r) => ({ ...r, ...ruleView(all.get(r.id)!, sourceMap) }))
        .toSorted((a, b) => startOf(a) - startOf(b)),
      starts: Int32Array.from(rules, startOf),
    };
  });
}

/** Nothing of it is read, so nothing hangs; the text itself stays as it is. */
function tooLarge(text: string, characters: number, deployment: Deployment | undefined): Viewed {
  const diagnostic: Diagnostic = {
    severity: "error",
    code: "text-too-large",
    message: tooLongText(characters),
    span: NOWHERE,
  };
  const empty = viewText("", { fileName: "program" }, undefined);
  return {
    program: { ...empty.program, deployment },
    view: { ...empty.view, text, canonical: text, deployment, diagnostics: [diagnostic] },
  };
}

/** A rewritten program, printed. */
export function viewProgram(program: AnalyzedProgram): Viewed {
  const { text, sourceMap } = printCompactWithMap(program.program);
  return {
    program,
    view: view(program, {
      text,
      canonical: text,
      dialect: "compact",
      sourceMap,
      diagnostics: [],
      broken: [],
    }),
  };
}

interface Source {
  readonly text: string;
  readonly canonical: string;
  readonly dialect: Dialect;
  readonly sourceMap: SourceMap;
  readonly diagnostics: readonly Diagnostic[];
  readonly broken: readonly BrokenRule[];
}

function view(p: AnalyzedProgram, source: Source): ProgramView {
  const { sourceMap } = source;
  const diagnostics = programDiagnostics(source.text, source, p);
  const broken = new Set(diagnostics.flatMap((d) => (d.severity === "error" ? [d.rule] : [])));
  return {
    text: source.text,
    canonical: source.canonical,
    dialect: source.dialect,
    program: p.program,
    deployment: p.deployment,
    components: p.program.components.map((component) => componentView(p, component, sourceMap)),
    rules: [...p.rules.values()].map(({ rule, component, number }): RuleView => ({
      ...ruleView(rule, sourceMap),
      number,
      component,
      broken: broken.has(rule.id),
    })),
    starts: Int32Array.from(p.rules.keys(), (id) => sourceMap.rules.get(id)?.rule.start ?? 0),
    ...drawn(p, source.broken),
    diagnostics,
  };
}

type Drawn = Pick<ProgramView, "relations" | "graph">;

const drawnWhole = new WeakMap<AnalyzedProgram, Drawn>();

/** What does not depend on where things stand in the text: the same for the same program, when all of it could be read. */
function drawn(p: AnalyzedProgram, broken: readonly BrokenRule[]): Drawn {
  const draw = (): Drawn => ({ relations: relationViews(p), graph: drawable(p, broken) });
  if (broken.length > 0) return draw();
  let known = drawnWhole.get(p);
  if (known === undefined) drawnWhole.set(p, (known = draw()));
  return known;
}

/** Empty where it would be too large. */
function drawable(p: AnalyzedProgram, broken: readonly BrokenRule[]): ProgramView["graph"] {
  const graph = p.rules.size <= MOST_DRAWN.rules ? dataflowGraph(p, broken) : undefined;
  if (graph !== undefined && graph.edges.length <= MOST_DRAWN.lines) return graph;
  return { groups: [], nodes: [], edges: [] };
}

function componentView(p: AnalyzedProgram, component: Component, map: SourceMap): ComponentView {
  const spans = map.components.get(component.name);
  return {
    name: component.name,
    by: component.by,
    rules: component.rules.length,
    nodes: p.deployment?.instances[component.name]?.length,
    partitions: p.deployment?.partitions[component.name],
    block: spans?.block ?? NOWHERE,
    nameSpan: spans?.name ?? NOWHERE,
  };
}

function ruleView(rule: Rule, map: SourceMap): Omit<RuleView, "number" | "component" | "broken"> {
  const spans = map.rules.get(rule.id);
  const { start, end } = spans?.rule ?? NOWHERE;
  const within = (span: Span = NOWHERE): Span => ({
    start: span.start - start,
    end: span.end - start,
  });
  return {
    id: rule.id,
    head: rule.head.relation,
    timing: rule.head.timing.kind,
    aggregates: rule.head.terms.some((term) => term.kind === "aggregate"),
    length: end - start,
    headWithin: within(spans?.head),
    literals: rule.body.map((literal, index): LiteralView => ({
      within: within(spans?.literals[index]),
      relation: literal.kind === "relation" ? literal.relation : undefined,
      negated: literal.kind === "relation" && literal.negated,
    })),
  };
}

function relationViews(p: AnalyzedProgram): readonly RelationView[] {
  const rules = p.program.components.flatMap((component) => component.rules);
  const keepers = new Map<string, RuleId[]>();
  for (const rule of rules.filter(keepsItsRelation)) {
    const { relation } = rule.head;
    keepers.set(relation, [...(keepers.get(relation) ?? []), rule.id]);
  }
  return [...p.relations.values()].map((relation) => ({
    ...relation,
    keptBy: keepers.get(relation.name) ?? [],
  }));
}
