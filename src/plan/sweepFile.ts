import { headerProblem } from "./header.ts";
import { resultsSchema } from "./resultsFile.ts";
import {
  arrayOf,
  checkJson,
  constant,
  either,
  integerFrom,
  name,
  numberFrom,
  object,
  objectWith,
  oneOf,
  pointerTo,
  text,
} from "./schema.ts";
import type { Checked, Typed } from "./schema.ts";

const pointSchema = objectWith(
  {
    /** Its place in `programs`. */
    program: integerFrom(0),
    clients: integerFrom(1),
    /** A failed point lost a node or did not start; a stopped one was not measured to its end. */
    state: oneOf(["finished", "failed", "stopped"]),
  },
  {
    /** Why it is not finished, in a sentence. */
    why: text,
    /** Counted from 1; absent in version 1, where nothing is repeated. */
    repeat: integerFrom(1),
    /** What was measured, all of it or until it ended. */
    results: resultsSchema,
  },
);

/**
 * The schema of `clew/sweep` version 2: the results of one or more programs over numbers of clients. Version 1 lacks what
 * is optional here.
 */
export const sweepSchema = objectWith(
  {
    format: constant("clew/sweep"),
    version: either(constant(1), constant(2)),
    programs: arrayOf(object({ name, nodes: integerFrom(1) })),
    /** What was asked for; points that were not reached are absent from `points`. */
    clients: arrayOf(integerFrom(1)),
    warmupSeconds: numberFrom(0),
    durationSeconds: numberFrom(0),
    /** In the order in which they ran. */
    points: arrayOf(pointSchema),
  },
  {
    /** How often each point was to be measured. */
    repeats: integerFrom(1),
  },
);

export type Sweep = Typed<typeof sweepSchema>;
export type SweepPoint = Typed<typeof pointSchema>;

/** Reads a parsed sweep file. */
export function readSweep(json: unknown): Checked<Sweep> {
  const header = headerProblem(json, "sweep", 2);
  if (header !== undefined) return { kind: "problems", problems: [header] };
  const checked = checkJson(sweepSchema, json);
  if (checked.kind === "problems") return checked;
  const { points, programs } = checked.value;
  const strange = points.findIndex((point) => point.program >= programs.length);
  if (strange === -1) return checked;
  const message = `The sweep has ${programs.length} programs; they are counted from 0.`;
  const pointer = pointerTo(pointerTo("/points", strange), "program");
  return { kind: "problems", problems: [{ pointer, message }] };
}
