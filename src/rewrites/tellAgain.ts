import type { Literal, RelationName, Term, Variable } from "../program/program.ts";
import type { DraftRule } from "./draft.ts";
import type { RelationNamer } from "./freshNames.ts";
import { ANY, boot, compared, counted, rulesOf } from "./ruleLines.ts";
import type { Line } from "./ruleLines.ts";
import { absent, headOf, literal, sentTo, variable } from "./terms.ts";

/** Relations by which a proxy and its partitions get over a crash of one of them, or of all. */
export interface RestartNames {
  /** `announce(i, d)`, `tell(i, d)`: in this tick the proxy sends batch i's number, or the batch, to d. */
  readonly announce: RelationName;
  readonly tell: RelationName;
  /** Batches that all have voted for, until all have run them. */
  readonly settled: RelationName;
  readonly over: RelationName;
  /** `acknowledge(k, i)`, a channel: partition k has run batch i. */
  readonly acknowledge: RelationName;
  readonly acknowledged: RelationName;
  readonly acknowledgements: RelationName;
  /** `behind(k, j)`, a channel: partition k has started, and batch j is the next that it runs. */
  readonly behind: RelationName;
  readonly proxyAwake: RelationName;
  readonly proxyWakes: RelationName;
  readonly partitionAwake: RelationName;
  readonly partitionWakes: RelationName;
}

export function restartNames(own: RelationNamer): RestartNames {
  return {
    announce: own("announce"),
    tell: own("tell"),
    settled: own("settled"),
    over: own("over"),
    acknowledge: own("acknowledge"),
    acknowledged: own("acknowledged"),
    acknowledgements: own("acknowledgements"),
    behind: own("behind"),
    proxyAwake: own("proxyAwake"),
    proxyWakes: own("proxyWakes"),
    partitionAwake: own("awake"),
    partitionWakes: own("wakes"),
  };
}

const [I, J, K, D] = ["i", "j", "k", "d"].map(variable) as [Variable, Variable, Variable, Variable];
const BECAUSE = "Whoever starts again after a crash is told once more what it may have missed.";

/** What of the proxy's batches is under way, by the relations of `batchThroughProxy`. */
export interface UnderWay {
  readonly write: RelationName;
  readonly index: RelationName;
  readonly open: RelationName;
  readonly done: RelationName;
}

/**
 * The proxy's half: which batches it announces and tells to whom. It does so when there is something new, when it has
 * started itself, and when a partition says that it has. It forgets a batch when every partition has run it.
 */
export function tellAgain(
  n: RestartNames,
  { write, index, open, done }: UnderWay,
  partitions: number,
  where: (k: Term) => readonly Literal[],
): readonly DraftRule[] {
  const all: Term = { kind: "constant", value: partitions };
  const told = [I, D];
  const lines: readonly Line[] = [
    [headOf(n.proxyAwake, [], "next"), boot()],
    [headOf(n.proxyWakes, []), boot(), absent(n.proxyAwake, [])],
    [headOf(n.announce, told), literal(write, []), literal(index, [I]), ...where(ANY)],
    [headOf(n.announce, told), literal(n.proxyWakes, []), literal(open, [I]), ...where(ANY)],
    [headOf(n.announce, told), literal(n.behind, [K, ANY]), literal(open, [I]), ...where(K)],
    [headOf(n.settled, [I], "next"), literal(done, [I])],
    [headOf(n.settled, [I], "next"), literal(n.settled, [I]), absent(n.over, [I])],
    [headOf(n.tell, told), literal(done, [I]), ...where(ANY)],
    [headOf(n.tell, told), literal(n.proxyWakes, []), literal(n.settled, [I]), ...where(ANY)],
    [
      headOf(n.tell, told),
      literal(n.behind, [K, J]),
      literal(n.settled, [I]),
      compared(I, ">=", J),
      ...where(K),
    ],
    [headOf(n.acknowledged, [K, I]), literal(n.acknowledge, [K, I]), literal(n.settled, [I])],
    [headOf(n.acknowledged, [K, I], "next"), literal(n.acknowledged, [K, I]), absent(n.over, [I])],
    [headOf(n.acknowledgements, [counted(["k"]), I]), literal(n.acknowledged, [K, I])],
    [headOf(n.over, [I]), literal(n.acknowledgements, [all, I])],
  ];
  return rulesOf(lines, BECAUSE);
}

/**
 * A partition's half: it says when it has started and when it has run a batch; the latter again when the batch comes
 * again, because the proxy may have been down the first time. `batch` is the header with the number `i`.
 */
export function startAgain(
  n: RestartNames,
  batch: Literal,
  { expected, run }: { readonly expected: RelationName; readonly run: RelationName },
  toProxy: readonly Literal[],
): readonly DraftRule[] {
  const lines: readonly Line[] = [
    [headOf(n.partitionAwake, [], "next"), boot()],
    [headOf(n.partitionWakes, []), boot(), absent(n.partitionAwake, [])],
    [
      sentTo(n.behind, [K, J], D),
      literal(n.partitionWakes, []),
      literal(expected, [J]),
      ...toProxy,
    ],
    [sentTo(n.acknowledge, [K, I], D), literal(run, [I]), ...toProxy],
    [
      sentTo(n.acknowledge, [K, I], D),
      batch,
      literal(expected, [J]),
      compared(I, "<", J),
      ...toProxy,
    ],
  ];
  return rulesOf(lines, BECAUSE);
}
