import { quoted } from "../analysis/wording.ts";
import { evidenceAt, holds } from "./conditions.ts";
import { notRead, readCopyTarget } from "./copySplit.ts";
import { copyName, readThroughCopy } from "./readThroughCopy.ts";
import type { CopyTarget } from "./readThroughCopy.ts";
import type { Rewrite } from "./rewrite.ts";
import { missing } from "./targets.ts";

/**
 * relay keeps a relation that clients send where clients send it, and lets other rules read what is passed on.
 *
 *     voteReq(id, x)@async(p) :- in(id, x), participants(p)
 *
 *     in_relay(id, x) :- in(id, x)
 *     voteReq(id, x)@async(p) :- in_relay(id, x), participants(p)
 *
 * Clients are out of scope: nobody can tell them another address, so the rule that reads their relation stays. On one
 * node the relay holds just what arrives, in the same tick. A component whose rules all move keeps the relay (H-25).
 * "Optimizing Distributed Protocols with Query Rewrites", section 5.2; rewrites.md section 1.2, H-23.
 */
export const relay: Rewrite<CopyTarget> = {
  name: "relay",
  title: "Relay for clients",
  summary:
    "The component keeps receiving a clients' relation and passes it on to the rules that move.",
  citation: { source: "SIGMOD 2024", where: "section 5.2" },
  targets: () => [],
  readTarget: readCopyTarget,
  misfit: (p, target) =>
    missing(p, target.component, target.rules) ??
    notRead(p, target) ??
    (p.relations.get(target.relation)?.kind === "env"
      ? undefined
      : `Clients do not send ${quoted(target.relation)}: it is copied, not relayed.`),
  preconditions: (_, target) => [
    holds(
      "client-input",
      `Clients send ${quoted(target.relation)} here and cannot be told otherwise, so ${target.component} keeps a relay.`,
      evidenceAt([{ kind: "relation", relation: target.relation }], "comes from clients"),
    ),
  ],
  apply: (p, target) =>
    readThroughCopy(
      p,
      target,
      "relay",
      `Clients send ${quoted(target.relation)} here; these rules read it through a relay.`,
    ),
  defaultName: (p, target) => copyName(p, target, "relay"),
  describe: (p, target) => `${target.relation} → ${copyName(p, target, "relay")}`,
};
