import type { RelationInfo } from "../analysis/analyzedProgram.ts";
import type { ComponentName, Literal, RelationName, Term, Variable } from "../program/program.ts";
import type { Draft, DraftRule } from "./draft.ts";
import { freshRelation, relationNamer } from "./freshNames.ts";
import { ANY, boot, counted, countOf, oneMore, rulesOf, ZERO } from "./ruleLines.ts";
import type { Line } from "./ruleLines.ts";
import { restartNames, startAgain, tellAgain } from "./tellAgain.ts";
import type { RestartNames } from "./tellAgain.ts";
import { absent, headOf, literal, sentTo, variable } from "./terms.ts";

/** Tables by which a proxy and its partitions find each other. */
export interface ProxyTables {
  /** `route_storage(named, partition, actual)` */
  readonly route: RelationName;
  /** At each partition its number. */
  readonly number: RelationName;
  /** At each partition its proxy. */
  readonly proxy: RelationName;
  /** At each proxy the address that its partitions had together. */
  readonly base: RelationName;
}

export interface ProxyRules {
  /** What of the generated relations outlives a crash. */
  readonly durable: readonly RelationName[];
  readonly proxy: readonly DraftRule[];
  readonly partition: readonly DraftRule[];
  /** What the component's own rules read in place of its inputs. */
  readonly readAs: ReadonlyMap<RelationName, RelationName>;
  /** The batch whose facts a partition sees in this tick, and the first one it has not seen. */
  readonly running: RelationName;
}

const [I, J, K, N, D] = ["i", "j", "k", "n", "d"].map(variable) as [
  Variable,
  Variable,
  Variable,
  Variable,
  Variable,
];

const BECAUSE_PROXY =
  "The proxy numbers what every partition has to see, and waits until all stand still.";
const BECAUSE_PARTITION =
  "A partition stands still until the batches that are announced have come, and sees them in order.";

/**
 * The coordinator of partial partitioning (rewrites.md section 6). All replicated facts of one proxy tick are one batch.
 * First the batch's number goes to every partition, which stands still and votes; when all have voted the facts follow,
 * with a header that says how many of each relation there are, zero included. A partition runs batches in order and
 * takes up its own inputs again when no batch is pending. Numbers that are over are ignored, so duplicates do no harm
 * (S-11); everything that has a number is forgotten when the batch is done or has run.
 *
 * Where the component keeps what outlives a crash, so do batches and their numbers (Q10): the proxy keeps a batch until
 * every partition has run it, and whoever starts again is told once more what it may have missed. What waits for a
 * partition to take its own inputs up again does not: a message may be lost on its way to a node that goes down, too.
 */
export function batchThroughProxy(
  draft: Draft,
  component: ComponentName,
  replicated: readonly RelationInfo[],
  partitioned: readonly RelationInfo[],
  partitions: number,
  tables: ProxyTables,
  isDurable: boolean,
): ProxyRules {
  const names = namesFor(draft, component);
  const readAs = new Map<RelationName, RelationName>([
    ...replicated.map(({ name }) => [name, freshRelation(draft, `${name}_run`)] as const),
    ...partitioned.map(({ name }) => [name, freshRelation(draft, `${name}_released`)] as const),
  ]);
  const batches = replicated.map((info, at): Batched => ({
    info,
    at,
    columns: info.attributes.map((_, i) => variable(`x${i + 1}`)),
    ...names.of(info.name),
  }));
  const own: Names = names.own;
  const again = isDurable ? restartNames(names.named) : undefined;
  const sizes = batches.map((_, at) => variable(`n${at + 1}`));
  const toProxy = [literal(tables.number, [K]), literal(tables.proxy, [D])];
  const header = literal(own.commit, [I, ...sizes.map(() => ANY)]);
  return {
    durable: again === undefined ? [] : outliving(own, again, batches),
    proxy: [
      ...proxyRules(own, batches, sizes, partitions, tables, again),
      ...(again ? tellAgain(again, own, partitions, (k) => whereIs(tables, k)) : []),
    ],
    partition: [
      ...partitionRules(own, batches, sizes, toProxy, readAs),
      ...(again ? startAgain(again, header, own, toProxy) : []),
      ...partitioned.flatMap((info) =>
        heldBack(own, info, freshRelation(draft, `${info.name}_held`), readAs.get(info.name)!),
      ),
    ],
    readAs,
    running: own.run,
  };
}

