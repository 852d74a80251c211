import type { Deployment } from "../program/deployment.ts";
import type { Fault } from "../program/evidence.ts";
import type {
  Attribute,
  ComponentName,
  RelationName,
  Rule,
  RuleId,
  Program,
} from "../program/program.ts";

/** Exactly one kind a relation (rewrites.md section 0.2). */
export type RelationKind =
  | "edb.static"
  | "edb.node"
  | "func"
  | "env"
  | "chan"
  | "local"
  /** `self(l)` and `tick(t)` */
  | "builtin";

export interface RelationInfo {
  readonly name: RelationName;
  readonly kind: RelationKind;
  readonly arity: number;
  /** `arity` long; declared or inferred, names unique within the relation. */
  readonly attributes: readonly Attribute[];
  /** Components that read it (positively or negated) and that derive it, in program order. */
  readonly readBy: readonly ComponentName[];
  readonly derivedBy: readonly ComponentName[];
  /** Sent to clients: declared `output`, named in the deployment's answers, or sent and read by no component. */
  readonly toClients: boolean;
  readonly durable: boolean;
  readonly timerMs?: number;
}

export interface RuleInfo {
  readonly rule: Rule;
  readonly component: ComponentName;
  /** The rule's number in the whole program's text order, from 1: what the gutter and every sentence show. */
  readonly number: number;
}

/**
 * A program with what every later phase asks of it. `faults` with severity error mean that analyses, rewrites and
 * evaluation must not be tried on it; drawing it is fine.
 */
export interface AnalyzedProgram {
  readonly program: Program;
  readonly deployment: Deployment | undefined;
  readonly relations: ReadonlyMap<RelationName, RelationInfo>;
  readonly rules: ReadonlyMap<RuleId, RuleInfo>;
  readonly faults: readonly Fault[];
}
