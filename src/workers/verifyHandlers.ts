import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { hasSeal } from "../analysis/seals.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { writtenOut } from "../rewrites/writtenOut.ts";
import { simulationProblem } from "../simulator/simulation.ts";
import { clientRequests } from "../verifier/clientRequests.ts";
import type { Input } from "../verifier/machine.ts";
import { crashInputs, originalsOf } from "../verifier/nodeCrashes.ts";
import { startRefinement } from "../verifier/refines.ts";
import type { Counterexample } from "../verifier/refines.ts";
import { replayedCounterexample } from "../verifier/replayedCounterexample.ts";
import { shortest } from "../verifier/shortest.ts";
import { timerFirings, timersOf } from "../verifier/timerFirings.ts";
import { nextTurn } from "./rpc.ts";
import type { Handlers } from "./rpc.ts";
import type { DeployedProgram } from "./simulationApi.ts";
import type { Verified, VerifyApi } from "./verifyApi.ts";

/** Between two batches the worker hears of a cancel and says how far it is. */
const BATCH_MS = 50;

const told = { functions: standardFunctions(nobleCrypto), crypto: nobleCrypto };

export const verifyHandlers: Handlers<VerifyApi> = {
  async verify(request, { progress, signal }) {
    const { original, rewritten, requests, firings = 0, crashes = 0, ...how } = request;
    const [before, after] = [verifiable(original), verifiable(rewritten)];
    const asked = clientRequests(before, requests);
    const requestOf = asked.flatMap((inputs, i) => inputs.map(() => i + 1));
    const inputs = [...asked.flat(), ...eachTimer(before, firings), ...eachNode(before, crashes)];
    const options = { ...told, ...how, inputs };
    const check = startRefinement(before, after, options);
    const advance = (): "running" | "ended" => {
      const until = performance.now() + BATCH_MS;
      while (performance.now() < until) {
        if (check.advance(1) === "ended") return "ended";
      }
      return "running";
    };
    progress(check.progress());
    await nextTurn();
    while (!signal.aborted && advance() === "running") {
      progress(check.progress());
      await nextTurn();
    }
    const found = check.result();
    const { outputs } = check.progress();
    if (found.kind !== "counterexample") return { refinement: found, outputs, requestOf };
    // A program with seals is not simulated as it stands.
    const isSimulated = ![original, rewritten].some(isSealed);
    const replayed = (refinement: Counterexample): Verified => {
      const replay = isSimulated
        ? replayedCounterexample(before, after, refinement, asked, options)
        : undefined;
      return { refinement, outputs, requestOf, ...(replay && { replay }) };
    };
    progress({ ...check.progress(), found: { refinement: found, outputs, requestOf } });
    progress({ ...check.progress(), found: replayed(found) });
    return replayed(shortest(before, after, options, found));
  },
};

function eachTimer(p: AnalyzedProgram, times: number): readonly Input[] {
  return known(
    timerFirings(
      p,
      [...timersOf(p).keys()].map((timer) => ({ timer, times })),
    ),
  );
}

function eachNode(p: AnalyzedProgram, times: number): readonly Input[] {
  return known(
    crashInputs(
      p,
      originalsOf(p).map((node) => ({ node, times })),
    ),
  );
}

function known(inputs: readonly Input[] | string): readonly Input[] {
  if (typeof inputs === "string") throw new Error(inputs);
  return inputs;
}

function isSealed({ program }: DeployedProgram): boolean {
  return program.components.some(({ rules }) => rules.some(hasSeal));
}

function verifiable({ program, deployment }: DeployedProgram): AnalyzedProgram {
  const p = writtenOut(analyze(program, deployment));
  const problem = typeof p === "string" ? p : simulationProblem(p);
  if (typeof p === "string" || problem !== undefined) throw new Error(problem);
  return p;
}
