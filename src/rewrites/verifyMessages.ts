import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { shownKey } from "../analysis/keyTerm.ts";
import type { KeyTerm, KeyTerms } from "../analysis/keyTerm.ts";
import {
  partitionNumbers,
  routedPartitions,
  routesBy,
  routesTheRest,
  routingKey,
} from "../analysis/routedChannels.ts";
import { capitalized, joined, quoted, ruleName } from "../analysis/wording.ts";
import type { ComponentName, Declaration, RelationName } from "../program/program.ts";
import type { Row } from "../program/value.ts";
import { evidenceAt, holds, violated } from "./conditions.ts";
import { added, changed, declare, draftOf, finish, mapComponent } from "./draft.ts";
import type { Draft, DraftRule } from "./draft.ts";
import { freshRelation } from "./freshNames.ts";
import { readKeyTerms, strangeKey } from "./keyTargets.ts";
import { setNodeRows } from "./mapDeployment.ts";
import { ownedRules } from "./ownedRules.ts";
import { mapDeployed } from "./redirect.ts";
import type { Precondition, Rewrite, Rewritten } from "./rewrite.ts";
import { componentOf, TargetReader } from "./targets.ts";
import { distinctVariables, headOf, literal } from "./terms.ts";

/** A partitioned component, and the key of each channel whose messages it is to check. */
export interface MessageTarget {
  readonly component: ComponentName;
  readonly keys: KeyTerms;
}

/**
 * verifyMessages has each partition drop what belongs to another one.
 *
 *     storage by val    stored(v) :- toStorage(v)
 *
 *     storage by val    toStorage_owned(v) :- toStorage(v), partition(v, 3, p), part_storage(p)
 *                       stored(v) :- toStorage_owned(v)
 *
 * One node could not be told the same thing as two nodes. Partitions can: a Byzantine sender addresses any of them, and two
 * partitions that both take a vote for one slot count it apart. So a partition computes the owner of a message from the
 * message itself and from its own configuration, by the function that honest senders use, and drops the rest; what the
 * sender says of owners is never believed. Honest messages pass: every rule that sends the channel routes it by that key.
 * What goes to all partitions has no owner; its signature says who sent it. A message costs one hash more.
 * "Bigger, not Badder"; rewrites.md section 8.2.
 */
export const verifyMessages: Rewrite<MessageTarget> = {
  name: "verifyMessages",
  title: "Verified messages",
  summary: "Each partition drops messages that belong to another one.",
  citation: { source: "PaPoC 2024", where: "“Bigger, not Badder”" },
  targets: (p, { component }) => {
    const keys = Object.fromEntries(unchecked(p, component));
    return Object.keys(keys).length === 0 ? [] : [{ component, keys }];
  },
  readTarget: (json) => {
    const reader = new TargetReader(json, ["component", "keys"]);
    return reader.read({ component: reader.name("component"), keys: readKeyTerms(reader) });
  },
  misfit,
  preconditions,
  apply,
  defaultName: (_, { component }) => `checked ${component}`,
  describe: (_, { component, keys }) =>
    `each partition of ${component} takes its own share of ${joined(Object.keys(keys))}`,
};

/** Channels that senders route to the component's partitions, and that it does not check yet. */
function unchecked(
  p: AnalyzedProgram,
  component: ComponentName,
): readonly (readonly [RelationName, readonly KeyTerm[]])[] {
  return [...p.relations.values()].flatMap(({ name, kind, readBy }) => {
    if (kind !== "chan" || !readBy.includes(component) || isChecked(p, component, name)) return [];
    const key = routingKey(p, name);
    if (key === undefined || partitionNumbers(p, component, [name]) === undefined) return [];
    return [[name, key] as const];
  });
}

function isChecked(p: AnalyzedProgram, component: ComponentName, channel: RelationName): boolean {
  const readers = (componentOf(p, component)?.rules ?? []).filter((rule) =>
    rule.body.some((l) => l.kind === "relation" && l.relation === channel),
  );
  return readers.every((rule) =>
    rule.body.some((l) => l.kind === "relation" && l.relation === "partition"),
  );
}

