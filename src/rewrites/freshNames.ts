import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { isFunctionName } from "../program/functions.ts";
import type { ComponentName, RelationName } from "../program/program.ts";
import type { Draft } from "./draft.ts";
import { variablesOfRule } from "./terms.ts";
import type { RuleText } from "./terms.ts";

/** Builtins and generated EDB (rewrites.md section 0.1): no relation of a program's own may take their names. */
const RESERVED: ReadonlySet<RelationName> = new Set([
  "self",
  "tick",
  "boot",
  "primary",
  "orig",
  "me",
  "mypart",
  "nparts",
  "part",
  "proxy",
  "mykey",
  "trusted",
  "publicKey",
]);

/** A relation name that means nothing yet: the wanted one, or it with the lowest number that is free. */
export function freshRelation(draft: Draft, wanted: RelationName): RelationName {
  const taken = relationNames(draft);
  return firstFree(
    wanted,
    (name) => taken.has(name) || RESERVED.has(name) || isFunctionName(draftProgram(draft), name),
  );
}

/** Gives one name after the other that means nothing yet, none of them twice. */
export type RelationNamer = (wanted: string) => RelationName;

export function relationNamer(draft: Draft): RelationNamer {
  const given = new Set<RelationName>();
  return (wanted) => {
    let name = freshRelation(draft, wanted);
    while (given.has(name)) name = freshRelation(draft, `${name}_`);
    given.add(name);
    return name;
  };
}

export function freshComponent(p: AnalyzedProgram, wanted: ComponentName): ComponentName {
  const taken = new Set(p.program.components.map((c) => c.name));
  return firstFree(wanted, (name) => taken.has(name));
}

/** A variable the rule does not use: `d` itself, else `d2`, `d3`, … (`d5` wanted: counted on from `d`). */
export function freshVariable(rule: RuleText, wanted: string): string {
  const taken = variablesOfRule(rule);
  if (!taken.has(wanted)) return wanted;
  const stem = wanted.replace(/\d+$/, "");
  for (let n = 2; ; n++) if (!taken.has(`${stem}${n}`)) return `${stem}${n}`;
}

export function firstFree(wanted: string, taken: (name: string) => boolean): string {
  if (!taken(wanted)) return wanted;
  for (let n = 2; ; n++) if (!taken(`${wanted}_${n}`)) return `${wanted}_${n}`;
}

const namesMemo = new WeakMap<Draft, ReadonlySet<RelationName>>();

function relationNames(draft: Draft): ReadonlySet<RelationName> {
  const known = namesMemo.get(draft);
  if (known !== undefined) return known;
  const names = new Set<RelationName>(draft.reserved);
  namesMemo.set(draft, names);
  for (const scope of [draft, ...draft.components]) {
    for (const declaration of scope.declarations) {
      if ("relation" in declaration) names.add(declaration.relation);
      if (declaration.kind === "within") names.add(declaration.of);
    }
  }
  for (const rule of draft.components.flatMap((c) => c.rules)) {
    names.add(rule.head.relation);
    for (const l of rule.body) if (l.kind === "relation") names.add(l.relation);
  }
  if (draft.deployment !== undefined) {
    const { edb, node, clients } = draft.deployment;
    for (const tables of [edb, ...Object.values(node)]) {
      for (const name of Object.keys(tables)) names.add(name);
    }
    for (const name of [clients.input, ...clients.answers]) names.add(name);
  }
  return names;
}

/** Enough of a program for a look at its declarations. */
function draftProgram(draft: Draft) {
  return {
    declarations: draft.declarations,
    components: draft.components.map((c) => ({ ...c, rules: [] })),
  };
}
