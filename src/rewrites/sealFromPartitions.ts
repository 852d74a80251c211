import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { boundVariables } from "../analysis/bindings.ts";
import { componentRules, idbLiterals } from "../analysis/componentRules.ts";
import { existence } from "../analysis/existence.ts";
import type { Finding } from "../analysis/finding.ts";
import type { KeyTerms } from "../analysis/keyTerm.ts";
import { hasSeal } from "../analysis/seals.ts";
import { capitalized, quoted, ruleName } from "../analysis/wording.ts";
import type { ComponentName, Literal, RelationName, Rule, Term } from "../program/program.ts";
import { headTermVariables, literalVariables, termVariables } from "../program/variables.ts";
import type { Draft, DraftRule } from "./draft.ts";
import { added, changed } from "./draft.ts";
import { freshRelation } from "./freshNames.ts";
import type { SealNames } from "./sendSealed.ts";
import { sealPosition } from "./sendSealed.ts";
import { absent, headOf, literal, sentTo, variable } from "./terms.ts";

/**
 * Why a component's seals cannot be sent by partitions (rewrites.md section 7): all partitions have to seal in the same
 * batch, so what triggers it must be replicated and come from an input; where it goes and what else it says must be
 * known to all of them.
 */
export function sealTriggerFindings(
  p: AnalyzedProgram,
  component: ComponentName,
  replicated: readonly RelationName[],
  keys: KeyTerms,
): readonly Finding[] {
  const { inputDerived } = existence(p, component);
  return componentRules(p, component)
    .rules.filter(hasSeal)
    .flatMap((rule): readonly Finding[] => {
      const positive = idbLiterals(p, rule).filter(({ literal: l }) => !l.negated);
      const isTriggered = positive.some(
        ({ literal: l }) => replicated.includes(l.relation) && inputDerived.has(l.relation),
      );
      const finding = (why: string): Finding => ({
        code: "seal-trigger",
        statement: `${capitalized(ruleName(p, rule.id))} seals ${quoted(rule.head.relation)}, and ${why}.`,
        evidence: [{ kind: "rule", rule: rule.id, because: why }],
      });
      if (!isTriggered)
        return [finding("nothing that all partitions see in one batch triggers it")];
      if (!positive.some(({ literal: l }) => keys[l.relation] !== undefined)) {
        return [finding("reads nothing that is partitioned: write it out first")];
      }
      const known = new Set(boundVariables(p.program, commonPart(p, rule, keys), kindIn(p)));
      const needed = requestVariables(rule);
      return needed.every((name) => known.has(name))
        ? []
        : [
            finding(
              "where it goes, or what it says beside the set, is known to one partition only",
            ),
          ];
    });
}

function kindIn(p: AnalyzedProgram) {
  return (relation: RelationName) => p.relations.get(relation)?.kind;
}

function requestVariables(rule: Rule): readonly string[] {
  const { terms, timing } = rule.head;
  const others = terms.filter((t) => t.kind !== "aggregate").flatMap(headTermVariables);
  return timing.kind === "async" ? [...others, ...termVariables(timing.destination)] : others;
}

/** The rule's body as far as every partition can evaluate it. */
function commonPart(p: AnalyzedProgram, rule: Rule, keys: KeyTerms): Rule {
  const common = rule.body.filter((l) => l.kind !== "relation" || keys[l.relation] === undefined);
  const bound = boundVariables(p.program, { ...rule, body: common }, kindIn(p));
  return { ...rule, body: common.filter((l) => literalVariables(l).every((v) => bound.has(v))) };
}

/** What the rules of one partitioned component need to know. */
export interface SealingPartitions {
  readonly component: ComponentName;
  readonly keys: KeyTerms;
  /** `runs_acceptor(i)`: the batch that runs in this tick. */
  readonly running: RelationName;
  /** At each partition its number. */
  readonly number: RelationName;
  /** Another name that a relation is read by. */
  readonly readAs: ReadonlyMap<RelationName, RelationName>;
}

const ANY: Term = { kind: "wildcard" };
const ZERO: Term = { kind: "constant", value: 0 };
const BECAUSE =
  "Each partition sends its share of a sealed set, and how large that is, nothing included.";

/**
 * The sender's half: a partition's share of the set, and its size, zero sizes too; without them the receiver would wait
 * for ever for a partition that has nothing. `original` is the rule before its inputs were renamed.
 */
