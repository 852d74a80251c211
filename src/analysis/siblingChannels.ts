import type {
  ComponentName,
  RelationLiteral,
  RelationName,
  Rule,
  Term,
} from "../program/program.ts";
import type { Row, Value } from "../program/value.ts";
import { equalValues } from "../program/value.ts";
import { termVariables } from "../program/variables.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { isEdbKind, isRelationLiteral, kindOfRelation } from "./componentRules.ts";
import { allDeclarations } from "./occurrences.ts";

/** A channel on which only siblings of one original node talk: there was none before a rewrite made it. */
export interface SiblingChannel {
  readonly relation: RelationName;
  /** Rules that send it, with the component each is in. */
  readonly senders: readonly { readonly component: ComponentName; readonly rule: Rule }[];
  readonly receivers: readonly ComponentName[];
}

/**
 * The channels that a component reads and that nobody but siblings of its nodes sends (rewrites.md section 8.1): by the
 * addresses that the senders' tables hold, or, where there is no deployment, because every destination is one that the
 * sending node alone has in its tables.
 */
export function siblingChannels(
  p: AnalyzedProgram,
  component: ComponentName,
): readonly SiblingChannel[] {
  return [...p.relations.values()].flatMap((info): readonly SiblingChannel[] => {
    if (info.kind !== "chan" || !info.readBy.includes(component)) return [];
    const senders = [...p.rules.values()]
      .filter(({ rule }) => rule.head.relation === info.name)
      .map(({ component: sender, rule }) => ({ component: sender, rule }));
    const between = senders.every((sender) => staysAmongSiblings(p, sender.component, sender.rule));
    return between ? [{ relation: info.name, senders, receivers: info.readBy }] : [];
  });
}

function staysAmongSiblings(p: AnalyzedProgram, component: ComponentName, rule: Rule): boolean {
  const { deployment } = p;
  if (deployment === undefined) return namesOwnTable(p, rule);
  const original = (at: string): string => deployment.originals[at] ?? at;
  return (deployment.instances[component] ?? []).every((at) => {
    const reached = destinationsAt(p, rule, at);
    return (
      reached !== undefined &&
      reached.every((to) => isAddress(to) && to.name !== at && original(to.name) === original(at))
    );
  });
}

function isAddress(value: Value): value is Extract<Value, { readonly kind: "address" }> {
  return typeof value === "object" && "kind" in value && value.kind === "address";
}

function namesOwnTable(p: AnalyzedProgram, rule: Rule): boolean {
  const { timing } = rule.head;
  if (timing.kind !== "async" || timing.destination.kind !== "variable") return false;
  return tablesAbout(p, rule, timing.destination.name).some(
    ({ relation }) => kindOfRelation(p, relation) === "edb.node",
  );
}

type Valuation = ReadonlyMap<string, Value>;

/** Where a rule may send from a node, whatever the facts are; undefined when facts say where. */
export function destinationsAt(
  p: AnalyzedProgram,
  rule: Rule,
  at: string,
): readonly Value[] | undefined {
  const { timing } = rule.head;
  if (timing.kind !== "async") return undefined;
  const { destination } = timing;
  if (destination.kind === "constant") return [destination.value];
  if (destination.kind !== "variable") return undefined;
  const assigned = rule.body.find(
    (l) => l.kind === "assignment" && l.variable === destination.name,
  );
  if (assigned?.kind === "assignment") {
    return assigned.value.kind === "constant" ? [assigned.value.value] : undefined;
  }
  const tables = tablesAbout(p, rule, destination.name);
  if (tables.length === 0) return undefined;
  let valuations: readonly Valuation[] = [new Map()];
  for (const literal of tables) {
    const rows = tableRows(p, literal.relation, at);
    valuations = valuations.flatMap((v) =>
      rows.flatMap((row) => {
        const extended = matched(literal.terms, row, v);
        return extended === undefined ? [] : [extended];
      }),
    );
  }
  return valuations.map((v) => v.get(destination.name)!);
}

/** The tables that name the destination, and those that they share variables with. */
function tablesAbout(
  p: AnalyzedProgram,
  rule: Rule,
  destination: string,
): readonly RelationLiteral[] {
  const tables = rule.body
    .filter(isRelationLiteral)
    .filter((l) => !l.negated && isEdbKind(kindOfRelation(p, l.relation)));
  const named = new Set([destination]);
  const chosen = new Set<RelationLiteral>();
  for (let size = -1; size < chosen.size;) {
    size = chosen.size;
    for (const literal of tables) {
      const variables = literal.terms.flatMap(termVariables);
      if (!variables.some((name) => named.has(name))) continue;
      chosen.add(literal);
      for (const name of variables) named.add(name);
    }
  }
  return [...chosen].some((l) => l.terms.flatMap(termVariables).includes(destination))
    ? [...chosen]
    : [];
}

/** What a table holds at a node, as program and deployment list it. */
export function tableRows(p: AnalyzedProgram, relation: RelationName, at: string): readonly Row[] {
  const declared = allDeclarations(p.program).flatMap((d) =>
    d.kind === "relation" && d.relation === relation && d.rows !== undefined ? [d.rows] : [],
  );
  const own = p.deployment?.node[at]?.[relation] ?? [];
  return [...declared.flat(), ...(p.deployment?.edb[relation] ?? []), ...own];
}

function matched(terms: readonly Term[], row: Row, valuation: Valuation): Valuation | undefined {
  const extended = new Map(valuation);
  for (const [i, term] of terms.entries()) {
    const value = row[i]!;
    if (term.kind === "constant" && !equalValues(term.value, value)) return undefined;
    if (term.kind !== "variable") continue;
    const known = extended.get(term.name);
    if (known !== undefined && !equalValues(known, value)) return undefined;
    extended.set(term.name, value);
  }
  return extended;
}
