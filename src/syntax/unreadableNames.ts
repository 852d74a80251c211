import type { Program, RelationName } from "../program/program.ts";
import { pinnedRule } from "./pinnedRules.ts";
import { joinSent } from "./sentRules.ts";

/** Names that the readers of clauses make up, and so take for theirs. */
export const MADE_UP = /_at_\d+$|_everywhere$|_sent$/;

/** The relation that a name is made up from; the name itself where it is none of those. */
export function writtenName(name: RelationName): RelationName {
  const shorter = name.replace(MADE_UP, "");
  return shorter === name ? name : writtenName(shorter);
}

/** Relations that have such a name and are something else: a text of clauses must call them otherwise. */
export function unreadableNames(program: Program): ReadonlySet<RelationName> {
  const rules = program.components.flatMap((c) => c.rules);
  const heads = new Set(rules.map((r) => r.head.relation));
  const joined = new Set(
    program.components.flatMap((c) => joinSent(c.rules)).map((r) => r.head.relation),
  );
  const plain = new Set(
    rules.filter((r) => pinnedRule(r) === undefined).map((r) => r.head.relation),
  );
  const used = rules.flatMap((r) =>
    r.body.flatMap((l) => (l.kind === "relation" ? [l.relation] : [])),
  );
  const isOurs = (name: RelationName): boolean => {
    if (name.endsWith("_sent")) return heads.has(name) && !joined.has(name);
    // What nothing derives reads back as it is.
    if (name.endsWith("_everywhere")) return !heads.has(name);
    return heads.has(name) && !plain.has(name);
  };
  return new Set([...heads, ...used].filter((name) => MADE_UP.test(name) && !isOurs(name)));
}
