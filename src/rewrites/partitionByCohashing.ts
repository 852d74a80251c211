import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { componentInputs } from "../analysis/componentRules.ts";
import { cohashGuards, cohashViolations, partitionedRelations } from "../analysis/cohash.ts";
import type { KeyAssignment } from "../analysis/cohash.ts";
import type { Finding } from "../analysis/finding.ts";
import { proposeKeys } from "../analysis/proposeKeys.ts";
import { wholeComponent } from "../analysis/ruleSets.ts";
import { partitionSendViolations } from "../analysis/sendCounts.ts";
import { tickFindings } from "../analysis/tickInsensitivity.ts";
import { joined, quoted, ruleNames } from "../analysis/wording.ts";
import type { Evidence } from "../program/evidence.ts";
import type { ComponentName, RelationName } from "../program/program.ts";
import { evidenceAt, holds, violated, worst } from "./conditions.ts";
import { draftOf, finish } from "./draft.ts";
import { partitionComponent } from "./partitionComponent.ts";
import type { Chain, Precondition, Rewrite, Suggestion } from "./rewrite.ts";
import { noEntanglement } from "./splitConditions.ts";
import { componentOf, TargetReader } from "./targets.ts";
import { lockstep } from "./tickConditions.ts";

/** A component, how many partitions each of its nodes gets, and for each relation the positions of its key. */
export interface PartitionTarget {
  readonly component: ComponentName;
  readonly partitions: number;
  readonly keys: KeyAssignment;
}

/** What a card asks for until the user says otherwise. */
const DEFAULT_PARTITIONS = 3;
const MOST_PARTITIONS = 256;
/**
 * partitionByCohashing gives each node of a component n partitions, each with the facts of its keys.
 *
 *     component broadcaster {                                 component broadcaster by val {
 *       toStorage(val, sig)@async(n) :- signed(val, sig), …     toStorage(val, sig)@async(n) :- signed(val, sig), …
 *     }                                                       }
 *
 *     signed(val, sig)@async(d) :-                            signed(val, sig)@async(d2) :-
 *       in(val), sign(val, sig), my_broadcaster(d)              in(val), sign(val, sig), my_broadcaster(d),
 *                                                               partition(val, 3, p), route_broadcaster(d, p, d2)
 *
 * Every rule may only combine facts of one key, what it derives for its own node included (H-26); facts that it wants to
 * be absent are facts of that key too, with no `_` in its place (H-11). An aggregate's group lies in one partition only if
 * the key is among what it groups by (H-33). Every sender must know the key before it sends, peers and the component
 * itself included (H-32), and clients cannot be told. A rule that needs no fact would fire at every partition: the owner
 * of the key, or one partition, fires it (S-08, S-16). Ticks become those of single keys: where they can be seen the
 * rewrite is right in lock-step only, and then no two partitions may send the same fact to one who counts (S-19).
 * "Optimizing Distributed Protocols with Query Rewrites", section 4.1, Figure 5; rewrites.md section 4.
 */
export const partitionByCohashing: Rewrite<PartitionTarget> = {
  name: "partitionByCohashing",
  title: "Partitioning by co-hashing",
  summary: "Each node of a component becomes several, each with the facts of its keys.",
  citation: { source: "SIGMOD 2024", where: "section 4.1, Figure 5" },
  targets: (p, selection) => {
    const component = componentOf(p, selection.component);
    const isWhole =
      selection.rules.length === 0 || selection.rules.length === component?.rules.length;
    if (component === undefined || !isWhole || component.rules.length === 0) return [];
    return proposeKeys(p, selection.component).map((keys) => ({
      component: selection.component,
      partitions: DEFAULT_PARTITIONS,
      keys,
    }));
  },
  readTarget: (json) => {
    const reader = new TargetReader(json, ["component", "partitions", "keys"]);
    return reader.read({
      component: reader.name("component"),
      partitions: reader.count("partitions", 2, MOST_PARTITIONS),
      keys: reader.positions("keys"),
    });
  },
  misfit,
  preconditions,
  apply,
  defaultName: (p, target) => `${target.component} by ${keyNames(p, target)}`,
  describe: (p, target) =>
    `${target.component} → ${target.partitions} partitions by ${keyNames(p, target)}`,
};

function misfit(p: AnalyzedProgram, target: PartitionTarget): string | undefined {
  if (componentOf(p, target.component) === undefined) {
    return `There is no component ${target.component}.`;
  }
  const known = new Set(partitionedRelations(p, target.component));
  for (const [relation, key] of Object.entries(target.keys)) {
    if (!known.has(relation))
      return `${target.component} neither reads nor derives ${quoted(relation)}.`;
    const arity = p.relations.get(relation)!.arity;
    const far = key.find((position) => position >= arity);
    if (far !== undefined) return `${quoted(relation)} has no attribute at position ${far}.`;
  }
  return undefined;
}