function misfit(p: AnalyzedProgram, { component, keys }: MessageTarget): string | undefined {
  if (componentOf(p, component) === undefined) return `There is no component ${component}.`;
  const channels = Object.keys(keys);
  if (channels.length === 0) return "No channel is chosen.";
  for (const channel of channels) {
    const info = p.relations.get(channel);
    if (info?.kind !== "chan" || !info.readBy.includes(component)) {
      return `${component} reads no messages ${quoted(channel)}.`;
    }
    if (routedPartitions(p, channel) === undefined) {
      return `Nobody chooses a partition of ${component} for ${quoted(channel)}.`;
    }
  }
  if (partitionNumbers(p, component, channels) === undefined) {
    return `The deployment does not say which partition of ${component} each node is.`;
  }
  return strangeKey(p, keys);
}

function preconditions(p: AnalyzedProgram, { keys }: MessageTarget): readonly Precondition[] {
  return Object.entries(keys).flatMap(([channel, key]): readonly Precondition[] => {
    const partitions = routedPartitions(p, channel)!;
    const rules = [...p.rules.values()]
      .map(({ rule }) => rule)
      .filter((rule) => rule.head.relation === channel);
    const strays = rules.filter(
      (rule) => !routesBy(p, rule, key, partitions) && !routesTheRest(p, rule),
    );
    const shown = shownKey(p, channel, key);
    if (strays.length > 0) {
      return strays.map((rule) =>
        violated({
          code: "unroutable",
          statement: `${capitalized(ruleName(p, rule.id))} does not send ${quoted(channel)} to the partition of ${quoted(shown)}: what it sends honestly would be dropped.`,
          evidence: [{ kind: "head", rule: rule.id, because: `sends ${quoted(channel)}` }],
        }),
      );
    }
    return [
      holds(
        "unroutable",
        `Every rule that sends ${quoted(channel)} sends it to the partition of ${quoted(shown)}, so only what is sent wrongly is dropped.`,
        evidenceAt(
          rules.map((rule) => ({ kind: "head", rule: rule.id })),
          `sends to the partition of ${quoted(shown)}`,
        ),
      ),
    ];
  });
}

function apply(p: AnalyzedProgram, { component, keys }: MessageTarget): Rewritten {
  const channels = Object.keys(keys);
  const numbers = partitionNumbers(p, component, channels);
  if (numbers === undefined) throw new Error(`${component} has no partitions`);
  const start = draftOf(p);
  const part = freshRelation(start, `part_${component}`);
  const checking = channels.reduce(
    (draft, channel) => checked(p, draft, component, channel, keys[channel]!, part),
    start,
  );
  const table: Declaration = {
    kind: "relation",
    role: "node",
    relation: part,
    attributes: [{ name: "partition", type: "int" }],
  };
  const rows = new Map([...numbers].map(([at, n]): [string, readonly Row[]] => [at, [[n]]]));
  return finish(
    mapDeployed(declare(checking, table), (deployment) => setNodeRows(deployment, part, rows)),
  );
}

function checked(
  p: AnalyzedProgram,
  draft: Draft,
  component: ComponentName,
  channel: RelationName,
  key: readonly KeyTerm[],
  part: RelationName,
): Draft {
  const name = freshRelation(draft, `${channel}_owned`);
  const fields = distinctVariables(p.relations.get(channel)!.attributes.map((a) => a.name));
  const because = "What belongs to another partition is dropped, whoever sent it.";
  const all = added(headOf(name, fields), [literal(channel, fields)], because);
  const owner = { key, terms: fields };
  const own = ownedRules(p, all, owner, routedPartitions(p, channel)!, because).map(
    ({ rule, part: number }) =>
      changed(rule, { body: [...rule.body, literal(part, [number])] }, because),
  );
  const named = mapComponent(draft, component, (c) => ({
    ...c,
    rules: [...own, ...c.rules.map((rule) => readsOwned(rule, channel, name))],
  }));
  return [p.program, ...p.program.components]
    .flatMap((scope) => scope.declarations)
    .filter(
      (d): d is Extract<Declaration, { readonly kind: "dependency" | "within" }> =>
        (d.kind === "dependency" || d.kind === "within") && d.relation === channel,
    )
    .reduce((d, declaration) => declare(d, { ...declaration, relation: name }), named);
}

function readsOwned(rule: DraftRule, channel: RelationName, owned: RelationName): DraftRule {
  const body = rule.body.map((l) =>
    l.kind === "relation" && l.relation === channel ? { ...l, relation: owned } : l,
  );
  const reads = body.some((l, i) => l !== rule.body[i]);
  return reads ? changed(rule, { body }, `It reads its own share of ${channel}.`) : rule;
}
