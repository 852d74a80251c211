import { DEFAULT_LOOPS, DEFAULT_NETWORK } from "../../simulator/simulationOptions.ts";
import type { SimulationSettings } from "../../simulator/simulationOptions.ts";
import type { Settings } from "./simulatedRun.ts";

export const FIRST_SETTINGS: Settings = {
  seed: 1,
  seedAfter: undefined,
  requests: 20,
  loops: DEFAULT_LOOPS,
  delayMin: DEFAULT_NETWORK.delay.min,
  delayMax: DEFAULT_NETWORK.delay.max,
  loss: 0,
  duplication: 0,
  reordering: true,
  patience: undefined,
  literalSends: false,
};

/** What the simulator is told of them; the faults of each side come beside it. */
export function toldSimulation(settings: Settings): SimulationSettings {
  const { delayMin, delayMax, patience } = settings;
  return {
    seed: settings.seed,
    requests: settings.requests,
    loops: settings.loops,
    ...(patience !== undefined && { patience }),
    literalSends: settings.literalSends,
    network: {
      delay: { min: delayMin, max: Math.max(delayMin, delayMax) },
      loss: settings.loss / 100,
      duplication: settings.duplication / 100,
      reordering: settings.reordering ? 1 : 0,
    },
  };
}

/** The other way round, for a run that something else has planned. */
export function settingsOf({ network = {}, ...told }: SimulationSettings): Settings {
  const { delay, loss = 0, duplication = 0, reordering = 1 } = network;
  return {
    seed: told.seed,
    seedAfter: undefined,
    requests: told.requests ?? FIRST_SETTINGS.requests,
    loops: told.loops ?? FIRST_SETTINGS.loops,
    delayMin: delay?.min ?? FIRST_SETTINGS.delayMin,
    delayMax: delay?.max ?? FIRST_SETTINGS.delayMax,
    loss: 100 * loss,
    duplication: 100 * duplication,
    reordering: reordering > 0,
    patience: told.patience,
    literalSends: told.literalSends ?? false,
  };
}
