import type { RelationName, RuleId } from "./program.ts";

/** A place in a program; a source map turns it into ranges of the text, the graph into nodes and edges. */
export type Place =
  | { readonly kind: "rule"; readonly rule: RuleId }
  | { readonly kind: "head"; readonly rule: RuleId }
  /** `index` counts the rule's body literals from 0. */
  | { readonly kind: "literal"; readonly rule: RuleId; readonly index: number }
  | { readonly kind: "relation"; readonly relation: RelationName }
  | { readonly kind: "path"; readonly rules: readonly RuleId[] };

/** Why a precondition holds or not: a place and one clause of plain English. */
export type Evidence = Place & { readonly because: string };

/** A fault of a well-formed text's program, before its places are turned into spans. */
export interface Fault {
  readonly severity: "error" | "warning";
  /** Stable, kebab-case. */
  readonly code: string;
  /** One sentence, what is wrong first. */
  readonly message: string;
  readonly place: Place;
  readonly related: readonly Evidence[];
  /** The variable or relation name that would mend it, for a quick fix `replace with …`. */
  readonly replacement?: { readonly from: string; readonly to: string };
}