function preconditions(
  p: AnalyzedProgram,
  { component, keys }: PartitionTarget,
  chain: Chain,
): readonly Precondition[] {
  const findings = cohashViolations(p, component, keys).filter((f) => f.code !== "tick-as-data");
  const ticks = tickFindings(p, component);
  const bound = chain.lockstep || ticks.length > 0;
  return [
    ...findings.map((finding) => violated(finding, repairOf(p, finding))),
    ...clearConditions(p, component, keys, findings),
    ...noEntanglement(p, wholeComponent(p, component)),
    ...ticks.map(lockstep),
    ...(ticks.length === 0
      ? [
          holds(
            "tick-sensitive",
            `Nothing that anybody can see depends on how often ${component} ticks.`,
          ),
        ]
      : []),
    ...(bound && worst(findings.map((f) => violated(f))) !== "violated"
      ? countedSends(p, component, keys)
      : []),
  ];
}

function repairOf(p: AnalyzedProgram, finding: Finding): Suggestion | undefined {
  const [place] = finding.evidence;
  if (finding.code === "client-input") {
    return { sentence: "Decouple what follows a relay first; its node can be partitioned." };
  }
  if (finding.code !== "unroutable" || !("rule" in place)) return undefined;
  const { component } = p.rules.get(place.rule)!;
  return {
    sentence: "Computing it in one rule and sending it by another would work.",
    steps: [{ rewrite: "splitHead", target: { component, rule: place.rule } }],
  };
}

/** What holds, one sentence for each code that nothing was found for. */
function clearConditions(
  p: AnalyzedProgram,
  component: ComponentName,
  keys: KeyAssignment,
  findings: readonly Finding[],
): readonly Precondition[] {
  const evidence = Object.keys(keys).map((relation): Evidence => ({
    kind: "relation",
    relation,
    because: `split by ${quoted(attributesOf(p, relation, keys))}`,
  }));
  const guards = cohashGuards(p, component, keys);
  const guarded = [...guards.owners.keys(), ...guards.once];
  const statements: Readonly<Record<string, string>> = {
    "keys-differ": "The facts that a rule reads together have one key, so they are on one node.",
    "head-key": "What a rule derives has the key of what it read, so it is on the right node.",
    "absent-wildcard": "Absence is only asked about facts of one key.",
    "group-split": "Every group that is counted or collected lies in one partition.",
    "client-input": `Clients send nothing to ${component}.`,
    unroutable: "Every sender knows the key before it sends.",
    "non-deterministic": "Nothing is left to chance.",
  };
  const clear = Object.entries(statements)
    .filter(([code]) => !findings.some((f) => f.code === code))
    .map(([code, statement]) => holds(code, statement, code === "keys-differ" ? evidence : []));
  if (findings.length > 0 || guarded.length === 0) return clear;
  return [
    ...clear,
    holds(
      "keys-differ",
      `Only one partition fires ${ruleNames(p, guarded)}: no fact that arrived decides which.`,
      evidenceAt(
        guarded.map((rule) => ({ kind: "rule", rule })),
        "gets a guard",
      ),
    ),
  ];
}

function countedSends(
  p: AnalyzedProgram,
  component: ComponentName,
  keys: KeyAssignment,
): readonly Precondition[] {
  const found = partitionSendViolations(p, component, keys);
  if (found.length > 0) return found.map((finding) => violated(finding));
  return [
    holds("sends-counted", "No two partitions send the same fact to a receiver that counts."),
  ];
}

function apply(p: AnalyzedProgram, target: PartitionTarget) {
  const { component, partitions, keys } = target;
  const inputs = [...componentInputs(p, component)].filter((r) => keys[r] !== undefined);
  const { owners, once } = cohashGuards(p, component, keys);
  return finish(
    partitionComponent(p, draftOf(p), {
      component,
      partitions,
      by: attributeNames(p, target),
      inputKeys: new Map(inputs.map((relation) => [relation, keys[relation]!])),
      owners: new Map(
        [...owners].map(([id, terms]) => [id, { key: terms.map((_, i) => i), terms }]),
      ),
      once,
    }),
  );
}

/** The key as its first input names it. */
function attributeNames(
  p: AnalyzedProgram,
  { component, keys }: PartitionTarget,
): readonly string[] {
  const [input] = [...componentInputs(p, component), ...Object.keys(keys)].filter(
    (relation) => keys[relation] !== undefined,
  );
  const attributes = input === undefined ? [] : p.relations.get(input)!.attributes;
  return input === undefined ? [] : keys[input]!.map((i) => attributes[i]!.name);
}

function keyNames(p: AnalyzedProgram, target: PartitionTarget): string {
  return joined(attributeNames(p, target));
}

function attributesOf(p: AnalyzedProgram, relation: RelationName, keys: KeyAssignment): string {
  const { attributes } = p.relations.get(relation)!;
  return keys[relation]!.map((i) => attributes[i]?.name ?? String(i)).join(", ");
}
