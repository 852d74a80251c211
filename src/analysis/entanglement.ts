import type { Evidence, Fault } from "../program/evidence.ts";
import type { ComponentName, RelationName, Rule } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import {
  componentRules,
  isEdbKind,
  isIdbKind,
  kindOfRelation,
  memoised,
} from "./componentRules.ts";
import type { Finding } from "./finding.ts";
import { rulesOf, type RuleSet } from "./ruleSets.ts";
import { taintInRule, type TaintOf, type TaintUse } from "./taintInRule.ts";
import { capitalized, quoted, ruleName, ruleNumber } from "./wording.ts";

/** What must not become data unnoticed (rewrites.md section 1.7). */
type Source = "self" | "tick";

/** Where a relation's position got its taint: the rule that put it there, and that rule's reason. */
interface Origin {
  readonly rule: Rule;
  /** The relation position that the rule read it from; undefined when it reads the source itself. */
  readonly from: string | undefined;
}

/** Rules of the set in which the node's own address reaches data, directly or through relations of the same node. */
export function selfAsData(p: AnalyzedProgram, set: RuleSet): readonly Finding[] {
  return findings(p, set, "self", "self-as-data");
}

/** Rules of the set in which the tick number reaches data. */
export function tickAsData(p: AnalyzedProgram, set: RuleSet): readonly Finding[] {
  return findings(p, set, "tick", "tick-as-data");
}

/** W9: the tick number as data is legal to run, but stands in the way of rewrites. */
export function tickFlowWarnings(p: AnalyzedProgram): readonly Fault[] {
  return p.program.components.flatMap(({ name }) => {
    if (!componentRules(p, name).readers.has("tick")) return [];
    const set: RuleSet = {
      component: name,
      rules: new Set(
        componentRules(p, name)
          .rules.filter((rule) => rule.body.some((l) => isSource(l, "tick")))
          .map((rule) => rule.id),
      ),
    };
    return tickAsData(p, set).map(({ code, evidence: [place, ...related] }): Fault => {
      const message = `${capitalized(place.because)}; no rewrite can move or split this component.`;
      return { severity: "warning", code, message, place, related };
    });
  });
}

function isSource(literal: Rule["body"][number], source: Source): boolean {
  return literal.kind === "relation" && literal.relation === source;
}

function findings(
  p: AnalyzedProgram,
  set: RuleSet,
  source: Source,
  code: string,
): readonly Finding[] {
  const tainted = source === "self" ? selfTaint(p, set.component) : tickTaint(p, set.component);
  return rulesOf(p, set).flatMap((rule): readonly Finding[] => {
    const uses = usesIn(p, rule, source, tainted);
    const [use] = uses;
    if (use === undefined) return [];
    const path = pathTo(use, tainted);
    const way: readonly Evidence[] =
      path.length === 0
        ? []
        : [
            {
              kind: "path",
              rules: [...path, rule.id],
              because: `the way it takes to ${ruleName(p, rule.id)}`,
            },
          ];
    const first: Evidence = {
      ...use.place,
      because: `${ruleName(p, rule.id)} ${verb(source, use)}`,
    };
    return [{ code, statement: statement(p, rule, source, use), evidence: [first, ...way] }];
  });
}

function verb(source: Source, use: TaintUse): string {
  const what = source === "self" ? "the node's own address" : "the tick number";
  switch (use.kind) {
    case "head":
      return `puts ${what} into ${quoted(use.relation)}`;
    case "comparison":
      return `compares ${what}`;
    case "join":
      return `looks ${what} up in ${quoted(use.relation)}`;
    case "destination":
      return `chooses by ${what} where to send`;
  }
}

function statement(p: AnalyzedProgram, rule: Rule, source: Source, use: TaintUse): string {
  const does = `Rule ${ruleNumber(p, rule.id)} ${verb(source, use)}.`;
  return source === "self"
    ? `${does} Two siblings would count as two nodes. Clew can use the original address.`
    : `${does} Another node counts other ticks.`;
}

const selfTaint = memoised((p, component) => taintedPositions(p, component, "self"));
const tickTaint = memoised((p, component) => taintedPositions(p, component, "tick"));

/** Positions of the component's own relations that may hold the source; messages carry plain data and end the way. */
function taintedPositions(
  p: AnalyzedProgram,
  component: ComponentName,
  source: Source,
): ReadonlyMap<string, Origin> {
  const tainted = new Map<string, Origin>();
  const rules = componentRules(p, component).rules.filter((r) => r.head.timing.kind !== "async");
  for (let grown = true; grown;) {
    grown = false;
    for (const rule of rules) {
      for (const use of usesIn(p, rule, source, tainted)) {
        if (use.kind !== "head") continue;
        const key = positionKey(use.relation, use.position);
        if (tainted.has(key)) continue;
        tainted.set(key, { rule, from: use.from });
        grown = true;
      }
    }
  }
  return tainted;
}

function positionKey(relation: RelationName, position: number): string {
  return `${relation}/${position}`;
}

function usesIn(
  p: AnalyzedProgram,
  rule: Rule,
  source: Source,
  tainted: ReadonlyMap<string, Origin>,
): readonly TaintUse[] {
  const ownAddress = source === "self" ? ownAddressColumns(p) : NONE;
  const mayBegin = ownAddress.size > 0 || rule.body.some((l) => isSource(l, source));
  if (!mayBegin && tainted.size === 0) return [];
  const taintOf: TaintOf = (relation, position) => {
    if (relation === source && kindOfRelation(p, relation) === "builtin") return "source";
    const key = positionKey(relation, position);
    if (ownAddress.has(key) && isEdbKind(kindOfRelation(p, relation))) return "source";
    return tainted.has(key) && isIdbKind(kindOfRelation(p, relation)) ? key : undefined;
  };
  return taintInRule(p, rule, taintOf, source === "tick" ? "data" : "routing");
}

const NONE: ReadonlySet<string> = new Set();
const ownAddressMemo = new WeakMap<object, ReadonlySet<string>>();

/**
 * Columns of `node` relations in which some node holds its own address (H-06). `orig` is exempt: it is the canonical
 * address that every sibling has.
 */
function ownAddressColumns(p: AnalyzedProgram): ReadonlySet<string> {
  const known = ownAddressMemo.get(p.relations);
  if (known !== undefined) return known;
  const columns = new Set<string>();
  for (const [address, contents] of Object.entries(p.deployment?.node ?? {})) {
    for (const [relation, rows] of Object.entries(contents)) {
      if (relation === "orig") continue;
      for (const row of rows) {
        for (const [i, value] of row.entries()) {
          if (typeof value !== "object" || !("kind" in value) || value.kind !== "address") continue;
          if (value.name === address) columns.add(positionKey(relation, i));
        }
      }
    }
  }
  ownAddressMemo.set(p.relations, columns);
  return columns;
}

/** The rules through which a use got its taint, the one that reads the source first. */
function pathTo(use: TaintUse, tainted: ReadonlyMap<string, Origin>): readonly string[] {
  const path: string[] = [];
  for (let key = use.from; key !== undefined;) {
    const origin = tainted.get(key)!;
    path.unshift(origin.rule.id);
    key = origin.from;
  }
  return path;
}
