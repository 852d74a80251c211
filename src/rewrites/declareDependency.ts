import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { contradictingRows, shownRows } from "../analysis/declaredRows.ts";
import { declaredDependencies } from "../analysis/keyTerm.ts";
import { staticRows } from "../analysis/staticRows.ts";
import { joined, quoted } from "../analysis/wording.ts";
import type { RelationName } from "../program/program.ts";
import { holds, violated } from "./conditions.ts";
import { declare, draftOf, finish } from "./draft.ts";
import type { Precondition, Rewrite } from "./rewrite.ts";
import { TargetReader } from "./targets.ts";

/** `fd relation: from, … -> to`, attributes by their names. */
export interface DependencyTarget {
  readonly relation: RelationName;
  readonly from: readonly string[];
  readonly to: string;
}

/**
 * declareDependency writes down what all rows of a given table have: one value of an attribute for each value of others.
 *
 *     edb shard(key, number)          edb shard(key, number)
 *                                     fd shard: key -> number
 *
 * Partitioning may then split by the dependent attribute, because every sender computes the same one. Only rows that
 * program or deployment list are looked at, and all of them: a table that nobody lists, and what clients send, are for
 * the user to declare, who then is believed.
 * "Optimizing Distributed Protocols with Query Rewrites", section 4.2; rewrites.md section 5.
 */
export const declareDependency: Rewrite<DependencyTarget> = {
  name: "declareDependency",
  title: "Declare a dependency",
  summary:
    "What all rows of a given table have is written down, so that partitioning can lean on it.",
  citation: { source: "SIGMOD 2024", where: "section 4.2" },
  targets: () => [],
  readTarget: (json) => {
    const reader = new TargetReader(json, ["relation", "from", "to"]);
    return reader.read({
      relation: reader.name("relation"),
      from: reader.names("from"),
      to: reader.name("to"),
    });
  },
  misfit: (p, target) => {
    const info = p.relations.get(target.relation);
    if (info === undefined) return `There is no relation ${quoted(target.relation)}.`;
    const names = info.attributes.map(({ name }) => name);
    const stranger = [...target.from, target.to].find((name) => !names.includes(name));
    if (stranger !== undefined) {
      return `${quoted(target.relation)} has no attribute ${quoted(stranger)}: it has ${joined(names.map(quoted))}.`;
    }
    if (staticRows(p, target.relation) === undefined) {
      return `Nobody lists the rows of ${quoted(target.relation)}: declare in the text what is true of every fact.`;
    }
    const [from, to] = positions(p, target);
    const isDeclared = declaredDependencies(p, target.relation).some(
      (d) => d.to === to && d.function === undefined && d.from.every((i) => from.includes(i)),
    );
    return isDeclared ? `${quoted(shownDependency(target))} is declared already.` : undefined;
  },
  preconditions,
  apply: (p, target) => finish(declare(draftOf(p), { kind: "dependency", ...target })),
  defaultName: (_, target) => shownDependency(target),
  describe: (_, target) => shownDependency(target),
};

function shownDependency({ relation, from, to }: DependencyTarget): string {
  return `fd ${relation}: ${from.join(", ")} -> ${to}`;
}

function positions(
  p: AnalyzedProgram,
  { relation, from, to }: DependencyTarget,
): readonly [readonly number[], number] {
  const names = p.relations.get(relation)!.attributes.map(({ name }) => name);
  return [from.map((name) => names.indexOf(name)), names.indexOf(to)];
}

function preconditions(p: AnalyzedProgram, target: DependencyTarget): readonly Precondition[] {
  const { relation } = target;
  const rows = staticRows(p, relation)!;
  const said = quoted(shownDependency(target));
  const place = { kind: "relation", relation } as const;
  const pair = contradictingRows(rows, ...positions(p, target));
  if (pair !== undefined) {
    return [
      violated({
        code: "untrue-dependency",
        statement: `${said} is not true: ${shownRows(relation, pair)} are rows of it.`,
        evidence: [{ ...place, because: "these rows contradict it" }],
      }),
    ];
  }
  const count = rows.length === 1 ? "the one row" : `all ${rows.length} rows`;
  return [
    holds(
      "untrue-dependency",
      `${said} is declared: it is true of ${count} that ${quoted(relation)} is given.`,
      [{ ...place, because: "every row was looked at" }],
    ),
  ];
}
