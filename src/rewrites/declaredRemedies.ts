import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { dependentKeyViolations } from "../analysis/dependentKeys.ts";
import type { KeyTerms } from "../analysis/keyTerm.ts";
import { staticRows } from "../analysis/staticRows.ts";
import { thresholds } from "../analysis/thresholds.ts";
import { joined, quoted } from "../analysis/wording.ts";
import { printDeclaration } from "../program/printDeclaration.ts";
import type { ComponentName, Declaration, RelationName } from "../program/program.ts";
import { applyStep } from "./driver.ts";
import { accepted } from "./remedy.ts";
import type { Refused, Remedy } from "./remedy.ts";

/** More declarations than these are not tried. */
const MOST_TRIED = 16;
/** Declaring one relation durable may show the next one. */
const MOST_DURABLE = 6;

/**
 * What the author may know of the program and Clew cannot: each is tried on the program with the declaration, and told with
 * the condition that it is true.
 */
export function* declaredRemedies(refused: Refused): Generator<void, readonly Remedy[]> {
  const codes = new Set(refused.violated.map(({ code }) => code));
  if (codes.has("durable-copy")) return yield* durably(refused);
  const candidates = [
    ...(codes.has("undeclared-dependency") ? missingDependencies(refused) : []),
    ...(codes.has("exact-threshold") ? boundsOf(refused) : []),
    ...(codes.has("forgets-early") ? dependenciesOfInputs(refused) : []),
  ];
  for (const declaration of candidates.slice(0, MOST_TRIED)) {
    const found = withDeclared(refused, [declaration]);
    yield;
    if (found !== undefined) {
      return [{ ...found, sentence: `${said(found)} would work, if it is true of every fact.` }];
    }
  }
  return [];
}

/** What is not durable and named beside what is, becomes so too. */
function* durably(refused: Refused): Generator<void, readonly Remedy[]> {
  let relations: readonly RelationName[] = [];
  for (let i = 0; i < MOST_DURABLE; i++) {
    const declared = relations.map((relation): Declaration => ({ kind: "durable", relation }));
    const p = declaring(refused.p, declared);
    if (p === undefined) return [];
    const { rewrite, target, chain } = refused;
    const result = applyStep(p, { rewrite: rewrite.name, target }, chain);
    const named = (result.kind === "refused" ? result.preconditions : [])
      .filter((c) => c.verdict === "violated" && c.code === "durable-copy")
      .flatMap(({ evidence }) => evidence)
      .flatMap((e) => {
        if (e.kind === "relation") return [e.relation];
        const rule = "rule" in e ? p.rules.get(e.rule)?.rule : undefined;
        if (rule === undefined) return [];
        const literal = e.kind === "literal" ? rule.body[e.index] : undefined;
        return literal?.kind === "relation" ? [literal.relation] : [rule.head.relation];
      })
      .filter((relation) => p.relations.get(relation)?.durable !== true);
    yield;
    if (named.length > 0) {
      relations = [...new Set([...relations, ...named])];
      continue;
    }
    const found = declared.length > 0 ? withDeclared(refused, declared) : undefined;
    return found === undefined
      ? []
      : [{ ...found, sentence: `${said(found)} would work: it outlives a crash, too, then.` }];
  }
  return [];
}

function missingDependencies({ p, target }: Refused): readonly Declaration[] {
  const { component, keys } = target as {
    readonly component: ComponentName;
    readonly keys: KeyTerms;
  };
  return dependentKeyViolations(p, component, keys).flatMap(({ missing }): Declaration[] =>
    // Where rows are listed a step declares it, which looks at them.
    missing === undefined || staticRows(p, missing.relation) !== undefined
      ? []
      : [
          {
            kind: "dependency",
            relation: missing.relation,
            from: [missing.from],
            to: missing.to,
          },
        ],
  );
}

/** What a threshold counts, as an attribute of what it reads, within each table of one attribute that lists its rows. */
function boundsOf({ p, target }: Refused): readonly Declaration[] {
  const { component } = target as { readonly component: ComponentName };
  const sets = [...p.relations.values()].filter(
    ({ kind, arity, name }) =>
      kind === "edb.static" && arity === 1 && staticRows(p, name) !== undefined,
  );
  return [...thresholds(p, component).values()]
    .filter(({ kind }) => kind === "exact")
    .flatMap(({ rule, position }) => {
      const term = rule.head.terms[position];
      const counted = term?.kind === "aggregate" ? term.over[0] : undefined;
      return rule.body.flatMap((l) => {
        if (l.kind !== "relation" || l.negated) return [];
        const at = l.terms.findIndex((t) => t.kind === "variable" && t.name === counted);
        const attribute = p.relations.get(l.relation)?.attributes[at]?.name;
        if (attribute === undefined) return [];
        return sets.map((set): Declaration => ({
          kind: "within",
          relation: l.relation,
          attribute,
          of: set.name,
        }));
      });
    });
}

/** That one attribute of an input follows from another. */
function dependenciesOfInputs({ p, target }: Refused): readonly Declaration[] {
  const { component } = target as { readonly component: ComponentName };
  return [...p.relations.values()]
    .filter(({ kind, readBy }) => (kind === "env" || kind === "chan") && readBy.includes(component))
    .flatMap(({ name: relation, attributes }) =>
      attributes.flatMap((from) =>
        attributes
          .filter((to) => to !== from)
          .map((to): Declaration => ({
            kind: "dependency",
            relation,
            from: [from.name],
            to: to.name,
          })),
      ),
    );
}

function declaring(
  p: AnalyzedProgram,
  declarations: readonly Declaration[],
): AnalyzedProgram | undefined {
  const { program, deployment } = p;
  const declared = analyze(
    { ...program, declarations: [...program.declarations, ...declarations] },
    deployment,
  );
  const known = new Set(p.faults.map(({ message }) => message));
  const isNew = declared.faults.some(({ message }) => !known.has(message));
  return isNew ? undefined : declared;
}

function withDeclared(
  { p, rewrite, target, chain }: Refused,
  declare: readonly Declaration[],
): (Omit<Remedy, "sentence"> & { readonly declare: readonly Declaration[] }) | undefined {
  const declared = declaring(p, declare);
  const found = declared && accepted(declared, rewrite, target, chain);
  return found && { kind: "declare", declare, ...found };
}

function said({ declare }: { readonly declare: readonly Declaration[] }): string {
  return `Declaring ${joined(declare.map((d) => quoted(printDeclaration(d))))}`;
}
