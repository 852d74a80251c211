import { rowToJson } from "../program/valueJson.ts";
import type { Fault } from "./faults.ts";
import type { Branch } from "./simulationOptions.ts";

/** Faults and branches as a file holds them (files.md, Faults), so that a run can be had again from its seed. */
export function faultsText(faults: readonly Fault[], branches: readonly Branch[] = []): string {
  const document = {
    format: "clew/faults",
    version: 1,
    faults: faults.map(faultToJson),
    ...(branches.length > 0 && {
      branches: branches.map((branch) => ({ ...branch, faults: branch.faults.map(faultToJson) })),
    }),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function faultToJson(fault: Fault): object {
  if (!("message" in fault)) return fault;
  return { ...fault, message: { ...fault.message, row: rowToJson(fault.message.row) } };
}
