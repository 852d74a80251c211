import type { RelationInfo } from "../analysis/analyzedProgram.ts";
import type { ComponentName, Literal, RelationName, Term, Variable } from "../program/program.ts";
import type { DraftRule } from "./draft.ts";
import type { RelationNamer } from "./freshNames.ts";
import {
  ANY,
  argumentsOf,
  boot,
  compared,
  countOf,
  oneMore,
  rulesOf,
  variablesBeside,
  ZERO,
} from "./ruleLines.ts";
import type { Line } from "./ruleLines.ts";
import { absent, headOf, literal, sentTo } from "./terms.ts";

/** A component that sends its sibling what it reads, all of one tick as one numbered batch. */
export interface Stream {
  /** Names the generated relations. */
  readonly component: ComponentName;
  readonly relations: readonly RelationInfo[];
  /** At the sender, the receiver's address: `my_collector(address)`. */
  readonly toReceiver: RelationName;
  /** Several senders for one receiver, which replays the stream of each apart. */
  readonly senders?: Senders;
}

export interface Senders {
  /** At each sender its number. */
  readonly number: RelationName;
  /** At the receiver: k is the number of a sender and d its address. */
  readonly known: (k: Term, d: Term) => readonly Literal[];
}

export interface BatchRules {
  readonly sender: readonly DraftRule[];
  readonly receiver: readonly DraftRule[];
  /** What the receiver reads in place of the relations. */
  readonly readAs: ReadonlyMap<RelationName, RelationName>;
  readonly names: BatchNames;
}

export interface BatchNames {
  /** Holds at the sender in a tick that makes a batch. */
  readonly filled: RelationName;
  /** The number of the sender's next batch, and what it carries over of it. */
  readonly number: RelationName;
  readonly nextNumber: RelationName;
  /** The channel of headers. */
  readonly batch: RelationName;
  readonly header: RelationName;
  /** The number of the batch that the receiver waits for, and what it carries over of it. */
  readonly expected: RelationName;
  readonly nextExpected: RelationName;
  /** The batch that the receiver replays in this tick. */
  readonly run: RelationName;
}

interface Batched {
  readonly info: RelationInfo;
  readonly x: readonly Term[];
  /** Its size in the header. */
  readonly n: Term;
  readonly size: RelationName;
  readonly announced: RelationName;
  readonly channel: RelationName;
  readonly waiting: RelationName;
  readonly arrived: RelationName;
  readonly complete: RelationName;
  readonly readAs: RelationName;
}

/** Variables of the generated rules; d for addresses, k for the number of a sender. */
type Own = Readonly<Record<"i" | "j" | "k" | "n" | "d", Variable>>;

/**
 * Batches (rewrites.md section 3.4). Every tick of the sender in which one of the relations holds is a batch: its facts go
 * over with a number, and a header says how many there are of each relation, zero included. The receiver replays the
 * batches in order, one a tick, each as soon as it is whole, so that its rules read in one tick what they would have read
 * in one tick. Numbers that are over are ignored, so duplicates do no harm; a batch is forgotten when it has run.
 */
export function batches(fresh: RelationNamer, stream: Stream): BatchRules {
  const named = (word: string) => fresh(`${word}_${stream.component}`);
  const names: BatchNames = {
    filled: named("filled"),
    number: named("number"),
    nextNumber: named("nextNumber"),
    batch: named("batch"),
    header: named("header"),
    expected: named("expected"),
    nextExpected: named("nextExpected"),
    run: named("runs"),
  };
  const counts = stream.relations.map((_, at) => `n${at + 1}`);
  const beside = variablesBeside(stream.relations);
  const own = beside("i", "j", "k", "n", "d");
  const sizes = counts.map((name) => beside(name)[name]!);
  const batched = stream.relations.map((info, at): Batched => {
    const size = fresh(`${info.name}_size`);
    return {
      info,
      x: argumentsOf(info),
      n: sizes[at]!,
      size,
      // A batch of one relation is never without a fact of it.
      announced: stream.relations.length > 1 ? fresh(`${info.name}_announced`) : size,
      channel: fresh(`${info.name}_batched`),
      waiting: fresh(`${info.name}_waiting`),
      arrived: fresh(`${info.name}_arrived`),
      complete: fresh(`${info.name}_complete`),
      readAs: fresh(`${info.name}_run`),
    };
  });
  return {
    sender: senderRules(names, own, batched, stream),
    receiver: receiverRules(names, own, batched, stream),
    readAs: new Map(batched.map((b) => [b.info.name, b.readAs])),
    names,
  };
}

