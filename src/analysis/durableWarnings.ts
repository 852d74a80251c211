import type { Fault } from "../program/evidence.ts";
import type { RelationName } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { allDeclarations } from "./occurrences.ts";
import { quoted } from "./wording.ts";

/** `durable` where it says nothing: only what a node's own rules derive is there in its next tick, or after a crash. */
export function durableWarnings(p: AnalyzedProgram): readonly Fault[] {
  const declared = allDeclarations(p.program).flatMap((d) =>
    d.kind === "durable" ? [d.relation] : [],
  );
  return [...new Set(declared)].flatMap((relation): readonly Fault[] => {
    const why = whyNot(p, relation);
    if (why === undefined) return [];
    const message = `${quoted(relation)} cannot be durable: ${why}.`;
    const place = { kind: "relation", relation } as const;
    return [{ severity: "warning", code: "durable-passes", message, place, related: [] }];
  });
}

function whyNot(p: AnalyzedProgram, relation: RelationName): string | undefined {
  const keep = "copy it to a relation of the node, and keep and declare that one";
  const info = p.relations.get(relation);
  if (info === undefined || (info.readBy.length === 0 && info.derivedBy.length === 0)) {
    return "no rule names it";
  }
  switch (info.kind) {
    case "local":
      return undefined;
    case "chan":
      return `it is sent, and a message that a crash finds on its way or at a node is lost; ${keep}`;
    case "env":
      if (info.timerMs !== undefined) return "a timer rings in one tick and is gone";
      return `it comes from outside and is there for one tick; ${keep}`;
    case "edb.static":
    case "edb.node":
      return "it is constant, and a node that starts again is told it anew";
    case "func":
    case "builtin":
      return "it is built in";
  }
}
