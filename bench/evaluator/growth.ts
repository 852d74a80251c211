import type { Fact } from "../../src/evaluator/nodeEngine.ts";
import { address } from "../../src/program/value.ts";
import { quantile, type Figure } from "../report.ts";
import { runnable, timed } from "./contest.ts";
import { VOTERS } from "./voting.ts";

const ACKS = `
  acks(src, val, cnt) :- ack(src, val, cnt)
  acks(src, val, cnt)@next :- acks(src, val, cnt)
  numACKs(count<src>, val, cnt) :- acks(src, val, cnt)
  outCert(val, cnt)@async(c) :- numACKs(n, val, cnt), numNodes(n), client(c)
  outInconsistent(val)@async(c) :- acks(s1, val, c1), acks(s2, val, c2), c1 != c2, client(c)`;
const HELD = [1_000, 100_000, 1_000_000];
/** Facts that are timed at least; from small sizes several nodes grow. */
const TIMED = 20_000;
const RUNS = 5;

/**
 * What a fact costs when so many are held already: three acknowledgements a value, kept for ever. It is the mean from
 * this size to the double, so that tables growing count with what they cost on the whole.
 */
export function growth(): readonly Figure[] {
  const samples = HELD.map((): number[] => []);
  // The first run is for the compiler.
  for (let i = -1; i < RUNS; i++) {
    const costs = HELD.map(costFrom);
    if (i >= 0) costs.forEach((c, k) => samples[k]!.push(c));
  }
  const [base, ...larger] = samples.map((s) => quantile(s, 0.5)) as [number, ...number[]];
  return larger.map((cost, i) => ({
    what: `cost of a fact, ${HELD[i + 1]!.toLocaleString("en")} held`,
    value: cost * 1e9,
    unit: "ns",
    peer: "1,000 held",
    peerValue: base * 1e9,
    ratio: cost / base,
    goal: i === 0 ? "<= 1.5x" : "<= 3x",
    met: cost / base <= (i === 0 ? 1.5 : 3),
  }));
}

const start = runnable(ACKS, { numNodes: [[3]], client: [[address("client")]] });

function costFrom(size: number): number {
  const nodes = Math.ceil(TIMED / size);
  let seconds = 0;
  for (let i = 0; i < nodes; i++) {
    const engine = start();
    let next = 0;
    const feed = (count: number): void => {
      for (let done = 0; done < count; done += 10) {
        const arrived: Fact[] = [];
        for (let k = 0; k < 10; k++, next++) {
          arrived.push({ relation: "ack", row: [VOTERS[next % 3]!, Math.floor(next / 3), 1] });
        }
        engine.tick(arrived);
      }
    };
    feed(size);
    seconds += timed(() => feed(size));
  }
  return seconds / (nodes * size);
}
