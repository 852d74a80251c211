import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { cohashViolations, partitionedRelations } from "../analysis/cohash.ts";
import { componentInputs } from "../analysis/componentRules.ts";
import { dependencies } from "../analysis/dependencies.ts";
import { dependentGuards, dependentKeyViolations } from "../analysis/dependentKeys.ts";
import type { DependentFinding } from "../analysis/dependentKeys.ts";
import { keyPositions, shownKey, shownKeyTerm } from "../analysis/keyTerm.ts";
import type { KeyTerms } from "../analysis/keyTerm.ts";
import { proposeDependentKeys } from "../analysis/proposeDependentKeys.ts";
import { proposeKeys } from "../analysis/proposeKeys.ts";
import { wholeComponent } from "../analysis/ruleSets.ts";
import { keylessSendViolations } from "../analysis/sendCounts.ts";
import { staticRows } from "../analysis/staticRows.ts";
import { tickFindings } from "../analysis/tickInsensitivity.ts";
import { quoted, ruleNames } from "../analysis/wording.ts";
import type { Evidence } from "../program/evidence.ts";
import type { ComponentName } from "../program/program.ts";
import { carryKey } from "./carriedKey.ts";
import { evidenceAt, holds, violated, worst } from "./conditions.ts";
import { draftOf, finish } from "./draft.ts";
import { functionNames, readKeyTerms, strangeKey } from "./keyTargets.ts";
import { partitionComponent } from "./partitionComponent.ts";
import type { Chain, Precondition, Rewrite, Suggestion } from "./rewrite.ts";
import { noEntanglement } from "./splitConditions.ts";
import { componentOf, TargetReader } from "./targets.ts";
import { lockstep } from "./tickConditions.ts";

/** A component, how many partitions each of its nodes gets, and for each relation the terms of its key. */
export interface DependentPartitionTarget {
  readonly component: ComponentName;
  readonly partitions: number;
  readonly keys: KeyTerms;
}

/** What a card asks for until the user says otherwise. */
const DEFAULT_PARTITIONS = 3;
const MOST_PARTITIONS = 256;
/**
 * partitionWithDependencies gives each node of a component n partitions, by keys that may be functions of attributes.
 *
 *     component storage {                                    component storage by hash(val, 16) {
 *       hashset(h, val)@next :- good(val), hash(val, 16, h)    hashset(h, val)@next :- good(val), hash(val, 16, h)
 *       …                                                      …
 *     }                                                      }
 *
 *     toStorage(val, sig)@async(n) :-                        toStorage(val, sig)@async(n2) :-
 *       signed(val, sig), storageNodes(n)                      signed(val, sig), storageNodes(n), hash(val, 16, h),
 *                                                              partition(h, 3, p), route_storage(n, p, n2)
 *
 * A value and its hash may be split alike: the one by the other's function. Two dependencies between the same attributes
 * are different when their functions are. Only what holds at every tick and node counts: functions, tables that are the
 * same everywhere with a dependency that is declared, and what every rule keeps (S-21). What is counted or compared
 * depends on a tick's facts and gives none. Senders compute the function; an argument without a result goes to one
 * fixed partition (S-22). Otherwise the conditions are those of partitioning by co-hashing.
 * "Optimizing Distributed Protocols with Query Rewrites", section 4.2, Figure 6; rewrites.md section 5.
 */
