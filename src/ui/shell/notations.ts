import type { Dialect } from "../../workers/workspaceApi.ts";

/** What the notations are called, in the order in which they are listed. */
export const NOTATIONS: Readonly<Record<Dialect, string>> = {
  compact: "Compact notation",
  paper: "Paper notation",
  hydroflow: "Hydroflow datalog",
  molly: "Molly",
  prototype: "Prototype notation",
};
export const DIALECTS = Object.keys(NOTATIONS) as readonly Dialect[];
