// One node's evaluator without network: streaming votes, cost against held facts, transitive closure; beside the same
// thing written by hand. Medians; both contenders take turns in one run.
import { analyze } from "../src/analysis/analyze.ts";
import { compile } from "../src/evaluator/compile.ts";
import type { Fact, NodeEngine, Send } from "../src/evaluator/nodeEngine.ts";
import { address, type Row, type Value } from "../src/program/value.ts";
import { read } from "../src/syntax/read.ts";
import { quantile, report, type Figure } from "./report.ts";

const SEED = 1;
const RUNS = 7;

function start(text: string, edb: Readonly<Record<string, readonly Row[]>> = {}): NodeEngine {
  const declared = Object.entries(edb).map(([r, rows]) => {
    const columns = (rows[0] ?? []).map((_, i) => `a${i}`);
    return `edb ${r}(${columns.join(", ")})`;
  });
  const { program, diagnostics } = read([...declared, `component c {`, text, `}`].join("\n"));
  if (diagnostics.some((d) => d.severity === "error")) throw new Error(JSON.stringify(diagnostics));
  return compile(analyze(program), "c").start({
    address: "c",
    edb: new Map(Object.entries(edb)),
    functions: new Map(),
  });
}

/** Medians of the seconds that the contenders take, each run in turn. */
function contest(runs: number, ...contenders: readonly (() => number)[]): readonly number[] {
  const samples = contenders.map((): number[] => []);
  for (let i = 0; i < runs; i++) contenders.forEach((c, k) => samples[k]!.push(c()));
  return samples.map((s) => quantile(s, 0.5));
}

function timed(work: () => void): number {
  const from = performance.now();
  work();
  return (performance.now() - from) / 1_000;
}

const VOTING = `
  votes(s, id) :- vote(s, id)
  votes(s, id)@next :- votes(s, id), !committed(id)
  numVotes(count<s>, id) :- votes(s, id)
  committed(id) :- numVotes(n, id), quorum(n)
  reply(id)@async(c) :- committed(id), client(c)`;
const VOTING_EDB = { quorum: [[3]], client: [[address("client")]] };
const VOTERS: readonly Value[] = ["p1", "p2", "p3"].map(address);

/** `ids` times three votes, cut into ticks of `size` facts. */
function voteTicks(ids: number, size: number): readonly (readonly Fact[])[] {
  const ticks: Fact[][] = [];
  let tick: Fact[] = [];
  for (let id = 0; id < ids; id++) {
    for (const voter of VOTERS) {
      tick.push({ relation: "vote", row: [voter, id] });
      if (tick.length < size) continue;
      ticks.push(tick);
      tick = [];
    }
  }
  if (tick.length > 0) ticks.push(tick);
  return ticks;
}

/** What a programmer would write: a set of voters for each open command. */
class HandWrittenVoting {
  readonly #open = new Map<Value, Set<string>>();

  tick(arrived: readonly Fact[]): readonly Send[] {
    const sends: Send[] = [];
    for (const { row } of arrived) {
      const [voter, id] = row as readonly [{ name: string }, Value];
      let voters = this.#open.get(id);
      if (voters === undefined) this.#open.set(id, (voters = new Set()));
      voters.add(voter.name);
      if (voters.size !== 3) continue;
      this.#open.delete(id);
      sends.push({ relation: "reply", row: [id], to: "client" });
    }
    return sends;
  }
}

function voting(size: number, goal: number): Figure {
  const ids = size === 1 ? 60_000 : 200_000;
  const ticks = voteTicks(ids, size);
  const run = (tick: (arrived: readonly Fact[]) => readonly Send[]): number => {
    let sends = 0;
    const seconds = timed(() => {
      for (const arrived of ticks) sends += tick(arrived).length;
    });
    if (sends !== ids) throw new Error(`${sends} replies to ${ids} commands`);
    return seconds;
  };
  const [own, hand] = contest(
    RUNS,
    () => {
      const engine = start(VOTING, VOTING_EDB);
      return run((arrived) => engine.tick(arrived).sends);
    },
    () => {
      const engine = new HandWrittenVoting();
      return run((arrived) => engine.tick(arrived));
    },
  ) as readonly [number, number];
  const value = (3 * ids) / own;
  return {
    what: `votes, ${size} facts a tick`,
    value,
    unit: "facts/s",
    peer: "hand-written",
    peerValue: (3 * ids) / hand,
    ratio: hand / own,
    goal: `>= ${goal / 1e6} M`,
    met: value >= goal,
  };
}

const ACKS = `
  acks(src, val, cnt) :- ack(src, val, cnt)
  acks(src, val, cnt)@next :- acks(src, val, cnt)
  numACKs(count<src>, val, cnt) :- acks(src, val, cnt)
  outCert(val, cnt)@async(c) :- numACKs(n, val, cnt), numNodes(n), client(c)
  outInconsistent(val)@async(c) :- acks(s1, val, c1), acks(s2, val, c2), c1 != c2, client(c)`;

/** Seconds a fact costs when so many are held already: three acknowledgements a value, kept for ever. */
function heldCosts(sizes: readonly number[]): readonly number[] {
  const engine = start(ACKS, { numNodes: [[3]], client: [[address("client")]] });
  let next = 0;
  const feed = (count: number, tick: number): void => {
    for (let done = 0; done < count; done += tick) {
      const arrived: Fact[] = [];
      for (let i = 0; i < tick; i++, next++) {
        arrived.push({ relation: "ack", row: [VOTERS[next % 3]!, Math.floor(next / 3), 1] });
      }
      engine.tick(arrived);
    }
  };
  const MEASURED = 6_000;
  return sizes.map((size) => {
    feed(size - next, 10);
    return timed(() => feed(MEASURED, 10)) / MEASURED;
  });
}

