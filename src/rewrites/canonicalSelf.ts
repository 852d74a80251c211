import { literalVariables, termVariables } from "../program/variables.ts";
import type { Literal, RelationLiteral } from "../program/program.ts";
import type { DraftRule } from "./draft.ts";
import { changed } from "./draft.ts";
import { freshVariable } from "./freshNames.ts";
import { literal, renameInTerm, variable, variablesOfHead } from "./terms.ts";

/**
 * Canonical self (rewrites.md sections 1.7 and 2): where a rule that moves uses its node's address as data, it uses the
 * original node's address instead. `orig(l)` is EDB that every node has. An address that is only a destination stays real:
 *
 *     vote(l, id)@async(d) :- voteReq(id, x), leader(d), self(l)
 *     vote(l, id)@async(d) :- voteReq(id, x), leader(d), orig(l)
 */
export function canonicalSelf(rule: DraftRule): DraftRule {
  const index = rule.body.findIndex((l) => isDataSelf(rule, l));
  const self = rule.body[index];
  if (self?.kind !== "relation") return rule;
  const body = rule.body.with(index, { ...self, relation: "orig" });
  const name = selfVariable(self);
  const { timing } = rule.head;
  if (
    name === undefined ||
    timing.kind !== "async" ||
    !termVariables(timing.destination).includes(name)
  ) {
    return canonicalSelf(changed(rule, { body }, BECAUSE));
  }
  const own = freshVariable(rule, name);
  const destination = renameInTerm(timing.destination, new Map([[name, own]]));
  const head = { ...rule.head, timing: { kind: "async", destination } } as const;
  const withOwn = [...body, literal("self", [variable(own)])];
  return canonicalSelf(changed(rule, { head, body: withOwn }, BECAUSE));
}

const BECAUSE =
  "It uses the original node's address, so that siblings count as the one node that they were.";

/** Whether the rule puts its node's own address into data: canonicalising would change it. */
export function usesOwnAddress(rule: DraftRule): boolean {
  return rule.body.some((l) => isDataSelf(rule, l));
}

/** The variable that a literal binds to the node's own address; `!self(p)` says that p is another one's. */
export function selfVariable(l: Literal): string | undefined {
  const term = isSelf(l) && !l.negated ? l.terms[0] : undefined;
  return term?.kind === "variable" ? term.name : undefined;
}

function isSelf(l: Literal): l is RelationLiteral {
  return l.kind === "relation" && l.relation === "self";
}

/** Anything but the destination itself is data: head terms, joins with EDB (its rows name originals), comparisons. */
function isDataSelf(rule: DraftRule, l: Literal): boolean {
  if (!isSelf(l)) return false;
  const name = selfVariable(l);
  if (name === undefined) return l.negated || l.terms[0]?.kind !== "wildcard";
  const headTerms = variablesOfHead({ ...rule.head, timing: { kind: "now" } });
  return (
    headTerms.includes(name) ||
    rule.body.some((other) => !isSelf(other) && literalVariables(other).includes(name))
  );
}
