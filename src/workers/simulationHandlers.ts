import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { compile } from "../evaluator/compile.ts";
import { mayGenerateCode } from "../evaluator/mayGenerateCode.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { compareAnswers } from "../simulator/answers.ts";
import { answerCauses } from "../simulator/causes.ts";
import type { SimulationEngines } from "../simulator/clusterNodes.ts";
import { busiestNode } from "../simulator/messageCounts.ts";
import { createSimulation, simulationProblem } from "../simulator/simulation.ts";
import type { SimulationSettings } from "../simulator/simulationOptions.ts";
import type { Trace } from "../simulator/trace.ts";
import { nextTurn } from "./rpc.ts";
import type { Handlers } from "./rpc.ts";
import type {
  DeployedProgram,
  OwnFaults,
  RunningSimulation,
  SimulationApi,
} from "./simulationApi.ts";

/** Between two batches the worker hears of a cancel and says how far it is. */
const EVENTS_A_BATCH = 1_000;

const engines: SimulationEngines = {
  engine: compile,
  functions: standardFunctions(nobleCrypto),
  crypto: nobleCrypto,
};

const interpreted = !mayGenerateCode();

export const simulationHandlers: Handlers<SimulationApi> = {
  simulate: ({ settings, ...deployed }, { progress, signal }) =>
    simulate(simulable(deployed), settings, signal, progress),

  async compare({ original, rewritten, settings }, { progress, signal }) {
    const sides = { original: simulable(original), rewritten: simulable(rewritten) };
    const run = (side: "original" | "rewritten", own: OwnFaults): Promise<Trace> => {
      const faults = [...(settings.faults ?? []), ...(own.faults ?? [])];
      const branches = own.branches ?? settings.branches ?? [];
      const onProgress = (value: RunningSimulation): void => progress({ ...value, side });
      return simulate(sides[side], { ...settings, faults, branches }, signal, onProgress);
    };
    const left = await run("original", original);
    const right = await run("rewritten", rewritten);
    return { original: left, rewritten: right, comparison: compareAnswers(left, right) };
  },

  explain({ questions, ...deployed }) {
    const p = simulable(deployed);
    return questions.map((question) => answerCauses(p, engines, question));
  },

  cost: (deployed) => busiestNode(simulable(deployed), engines),
};

async function simulate(
  p: AnalyzedProgram,
  settings: SimulationSettings,
  signal: AbortSignal,
  onProgress: (value: RunningSimulation) => void,
): Promise<Trace> {
  const simulation = createSimulation(p, { ...settings, ...engines });
  while (!signal.aborted && simulation.advance(EVENTS_A_BATCH) === "running") {
    onProgress({ ...simulation.progress(), interpreted });
    await nextTurn();
  }
  return simulation.trace();
}

function simulable({ program, deployment }: DeployedProgram): AnalyzedProgram {
  const p = analyze(program, deployment);
  const problem = simulationProblem(p);
  if (problem !== undefined) throw new Error(problem);
  return p;
}
