import { rowFromJson } from "../program/valueJson.ts";
import { headerProblem } from "../plan/header.ts";
import {
  arrayOf,
  bool,
  checkJson,
  constant,
  dedalusValue,
  integerFrom,
  name,
  numberFrom,
  object,
  objectWith,
  pointerTo,
  tagged,
} from "../plan/schema.ts";
import type { FileProblem, Typed } from "../plan/schema.ts";
import type { Fault, MessageSelector } from "../simulator/faults.ts";
import type { Branch } from "../simulator/simulationOptions.ts";
import { readJson } from "./load.ts";
import { Stop } from "./output.ts";

const message = objectWith(
  { from: name, to: name, relation: name, row: arrayOf(dedalusValue) },
  { occurrence: integerFrom(0) },
);
const time = numberFrom(0);
/** A fault that lasts happens `at` a time, or lasts for the time `between` two. */
const moment = { at: time, between: arrayOf(time) };
const link = { from: name, to: name };

const faultSchema = tagged({
  delay: object({ message, by: time }),
  lose: object({ message }),
  duplicate: objectWith({ message }, { after: time }),
  cut: objectWith(link, { ...moment, bothWays: bool }),
  heal: objectWith({ ...link, at: time }, { bothWays: bool }),
  pause: objectWith({ node: name }, moment),
  resume: object({ node: name, at: time }),
  crash: object({ node: name, at: time }),
  restart: object({ node: name, at: time }),
});

/** The schema of `clew/faults` version 1. */
export const faultsSchema = objectWith(
  { format: constant("clew/faults"), version: constant(1), faults: arrayOf(faultSchema) },
  {
    branches: arrayOf(
      objectWith({ at: time, faults: arrayOf(faultSchema) }, { seed: integerFrom(0, 2 ** 32 - 1) }),
    ),
  },
);

type FaultJson = Typed<typeof faultSchema>;

export interface FaultsFile {
  readonly faults: readonly Fault[];
  readonly branches: readonly Branch[];
}

/** Reads a faults file; what is wrong with it ends the command, each with its place. */
export function loadFaults(file: string): FaultsFile {
  const read = readFaults(readJson(file));
  if ("faults" in read) return read;
  throw new Stop(read.problems.map((p) => `${file}#${p.pointer}: ${p.message}`).join("\n"));
}

export function readFaults(
  json: unknown,
): FaultsFile | { readonly problems: readonly FileProblem[] } {
  const header = headerProblem(json, "faults", 1);
  if (header !== undefined) return { problems: [header] };
  const checked = checkJson(faultsSchema, json);
  if (checked.kind === "problems") return { problems: checked.problems };
  const problems: FileProblem[] = [];
  const faultsAt = (list: readonly FaultJson[], at: string): readonly Fault[] =>
    list.flatMap((fault, i) => {
      const made = faultsOf(fault);
      if (typeof made !== "string") return made;
      problems.push({ pointer: pointerTo(at, i), message: made });
      return [];
    });
  const { faults, branches = [] } = checked.value;
  const result: FaultsFile = {
    faults: faultsAt(faults, "/faults"),
    branches: branches.map((branch, i) => ({
      ...branch,
      faults: faultsAt(branch.faults, `/branches/${i}/faults`),
    })),
  };
  branches.forEach((branch, i) => {
    if (i > 0 && branch.at < branches[i - 1]!.at) {
      const said = `This branch begins at ${branch.at} ms, before the one it leaves; branches stand in order of time.`;
      problems.push({ pointer: `/branches/${i}/at`, message: said });
    }
  });
  return problems.length > 0 ? { problems } : result;
}

/** What a fault of the file is for the simulator: one or two faults, or a sentence that says what is wrong. */
function faultsOf(json: FaultJson): readonly Fault[] | string {
  switch (json.kind) {
    case "delay":
      return [{ ...json, message: selector(json.message) }];
    case "lose":
      return [{ kind: "lose", message: selector(json.message) }];
    case "duplicate":
      return [{ kind: "duplicate", message: selector(json.message), after: json.after ?? 1 }];
    case "heal":
      return [{ ...json, bothWays: json.bothWays ?? false }];
    case "resume":
    case "crash":
    case "restart":
      return [json];
    case "cut": {
      const { from, to, bothWays = false } = json;
      const times = timesOf(json);
      if (typeof times === "string") return times;
      const on = { from, to, bothWays };
      return lasting({ kind: "cut", at: times.from, ...on }, times.to, (at) => ({
        kind: "heal",
        at,
        ...on,
      }));
    }
    case "pause": {
      const { node } = json;
      const times = timesOf(json);
      if (typeof times === "string") return times;
      return lasting({ kind: "pause", at: times.from, node }, times.to, (at) => ({
        kind: "resume",
        at,
        node,
      }));
    }
  }
}

function lasting(
  start: Fault,
  until: number | undefined,
  end: (at: number) => Fault,
): readonly Fault[] {
  return until === undefined ? [start] : [start, end(until)];
}

function timesOf(json: {
  readonly at?: number;
  readonly between?: readonly number[];
}): { readonly from: number; readonly to: number | undefined } | string {
  const { at, between } = json;
  if (at !== undefined && between === undefined) return { from: at, to: undefined };
  const [from, to] = between ?? [];
  const two = at === undefined && between?.length === 2 && from !== undefined && to !== undefined;
  if (two && from < to) return { from, to };
  return 'Expected either "at" with one time, or "between" with two, the earlier first.';
}

function selector(json: Typed<typeof message>): MessageSelector {
  const { from, to, relation, row, occurrence = 0 } = json;
  // The schema has checked every value of it.
  return { from, to, relation, row: rowFromJson(row)!, occurrence };
}
