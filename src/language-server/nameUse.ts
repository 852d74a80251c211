import type { Span } from "../program/diagnostic.ts";
import type { ComponentName, RelationName, RuleId } from "../program/program.ts";

/** One place where the text names something. */
export type NameUse = { readonly name: string; readonly span: Span } & (
  | {
      readonly kind: "relation";
      /** head: derives it; declaration: says something about it; broken: in a rule that cannot be read. */
      readonly role: "head" | "read" | "absent" | "declaration" | "broken";
      readonly rule?: RuleId;
      readonly component?: ComponentName;
    }
  | { readonly kind: "variable"; readonly rule: RuleId }
  | { readonly kind: "component" }
  | {
      readonly kind: "attribute";
      /** Of which relation; a function's attributes name nothing but themselves. */
      readonly relation: RelationName;
      readonly declares: boolean;
    }
);
