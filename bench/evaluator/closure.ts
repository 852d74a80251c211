import { run } from "clingo-wasm";
import initSqlJs from "sql.js";
import type { Fact } from "../../src/evaluator/nodeEngine.ts";
import type { Figure } from "../report.ts";
import { contest, runnable, SEED, timed } from "./contest.ts";

const NODES = 1_000;
const EDGES = 3_000;
const CLOSURE = `
  path(x, y) :- edge(x, y)
  path(x, z) :- path(x, y), edge(y, z)`;

type Edges = readonly (readonly [number, number])[];

const { Database } = await initSqlJs();

/** All paths of a random graph. Every contender starts from the edges, and has found all paths when it is done. */
export async function closure(): Promise<readonly Figure[]> {
  const edges = randomEdges(NODES, EDGES);
  const paths = handWrittenClosure(NODES, edges);
  const contenders = CONTENDERS.map(([name, find]) => async (): Promise<number> => {
    const { found, seconds } = await find(edges);
    if (found !== undefined && found !== paths) {
      throw new Error(`${name}: ${found} paths, not ${paths}`);
    }
    return seconds;
  });
  const [own, ...peers] = (await contest(contenders)) as [number, ...number[]];
  return peers.map((seconds, i) => ({
    what: `transitive closure, ${paths.toLocaleString("en")} paths`,
    value: own * 1e3,
    unit: "ms",
    peer: CONTENDERS[i + 1]![0],
    peerValue: seconds * 1e3,
    ratio: own / seconds,
    ...(i === 0 ? { goal: "<= 2x", met: own / seconds <= 2 } : {}),
  }));
}

interface Closed {
  readonly seconds: number;
  /** How many paths; undefined where counting them would cost. */
  readonly found?: number;
}

const CONTENDERS: readonly (readonly [string, (edges: Edges) => Closed | Promise<Closed>])[] = [
  ["Clew", clew],
  ["hand-written", handWritten],
  ["sql.js", sqlJs],
  ["clingo", clingo],
];

const start = runnable(CLOSURE);

function clew(edges: Edges): Closed {
  const engine = start();
  const arrived = edges.map((row): Fact => ({ relation: "edge", row }));
  const seconds = timed(() => void engine.tick(arrived));
  return { seconds, found: engine.size() - edges.length };
}

function handWritten(edges: Edges): Closed {
  let found = 0;
  const seconds = timed(() => (found = handWrittenClosure(NODES, edges)));
  return { seconds, found };
}

function sqlJs(edges: Edges): Closed {
  const database = new Database();
  database.run("CREATE TABLE edge(x INTEGER, y INTEGER, PRIMARY KEY (x, y)) WITHOUT ROWID");
  const insert = database.prepare("INSERT INTO edge VALUES (?, ?)");
  let found = 0;
  const seconds = timed(() => {
    database.run("BEGIN");
    for (const [x, y] of edges) insert.run([x, y]);
    database.run("COMMIT");
    const [result] = database.exec(`WITH RECURSIVE path(x, y) AS (
      SELECT x, y FROM edge UNION SELECT path.x, edge.y FROM path, edge WHERE edge.x = path.y)
      SELECT count(*) FROM path`);
    found = Number(result?.values[0]?.[0]);
  });
  database.close();
  return { seconds, found };
}

/** Grounding alone finds the paths; printing them would take as long again, so nothing is shown. */
async function clingo(edges: Edges): Promise<Closed> {
  const facts = edges.map(([x, y]) => `edge(${x},${y}).`).join("");
  const rules = "path(X,Y) :- edge(X,Y). path(X,Z) :- path(X,Y), edge(Y,Z). #show.";
  const from = performance.now();
  const result = await run(`${facts}${rules}`);
  const seconds = (performance.now() - from) / 1_000;
  if (result.Result !== "SATISFIABLE") throw new Error(`clingo: ${result.Result}`);
  return { seconds };
}

function randomEdges(nodes: number, edges: number): Edges {
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
function handWrittenClosure(nodes: number, edges: Edges): number {
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
