import type { Value } from "./value.ts";

/** The immutable intermediate representation of a Dedalus program (rewrites.md section 0). */
export interface Program {
  /** Declarations outside any component. */
  readonly declarations: readonly Declaration[];
  readonly components: readonly Component[];
}

export type ComponentName = string;
/** One name space for the whole program: a relation has one arity and one set of types everywhere. */
export type RelationName = string;
/** `component/head/n`: the n-th rule (from 1) with that head in that component, in text order. */
export type RuleId = string;

export interface Component {
  readonly name: ComponentName;
  /** The attributes it is partitioned by, as shown after `by`; documentation only, semantics are in its senders. */
  readonly by: readonly string[];
  readonly declarations: readonly Declaration[];
  readonly rules: readonly Rule[];
}

export interface Rule {
  readonly id: RuleId;
  readonly head: Head;
  readonly body: readonly Literal[];
}

export interface Head {
  readonly relation: RelationName;
  readonly terms: readonly HeadTerm[];
  readonly timing: Timing;
}

/** now: same node, same tick; next: same node, next tick; async: arrives at `destination` in some later tick. */
export type Timing =
  | { readonly kind: "now" }
  | { readonly kind: "next" }
  | { readonly kind: "async"; readonly destination: Term };

export type HeadTerm = Term | Aggregate;

/** `count<x,y>`: over the distinct valuations of the rule's body (H-12); count counts distinct tuples of `over`. */
export interface Aggregate {
  readonly kind: "aggregate";
  readonly operator: AggregateOperator;
  /** Variable names; one or more. */
  readonly over: readonly string[];
}
export type AggregateOperator = "count" | "sum" | "min" | "max" | "choose" | "collect" | "seal";

export type Literal = RelationLiteral | ComparisonLiteral | AssignmentLiteral;

/** Covers stored relations, EDB, functions (`hash(x,h)`) and the builtins `self(l)` and `tick(t)`; analysis tells which. */
export interface RelationLiteral {
  readonly kind: "relation";
  readonly negated: boolean;
  readonly relation: RelationName;
  readonly terms: readonly Term[];
}
export interface ComparisonLiteral {
  readonly kind: "comparison";
  readonly operator: ComparisonOperator;
  readonly left: Term;
  readonly right: Term;
}
export type ComparisonOperator = "==" | "!=" | "<" | "<=" | ">" | ">=";
export interface AssignmentLiteral {
  readonly kind: "assignment";
  readonly variable: string;
  readonly value: Term;
}

export type Term = Variable | Wildcard | Constant | Arithmetic | Tuple;
export interface Variable {
  readonly kind: "variable";
  readonly name: string;
}
export interface Wildcard {
  readonly kind: "wildcard";
}
export interface Constant {
  readonly kind: "constant";
  readonly value: Value;
}
export interface Arithmetic {
  readonly kind: "arithmetic";
  readonly operator: ArithmeticOperator;
  readonly left: Term;
  readonly right: Term;
}
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%";
export interface Tuple {
  readonly kind: "tuple";
  readonly terms: readonly Term[];
}

export type Declaration =
  /** `input r(a: int, b)`; durable may also be set by a separate `durable r`. */
  | {
      readonly kind: "relation";
      readonly role: RelationRole;
      readonly relation: RelationName;
      readonly attributes: readonly Attribute[];
      /** Contents of an `edb`, each row `attributes.length` long. */
      readonly rows?: readonly (readonly Value[])[];
    }
  /** `timer r every 50ms` */
  | { readonly kind: "timer"; readonly relation: RelationName; readonly periodMs: number }
  /** `durable r` */
  | { readonly kind: "durable"; readonly relation: RelationName }
  /** `invariant r`: r must stay empty. With a rule, `invariant r(x) :- …`: r is about the whole system, as `global` says. */
  | {
      readonly kind: "invariant";
      readonly relation: RelationName;
      readonly rule?: Omit<Rule, "id">;
    }
  /** `sink r`: log or stdout. */
  | { readonly kind: "sink"; readonly relation: RelationName }
  /**
   * `global r`: r is about the whole system (Molly's assertions), its facts stand at no node in particular. With a rule,
   * `global r(x) :- …`, it is derived outside of every node: no component has the rule, and no node computes it.
   */
  | { readonly kind: "global"; readonly relation: RelationName; readonly rule?: Omit<Rule, "id"> }
  /** `fd r: a,… -> [f] b` */
  | {
      readonly kind: "dependency";
      readonly relation: RelationName;
      readonly from: readonly string[];
      readonly function?: string;
      readonly to: string;
    }
  /** `injective f` */
  | { readonly kind: "injective"; readonly function: RelationName }
  /** `function f(in… -> out…)` */
  | {
      readonly kind: "function";
      readonly function: RelationName;
      readonly inputs: readonly Attribute[];
      readonly outputs: readonly Attribute[];
    }
  /** `within r.a of s`: every value of r's attribute a is in the static set s (foreign key, bound certificates). */
  | {
      readonly kind: "within";
      readonly relation: RelationName;
      readonly attribute: string;
      readonly of: RelationName;
    }
  /** `snippet r input "…"`: what Hydroflow datalog says of r in Rust, kept to be printed back and never run. */
  | {
      readonly kind: "snippet";
      readonly relation: RelationName;
      readonly role: SnippetRole;
      readonly snippets: readonly string[];
    };

export type SnippetRole = "input" | "output" | "static" | "async";

/** input: from clients; output: to clients; edb: same everywhere; node: constant but specific to a node. */
export type RelationRole = "input" | "output" | "edb" | "node" | "local";

export interface Attribute {
  readonly name: string;
  readonly type?: AttributeType;
}
export type AttributeType = "int" | "string" | "bool" | "bytes" | "address" | "tuple";

export type { Value } from "./value.ts";
