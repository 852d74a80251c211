import type { Figure } from "../report.ts";
import { kvsLeader, kvsStorage } from "./kvsNodes.ts";
import { acceptor, proposer } from "./paxosNodes.ts";
import { pbftReplicas } from "./pbftNode.ts";
import { nodeProfile } from "./nodeProfile.ts";
import { protocolNode, type NodeScript } from "./protocolNode.ts";
import { coordinator } from "./twopcNode.ts";
import { votingLeader } from "./votingNode.ts";

/** The nodes of an example. */
export async function nodes(example: string): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const script of SCRIPTS[example] ?? []) figures.push(await protocolNode(script));
  return figures;
}

/** Prints where their time goes. */
export async function profiles(example: string): Promise<void> {
  for (const script of SCRIPTS[example] ?? []) await nodeProfile(script);
}

const SCRIPTS: Readonly<Record<string, readonly NodeScript[]>> = {
  voting: [votingLeader],
  kvs: [kvsLeader, kvsStorage],
  twopc: [coordinator],
  paxos: [proposer, acceptor],
  pbft: pbftReplicas,
};
