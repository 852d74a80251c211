import type { Span } from "../program/diagnostic.ts";
import type { ComponentName, RelationName, RuleId } from "../program/program.ts";

/** The picture of a program, as data: what is drawn, never where (ui.md, "Graph vocabulary"). */
export interface GraphModel {
  /** The clients band first, then components in program order. */
  readonly groups: readonly GraphGroup[];
  /** Group by group; rules by number. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphGroup {
  readonly id: string;
  readonly kind: "clients" | "component";
  readonly name: string;
  readonly rules: number;
  /** Addresses it runs at, all partitions counted; 1 without a deployment. */
  readonly instances: number;
  readonly partitions: number;
  readonly by: readonly string[];
  /** "3 nodes", "5 partitions by id"; empty when one node runs it. */
  readonly words: string;
  /** What a screen reader says. */
  readonly label: string;
  /** At the level Deployment: what a box of machines stands for. */
  readonly machines?: Machines;
}

export interface Machines {
  readonly component: ComponentName;
  readonly addresses: readonly string[];
  readonly rules: readonly RuleId[];
  /** The line below the words: how many rules run there, or the addresses. */
  readonly note: string;
  /** Channels it receives that are too many for a tag each. */
  readonly untagged: readonly RelationName[];
}

interface Drawn {
  /** The same before and after a rewrite that leaves it alone or moves it, so that it can be seen to travel. */
  readonly id: string;
  readonly group: string;
  readonly label: string;
}

/** A rule that keeps a relation has no node: the relation's chip names it. */
export interface Keeper {
  readonly rule: RuleId;
  readonly number: number;
}

export type GraphNode = Drawn &
  (
    | {
        readonly kind: "rule";
        readonly rule: RuleId;
        readonly number: number;
        readonly aggregates: boolean;
      }
    | {
        readonly kind: "relation";
        readonly relation: RelationName;
        readonly keptBy: readonly Keeper[];
        readonly constant: false;
      }
    | {
        readonly kind: "channel";
        readonly relation: RelationName;
        /** Who sends it: other components, the clients, or a timer. */
        readonly from: "component" | "clients" | "timer";
        readonly constant: false;
      }
    /** Hidden until asked for. */
    | { readonly kind: "constant"; readonly relation: RelationName; readonly constant: true }
    | { readonly kind: "function"; readonly relation: RelationName; readonly constant: true }
    /** A rule that could not be read. */
    | { readonly kind: "broken"; readonly span: Span; readonly message: string }
  );

export type GraphEdgeKind = "reads" | "absence" | "now" | "next" | "message";

export interface GraphEdge {
  readonly id: string;
  readonly kind: GraphEdgeKind;
  /** A node's id, or the id of the clients group. */
  readonly from: string;
  readonly to: string;
  /** Where it comes from in the program; nothing for what clients send. */
  readonly source?:
    | { readonly kind: "literal"; readonly rule: RuleId; readonly index: number }
    | { readonly kind: "head"; readonly rule: RuleId };
  readonly constant: boolean;
}

export const CLIENTS = "clients";
