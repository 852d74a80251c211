import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { simulationProblem } from "../simulator/simulation.ts";
import { clientRequests } from "../verifier/clientRequests.ts";
import { startRefinement } from "../verifier/refines.ts";
import { shortest } from "../verifier/shortest.ts";
import { simulatedSchedule } from "../verifier/simulatedSchedule.ts";
import { nextTurn } from "./rpc.ts";
import type { Handlers } from "./rpc.ts";
import type { DeployedProgram } from "./simulationApi.ts";
import type { VerifyApi } from "./verifyApi.ts";

/** Between two batches the worker hears of a cancel and says how far it is. */
const PAIRS_A_BATCH = 50;

const told = { functions: standardFunctions(nobleCrypto), crypto: nobleCrypto };

export const verifyHandlers: Handlers<VerifyApi> = {
  async verify({ original, rewritten, requests, ...how }, { progress, signal }) {
    const [before, after] = [verifiable(original), verifiable(rewritten)];
    const asked = clientRequests(before, requests);
    const options = { ...told, ...how, inputs: asked.flat() };
    const check = startRefinement(before, after, options);
    while (!signal.aborted && check.advance(PAIRS_A_BATCH) === "running") {
      progress(check.progress());
      await nextTurn();
    }
    const found = check.result();
    if (found.kind !== "counterexample") return { refinement: found };
    const refinement = shortest(before, after, options, found);
    const replay = simulatedSchedule(after, refinement.schedule, asked, told);
    return { refinement, ...(replay && { replay }) };
  },
};

function verifiable({ program, deployment }: DeployedProgram): AnalyzedProgram {
  const p = analyze(program, deployment);
  const problem = simulationProblem(p);
  if (problem !== undefined) throw new Error(problem);
  return p;
}