export const partitionWithDependencies: Rewrite<DependentPartitionTarget> = {
  name: "partitionWithDependencies",
  title: "Partitioning with dependencies",
  summary: "Each node of a component becomes several, by a key that depends on what its facts say.",
  citation: { source: "SIGMOD 2024", where: "section 4.2, Figure 6" },
  targets: (p, selection) => {
    const component = componentOf(p, selection.component);
    const isWhole =
      selection.rules.length === 0 || selection.rules.length === component?.rules.length;
    if (component === undefined || !isWhole || component.rules.length === 0) return [];
    if (isCohashable(p, selection.component)) return [];
    return proposeDependentKeys(p, selection.component).map((keys) => ({
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
      keys: readKeyTerms(reader),
    });
  },
  misfit,
  preconditions,
  apply,
  defaultName: (p, target) => `${target.component} by ${keyName(p, target)}`,
  describe: (p, target) =>
    `${target.component} → ${target.partitions} partitions by ${keyName(p, target)}`,
};

/** Keys that are attributes alone do: then co-hashing is the simpler offer. */
function isCohashable(p: AnalyzedProgram, component: ComponentName): boolean {
  const [best] = proposeKeys(p, component);
  return (
    best !== undefined &&
    cohashViolations(p, component, best).every(
      ({ code }) => code === "client-input" || code === "tick-as-data",
    )
  );
}

function misfit(p: AnalyzedProgram, target: DependentPartitionTarget): string | undefined {
  if (componentOf(p, target.component) === undefined) {
    return `There is no component ${target.component}.`;
  }
  const known = new Set(partitionedRelations(p, target.component));
  for (const relation of Object.keys(target.keys)) {
    if (!known.has(relation))
      return `${target.component} neither reads nor derives ${quoted(relation)}.`;
  }
  return strangeKey(p, target.keys);
}

function preconditions(
  p: AnalyzedProgram,
  target: DependentPartitionTarget,
  chain: Chain,
): readonly Precondition[] {
  const { component, keys } = target;
  const findings = dependentKeyViolations(p, component, keys);
  const ticks = tickFindings(p, component);
  const bound = chain.lockstep || ticks.length > 0;
  const refused = findings.map((finding) => violated(plain(finding), repairOf(p, finding)));
  return [
    ...refused,
    ...clearConditions(p, target, findings),
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
    ...(bound && worst(refused) !== "violated" ? countedSends(p, component, keys) : []),
  ];
}

function plain({ code, statement, evidence }: DependentFinding) {
  return { code, statement, evidence };
}

function repairOf(p: AnalyzedProgram, finding: DependentFinding): Suggestion | undefined {
  const { missing } = finding;
  if (missing !== undefined) {
    const declaration = quoted(`fd ${missing.relation}: ${missing.from} -> ${missing.to}`);
    const sentence = `Declaring ${declaration} would work, if it is true of every fact.`;
    // What clients send, and what nobody lists, is for the user to declare.
    if (staticRows(p, missing.relation) === undefined) return { sentence };
    const target = { relation: missing.relation, from: [missing.from], to: missing.to };
    return { sentence, steps: [{ rewrite: "declareDependency", target }] };
  }
  if (finding.code === "client-input") {
    return { sentence: "Decouple what follows a relay first; its node can be partitioned." };
  }
  const [place] = finding.evidence;
  if (finding.code !== "unroutable" || !("rule" in place)) return undefined;
  const { component } = p.rules.get(place.rule)!;
  return {
    sentence: "Computing it in one rule and sending it by another would work.",
    steps: [{ rewrite: "splitHead", target: { component, rule: place.rule } }],
  };
}

const STATEMENTS: Readonly<Record<string, string>> = {
  "keys-differ": "The facts that a rule reads together have one key, so they are on one node.",
  "head-key": "What a rule derives has the key of what it read, so it is on the right node.",
  "absent-wildcard": "Absence is only asked about facts of one key.",
  "group-split": "Every group that is counted or collected lies in one partition.",
  unroutable: "Every sender knows the key before it sends.",
  "non-deterministic": "Nothing is left to chance.",
};

/** What holds, one sentence for each code that nothing was found for. */
function clearConditions(
  p: AnalyzedProgram,
  target: DependentPartitionTarget,
  findings: readonly DependentFinding[],
): readonly Precondition[] {
  const { component, keys } = target;
  const found = new Set(findings.map(({ code }) => code));
  const evidence = Object.entries(keys).map(([relation, key]): Evidence => ({
    kind: "relation",
    relation,
    because: `split by ${quoted(shownKey(p, relation, key))}`,
  }));
  const clear = Object.entries({
    ...STATEMENTS,
    "client-input": `Clients send nothing to ${component}.`,
  })
    .filter(([code]) => !found.has(code))
    .map(([code, statement]) => holds(code, statement, code === "keys-differ" ? evidence : []));
  if (found.has("no-dependency") || found.has("undeclared-dependency")) return clear;
  const used = usedDependencies(p, keys);
  const sentence =
    used.length === 0
      ? "No key depends on another attribute."
      : "What the keys take from other attributes is the same function at every tick and every node.";
  const { owners, once } = dependentGuards(p, component, keys);
  const guarded = [...owners.keys(), ...once];
  return [
    ...clear,
    holds("no-dependency", sentence, used),
    ...(findings.length > 0 || guarded.length === 0
      ? []
      : [
          holds(
            "keys-differ",
            `Only one partition fires ${ruleNames(p, guarded)}: no fact that arrived decides which.`,
            evidenceAt(
              guarded.map((rule) => ({ kind: "rule", rule })),
              "gets a guard",
            ),
          ),
        ]),
  ];
}

/** The dependencies of keyed relations that some key uses, as evidence. */
function usedDependencies(p: AnalyzedProgram, keys: KeyTerms): readonly Evidence[] {
  const known = dependencies(p);
  const names = new Set(Object.values(keys).flat().flatMap(functionNames));
  return Object.keys(keys).flatMap((relation) =>
    (known.get(relation) ?? [])
      .filter(({ term }) => functionNames(term).some((name) => names.has(name)))
      .map(({ position, term }): Evidence => {
        const attribute = p.relations.get(relation)!.attributes[position]!.name;
        const because = `${quoted(attribute)} is ${quoted(shownKeyTerm(p, relation, term))} in every fact`;
        return { kind: "relation", relation, because };
      }),
  );
}

function countedSends(
  p: AnalyzedProgram,
  component: ComponentName,
  keys: KeyTerms,
): readonly Precondition[] {
  const found = keylessSendViolations(p, wholeComponent(p, component), (rules) =>
    carryKey(p, rules, keys),
  );
  if (found.length > 0) return found.map((finding) => violated(finding));
  return [
    holds("sends-counted", "No two partitions send the same fact to a receiver that counts."),
  ];
}

function apply(p: AnalyzedProgram, target: DependentPartitionTarget) {
  const { component, partitions, keys } = target;
  const inputs = [...componentInputs(p, component)].filter((r) => keys[r] !== undefined);
  const { owners, once } = dependentGuards(p, component, keys);
  return finish(
    partitionComponent(p, draftOf(p), {
      component,
      partitions,
      by: byAttributes(p, target),
      inputKeys: new Map(inputs.map((relation) => [relation, keys[relation]!])),
      owners,
      once,
    }),
  );
}

function firstKeyed(p: AnalyzedProgram, target: DependentPartitionTarget) {
  const { component, keys } = target;
  return [...componentInputs(p, component), ...Object.keys(keys)].find(
    (relation) => keys[relation] !== undefined,
  );
}

/** The attributes of its first input that the key is made of. */
function byAttributes(p: AnalyzedProgram, target: DependentPartitionTarget): readonly string[] {
  const input = firstKeyed(p, target);
  if (input === undefined) return [];
  const positions = new Set(target.keys[input]!.flatMap(keyPositions));
  return [...positions].map((i) => p.relations.get(input)!.attributes[i]!.name);
}

/** The key as its first input names it. */
function keyName(p: AnalyzedProgram, target: DependentPartitionTarget): string {
  const input = firstKeyed(p, target);
  return input === undefined ? "nothing" : shownKey(p, input, target.keys[input]!);
}
