import type { Position, Range } from "vscode-languageserver-types";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { DOWN, globalRules } from "../analysis/globalRules.ts";
import { allDeclarations } from "../analysis/occurrences.ts";
import { isGenerated } from "../analysis/relationKinds.ts";
import { ruleName } from "../analysis/wording.ts";
import { isFunctionName } from "../program/functions.ts";
import { changedInput, openDocument } from "./languageDocument.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import type { NameUse } from "./nameUse.ts";
import { renamedDeployment } from "./renamedDeployment.ts";
import { meaningText } from "./renamedProgram.ts";
import type { ProgramRename } from "./renamedProgram.ts";
import type { Renames, TextChange } from "./renames.ts";
import { nameAt, namesOf, sameName } from "./textNames.ts";
import { offsetAt, rangeOf } from "./textLines.ts";

export type Renaming =
  | {
      readonly kind: "renamed";
      readonly changes: readonly TextChange[];
      /** For the deployment beside the program: undefined when nothing in it has to change. */
      readonly deployment: Renames | undefined;
    }
  | { readonly kind: "refused"; readonly message: string };

/** What can be renamed at a position, or why nothing can. */
export function prepareRename(
  document: LanguageDocument,
  position: Position,
):
  | { readonly kind: "range"; readonly range: Range; readonly placeholder: string }
  | { readonly kind: "refused"; readonly message: string } {
  const use = nameAt(document, offsetAt(document.lines, position));
  if (use === undefined) return refused("There is no name here to change.");
  const reason = fixedName(document, use);
  if (reason !== undefined) return refused(reason);
  return { kind: "range", range: rangeOf(document.lines, use.span), placeholder: use.name };
}

/**
 * The name at a position under a new one, everywhere: in all components, in declarations, and in the deployment. Attributes
 * are named after variables, so that a variable's new name may be an attribute's; what repeats it follows. The program that
 * comes out is read again and compared: a rename that would change what it means is refused.
 */
export function rename(document: LanguageDocument, position: Position, newName: string): Renaming {
  const use = nameAt(document, offsetAt(document.lines, position));
  if (use === undefined) return refused("There is no name here to change.");
  const to = newName.trim();
  const reason = fixedName(document, use) ?? unusableName(document, use, to);
  if (reason !== undefined) return refused(reason);
  if (to === use.name) return { kind: "renamed", changes: [], deployment: undefined };

  const change = { from: use.name, to };
  const own = sameName(document, use).map(({ span }) => ({ span, text: to }));
  const names: Renames = {
    ...(use.kind === "relation" && { relation: change }),
    ...(use.kind === "component" && { component: change }),
    attributes: new Map(
      use.kind === "attribute" ? [[use.relation, new Map([[use.name, to]])]] : [],
    ),
  };
  const first = after(document, own, names);
  const renames: Renames = { ...names, attributes: changedAttributes(document, first, names) };
  const changes = [...own, ...repeatedAttributes(document, renames, own)];
  const result = after(document, changes, renames);
  if (!meansTheSame(document, result, programRename(document, use, to))) {
    return refused(`With the name \`${to}\` the program would mean something else.`);
  }
  const { deployment } = document.input;
  const touched =
    deployment !== undefined && differs(deployment, renamedDeployment(deployment, renames));
  return { kind: "renamed", changes, deployment: touched ? renames : undefined };
}

function refused(message: string): { readonly kind: "refused"; readonly message: string } {
  return { kind: "refused", message };
}

/** Why a name is not the program's to change. */
function fixedName(document: LanguageDocument, use: NameUse): string | undefined {
  const { analyzed, text } = document;
  switch (use.kind) {
    case "relation": {
      if (SPECIFIES.has(use.name) && maySpecify(document, use)) {
        return `\`${use.name}\` says what must hold in the end and keeps its name.`;
      }
      const kind = analyzed.relations.get(use.name)?.kind;
      const declarations = allDeclarations(analyzed.program);
      if (declarations.some((d) => d.kind === "function" && d.function === use.name)) {
        return `\`${use.name}\` is carried out under that name by code outside the program.`;
      }
      const declared = declarations.some(
        (d) => (d.kind === "relation" || d.kind === "timer") && d.relation === use.name,
      );
      // A function may also be named by a dependency only.
      const isFunction =
        (kind === "func" || kind === undefined) && isFunctionName(analyzed.program, use.name);
      const isOurs = isGenerated(use.name) || (use.name === DOWN && kind === undefined);
      return !declared && (kind === "builtin" || isFunction || isOurs)
        ? `\`${use.name}\` is built in and keeps its name.`
        : undefined;
    }
    case "variable": {
      const written = text.slice(use.span.start, use.span.end);
      return written === "self" && use.name !== written
        ? "`self` is the node's own address and keeps its name."
        : undefined;
    }
    case "attribute":
      return sameName(document, use).some((u) => u.kind === "attribute" && u.declares)
        ? undefined
        : `\`${use.name}\` is named after a variable of the rules that use \`${use.relation}\`.`;
    case "component":
      return undefined;
  }
}

