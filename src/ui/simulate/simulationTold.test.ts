import { expect, test } from "vitest";
import type { SimulationSettings } from "../../simulator/simulationOptions.ts";
import { settingsOf, toldSimulation } from "./simulationTold.ts";

test("a run that a check has planned is told to the simulator as it was planned", () => {
  const planned: SimulationSettings = {
    seed: 7,
    requests: 2,
    loops: 3,
    patience: 6_000,
    network: { delay: { min: 1, max: 4 }, loss: 0.25, duplication: 0.5, reordering: 0 },
    literalSends: true,
  };
  expect(toldSimulation(settingsOf(planned))).toEqual(planned);
});