export function sealShare(
  p: AnalyzedProgram,
  draft: Draft,
  rule: DraftRule,
  original: Rule,
  names: SealNames,
  which: number,
  how: SealingPartitions,
): readonly DraftRule[] {
  const { terms, timing } = rule.head;
  const seal = terms.find((t) => t.kind === "aggregate");
  if (timing.kind !== "async" || seal?.kind !== "aggregate") throw new Error("no seal is sent");
  const fresh = (word: string) =>
    freshRelation(draft, `${names.relation}_${word}${which === 0 ? "" : which}_${how.component}`);
  const [count, share, request] = [fresh("count"), fresh("share"), fresh("request")];
  const others = terms.filter((t): t is Term => t.kind !== "aggregate");
  const { destination } = timing;
  const [s, k, i, n, d] = ["src_", "part_", "batch_", "n", "d"].map(variable) as [
    Term,
    Term,
    Term,
    Term,
    Term,
  ];
  const id = [literal(how.running, [i]), literal("orig", [s]), literal(how.number, [k])];
  const columns = others.map((_, at) => variable(`a${at + 1}`));
  const from = [s, { kind: "constant", value: which } as const, k, i];
  const elements = seal.over.map(variable);
  const element: Term = elements.length === 1 ? elements[0]! : { kind: "tuple", terms: elements };
  const counted = { kind: "aggregate", operator: "count", over: seal.over } as const;
  const common = commonPart(p, original, how.keys).body.map((l): Literal =>
    l.kind === "relation" ? { ...l, relation: how.readAs.get(l.relation) ?? l.relation } : l,
  );
  return [
    changed(
      rule,
      {
        head: sentTo(names.part, [...from, element, ...others], destination),
        body: [...rule.body, ...id],
      },
      BECAUSE,
    ),
    added(headOf(request, [...others, destination]), common, BECAUSE),
    added(headOf(count, [counted, ...others, destination]), rule.body, BECAUSE),
    added(headOf(share, [n, ...columns, d]), [literal(count, [n, ...columns, d])], BECAUSE),
    added(
      headOf(share, [ZERO, ...columns, d]),
      [literal(request, [...columns, d]), absent(count, [ANY, ...columns, d])],
      BECAUSE,
    ),
    added(
      sentTo(names.size, [...from, n, ...columns], d),
      [literal(share, [n, ...columns, d]), ...id],
      BECAUSE,
    ),
  ];
}

/** The receiver's half: waits for the sizes of all partitions and for as many facts as they say. */
export function sealFromShares(
  p: AnalyzedProgram,
  draft: Draft,
  n: SealNames,
  partitions: number,
): readonly DraftRule[] {
  const at = sealPosition(p, n.relation);
  const columns = p.relations.get(n.relation)!.attributes.map((_, i) => variable(`a${i + 1}`));
  const others = columns.filter((_, i) => i !== at);
  const [s, w, k, q, x, c] = ["s", "w", "k", "q", "x", "n"].map(variable) as [
    Term,
    Term,
    Term,
    Term,
    Term,
    Term,
  ];
  const fresh = (word: string) => freshRelation(draft, `${n.relation}_${word}`);
  const [total, senders, got] = [fresh("total"), fresh("senders"), fresh("gotten")];
  const part = [s, w, k, q, x, ...others];
  const size = [s, w, k, q, c, ...others];
  const key = [s, w, q, ...others];
  const all: Term = { kind: "constant", value: partitions };
  const over = (operator: "count" | "sum", names: readonly string[]) =>
    ({ kind: "aggregate", operator, over: names }) as const;
  const why = `${quoted(n.relation)} is read when every partition's share of one seal is there.`;
  return [
    added(headOf(n.kept, part), [literal(n.part, part)], why),
    added(headOf(n.kept, part, "next"), [literal(n.kept, part), absent(n.whole, key)], why),
    added(headOf(n.keptSize, size), [literal(n.size, size)], why),
    added(headOf(n.keptSize, size, "next"), [literal(n.keptSize, size), absent(n.whole, key)], why),
    added(headOf(n.arrived, [over("count", ["k", "x"]), ...key]), [literal(n.kept, part)], why),
    added(headOf(got, [c, ...key]), [literal(n.arrived, [c, ...key])], why),
    added(
      headOf(got, [ZERO, ...key]),
      [literal(n.keptSize, [s, w, ANY, q, ANY, ...others]), absent(n.arrived, [ANY, ...key])],
      why,
    ),
    // A sum is over the different valuations of the body: equal sizes of two partitions both count.
    added(headOf(total, [over("sum", ["n"]), ...key]), [literal(n.keptSize, size)], why),
    added(headOf(senders, [over("count", ["k"]), ...key]), [literal(n.keptSize, size)], why),
    added(
      headOf(n.whole, key),
      [literal(got, [c, ...key]), literal(total, [c, ...key]), literal(senders, [all, ...key])],
      why,
    ),
    added(
      headOf(
        n.relation,
        columns.map((own, i) => (i === at ? x : own)),
      ),
      [literal(n.kept, [s, w, ANY, q, x, ...others]), literal(n.whole, key)],
      why,
    ),
  ];
}
