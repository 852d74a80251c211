import { FIRST_EXAMPLE } from "../store/clewDocument.ts";
import type { Example } from "../store/clewDocument.ts";

export interface ExampleGroup {
  /** Absent for those that stand in the menu itself. */
  readonly title?: string;
  readonly examples: readonly Example[];
}

/** Everything shipped under `public/examples`. */
export const EXAMPLE_GROUPS: readonly ExampleGroup[] = [
  {
    examples: [
      FIRST_EXAMPLE,
      { name: "Voting", folder: "voting" },
      { name: "Two-phase commit", folder: "twopc" },
      { name: "Multi-Paxos", folder: "paxos" },
      { name: "Compartmentalized Paxos, by hand", folder: "comppaxos" },
      { name: "PBFT, critical path", folder: "pbft" },
    ],
  },
  {
    title: "Rewritten, step by step",
    examples: [
      { name: "KVS, Figure 2: independent", folder: "kvs", derivation: "mutuallyIndependent" },
      { name: "KVS, Figure 3: monotonic", folder: "kvs", derivation: "monotonic" },
      { name: "KVS, Figure 4: functional", folder: "kvs", derivation: "functional" },
      { name: "KVS, Figure 5: co-hashing", folder: "kvs", derivation: "cohashing" },
      { name: "KVS, Figure 6: dependencies", folder: "kvs", derivation: "dependencies" },
      { name: "Voting on 26 machines", folder: "voting", derivation: "scaled" },
      { name: "Voting, three partitions", folder: "voting", derivation: "scaled3" },
      { name: "Voting, decoupled only", folder: "voting", derivation: "scaled1" },
      { name: "Two-phase commit on 46 machines", folder: "twopc", derivation: "scaled" },
      { name: "Multi-Paxos on 20 machines", folder: "paxos", derivation: "scaled20", deployment: "scaled20" }, // prettier-ignore
      { name: "Multi-Paxos on 29 machines", folder: "paxos", derivation: "scaled" },
      { name: "Multi-Paxos, proxies that confirm", folder: "paxos-proxies", derivation: "scaled" },
      { name: "PBFT on 40 machines", folder: "pbft", derivation: "scaled" },
      { name: "PBFT on 40 machines, hardened", folder: "pbft", derivation: "hardened" },
    ],
  },
  {
    title: "One rewrite each (R-set)",
    examples: [
      { name: "R-set: independent", folder: "rset-independent", derivation: "scaled" },
      { name: "R-set: monotonic", folder: "rset-monotonic", derivation: "scaled" },
      { name: "R-set: functional", folder: "rset-functional", derivation: "scaled" },
      { name: "R-set: co-hashing", folder: "rset-cohashing", derivation: "scaled" },
      { name: "R-set: dependencies", folder: "rset-dependencies", derivation: "scaled" },
      { name: "R-set: partial", folder: "rset-partial", derivation: "scaled" },
    ],
  },
  {
    title: "Small ones to learn on",
    examples: [
      { name: "Echo", folder: "echo", derivation: "scaled" },
      { name: "Reliable broadcast: best effort", folder: "broadcast-besteffort" },
      { name: "Reliable broadcast: retry", folder: "broadcast-retry" },
      { name: "Reliable broadcast: redundant", folder: "broadcast-redundant" },
      { name: "Reliable broadcast: acknowledged", folder: "broadcast-acked" },
      { name: "Commit: two phases with timeouts", folder: "twopc-timeouts" },
      { name: "Commit: three phases", folder: "threepc" },
      { name: "Commit: three phases with timeouts", folder: "threepc-timeouts" },
      { name: "Leader election on a ring", folder: "election" },
      { name: "Grow-only set", folder: "gset" },
      { name: "Last writer wins", folder: "lww" },
      { name: "Chain replication", folder: "chain" },
      { name: "Shopping cart", folder: "cart", derivation: "scaled" },
    ],
  },
];