function growth(): readonly Figure[] {
  const sizes = [1_000, 100_000, 1_000_000];
  const samples = sizes.map((): number[] => []);
  for (let i = -1; i < 5; i++) {
    const costs = heldCosts(sizes);
    if (i >= 0) costs.forEach((c, k) => samples[k]!.push(c));
  }
  const [base, ...larger] = samples.map((s) => quantile(s, 0.5)) as [number, number, number];
  return larger.map((cost, i) => ({
    what: `cost of a fact, ${sizes[i + 1]!.toLocaleString("en")} held`,
    value: cost * 1e9,
    unit: "ns",
    peer: "1,000 held",
    peerValue: base * 1e9,
    ratio: cost / base,
    goal: i === 0 ? "<= 1.5x" : "<= 3x",
    met: cost / base <= (i === 0 ? 1.5 : 3),
  }));
}

const CLOSURE = `
  path(x, y) :- edge(x, y)
  path(x, z) :- path(x, y), edge(y, z)`;

function randomEdges(nodes: number, edges: number): readonly (readonly [number, number])[] {
  let state = SEED;
  const below = (n: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const found = new Map<number, readonly [number, number]>();
  while (found.size < edges) {
    const [from, to] = [below(nodes), below(nodes)];
    found.set(from * nodes + to, [from, to]);
  }
  return [...found.values()];
}

/** Semi-naive over typed arrays: adjacency lists, an open-addressed set of pairs, a queue. */
function handWrittenClosure(nodes: number, edges: readonly (readonly [number, number])[]): number {
  const start = new Int32Array(nodes + 1);
  for (const [from] of edges) start[from + 1]!++;
  for (let i = 0; i < nodes; i++) start[i + 1]! += start[i]!;
  const fill = start.slice();
  const targets = new Int32Array(edges.length);
  for (const [from, to] of edges) targets[fill[from]!++] = to;
  let capacity = 1 << 16;
  let set = new Int32Array(capacity);
  let queue = new Int32Array(capacity);
  let size = 0;
  const slotOf = (key: number): number => {
    let slot = (Math.imul(key, 0x9e3779b1) >>> 8) & (capacity - 1);
    while (set[slot] !== 0 && set[slot] !== key) slot = (slot + 1) & (capacity - 1);
    return slot;
  };
  const add = (from: number, to: number): void => {
    const key = from * nodes + to + 1;
    const slot = slotOf(key);
    if (set[slot] === key) return;
    set[slot] = key;
    queue[size++] = key;
    if (size * 2 < capacity) return;
    capacity *= 2;
    set = new Int32Array(capacity);
    const larger = new Int32Array(capacity);
    larger.set(queue);
    queue = larger;
    for (let i = 0; i < size; i++) set[slotOf(queue[i]!)] = queue[i]!;
  };
  for (const [from, to] of edges) add(from, to);
  for (let i = 0; i < size; i++) {
    const from = Math.floor((queue[i]! - 1) / nodes);
    const to = (queue[i]! - 1) % nodes;
    for (let k = start[to]!; k < start[to + 1]!; k++) add(from, targets[k]!);
  }
  return size;
}

function closure(): Figure {
  const edges = randomEdges(1_000, 3_000);
  const arrived = edges.map((row): Fact => ({ relation: "edge", row }));
  let paths = 0;
  let expected = 0;
  const [own, hand] = contest(
    RUNS,
    () => {
      const engine = start(CLOSURE);
      return timed(() => {
        engine.tick(arrived);
        paths = engine.size() - edges.length;
      });
    },
    () => timed(() => (expected = handWrittenClosure(1_000, edges))),
  ) as readonly [number, number];
  if (paths !== expected) throw new Error(`${paths} paths, not ${expected}`);
  return {
    what: `transitive closure, 1,000 nodes, 3,000 edges, ${paths.toLocaleString("en")} paths`,
    value: own * 1e3,
    unit: "ms",
    peer: "hand-written",
    peerValue: hand * 1e3,
    ratio: own / hand,
    goal: "<= 2x",
    met: own / hand <= 2,
  };
}

/** Ten million votes are the goal's; a tenth of them shows whether memory stays. */
function memory(): Figure {
  const engine = start(VOTING, VOTING_EDB);
  const LIMIT = 200;
  for (let id = 0; id < 1_000_000; id += 64) {
    const arrived: Fact[] = [];
    for (let i = 0; i < 64; i++) {
      for (const voter of VOTERS)
        arrived.push({ relation: "vote", row: [voter, `command ${id + i}`] });
    }
    engine.tick(arrived);
  }
  const value = process.memoryUsage().rss / 2 ** 20;
  return {
    what: "memory after 3,000,000 votes on texts, none kept",
    value,
    unit: "MiB",
    goal: `<= ${LIMIT}`,
    met: value <= LIMIT,
  };
}

const memoryFigure = memory();
report("evaluator", SEED, [voting(64, 3e6), voting(1, 1e6), ...growth(), closure(), memoryFigure]);
