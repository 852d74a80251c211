import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { WireSchema } from "./wire.ts";

/** The wire schema of a program with its deployment: every relation that can travel, every address that is known. */
export function wireSchema(p: AnalyzedProgram): WireSchema {
  const clients = p.deployment?.clients;
  const addresses = Object.values(p.deployment?.instances ?? {}).flat();
  return {
    relations: [...p.relations.values()]
      .filter((r) => r.kind === "chan" || r.name === clients?.input)
      .map((r) => ({ name: r.name, arity: r.arity })),
    addresses: clients === undefined ? addresses : [...addresses, clients.address],
  };
}
