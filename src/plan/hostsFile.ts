import { headerProblem } from "./header.ts";
import {
  arrayOf,
  checkJson,
  constant,
  integerFrom,
  name,
  object,
  objectWith,
  pointerTo,
  recordOf,
  text,
} from "./schema.ts";
import type { Checked, FileProblem, Typed } from "./schema.ts";

/** A machine that nodes may be placed on (files.md, Hosts). */
export const hostSchema = objectWith(
  { name, address: name },
  {
    /** How whoever deploys gets in; keys by reference, never in the file. */
    ssh: objectWith({}, { user: name, port: integerFrom(1, 65_535), identityFile: name }),
    cpus: integerFrom(1),
    memory: integerFrom(1),
    labels: recordOf(text),
  },
);

/** The schema of `clew/hosts` version 1. */
export const hostsSchema = object({
  format: constant("clew/hosts"),
  version: constant(1),
  hosts: arrayOf(hostSchema),
});

export type HostJson = Typed<typeof hostSchema>;

/** Reads a parsed hosts file. */
export function readHosts(json: unknown): Checked<readonly HostJson[]> {
  const header = headerProblem(json, "hosts", 1);
  if (header !== undefined) return { kind: "problems", problems: [header] };
  const checked = checkJson(hostsSchema, json);
  if (checked.kind === "problems") return checked;
  const { hosts } = checked.value;
  const problems = hostProblems(hosts, "/hosts");
  if (hosts.length === 0) problems.push({ pointer: "/hosts", message: "The file names no host." });
  return problems.length > 0 ? { kind: "problems", problems } : { kind: "ok", value: hosts };
}

/** Names that are taken twice, or that mean something else in a plan. */
export function hostProblems(hosts: readonly HostJson[], at: string): FileProblem[] {
  const seen = new Set<string>();
  return hosts.flatMap((host, i) => {
    const taken = seen.has(host.name);
    seen.add(host.name);
    if (!taken && host.name !== "assign") return [];
    const message = taken
      ? `Two hosts have the name “${host.name}”.`
      : "No host may be named “assign”: in a plan it says that whoever deploys chooses.";
    return [{ pointer: pointerTo(pointerTo(at, i), "name"), message }];
  });
}
