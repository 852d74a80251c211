import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { keylessFindings } from "../analysis/cohash.ts";
import { componentInputs } from "../analysis/componentRules.ts";
import { dependentGuards, keyViolations } from "../analysis/dependentKeys.ts";
import { keyPositions, shownKey } from "../analysis/keyTerm.ts";
import type { KeyTerms } from "../analysis/keyTerm.ts";
import { proposeDependentKeys } from "../analysis/proposeDependentKeys.ts";
import { complement } from "../analysis/ruleSets.ts";
import type { RuleSet } from "../analysis/ruleSets.ts";
import { keylessSendViolations } from "../analysis/sendCounts.ts";
import { quoted } from "../analysis/wording.ts";
import type { ComponentName, Literal, RelationName, Term } from "../program/program.ts";
import type { Senders } from "./batches.ts";
import { carryKey } from "./carriedKey.ts";
import { holds, violated } from "./conditions.ts";
import type { Draft } from "./draft.ts";
import { partitionComponent } from "./partitionComponent.ts";
import type { PartitionTables } from "./partitionComponent.ts";
import type { Precondition } from "./rewrite.ts";
import { ANY } from "./ruleLines.ts";
import { withoutRules } from "./splitOff.ts";
import { literal, variable } from "./terms.ts";

/** The half that moves becomes so many nodes, by keys of what its rules read and derive. */
export interface Partitions {
  readonly partitions: number;
  readonly keys: KeyTerms;
}

const STATEMENTS: Readonly<Record<string, string>> = {
  "keys-differ": "The facts that a rule reads together have one key, so they are on one node.",
  "head-key": "What a rule derives has the key of what it read, so it is on the right node.",
  "absent-wildcard": "Absence is only asked about facts of one key.",
  "group-split": "Every group that is counted or collected lies in one partition.",
  unroutable: "Every sender knows the key before it sends.",
  "no-dependency":
    "What the keys take from other attributes is the same function at every tick and every node.",
};

/** P1 to P8 of rewrites.md section 4 for the rules that move, alone; batches come after, each partition its own stream. */
export function upstreamKeyConditions(
  p: AnalyzedProgram,
  moves: RuleSet,
  { keys }: Partitions,
  isLockstep: boolean,
): readonly Precondition[] {
  const alone = withoutRules(p, complement(p, moves));
  const { component } = moves;
  const findings = [
    ...keylessFindings(alone, component, keys),
    ...keyViolations(alone, component, keys),
    ...(isLockstep ? keylessSendViolations(p, moves, (rules) => carryKey(alone, rules, keys)) : []),
  ].map(({ code, statement, evidence }) => ({ code, statement, evidence }));
  const found = new Set(findings.map(({ code }) => code));
  const split = Object.entries(keys).map(
    ([relation, key]) =>
      ({
        kind: "relation",
        relation,
        because: `split by ${quoted(shownKey(p, relation, key))}`,
      }) as const,
  );
  return [
    ...findings.map((finding) => violated(finding)),
    ...Object.entries(STATEMENTS)
      .filter(([code]) => !found.has(code))
      .map(([code, statement]) => holds(code, statement, code === "keys-differ" ? split : [])),
  ];
}

/** Keys that the rules that move can be split by; at most one, the simplest. */
export function upstreamKeys(p: AnalyzedProgram, moves: RuleSet): KeyTerms | undefined {
  const alone = withoutRules(p, complement(p, moves));
  const { component } = moves;
  return proposeDependentKeys(alone, component).find(
    (keys) =>
      keylessFindings(alone, component, keys).length === 0 &&
      keyViolations(alone, component, keys).length === 0,
  );
}

/** How the half that stays tells the partitions of its sibling apart: `base_M(a), route_M(a, k, d)`. */
export function partitionsOf(base: RelationName, tables: PartitionTables): Senders {
  const sibling = variable("a");
  return {
    number: tables.number,
    known: (k: Term, d: Term): readonly Literal[] => [
      literal(base, [sibling]),
      literal(tables.route, [sibling, k, d === ANY ? ANY : d]),
    ],
  };
}

/** Partitions the component that the rules that moved have become. */
export function partitionUpstream(
  p: AnalyzedProgram,
  draft: Draft,
  name: ComponentName,
  moves: RuleSet,
  { partitions, keys }: Partitions,
  tables: PartitionTables,
): Draft {
  const alone = withoutRules(p, complement(p, moves));
  const { component } = moves;
  const inputs = [...componentInputs(alone, component)].filter((r) => keys[r] !== undefined);
  const { owners, once } = dependentGuards(alone, component, keys);
  const first = inputs[0];
  const positions = first === undefined ? [] : keys[first]!.flatMap(keyPositions);
  return partitionComponent(
    p,
    draft,
    {
      component: name,
      partitions,
      by: [...new Set(positions)].map((i) => p.relations.get(first!)!.attributes[i]!.name),
      inputKeys: new Map(inputs.map((relation) => [relation, keys[relation]!])),
      owners,
      once,
    },
    tables,
  );
}
