import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { EvaluationError } from "../evaluator/evaluationError.ts";
import type { Fact, NodeEnvironment } from "../evaluator/nodeEngine.ts";
import { INITIAL_STATE, referenceTick } from "../evaluator/reference.ts";
import type { RelationName } from "../program/program.ts";
import { address, compareRows, rowKey, type Row, type Value } from "../program/value.ts";
import { NODES, NOWHERE, sentName } from "./oneDatabase.ts";

/** What a run of Molly's kind is told: ticks 1 to `eot`, in which all nodes tick in step (language.md section 2, Molly). */
export interface MollyRunOptions {
  readonly nodes: readonly string[];
  readonly eot: number;
  readonly scenario: MollyScenario;
  readonly edb: ReadonlyMap<RelationName, readonly Row[]>;
  readonly functions: NodeEnvironment["functions"];
}

export interface MollyScenario {
  /** From its tick on the node sends nothing; its own state goes on. */
  readonly crashes: readonly { readonly node: string; readonly tick: number }[];
  /** What `from` sends to `to` at that tick never arrives. */
  readonly losses: readonly { readonly from: string; readonly to: string; readonly tick: number }[];
}

export const FAILURE_FREE: MollyScenario = { crashes: [], losses: [] };

export interface MollyMessage {
  readonly relation: RelationName;
  readonly from: string;
  readonly to: string;
  /** When it was sent; it arrives one tick later, or never. */
  readonly tick: number;
  readonly row: Row;
  readonly arrives: boolean;
}

export interface MollyRun {
  /** Of tick 1 and on: all facts of all nodes, the node first; facts about the whole system have none. */
  readonly ticks: readonly ReadonlyMap<RelationName, readonly Row[]>[];
  readonly messages: readonly MollyMessage[];
}

/**
 * Runs what `oneDatabase` gave, analysed and without faults, with the reference evaluator. Throws `EvaluationError` for a
 * run-time error of the program's.
 */
export function runMolly(p: AnalyzedProgram, options: MollyRunOptions): MollyRun {
  const { nodes, eot, scenario, edb, functions } = options;
  const [component] = p.program.components;
  if (component === undefined) return { ticks: [], messages: [] };
  const crashes = scenario.crashes.map(({ node, tick }): Row => [address(node), tick]);
  const declared = p.program.declarations.flatMap((d): readonly [RelationName, readonly Row[]][] =>
    d.kind === "relation" && d.rows !== undefined ? [[d.relation, d.rows]] : [],
  );
  const given = new Map<RelationName, readonly Row[]>([
    ...declared,
    ...edb,
    [NODES, nodes.map((node): Row => [address(node)])],
    ["crash", crashes],
  ]);
  const next = withoutNodes(
    referenceTick(p, component.name, { address: "", edb: given, functions }),
  );
  const sent = sentRelations(p);
  const ticks: ReadonlyMap<RelationName, readonly Row[]>[] = [];
  const messages: MollyMessage[] = [];
  let state = INITIAL_STATE;
  let arrived: readonly Fact[] = [];
  for (let tick = 1; tick <= eot; tick++) {
    const result = next(state, arrived);
    state = result.state;
    ticks.push(shown(result.facts, given));
    const now = sent.flatMap((relation) =>
      (result.facts.get(sentName(relation)) ?? []).map((row) =>
        message(relation, row, tick, options),
      ),
    );
    messages.push(...now);
    arrived = now
      .filter((m) => m.arrives)
      .map((m) => ({ relation: m.relation, row: [address(m.to), ...m.row] }));
  }
  return { ticks, messages };
}

/** An error's facts are those of the program's own rule. */
function withoutNodes(tick: ReturnType<typeof referenceTick>): ReturnType<typeof referenceTick> {
  return (state, arrived) => {
    try {
      return tick(state, arrived);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      const facts = error.facts.filter((fact) => fact.relation !== NODES);
      throw new EvaluationError(error.rule, error.reason, facts);
    }
  };
}

/** What a relation holds at the end of time, in order. */
export function rowsAtEnd(run: MollyRun, relation: RelationName): readonly Row[] {
  return (run.ticks.at(-1)?.get(relation) ?? []).map(withoutNowhere).toSorted(compareRows);
}

/** The facts of `pre` that `post` lacks at the end: the invariant is that there are none. */
export function unmatchedPre(run: MollyRun): readonly Row[] {
  const post = new Set(rowsAtEnd(run, "post").map(rowKey));
  return rowsAtEnd(run, "pre").filter((row) => !post.has(rowKey(row)));
}

/** Those that the failure-free run has in `post`: Molly's violations, which the failures are to blame for. */
export function missedPost(failureFree: MollyRun, run: MollyRun): readonly Row[] {
  const good = new Set(rowsAtEnd(failureFree, "post").map(rowKey));
  return unmatchedPre(run).filter((row) => good.has(rowKey(row)));
}

/** A fact as the program's text has it: one about the whole system has no location. */
export function withoutNowhere(row: Row): Row {
  return isNowhere(row[0]) ? row.slice(1) : row;
}

function sentRelations(p: AnalyzedProgram): readonly RelationName[] {
  const mark = sentName("");
  const heads = [...p.rules.values()].map((r) => r.rule.head.relation);
  return [...new Set(heads)].filter((h) => h.startsWith(mark)).map((h) => h.slice(mark.length));
}

function message(
  relation: RelationName,
  [sender, receiver, ...row]: Row,
  tick: number,
  { nodes, scenario }: MollyRunOptions,
): MollyMessage {
  const [from, to] = [addressName(sender), addressName(receiver)];
  const isUp = !scenario.crashes.some((c) => c.node === from && c.tick <= tick);
  const isLost = scenario.losses.some((l) => l.from === from && l.to === to && l.tick === tick);
  const arrives = from === to || (isUp && !isLost && nodes.includes(to));
  return { relation, from, to, tick, row, arrives };
}

function addressName(value: Value | undefined): string {
  return typeof value === "object" && "kind" in value && value.kind === "address" ? value.name : "";
}

function isNowhere(value: Value | undefined): boolean {
  return typeof value === "object" && "kind" in value && rowKey([value]) === rowKey([NOWHERE]);
}

/** Without what is given, made up or on its way. */
function shown(
  facts: ReadonlyMap<RelationName, readonly Row[]>,
  given: ReadonlyMap<RelationName, readonly Row[]>,
): ReadonlyMap<RelationName, readonly Row[]> {
  const hidden = (r: RelationName): boolean => given.has(r) || r === "self" || r === "tick";
  return new Map([...facts].filter(([r]) => !hidden(r) && !r.startsWith(sentName(""))));
}
