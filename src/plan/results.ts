/**
 * What a run on a cluster measured (files.md, Results). `format` "clew/results", version 2; in version 1 the busy time
 * of the clients and the seconds between a node's own samples were not there.
 */
export interface Results {
  readonly format: "clew/results";
  readonly version: 1 | 2;
  readonly plan: { readonly sha256: string; readonly name: string };
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly os: string;
  };
  readonly versions: { readonly clew: string; readonly node: string };
  readonly seed: number;
  readonly clients: number;
  readonly warmupSeconds: number;
  readonly durationSeconds: number;
  /** Answered commands per second. */
  readonly throughput: { readonly mean: number; readonly perSecond: readonly number[] };
  readonly latencyMs: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly p999: number;
    readonly max: number;
  };
  readonly sent: number;
  readonly answered: number;
  readonly unanswered: number;
  readonly duplicates: number;
  /** Answers that fit no request, nodes that died, what went wrong: one sentence each. */
  readonly errors: readonly string[];
  readonly nodes: Readonly<Record<string, NodeFigures>>;
  /** What the clients' own process used in the measured part. */
  readonly clientsCpuSeconds?: number;
  /** Share of all cores of the machine that was in use in the measured part, by this run and by whatever else ran. */
  readonly machineBusy?: number;
  /** HdrHistogram, compressed and base64 encoded. */
  readonly histogram: string;
}

export interface NodeFigures {
  readonly component: string;
  /** User and system time of the node's process. */
  readonly cpuSeconds: number;
  /** How long that took, by the node's own clock: a lost node was sampled for less than the whole run. */
  readonly sampledSeconds?: number;
  readonly memoryBytes: number;
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly rowsIn: number;
  readonly rowsOut: number;
}
