import type { Rule } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { componentRules, idbLiterals } from "./componentRules.ts";
import { dependencies } from "./dependencies.ts";
import type { Finding } from "./finding.ts";
import { computation, keyPositions } from "./keyTerm.ts";
import type { KeyApplication, KeyTerm } from "./keyTerm.ts";
import type { SiblingChannel } from "./siblingChannels.ts";
import { functionSignature } from "../program/functions.ts";
import { aggregateVerb, quoted, ruleNumber } from "./wording.ts";

/** A field that the receiver recomputes from others: `position` is the function of the rest. */
export interface FieldCheck {
  readonly position: number;
  readonly term: KeyApplication;
}

export interface SignedFields {
  /** What the receiver compares, so that no field can be chosen by a forger. */
  readonly checks: readonly FieldCheck[];
  readonly findings: readonly Finding[];
}

/**
 * Which fields of a channel may go unsigned (rewrites.md section 8.1): a field that is a known function of signed ones,
 * and one of which a signed field is an injective function, as a message is of its hash (collision resistance counts). In
 * both cases only if the receiver recomputes the function; and only by a dependency that holds at all times.
 */
export function signedFields(
  p: AnalyzedProgram,
  channel: SiblingChannel,
  signed: readonly number[],
): SignedFields {
  const { relation } = channel;
  const arity = p.relations.get(relation)!.arity;
  const held = (dependencies(p).get(relation) ?? []).flatMap(({ position, term }) =>
    isComputable(p, term) ? [{ position, term }] : [],
  );
  const checks: FieldCheck[] = [];
  const known = new Set(signed);
  for (let size = -1; size < known.size;) {
    size = known.size;
    for (const check of held) {
      const of = keyPositions(check.term);
      const follows = !known.has(check.position) && of.every((i) => known.has(i));
      const determines =
        known.has(check.position) && of.some((i) => !known.has(i)) && isInjective(p, check.term);
      if (!follows && !determines) continue;
      checks.push(check);
      for (const position of [check.position, ...of]) known.add(position);
    }
  }
  const open = Array.from({ length: arity }, (_, i) => i).filter((i) => !known.has(i));
  return { checks, findings: open.map((position) => unchecked(p, channel, position)) };
}

function isComputable(p: AnalyzedProgram, term: KeyTerm): term is KeyApplication {
  if (typeof term === "number" || "value" in term) return false;
  return (
    computation(p, term) !== undefined &&
    term.of.every((t) => typeof t === "number" || "value" in t || isComputable(p, t))
  );
}

/** Of one function only, and over fields and constants: then equal results have equal arguments. */
function isInjective(p: AnalyzedProgram, { function: name, of }: KeyApplication): boolean {
  const isPlain = of.every((t) => typeof t === "number" || "value" in t);
  return isPlain && functionSignature(p.program, name, of.length + 1)?.injective === true;
}

function unchecked(p: AnalyzedProgram, channel: SiblingChannel, position: number): Finding {
  const { relation, senders } = channel;
  const field = quoted(p.relations.get(relation)!.attributes[position]!.name);
  const local = senders.flatMap(({ component, rule }) => {
    const source = aggregatedAt(p, component, rule, position);
    return source === undefined ? [] : [{ rule, source }];
  })[0];
  const [first] = senders;
  if (local !== undefined) {
    return {
      code: "tick-local-dependency",
      statement:
        `${field} of ${quoted(relation)} is not signed. Rule ${ruleNumber(p, local.source.id)} ${aggregateVerb(local.source)} to get it: that ` +
        `follows from the facts of one tick, and the receiver cannot recompute it.`,
      evidence: [
        { kind: "head", rule: local.rule.id, because: `sends ${field}` },
        { kind: "head", rule: local.source.id, because: aggregateVerb(local.source) },
      ],
    };
  }
  return {
    code: "unchecked-field",
    statement: `${field} of ${quoted(relation)} is not signed, and the receiver cannot compute it from what is: anybody could put another value there.`,
    evidence: [{ kind: "head", rule: first!.rule.id, because: `sends ${field}` }],
  };
}

/** The rule whose aggregate a sent field is, read as it is or through copies. */
function aggregatedAt(
  p: AnalyzedProgram,
  component: string,
  rule: Rule,
  position: number,
  passed: readonly string[] = [],
): Rule | undefined {
  const term = rule.head.terms[position];
  if (term?.kind === "aggregate") return rule;
  if (term?.kind !== "variable" || passed.includes(rule.id)) return undefined;
  for (const { literal } of idbLiterals(p, rule)) {
    const at = literal.terms.findIndex((t) => t.kind === "variable" && t.name === term.name);
    if (at < 0 || literal.negated) continue;
    const sources = componentRules(p, component).byHead.get(literal.relation)?.all ?? [];
    for (const source of sources) {
      const found = aggregatedAt(p, component, source, at, [...passed, rule.id]);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
