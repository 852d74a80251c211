import type { Literal, RelationLiteral, RelationName, RuleId, Timing } from "../program/program.ts";
import type { Row } from "../program/value.ts";
import type { FunctionTable } from "./functions.ts";
import type { RowLog, SharedIds } from "./rowLog.ts";

/** A fact at one node in one tick. */
export interface Fact {
  readonly relation: RelationName;
  readonly row: Row;
}

/** A fact on its way to an address. */
export interface Send extends Fact {
  readonly to: string;
}

/** What one node is told before its first tick. EDB includes `node` relations and keys of this very node. */
export interface NodeEnvironment {
  readonly address: string;
  readonly edb: ReadonlyMap<RelationName, readonly Row[]>;
  readonly functions: FunctionTable;
}

export interface TickReport {
  /** The tick's number, from 1. */
  readonly tick: number;
  /** Asynchronous facts that did not hold in the previous tick, each once. */
  readonly sends: readonly Send[];
  /** How many asynchronous facts held in the previous tick too; `NodeEngine.standing()` enumerates them. */
  readonly standing: number;
  /** The state the next tick starts from differs from the one this tick started from: the node must tick again. */
  readonly unsettled: boolean;
}

export interface RowReport extends Omit<TickReport, "sends"> {
  /** The entries from here on are what is sent. */
  readonly sendsFrom: number;
}

/** What the last tick changed of the sends that stand, of some channels. */
export interface StandingChange {
  /** How many stand now. */
  readonly standing: number;
  /** Those that stood in the tick before and hold no longer, of channels about which was asked before that tick ended. */
  readonly ceased: readonly Send[];
}

/** What changed against the previous tick, over all stored relations; only when observed. */
export interface Change {
  readonly appeared: readonly Fact[];
  readonly disappeared: readonly Fact[];
}

/** One way in which a rule derives a fact from what holds at a node in one tick. */
export interface FactDerivation {
  readonly rule: RuleId;
  /** Valuations of the body: exactly one, or for a rule that aggregates all of the group. */
  readonly members: readonly DerivationMember[];
}

export interface DerivationMember {
  /** What the positive stored literals matched, in text order; constant relations and builtins included. */
  readonly facts: readonly Fact[];
  /** Literals over stored relations of which nothing was there, with their values put in; wildcards stay. */
  readonly absent: readonly RelationLiteral[];
  /** Comparisons, assignments and functions, with their values put in. */
  readonly conditions: readonly Literal[];
}

/**
 * One node running one component. The reference and the incremental evaluator both implement exactly this
 * (language.md section 3): the arrived facts and what inductive rules carried over form the tick's input.
 * A run-time error of the program's (division by zero, overflow) is thrown as `EvaluationError`.
 */
export interface NodeEngine {
  tick(arrived: readonly Fact[]): TickReport;
  /**
   * Asynchronous facts of the last tick that had also been sent in the tick before; of these channels only, if given,
   * which costs no more than they hold.
   */
  standing(channels?: ReadonlySet<RelationName>): readonly Send[];
  /** The same as a change: asked after every tick, it costs what the ticks changed and not what stands. */
  standingChange(channels: ReadonlySet<RelationName>): StandingChange;
  /** What the last tick changed; throws unless the engine was started with `observe`. */
  change(): Change;
  /** Contents of a relation in the last tick, in the order of `compareRows`. */
  facts(relation: RelationName): readonly Row[];
  /**
   * Every derivation of a fact from what held in the last tick, by its rules of that timing: `next` ones say why the
   * fact will be there in the coming tick, `async` ones why it was sent. Costs nothing unless asked.
   */
  explain(timing: Timing["kind"], fact: Fact | Send): readonly FactDerivation[];
  /** Number of facts now stored: what a memory check looks at. */
  size(): number;
  /**
   * As `tick`, for a node that was started with `ids`: entries of the log arrive, and `facts`. It adds to the log what it
   * changed, if observed, then what it sends. `change()` says nothing of such a tick. Absent where an engine knows values
   * only.
   */
  tickRows?(log: RowLog, arrived: readonly number[], facts: readonly Fact[]): RowReport;
}

/** A component made ready to run; start as many nodes of it as the deployment has. */
export interface Runnable {
  start(environment: NodeEnvironment, options?: StartOptions): NodeEngine;
}

export interface StartOptions {
  /** What every tick changes will be asked for. */
  readonly observe?: boolean;
  /** Shared with the other nodes of a run. Whatever has got an id keeps it. */
  readonly ids?: SharedIds;
}
