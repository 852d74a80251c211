import { clientsSchema } from "./deploymentFile.ts";
import { hostSchema } from "./hostsFile.ts";
import {
  anything,
  arrayOf,
  bool,
  constant,
  either,
  integerFrom,
  name,
  object,
  objectWith,
  recordOf,
  rows,
} from "./schema.ts";
import type { Typed } from "./schema.ts";

const nodeSchema = objectWith(
  {
    address: name,
    component: name,
    /** The node of the original program that it is a sibling of: its own address unless a rewrite made it. */
    original: name,
    /** Nodes of one fault domain crash together. */
    faultDomain: name,
    /** Rows of `node` relations, for this node alone. */
    edb: recordOf(rows),
    /** By reference: the originals whose keys it signs with, and whose signatures it accepts. */
    keys: object({ own: name, trusted: arrayOf(name) }),
    /** The name of a host, or "assign": whoever deploys chooses. */
    host: name,
    port: either(constant("assign"), integerFrom(1, 65_535)),
  },
  { partition: integerFrom(0) },
);

const channelSchema = object({
  relation: name,
  /** Components whose rules send it, and components whose nodes it is delivered to. */
  from: arrayOf(name),
  to: arrayOf(name),
  fromClients: bool,
  toClients: bool,
});

/** The schema of `clew/plan` version 1 (files.md, Plan). */
export const planSchema = objectWith(
  {
    format: constant("clew/plan"),
    version: constant(1),
    name,
    /** The program in compact notation. */
    program: name,
    nodes: arrayOf(nodeSchema),
    /** Rows that are the same at every node. */
    edb: recordOf(rows),
    channels: arrayOf(channelSchema),
    /** Relations written and flushed before anything derived from them leaves the node. */
    durable: arrayOf(name),
    /** How nodes know each other: a secret made for each run. */
    authentication: object({ links: constant("run-secret") }),
    clients: clientsSchema,
    seed: integerFrom(0),
  },
  {
    /** The derivation that the program came from; checked by whoever replays it. */
    derivation: anything,
    partitions: recordOf(integerFrom(1)),
    /** The machines that nodes are placed on; without them every node's host is "assign" or this machine. */
    hosts: arrayOf(hostSchema),
  },
);

export type PlanJson = Typed<typeof planSchema>;
export type PlannedNodeJson = Typed<typeof nodeSchema>;
export type ChannelJson = Typed<typeof channelSchema>;