/** Why a name cannot be had. */
function unusableName(document: LanguageDocument, use: NameUse, to: string): string | undefined {
  if (to === "true" || to === "false") return `\`${to}\` is a value.`;
  if (!/^[A-Za-z][A-Za-z0-9_']*$/.test(to)) {
    return "A name is a letter, then letters, digits, `_` and `'`.";
  }
  if (to === use.name) return undefined;
  const p = document.analyzed;
  const has = (taken: boolean, what: string): string | undefined =>
    taken ? `There is ${what} \`${to}\` already.` : undefined;
  switch (use.kind) {
    case "relation":
      if (isFunctionName(p.program, to) || isGenerated(to) || RESERVED.has(to)) {
        return `\`${to}\` is built in.`;
      }
      if (SPECIFIES.has(to) && maySpecify(document, use)) {
        return `\`${to}\` says what must hold in the end.`;
      }
      return has(
        p.relations.has(to) ||
          namesOf(document).some((u) => u.kind === "relation" && u.name === to),
        "a relation",
      );
    case "component":
      return has(
        p.program.components.some(({ name }) => name === to),
        "a component",
      );
    case "variable": {
      if (to === "self") return "`self` is the node's own address.";
      const taken = namesOf(document).some(
        (u) => u.kind === "variable" && u.rule === use.rule && u.name === to,
      );
      return taken ? `${sentenceStart(p, use.rule)} has a variable \`${to}\` already.` : undefined;
    }
    case "attribute":
      return has(
        p.relations.get(use.relation)?.attributes.some(({ name }) => name === to) ?? false,
        "an attribute",
      );
  }
}

const RESERVED: ReadonlySet<string> = new Set([
  "self",
  "tick",
  "choose",
  "index",
  "random",
  "delay",
]);

const SPECIFIES: ReadonlySet<string> = new Set(["pre", "post"]);

/** Whether a relation of such a name is the specification: any of Molly's is, else one outside of every node (docs/adr/0046). */
function maySpecify({ read, analyzed }: LanguageDocument, { name }: NameUse): boolean {
  return (
    read.dialect === "molly" ||
    globalRules(analyzed.program).some(({ head }) => head.relation === name)
  );
}

function sentenceStart(p: AnalyzedProgram, rule: string): string {
  const name = ruleName(p, rule);
  return `R${name.slice(1)}`;
}

function programRename({ read }: LanguageDocument, use: NameUse, to: string): ProgramRename {
  switch (use.kind) {
    case "relation":
      return { kind: "relation", from: use.name, to, madeUp: read.dialect === "molly" };
    case "component":
      return { kind: "component", from: use.name, to };
    case "variable":
      return { kind: "variable", rule: use.rule, from: use.name, to };
    case "attribute":
      return { kind: "attribute" };
  }
}

function after(
  document: LanguageDocument,
  changes: readonly TextChange[],
  renames: Renames,
): LanguageDocument {
  const { deployment } = document.input;
  return openDocument({
    ...changedInput(document, changes),
    ...(deployment !== undefined && { deployment: renamedDeployment(deployment, renames) }),
  });
}

/** Attributes by their places: what each is called before and after, where that differs. */
function changedAttributes(
  before: LanguageDocument,
  now: LanguageDocument,
  { relation: change, attributes: own }: Renames,
): Renames["attributes"] {
  const all = new Map(own);
  for (const [relation, info] of before.analyzed.relations) {
    const name = change?.from === relation ? change.to : relation;
    const attributes = now.analyzed.relations.get(name)?.attributes ?? [];
    const changed = info.attributes.flatMap(({ name: from }, i): (readonly [string, string])[] => {
      const to = attributes[i]?.name;
      return to === undefined || to === from ? [] : [[from, to]];
    });
    if (changed.length > 0) all.set(relation, new Map([...(all.get(relation) ?? []), ...changed]));
  }
  return all;
}

/** Where `fd` and `within` repeat the name of an attribute that has another name now. */
function repeatedAttributes(
  document: LanguageDocument,
  { attributes }: Renames,
  done: readonly TextChange[],
): readonly TextChange[] {
  const known = new Set(done.map(({ span }) => span.start));
  return namesOf(document).flatMap((use): readonly TextChange[] => {
    if (use.kind !== "attribute" || use.declares || known.has(use.span.start)) return [];
    const to = attributes.get(use.relation)?.get(use.name);
    return to === undefined ? [] : [{ span: use.span, text: to }];
  });
}

function meansTheSame(
  before: LanguageDocument,
  now: LanguageDocument,
  change: ProgramRename,
): boolean {
  const errors = (document: LanguageDocument): number =>
    document.diagnostics.filter((d) => d.severity === "error").length;
  const kinds = ({ analyzed }: LanguageDocument): string =>
    [...analyzed.relations.values()].map((r) => `${r.kind} ${r.toClients}`).join();
  return (
    errors(before) === errors(now) &&
    before.read.broken.length === now.read.broken.length &&
    kinds(before) === kinds(now) &&
    meaningText(before.analyzed, change) === meaningText(now.analyzed)
  );
}

function differs(a: unknown, b: unknown): boolean {
  const text = (value: unknown): string =>
    JSON.stringify(value, (_, v: unknown) => (typeof v === "bigint" ? `${v}n` : v));
  return text(a) !== text(b);
}
