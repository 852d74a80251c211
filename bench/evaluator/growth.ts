import type { Fact } from "../../src/evaluator/nodeEngine.ts";
import { address } from "../../src/program/value.ts";
import type { Value } from "../../src/program/value.ts";
import { quantile, type Figure } from "../report.ts";
import { runnable, timed } from "./contest.ts";
import { VOTERS } from "./voting.ts";

const ACKS = `
  acks(src, val, cnt) :- ack(src, val, cnt)
  acks(src, val, cnt)@next :- acks(src, val, cnt)
  numACKs(count<src>, val, cnt) :- acks(src, val, cnt)
  outCert(val, cnt)@async(c) :- numACKs(n, val, cnt), numNodes(n), client(c)
  outInconsistent(val)@async(c) :- acks(s1, val, c1), acks(s2, val, c2), c1 != c2, client(c)`;
const LIMIT =
  "A row touches three tables at random places, beyond the cache's size; it would have to lie in one line of the cache with its hash and its count.";
const HELD = [1_000, 100_000, 1_000_000];
/** Facts that are timed at least; from small sizes several nodes grow. */
const TIMED = 20_000;
const RUNS = 5;

/** Takes what arrives in a tick. */
type Node = (arrived: readonly Fact[]) => void;

/**
 * What a fact costs when so many are held already: three acknowledgements a value, kept for ever. It is the mean from
 * this size to the double, so that tables growing count with what they cost on the whole. Beside it the same in maps
 * by hand, which shows what memory alone costs.
 */
export function growth(): readonly Figure[] {
  // One after the other: what one leaves behind would be collected in the other's time.
  const [own, hand] = [costs(clew), costs(byHand)];
  return HELD.slice(1).flatMap((size, i): readonly Figure[] => {
    const most = i === 0 ? 1.5 : 3;
    const grown = own[i + 1]! / own[0]!;
    const held = `${size.toLocaleString("en")} held`;
    const peer = `${HELD[0]!.toLocaleString("en")} held`;
    return [
      {
        what: `cost of a fact, ${held}`,
        value: own[i + 1]!,
        unit: "ns",
        peer,
        peerValue: own[0]!,
        ratio: grown,
        goal: `<= ${most}x`,
        met: grown <= most,
        limit: LIMIT,
      },
      {
        what: `the same in maps by hand, ${held}`,
        value: hand[i + 1]!,
        unit: "ns",
        peer,
        peerValue: hand[0]!,
        ratio: hand[i + 1]! / hand[0]!,
      },
    ];
  });
}

/** Nanoseconds a fact from each size on, medians. */
function costs(make: () => Node): readonly number[] {
  const samples = HELD.map((): number[] => []);
  // The first run is for the compiler.
  for (let i = -1; i < RUNS; i++) {
    const run = HELD.map((size) => costFrom(size, make));
    if (i >= 0) run.forEach((cost, k) => samples[k]!.push(cost));
  }
  return samples.map((s) => 1e9 * quantile(s, 0.5));
}

const start = runnable(ACKS, { numNodes: [[3]], client: [[address("client")]] });

function clew(): Node {
  const engine = start();
  return (arrived) => engine.tick(arrived);
}

/** What a programmer would write: who acknowledged, by value and by count; without the answers. */
function byHand(): Node {
  const acks = new Map<Value, Map<Value, Set<Value>>>();
  return (arrived) => {
    for (const { row } of arrived) {
      const [source, value, count] = row as readonly [Value, Value, Value];
      let counts = acks.get(value);
      if (counts === undefined) acks.set(value, (counts = new Map()));
      let sources = counts.get(count);
      if (sources === undefined) counts.set(count, (sources = new Set()));
      sources.add(source);
    }
  };
}

function costFrom(size: number, make: () => Node): number {
  const nodes = Math.ceil(TIMED / size);
  let seconds = 0;
  for (let i = 0; i < nodes; i++) {
    const tick = make();
    let next = 0;
    const feed = (count: number): void => {
      for (let done = 0; done < count; done += 10) {
        const arrived: Fact[] = [];
        for (let k = 0; k < 10; k++, next++) {
          arrived.push({ relation: "ack", row: [VOTERS[next % 3]!, Math.floor(next / 3), 1] });
        }
        tick(arrived);
      }
    };
    feed(size);
    seconds += timed(() => feed(size));
  }
  return seconds / (nodes * size);
}