function senderRules(
  n: BatchNames,
  { i: I, j: J, k: SENDER, n: N, d: TO }: Own,
  batched: readonly Batched[],
  { toReceiver, senders, component }: Stream,
): readonly DraftRule[] {
  const there = literal(toReceiver, [TO]);
  const key = senders === undefined ? [I] : [SENDER, I];
  const me = senders === undefined ? [] : [literal(senders.number, [SENDER])];
  const lines: readonly Line[] = [
    ...batched.map(({ info, x }): Line => [
      headOf(n.filled, []),
      literal(
        info.name,
        x.map(() => ANY),
      ),
    ]),
    [headOf(n.number, [ZERO]), boot(), absent(n.nextNumber, [ANY])],
    [headOf(n.number, [I]), literal(n.nextNumber, [I])],
    [
      headOf(n.nextNumber, [J], "next"),
      literal(n.number, [I]),
      literal(n.filled, []),
      oneMore(J, I),
    ],
    [headOf(n.nextNumber, [I], "next"), literal(n.number, [I]), absent(n.filled, [])],
    ...batched.flatMap(({ info, x, size, announced, channel }): readonly Line[] => [
      [
        sentTo(channel, [...key, ...x], TO),
        literal(info.name, x),
        literal(n.number, [I]),
        ...me,
        there,
      ],
      [headOf(size, [countOf(x)]), literal(info.name, x)],
      ...(announced === size
        ? []
        : ([
            [headOf(announced, [N]), literal(size, [N])],
            [headOf(announced, [ZERO]), boot(), absent(size, [ANY])],
          ] satisfies Line[])),
    ]),
    [
      sentTo(n.batch, [...key, ...batched.map((b) => b.n)], TO),
      ...(batched.length > 1 ? [literal(n.filled, [])] : []),
      literal(n.number, [I]),
      ...batched.map((b) => literal(b.announced, [b.n])),
      ...me,
      there,
    ],
  ];
  return rulesOf(lines, `What ${component} exchanges in one tick goes over as one numbered batch.`);
}

function receiverRules(
  n: BatchNames,
  { i: I, j: J, k: SENDER }: Own,
  batched: readonly Batched[],
  { senders, component }: Stream,
): readonly DraftRule[] {
  const from = senders === undefined ? [] : [SENDER];
  const key = [...from, I];
  const each = senders === undefined ? [boot()] : senders.known(SENDER, ANY);
  const isAhead: readonly Literal[] = [literal(n.expected, [...from, J]), compared(I, ">=", J)];
  const header = [...key, ...batched.map((b) => b.n)];
  const lines: readonly Line[] = [
    [headOf(n.header, header), literal(n.batch, header), ...isAhead],
    [headOf(n.header, header, "next"), literal(n.header, header), absent(n.run, key)],
    ...batched.flatMap((b): readonly Line[] => {
      const fact = [...key, ...b.x];
      const sized = literal(
        n.header,
        header.map((term) => (term === b.n || key.some((k) => k === term) ? term : ANY)),
      );
      return [
        [headOf(b.waiting, fact), literal(b.channel, fact), ...isAhead],
        [headOf(b.waiting, fact, "next"), literal(b.waiting, fact), absent(n.run, key)],
        [headOf(b.arrived, [...from, countOf(b.x), I]), literal(b.waiting, fact)],
        ...(batched.length > 1
          ? ([[headOf(b.complete, key), sized, compared(b.n, "==", ZERO)]] satisfies Line[])
          : []),
        [headOf(b.complete, key), sized, literal(b.arrived, [...from, b.n, I])],
        [headOf(b.readAs, b.x), literal(b.waiting, fact), literal(n.run, key)],
      ];
    }),
    [headOf(n.expected, [...from, ZERO]), ...each, absent(n.nextExpected, [...from, ANY])],
    [headOf(n.expected, key), literal(n.nextExpected, key)],
    [
      headOf(n.run, key),
      literal(n.expected, key),
      ...batched.map(({ complete }) => literal(complete, key)),
    ],
    [headOf(n.nextExpected, [...from, J], "next"), literal(n.run, key), oneMore(J, I)],
    [headOf(n.nextExpected, key, "next"), literal(n.expected, key), absent(n.run, key)],
  ];
  return rulesOf(
    lines,
    `A batch runs when all of it has come to ${component} and all before it ran.`,
  );
}
