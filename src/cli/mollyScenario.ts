import { FAILURE_FREE } from "../simulator/mollyRun.ts";
import type { MollyScenario } from "../simulator/mollyRun.ts";
import { wholeNumber } from "./load.ts";
import { Stop } from "./output.ts";

/** What a run of Molly's kind is told on the command line, in Molly's words. */
export interface MollyOptions {
  readonly nodes?: string;
  readonly eot?: string;
  readonly eff?: string;
  readonly crashes?: string;
  readonly omissions?: string;
}

export const MOLLY_OPTIONS = ["nodes", "eot", "eff", "crashes", "omissions"] as const;

export interface MollySettings {
  readonly nodes: readonly string[];
  /** End of time: the last tick. */
  readonly eot: number;
  /** End of finite failures: what is sent from then on arrives. */
  readonly eff: number;
  readonly scenario: MollyScenario;
}

/** Reads them for a program that names these nodes; what is wrong ends the command with a sentence. */
export function mollySettings(options: MollyOptions, named: readonly string[]): MollySettings {
  const nodes = nodesFrom(options.nodes, named);
  const eot = wholeNumber("--eot", options.eot ?? "3", 1, MAX_EOT);
  const eff = options.eff === undefined ? eot : wholeNumber("--eff", options.eff, 1, eot);
  const { crashes, omissions } = options;
  const scenario: MollyScenario = {
    crashes: crashes === undefined ? FAILURE_FREE.crashes : crashesFrom(crashes, nodes, eot),
    losses: omissions === undefined ? FAILURE_FREE.losses : omissionsFrom(omissions, nodes, eff),
  };
  return { nodes, eot, eff, scenario };
}

/** Every tick is computed from scratch; more would look like hanging. */
const MAX_EOT = 1000;

function nodesFrom(text: string | undefined, named: readonly string[]): readonly string[] {
  if (text === undefined) {
    if (named.length > 0) return named;
    throw new Stop("the program names no node: say which there are with --nodes a,b,c.", 2);
  }
  const nodes = [...new Set(text.split(",").map((name) => name.trim()))];
  if (nodes.includes("")) {
    throw new Stop(`--nodes takes names with commas between them, not "${text}".`, 2);
  }
  const left = named.find((name) => !nodes.includes(name));
  if (left === undefined) return nodes;
  throw new Stop(`--nodes leaves out ${left}, which the program names.`, 2);
}

function crashesFrom(
  text: string,
  nodes: readonly string[],
  eot: number,
): MollyScenario["crashes"] {
  const form = "who crashes and when, as c@2 or b@1,c@2";
  return momentsOf("--crashes", text, form).map(({ what: node, tick, said }) => {
    if (!nodes.includes(node)) {
      throw new Stop(`--crashes: there is no node ${node}; there are ${nodes.join(", ")}.`, 2);
    }
    if (tick < 1 || tick > eot) {
      throw new Stop(`--crashes: ${said} is outside of the run, ticks 1 to ${eot} (--eot).`, 2);
    }
    return { node, tick };
  });
}

function omissionsFrom(
  text: string,
  nodes: readonly string[],
  eff: number,
): MollyScenario["losses"] {
  const form = "sender, receiver and tick, as a:b@1 or a:b@1,a:c@2";
  return momentsOf("--omissions", text, form).map(({ what, tick, said }) => {
    const link = linkOf(what, nodes);
    if (link === undefined) {
      const known = nodes.join(", ");
      throw new Stop(`--omissions: ${what} is not two nodes, as a:b; there are ${known}.`, 2);
    }
    if (link.from === link.to) {
      throw new Stop(`--omissions: what ${link.from} sends to itself always arrives.`, 2);
    }
    if (tick < 1 || tick >= eff) {
      const message = `--omissions: ${said} cannot be: messages are lost from tick 1 on and before tick ${eff} (--eff, else --eot).`;
      throw new Stop(message, 2);
    }
    return { ...link, tick };
  });
}

function momentsOf(
  option: string,
  text: string,
  form: string,
): readonly { readonly what: string; readonly tick: number; readonly said: string }[] {
  return text.split(",").map((part) => {
    const [said, what, tick] = /^(.+)@(\d{1,9})$/.exec(part.trim()) ?? [];
    if (said !== undefined) return { said, what: what!, tick: Number(tick) };
    throw new Stop(`${option} takes ${form}, not "${text}".`, 2);
  });
}

/** A name may hold colons, too: both sides have to be nodes. */
function linkOf(
  text: string,
  nodes: readonly string[],
): { readonly from: string; readonly to: string } | undefined {
  const parts = text.split(":");
  for (let i = 1; i < parts.length; i++) {
    const [from, to] = [parts.slice(0, i).join(":"), parts.slice(i).join(":")];
    if (nodes.includes(from) && nodes.includes(to)) return { from, to };
  }
  return undefined;
}
