import { jsonSha256 } from "../../plan/canonicalJson.ts";
import type { PlanJson } from "../../plan/planFile.ts";
import type { ClewDocument } from "../store/clewDocument.ts";
import { workspace } from "../store/workspaceClient.ts";
import type { ProgramSide } from "./clusterRun.ts";
import type { SweptProgram } from "./clusterSweep.ts";
import { HarnessRefusal } from "./harnessClient.ts";

/** A program to run, with its plan document. */
export interface SweptPlan extends SweptProgram {
  readonly file: unknown;
}

/** The plan of the base or of the shown step. Rejects with the sentence that says why there is none. */
export async function planOf(
  side: ProgramSide,
  document: ClewDocument | undefined,
): Promise<SweptPlan> {
  if (document === undefined) throw new HarnessRefusal("No program is open.");
  const at = side === "original" ? 0 : document.at;
  const title = side === "original" ? `${document.name}, original` : `${document.name}, step ${at}`;
  const answer = await workspace().call("plan", { document: document.source, at, name: title });
  if (answer.kind === "refused") throw new HarnessRefusal(answer.message);
  return { side, title, nodes: answer.nodes, planKey: planKey(answer.file), file: answer.file };
}

/** Of what a plan runs, whatever it and its steps are called. */
function planKey(file: unknown): string {
  const { program, nodes, edb, clients, seed } = file as PlanJson;
  return jsonSha256({ program, nodes, edb, clients, seed });
}
