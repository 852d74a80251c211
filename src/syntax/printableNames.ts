import { functionSignature, isFunctionName } from "../program/functions.ts";
import type { Program, RelationName } from "../program/program.ts";
import { headVariables, literalVariables } from "../program/variables.ts";
import { withIds } from "./express.ts";
import { LegalNames } from "./legalNames.ts";
import { freshName, variable } from "./lowerings.ts";
import { mapDeclaration, mapRule } from "./mapRule.ts";

/** The program with other names for relations and variables where a notation has no such names. */
export function printableNames(
  program: Program,
  legal: RegExp,
  options: { readonly capitals?: boolean; readonly others?: ReadonlySet<RelationName> } = {},
): Program {
  const { capitals = false, others } = options;
  const rules = program.components.flatMap((c) => c.rules);
  const uses = rules.flatMap((r) => [
    { name: r.head.relation, terms: r.head.terms.length, head: true },
    ...r.body.flatMap((l) =>
      l.kind === "relation" ? [{ name: l.relation, terms: l.terms.length, head: false }] : [],
    ),
  ]);
  const builtIn = new Set(
    uses.filter((u) => !u.head && isBuiltIn(program, u.name, u.terms)).map((u) => u.name),
  );
  const used = uses.map((u) => u.name);
  const readable = new LegalNames("relation", used);
  const taken = new Set(used);
  const names = new Map<RelationName, RelationName>();
  const relation = (name: RelationName): RelationName => {
    if (builtIn.has(name) || isFunctionName(program, name)) return name;
    let renamed = names.get(name);
    if (renamed === undefined) {
      const read = others?.has(name) === true ? freshName(`${name}_r`, taken) : readable.of(name);
      renamed = legal.test(read) ? read : freshName(plain(read), taken);
      names.set(name, renamed);
    }
    return renamed;
  };
  return {
    declarations: program.declarations.map((d) => mapDeclaration(d, relation)),
    components: program.components.map((c) => ({
      ...c,
      declarations: c.declarations.map((d) => mapDeclaration(d, relation)),
      rules: withIds(
        c.name,
        c.rules.map((rule) => {
          const variables = [
            ...new Set([...rule.body.flatMap(literalVariables), ...headVariables(rule.head)]),
          ];
          const renamed = variableNames(variables, legal, capitals);
          return mapRule(rule, { relation, variable: (v) => variable(renamed.get(v) ?? v) });
        }),
      ),
    })),
  };
}

function isBuiltIn(program: Program, name: RelationName, terms: number): boolean {
  if ((name === "self" || name === "tick") && terms === 1) return true;
  if (name === "choose" || name === "index") return true;
  return functionSignature(program, name, terms) !== undefined;
}

function variableNames(
  names: readonly string[],
  legal: RegExp,
  capitals: boolean,
): ReadonlyMap<string, string> {
  const isLegal = (name: string): boolean =>
    legal.test(name) && name !== "self" && (!capitals || /^[A-Z]/.test(name));
  const taken = new Set(names.filter(isLegal));
  return new Map(
    names
      .filter((name) => !isLegal(name))
      .map((name) => {
        const read = plain(name);
        const wanted = capitals ? read.slice(0, 1).toUpperCase() + read.slice(1) : read;
        return [name, freshName(wanted === "self" ? "me" : wanted, taken)];
      }),
  );
}

function plain(name: string): string {
  return name.replace(/'/g, "_");
}