interface Names {
  readonly write: RelationName;
  readonly index: RelationName;
  readonly next: RelationName;
  readonly prepare: RelationName;
  readonly open: RelationName;
  readonly vote: RelationName;
  readonly voted: RelationName;
  readonly votes: RelationName;
  readonly done: RelationName;
  readonly commit: RelationName;
  readonly pending: RelationName;
  readonly header: RelationName;
  readonly expected: RelationName;
  readonly expectedNext: RelationName;
  readonly run: RelationName;
  readonly thawed: RelationName;
}

interface Batched {
  readonly info: RelationInfo;
  readonly at: number;
  readonly columns: readonly Term[];
  readonly log: RelationName;
  readonly logged: RelationName;
  readonly size: RelationName;
  readonly commit: RelationName;
  readonly committed: RelationName;
  readonly arrived: RelationName;
  readonly complete: RelationName;
}

function namesFor(draft: Draft, component: ComponentName) {
  const fresh = relationNamer(draft);
  const own = (word: string) => fresh(`${word}_${component}`);
  return {
    named: own,
    own: {
      write: own("write"),
      index: own("index"),
      next: own("nextIndex"),
      prepare: own("prepare"),
      open: own("open"),
      vote: own("vote"),
      voted: own("voted"),
      votes: own("votes"),
      done: own("done"),
      commit: own("commit"),
      pending: own("pending"),
      header: own("header"),
      expected: own("expected"),
      expectedNext: own("expectedNext"),
      run: own("runs"),
      thawed: own("thawed"),
    },
    of: (relation: RelationName) => ({
      log: fresh(`${relation}_log`),
      logged: fresh(`${relation}_logged`),
      size: fresh(`${relation}_size`),
      commit: fresh(`${relation}_commit`),
      committed: fresh(`${relation}_committed`),
      arrived: fresh(`${relation}_arrived`),
      complete: fresh(`${relation}_complete`),
    }),
  };
}

/**
 * What a proxy may not forget in a crash because partitions have acted on it, and a partition because the proxy has. What
 * they hear again from each other is not among it: votes, acknowledgements, a batch that has come in part.
 */
function outliving(
  n: Names,
  { settled }: RestartNames,
  batches: readonly Batched[],
): readonly RelationName[] {
  return [n.next, n.open, settled, ...batches.map(({ log }) => log), n.pending, n.expectedNext];
}

/** Where partition `k` is, or every one of them. */
function whereIs({ base, route }: ProxyTables, k: Term): readonly Literal[] {
  return [literal(base, [variable("a")]), literal(route, [variable("a"), k, D])];
}

function proxyRules(
  n: Names,
  batches: readonly Batched[],
  sizes: readonly Term[],
  partitions: number,
  tables: ProxyTables,
  again: RestartNames | undefined,
): readonly DraftRule[] {
  const everywhere = whereIs(tables, ANY);
  const announced = again
    ? [literal(again.announce, [I, D])]
    : [literal(n.write, []), literal(n.index, [I]), ...everywhere];
  const told = (...what: readonly Literal[]): readonly Literal[] =>
    again ? [literal(again.tell, [I, D]), ...what] : [literal(n.done, [I]), ...what, ...everywhere];
  const isTold = again ? literal(again.tell, [I, ANY]) : literal(n.done, [I]);
  const isOver = again?.over ?? n.done;
  const all: Term = { kind: "constant", value: partitions };
  const lines: readonly Line[] = [
    ...batches.map(({ info, columns }): Line => [
      headOf(n.write, []),
      literal(
        info.name,
        columns.map(() => ANY),
      ),
    ]),
    [headOf(n.index, [ZERO]), boot(), absent(n.next, [ANY])],
    [headOf(n.index, [I]), literal(n.next, [I])],
    [headOf(n.next, [J], "next"), literal(n.index, [I]), literal(n.write, []), oneMore(J, I)],
    [headOf(n.next, [I], "next"), literal(n.index, [I]), absent(n.write, [])],
    [sentTo(n.prepare, [I], D), ...announced],
    [headOf(n.open, [I], "next"), literal(n.index, [I]), literal(n.write, [])],
    [headOf(n.open, [I], "next"), literal(n.open, [I]), absent(n.done, [I])],
    [headOf(n.voted, [K, I]), literal(n.vote, [K, I]), literal(n.open, [I])],
    [headOf(n.voted, [K, I], "next"), literal(n.voted, [K, I]), absent(n.done, [I])],
    [headOf(n.votes, [counted(["k"]), I]), literal(n.voted, [K, I])],
    [headOf(n.done, [I]), literal(n.votes, [all, I])],
    ...batches.flatMap(({ info, columns, log, logged, size, commit }): readonly Line[] => [
      [headOf(log, [I, ...columns], "next"), literal(info.name, columns), literal(n.index, [I])],
      [headOf(log, [I, ...columns], "next"), literal(log, [I, ...columns]), absent(isOver, [I])],
      [headOf(logged, [countOf(columns), I]), literal(log, [I, ...columns])],
      [headOf(size, [N, I]), literal(logged, [N, I])],
      [headOf(size, [ZERO, I]), isTold, absent(logged, [ANY, I])],
      [sentTo(commit, [I, ...columns], D), ...told(literal(log, [I, ...columns]))],
    ]),
    [
      sentTo(n.commit, [I, ...sizes], D),
      ...told(...batches.map(({ size, at }) => literal(size, [sizes[at]!, I]))),
    ],
  ];
  return rulesOf(lines, BECAUSE_PROXY);
}

