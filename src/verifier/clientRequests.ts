import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { resolveClients } from "../analysis/resolveClients.ts";
import { clientShape, requestRow } from "../simulator/clients.ts";
import type { Input } from "./machine.ts";

/** The first requests that the deployment's clients send, each to every node that reads them, as in a simulated run. */
export function clientRequests(p: AnalyzedProgram, count: number): readonly (readonly Input[])[] {
  const { deployment } = p;
  const resolution = resolveClients(p);
  if (deployment === undefined || resolution.kind !== "resolved") return [];
  const shape = clientShape(deployment, resolution.clients);
  return Array.from({ length: count }, (_, i) =>
    shape.destinations.map((to) => ({
      to,
      relation: shape.clients.input,
      row: requestRow(shape, deployment.seed, i + 1),
    })),
  );
}
