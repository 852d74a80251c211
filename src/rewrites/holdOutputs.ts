import type { RelationInfo } from "../analysis/analyzedProgram.ts";
import type { ComponentName, Literal, RelationName, Variable } from "../program/program.ts";
import { selfVariable } from "./canonicalSelf.ts";
import type { BatchNames, Senders } from "./batches.ts";
import type { Draft, DraftRule } from "./draft.ts";
import { added, changed, draftComponent, mapComponent } from "./draft.ts";
import type { RelationNamer } from "./freshNames.ts";
import { destinationOf, isSentToSelf } from "./redirect.ts";
import {
  ANY,
  argumentsOf,
  compared,
  oneLess,
  rulesOf,
  variablesBeside,
  ZERO,
} from "./ruleLines.ts";
import type { Line } from "./ruleLines.ts";
import { absent, headOf, literal, sentTo } from "./terms.ts";

/** A component that holds back what it sends until its batches have run. */
export interface Holding {
  readonly component: ComponentName;
  /** Where its batches run. */
  readonly receiver: ComponentName;
  readonly batches: BatchNames;
  /** At the receiver, where confirmations go: `my_upstream(address)`, or several senders. */
  readonly toComponent: RelationName;
  readonly senders?: Senders;
  /** What is known of the relations that it sends. */
  readonly relations: ReadonlyMap<RelationName, RelationInfo>;
}

/**
 * Acknowledgement of batches (rewrites.md section 3.5). Each tick's outputs wait until the last batch made by then has run
 * at the receiver: then nobody can learn of them before the receiver acts on what caused them. Before the first batch
 * there is nothing to wait for, and outputs go at once. What a node sends to itself nobody else learns, so it does not
 * wait; of several partitions another one may get it, whose batches know nothing of the cause: then it waits too.
 */
export function holdOutputs(draft: Draft, fresh: RelationNamer, how: Holding): Draft {
  const { rules } = draftComponent(draft, how.component);
  const isForAnother = (rule: DraftRule): boolean =>
    how.senders !== undefined || !isSentToSelf(rule);
  const sending = rules.filter((r) => r.head.timing.kind === "async" && isForAnother(r));
  if (sending.length === 0) return draft;
  const named = (word: string) => fresh(`${word}_${how.component}`);
  const names: Names = {
    ran: named("ran"),
    confirmed: named("confirmed"),
    latest: named("latest"),
    awaited: named("awaited"),
    released: named("released"),
  };
  const infosOf = (of: readonly DraftRule[]): readonly RelationInfo[] =>
    [...new Set(of.map((rule) => rule.head.relation))].map((r) => how.relations.get(r)!);
  const own = variablesBeside(infosOf(sending))("i", "j", "k", "m", "d");
  const outputs = [false, true].flatMap((toSelf) =>
    infosOf(sending.filter((rule) => isSentToSelf(rule) === toSelf)).map((info): Output => ({
      info,
      toSelf,
      ready: fresh(`${info.name}_ready`),
      held: fresh(`${info.name}_held`),
    })),
  );
  const confirming = added(
    sentTo(names.ran, [own.i], own.d),
    how.senders === undefined
      ? [literal(how.batches.run, [own.i]), literal(how.toComponent, [own.d])]
      : [literal(how.batches.run, [own.k, own.i]), ...how.senders.known(own.k, own.d)],
    `${how.component} waits for this before it lets out what belongs to the batch.`,
  );
  const holding = mapComponent(draft, how.component, (c) => ({
    ...c,
    rules: [
      ...c.rules.map((rule) => (sending.includes(rule) ? intoReady(rule, outputs, how) : rule)),
      ...outputRules(names, own, outputs, how),
    ],
  }));
  return mapComponent(holding, how.receiver, (c) => ({ ...c, rules: [...c.rules, confirming] }));
}

interface Names {
  readonly ran: RelationName;
  readonly confirmed: RelationName;
  readonly latest: RelationName;
  readonly awaited: RelationName;
  readonly released: RelationName;
}

type Own = Readonly<Record<"i" | "j" | "k" | "m" | "d", Variable>>;

interface Output {
  readonly info: RelationInfo;
  /** The node's own partitions get it: nothing keeps the destination. */
  readonly toSelf: boolean;
  readonly ready: RelationName;
  readonly held: RelationName;
}

/** `o(ȳ)@async(e) :- B` derives `o_ready(e, ȳ)` first. */
function intoReady(rule: DraftRule, outputs: readonly Output[], how: Holding): DraftRule {
  const toSelf = isSentToSelf(rule);
  const { ready } = outputs.find((o) => o.info.name === rule.head.relation && o.toSelf === toSelf)!;
  const destination = destinationOf(rule);
  const head = headOf(ready, [...(toSelf ? [] : [destination]), ...rule.head.terms]);
  const isOwn = (l: Literal): boolean =>
    toSelf && destination.kind === "variable" && selfVariable(l) === destination.name;
  return changed(
    rule,
    { head, body: rule.body.filter((l) => !isOwn(l)) },
    `${how.receiver} has to act on its cause before anybody hears of it.`,
  );
}

function outputRules(
  n: Names,
  { i: I, j: J, k: K, m: M, d: TO }: Own,
  outputs: readonly Output[],
  how: Holding,
): readonly DraftRule[] {
  const { filled, number, nextNumber } = how.batches;
  const lines: readonly Line[] = [
    [headOf(n.awaited, [I]), literal(filled, []), literal(number, [I])],
    [
      headOf(n.awaited, [J]),
      literal(nextNumber, [I]),
      absent(filled, []),
      compared(I, ">", ZERO),
      oneLess(J, I),
    ],
    [headOf(n.confirmed, [K]), literal(n.ran, [K])],
    [headOf(n.confirmed, [M], "next"), literal(n.latest, [M])],
    [
      headOf(n.latest, [{ kind: "aggregate", operator: "max", over: ["k"] }]),
      literal(n.confirmed, [K]),
    ],
    ...outputs.flatMap((o): readonly Line[] => {
      const y = argumentsOf(o.info);
      const to = o.toSelf ? [] : [TO];
      const own = o.toSelf ? [literal("self", [TO])] : [];
      const ready = literal(o.ready, [...to, ...y]);
      const held = [...to, ...y, K];
      return [
        [sentTo(o.info.name, y, TO), ready, absent(n.awaited, [ANY]), ...own],
        [headOf(o.held, held), ready, literal(n.awaited, [K])],
        [headOf(o.held, held, "next"), literal(o.held, held), absent(n.released, [K])],
        [
          headOf(n.released, [K]),
          literal(
            o.held,
            held.map((term) => (term === K ? K : ANY)),
          ),
          literal(n.latest, [M]),
          compared(K, "<=", M),
        ],
        [sentTo(o.info.name, y, TO), literal(o.held, held), literal(n.released, [K]), ...own],
      ];
    }),
  ];
  return rulesOf(lines, `What belongs to a batch goes out when ${how.receiver} has run it.`);
}
