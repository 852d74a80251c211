import { printRule } from "./printCompact.ts";
import type { ComponentName, Program, RelationName, Rule } from "./program.ts";

/** What is called otherwise after an edit, and is the same: names before to names after. */
export interface RenamedNames {
  readonly relations: ReadonlyMap<RelationName, RelationName>;
  readonly components: ReadonlyMap<ComponentName, ComponentName>;
}

const NONE: RenamedNames = { relations: new Map(), components: new Map() };

/**
 * What an edit renamed. As many names are gone as are new, and every rule that said an old one is there with the new one;
 * else nothing was renamed, whatever somebody may have meant.
 */
export function renamedNames(before: Program, after: Program): RenamedNames {
  const relations = paired(relationsOf(before), relationsOf(after));
  const components = paired(
    before.components.map((c) => c.name),
    after.components.map((c) => c.name),
  );
  if (relations === undefined || components === undefined) return NONE;
  if (relations.size === 0 && components.size === 0) return NONE;
  const names = { relations, components };
  const there = new Set(
    after.components.flatMap(({ name, rules }) => rules.map((rule) => placed(name, rule))),
  );
  const kept = before.components.every(({ name, rules }) =>
    rules.every((rule) => {
      const own = renamedRule(rule, names);
      const to = components.get(name) ?? name;
      return (own === rule && to === name) || there.has(placed(to, own));
    }),
  );
  return kept ? names : NONE;
}

/** The same rule where it names nothing that was renamed. */
export function renamedRule(rule: Rule, { relations }: RenamedNames): Rule {
  if (relations.size === 0 || !namesOf(rule).some((name) => relations.has(name))) return rule;
  const to = (name: RelationName): RelationName => relations.get(name) ?? name;
  return {
    ...rule,
    head: { ...rule.head, relation: to(rule.head.relation) },
    body: rule.body.map((l) => (l.kind === "relation" ? { ...l, relation: to(l.relation) } : l)),
  };
}

function placed(component: ComponentName, rule: Rule): string {
  return `${component}\n${printRule(rule)}`;
}

/** Those that are gone with those that are new, in the order in which they stand; undefined where these are not as many. */
function paired(
  before: readonly string[],
  after: readonly string[],
): ReadonlyMap<string, string> | undefined {
  const [old, now] = [new Set(before), new Set(after)];
  const gone = [...old].filter((name) => !now.has(name));
  const fresh = [...now].filter((name) => !old.has(name));
  return gone.length === fresh.length
    ? new Map(gone.map((name, i) => [name, fresh[i]!]))
    : undefined;
}

function relationsOf({ components }: Program): readonly RelationName[] {
  return components.flatMap(({ rules }) => rules.flatMap(namesOf));
}

function namesOf({ head, body }: Rule): readonly RelationName[] {
  return [head.relation, ...body.flatMap((l) => (l.kind === "relation" ? [l.relation] : []))];
}
