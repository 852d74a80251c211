import { literalVariables } from "../program/variables.ts";
import type { Deployment } from "../program/deployment.ts";
import type { ComponentName, RelationName, Term } from "../program/program.ts";
import type { Row } from "../program/value.ts";
import type { Draft, DraftRule } from "./draft.ts";
import { changed, declare, flatMapRules } from "./draft.ts";
import { selfVariable } from "./canonicalSelf.ts";
import { freshVariable, relationNamer } from "./freshNames.ts";
import { addresses, knownAddresses, setEdb, setNodeRows } from "./mapDeployment.ts";
import { literal, reads, variable, variablesOfHead } from "./terms.ts";

/** A component that was just split in two, and the EDB by which the halves and everybody else find each other. */
export interface Split {
  readonly stays: ComponentName;
  readonly moves: ComponentName;
  /** Old address to its sibling's; empty without a deployment. */
  readonly siblings: ReadonlyMap<string, string>;
  /** `fwd_collector(named, actual)`, the same everywhere: an old address's sibling; any other address itself. */
  readonly forward: RelationName;
  /**
   * `my_collector(address)` at each node that stays, and back. EDB of the node, not a table looked up by the node's own
   * address, so that it survives partitioning: every partition has a copy.
   */
  readonly toMoved: RelationName;
  readonly toStayed: RelationName;
}

export function splitNames(draft: Draft, stays: ComponentName, moves: ComponentName) {
  const fresh = relationNamer(draft);
  return {
    stays,
    moves,
    forward: fresh(`fwd_${moves}`),
    toMoved: fresh(`my_${moves}`),
    toStayed: fresh(`my_${stays}`),
  };
}

/**
 * REDIRECT (rewrites.md section 2): whoever sends a relation that the new component reads sends it to the new component.
 * The destination is computed at the send site, from the address the sender knows:
 *
 *     fromStorage(…)@async(d)  :- …, leader(d)
 *     fromStorage(…)@async(d2) :- …, leader(d), fwd_collector(d, d2)
 *
 * A rule of the split component that sends to its own node sends to the sibling, or stays with `self` where it moved too.
 */
export function redirect(draft: Draft, relations: ReadonlySet<RelationName>, split: Split): Draft {
  const because = `${split.moves} reads ${[...relations].join(", ")} now.`;
  return flatMapRules(draft, (rule, component) => {
    if (!relations.has(rule.head.relation) || rule.head.timing.kind !== "async") return [rule];
    if (isSentToSelf(rule) && component === split.moves) return [rule];
    if (isSentToSelf(rule) && component === split.stays) {
      return [sendToSibling(rule, split.toMoved, because)];
    }
    return [lookUpDestination(rule, split.forward, because)];
  });
}

/**
 * Self-sends of moved rules (rewrites.md section 2): `@async(self)` now means the new node. What the half that stayed
 * reads goes back to it.
 */
export function sendBack(draft: Draft, relations: ReadonlySet<RelationName>, split: Split): Draft {
  const because = `${split.stays} stays and reads ${[...relations].join(", ")}.`;
  return flatMapRules(draft, (rule, component) => {
    const leaves = component === split.moves && relations.has(rule.head.relation);
    return leaves && isSentToSelf(rule) ? [sendToSibling(rule, split.toStayed, because)] : [rule];
  });
}

/** Declares those of the split's tables that some rule reads, and fills them in the deployment. */
export function declareSplitTables(draft: Draft, split: Split): Draft {
  const isRead = (relation: RelationName) =>
    draft.components.some((c) => c.rules.some((rule) => reads(rule, relation)));
  const back = new Map([...split.siblings].map(([old, sibling]) => [sibling, old]));
  let declared = draft;
  if (isRead(split.forward)) declared = declareForward(declared, split);
  if (isRead(split.toMoved)) declared = declareSibling(declared, split.toMoved, split.siblings);
  if (isRead(split.toStayed)) declared = declareSibling(declared, split.toStayed, back);
  return declared;
}

function declareForward(draft: Draft, { forward, siblings }: Split): Draft {
  const declared = declare(draft, {
    kind: "relation",
    role: "edb",
    relation: forward,
    attributes: [
      { name: "named", type: "address" },
      { name: "actual", type: "address" },
    ],
  });
  return mapDeployed(declared, (deployment) => {
    const rows = knownAddresses(deployment, [draft.declarations, draft.components]).map((at): Row =>
      addresses(at, siblings.get(at) ?? at),
    );
    return setEdb(deployment, forward, rows);
  });
}

function declareSibling(
  draft: Draft,
  relation: RelationName,
  siblings: ReadonlyMap<string, string>,
): Draft {
  const declared = declare(draft, {
    kind: "relation",
    role: "node",
    relation,
    attributes: [{ name: "address", type: "address" }],
  });
  const rows = new Map([...siblings].map(([at, sibling]) => [at, [addresses(sibling)]]));
  return mapDeployed(declared, (deployment) => setNodeRows(deployment, relation, rows));
}

export function isSentToSelf(rule: DraftRule): boolean {
  const { timing } = rule.head;
  if (timing.kind !== "async" || timing.destination.kind !== "variable") return false;
  const { name } = timing.destination;
  return rule.body.some((l) => selfVariable(l) === name);
}

/** Replaces a rule's destination by the row of `sibling`; the `self` literal goes where nothing else needs it. */
export function sendToSibling(
  rule: DraftRule,
  sibling: RelationName,
  because: string,
  key: readonly Term[] = [],
): DraftRule {
  const to = variable(freshVariable(rule, "d"));
  const sent = withDestination(rule, to);
  const body = sent.body.filter((l) => {
    const own = selfVariable(l);
    return own === undefined || usesOf(sent, own) > 1;
  });
  return changed(sent, { body: [...body, literal(sibling, [...key, to])] }, because);
}

/** Appends `table(d, d2)` to a rule that sends to d, and sends to d2. */
function lookUpDestination(rule: DraftRule, table: RelationName, because: string): DraftRule {
  const from = destinationOf(rule);
  const to = variable(freshVariable(rule, from.kind === "variable" ? from.name : "d"));
  const sent = withDestination(rule, to);
  return changed(sent, { body: [...sent.body, literal(table, [from, to])] }, because);
}

export function destinationOf(rule: DraftRule): Term {
  const { timing } = rule.head;
  if (timing.kind !== "async") throw new Error("only a rule that sends has a destination");
  return timing.destination;
}

export function withDestination(rule: DraftRule, destination: Term): DraftRule {
  return { ...rule, head: { ...rule.head, timing: { kind: "async", destination } } };
}

export function mapDeployed(draft: Draft, change: (d: Deployment) => Deployment): Draft {
  return draft.deployment === undefined
    ? draft
    : { ...draft, deployment: change(draft.deployment) };
}

function usesOf(rule: DraftRule, name: string): number {
  return [...variablesOfHead(rule.head), ...rule.body.flatMap(literalVariables)].filter(
    (v) => v === name,
  ).length;
}