function partitionRules(
  n: Names,
  batches: readonly Batched[],
  sizes: readonly Term[],
  toProxy: readonly Literal[],
  readAs: ReadonlyMap<RelationName, RelationName>,
): readonly DraftRule[] {
  const isAhead: readonly Literal[] = [
    literal(n.expected, [J]),
    { kind: "comparison", operator: ">=", left: I, right: J },
  ];
  const header = [I, ...sizes];
  const lines: readonly Line[] = [
    [headOf(n.pending, [I]), literal(n.prepare, [I]), ...isAhead],
    [headOf(n.pending, [I], "next"), literal(n.pending, [I]), absent(n.run, [I])],
    [sentTo(n.vote, [K, I], D), literal(n.prepare, [I]), ...toProxy],
    [headOf(n.header, header), literal(n.commit, header), ...isAhead],
    [headOf(n.header, header, "next"), literal(n.header, header), absent(n.run, [I])],
    ...batches.flatMap((b): readonly Line[] => {
      const fact = [I, ...b.columns];
      const own = sizes[b.at]!;
      return [
        [headOf(b.committed, fact), literal(b.commit, fact), ...isAhead],
        [headOf(b.committed, fact, "next"), literal(b.committed, fact), absent(n.run, [I])],
        [headOf(b.arrived, [countOf(b.columns), I]), literal(b.committed, fact)],
        [
          headOf(b.complete, [I]),
          literal(n.header, only(header, own)),
          { kind: "comparison", operator: "==", left: own, right: ZERO },
        ],
        [
          headOf(b.complete, [I]),
          literal(n.header, only(header, own)),
          literal(b.arrived, [own, I]),
        ],
        [
          headOf(readAs.get(b.info.name)!, b.columns),
          literal(n.run, [I]),
          literal(b.committed, fact),
        ],
      ];
    }),
    [headOf(n.expected, [ZERO]), boot(), absent(n.expectedNext, [ANY])],
    [headOf(n.expected, [I]), literal(n.expectedNext, [I])],
    [
      headOf(n.run, [I]),
      literal(n.expected, [I]),
      ...batches.map(({ complete }) => literal(complete, [I])),
    ],
    [headOf(n.expectedNext, [J], "next"), literal(n.run, [I]), oneMore(J, I)],
    [headOf(n.expectedNext, [I], "next"), literal(n.expected, [I]), absent(n.run, [I])],
    [headOf(n.thawed, []), boot(), absent(n.pending, [ANY])],
  ];
  return rulesOf(lines, BECAUSE_PARTITION);
}

/** A partitioned input waits while batches are pending. */
function heldBack(
  n: Names,
  info: RelationInfo,
  held: RelationName,
  released: RelationName,
): readonly DraftRule[] {
  const columns = info.attributes.map((_, i) => variable(`x${i + 1}`));
  return rulesOf(
    [
      [headOf(held, columns), literal(info.name, columns)],
      [headOf(held, columns, "next"), literal(held, columns), absent(n.thawed, [])],
      [headOf(released, columns), literal(held, columns), literal(n.thawed, [])],
    ],
    BECAUSE_PARTITION,
  );
}

/** The header with `_` for the sizes of other relations. */
function only(header: readonly Term[], own: Term): readonly Term[] {
  return header.map((term, i) => (i === 0 || term === own ? term : ANY));
}
