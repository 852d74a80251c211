import type { Deployment } from "../program/deployment.ts";
import type { ComponentName, Program, RuleId } from "../program/program.ts";
import type { Chain, Verdict } from "../rewrites/rewrite.ts";

/** What the page asks of the worker that looks for groups of rules that can move together, and for keys. Plain data throughout. */
export interface GroupsApi {
  readonly groups: {
    readonly request: {
      readonly program: Program;
      readonly deployment: Deployment | undefined;
      readonly chain: Chain;
    };
    readonly response: FoundGroups;
    /** The groups and keys found so far. */
    readonly progress: FoundGroups;
  };
}

export interface FoundGroups {
  /** The busiest node's messages per command now; absent when the program cannot be simulated. */
  readonly before: number | undefined;
  /** Those first that leave the busiest node with the least to do. */
  readonly groups: readonly GroupView[];
  /** Keys that components can be partitioned by, in the same order. */
  readonly keys: readonly KeyView[];
}

export interface GroupView {
  readonly component: ComponentName;
  readonly rules: readonly RuleId[];
  /** "rules 3 to 8" */
  readonly words: string;
  readonly rewrite: string;
  readonly verdict: Verdict;
  /** Steps that have to be inserted first. */
  readonly inserted: number;
  /** The busiest node's messages per command once the group has moved. */
  readonly after: number | undefined;
}

export interface KeyView {
  readonly component: ComponentName;
  /** "storage → 3 partitions by hash(val, 16)" */
  readonly words: string;
  readonly rewrite: string;
  readonly verdict: Verdict;
  /** Steps that have to be inserted first. */
  readonly inserted: number;
  /** The busiest node's messages per command once the component is partitioned. */
  readonly after: number | undefined;
  /** The same of the component's own nodes, before and after, where another node is the busiest. */
  readonly own: { readonly before: number; readonly after: number } | undefined;
}
