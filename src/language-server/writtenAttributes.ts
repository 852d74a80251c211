import type { RelationInfo } from "../analysis/analyzedProgram.ts";
import { allDeclarations } from "../analysis/occurrences.ts";
import type { Attribute } from "../program/program.ts";
import { freshName } from "../syntax/lowerings.ts";
import { MADE_UP } from "../syntax/unreadableNames.ts";
import type { FixContext } from "./fixContext.ts";

type Written = Pick<FixContext, "read" | "analyzed">;

/** Attributes as a literal of the text's notation has them: with the location, where it is written, and the time. */
export function writtenAttributes(
  document: Written,
  info: RelationInfo,
  place?: string,
): readonly Attribute[] {
  const { attributes } = info;
  const used = new Set(attributes.map((a) => a.name));
  const named = (name: string): Attribute => ({ name: freshName(name, used) });
  switch (document.read.dialect) {
    case "paper":
      return isPlaced(info) ? [...attributes, named("l"), named("t")] : attributes;
    case "molly":
      return isLocated(document, info)
        ? [place === undefined ? named("L") : { name: place }, ...attributes]
        : attributes;
    case "prototype":
      return attributes.map((a) => ({
        ...a,
        name: a.name.replace(/^[a-z]/, (c) => c.toUpperCase()),
      }));
    case "compact":
    case "hydroflow":
      return attributes;
  }
}

/** In paper notation what moves through time ends in a location and a time. */
function isPlaced({ kind }: RelationInfo): boolean {
  return kind === "env" || kind === "chan" || kind === "local";
}

/** In Molly's notation all begin with a location but what is about the whole system. */
function isLocated({ analyzed }: Written, { name }: RelationInfo): boolean {
  // Of facts read at another node the node is data.
  if (name.endsWith("_everywhere")) return false;
  return !allDeclarations(analyzed.program).some((d) => d.kind === "global" && d.relation === name);
}

/** Whether the reader made the name up: it cannot be written. */
export function isMadeUp({ read }: Written, name: string): boolean {
  return (read.dialect === "molly" || read.dialect === "prototype") && MADE_UP.test(name);
}
