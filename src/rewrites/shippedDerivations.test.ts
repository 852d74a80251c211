import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { example, shippedDerivation } from "./examples.testing.ts";
import { replay } from "./replay.ts";

interface Shipped {
  /** "twopc/scaled" */
  readonly form: string;
  /** Nodes of each component at the end. */
  readonly nodes: Readonly<Record<string, number>>;
  /** The steps that hold in lock-step only. */
  readonly lockstep?: readonly string[];
}

const SHIPPED: readonly Shipped[] = [
  { form: "kvs/mutuallyIndependent", nodes: { leader: 1, collector: 1, storage: 3 } },
  { form: "kvs/monotonic", nodes: { leader: 1, collector: 1, checker: 1, storage: 3 } },
  {
    form: "kvs/functional",
    nodes: { leader: 1, broadcaster: 1, collector: 1, checker: 1, storage: 3 },
  },
  {
    form: "kvs/cohashing",
    nodes: { leader: 1, broadcaster: 3, collector: 3, checker: 3, storage: 3 },
  },
  {
    form: "kvs/dependencies",
    nodes: { leader: 1, broadcaster: 3, collector: 3, checker: 3, storage: 9 },
  },
  { form: "voting/scaled1", nodes: { leader: 1, broadcaster: 1, participant: 3, collector: 1 } },
  { form: "voting/scaled3", nodes: { leader: 1, broadcaster: 3, participant: 9, collector: 3 } },
  { form: "voting/scaled", nodes: { leader: 1, broadcaster: 5, participant: 15, collector: 5 } },
  {
    form: "twopc/scaled",
    nodes: { coordinator: 1, requester: 5, committer: 5, ender: 5, participant: 3, voter: 15, acker: 12 }, // prettier-ignore
    lockstep: ["voter", "voter by transaction"],
  },
  {
    form: "pbft/scaled",
    nodes: { leader: 1, proxyLeader: 3, replica: 12, preparer: 12, committer: 12 },
  },
  {
    form: "pbft/hardened",
    nodes: { leader: 1, proxyLeader: 3, replica: 12, preparer: 12, committer: 12 },
  },
  {
    form: "paxos/scaled20",
    nodes: { proposer: 2, p2aProxy: 2, p2bProxy: 6, coordinator: 3, acceptor: 3, replica: 4 },
  },
  {
    form: "paxos/scaled",
    nodes: { proposer: 2, p2aProxy: 6, p2bProxy: 6, coordinator: 3, acceptor: 9, replica: 3 },
  },
  {
    form: "paxos-proxies/scaled",
    nodes: { proposer: 2, p2aProxy: 6, p2bProxy: 6, coordinator: 3, acceptor: 9, replica: 3 },
  },
  { form: "rset-independent/scaled", nodes: { leader: 1, collector: 1, replica: 3 } },
  { form: "rset-monotonic/scaled", nodes: { leader: 1, collector: 1, replica: 3 } },
  { form: "rset-functional/scaled", nodes: { leader: 1, responder: 1 } },
  { form: "rset-cohashing/scaled", nodes: { gateway: 1, leader: 2, replica: 3 } },
  { form: "rset-dependencies/scaled", nodes: { leader: 1, replica: 6 } },
  { form: "rset-partial/scaled", nodes: { leader: 1, replicaProxy: 3, replica: 6 } },
  { form: "echo/scaled", nodes: { server: 1, echoer: 3 } },
  { form: "cart/scaled", nodes: { desk: 1, replica: 9 } },
];

test("every derivation that is shipped is in the list", () => {
  const examples = new URL("../../public/examples/", import.meta.url);
  const files = readdirSync(examples).flatMap((name) =>
    readdirSync(new URL(`${name}/`, examples))
      .filter((file) => file.endsWith(".derivation.json"))
      .map((file) => `${name}/${file.slice(0, -".derivation.json".length)}`),
  );
  expect(files.sort()).toEqual(SHIPPED.map(({ form }) => form).sort());
});

test.each(SHIPPED)("$form replays from its base by the tool alone", ({ form, nodes, lockstep }) => {
  const [name, file] = form.split("/") as [string, string];
  const derivation = shippedDerivation(name, file);
  const { steps, last, baseDiffers } = replay(
    example(name, file),
    derivation,
    () => "no text by hand",
  );
  expect(baseDiffers).toBe(false);
  const verdicts = steps.map((step) => [step.step.name, step.kind === "done" && step.verdict]);
  expect(verdicts).toEqual(
    derivation.steps.map((step) => [
      step.name,
      lockstep?.includes(step.name) === true ? "lockstep" : "holds",
    ]),
  );
  const instances = Object.entries(last.deployment!.instances);
  expect(Object.fromEntries(instances.map(([c, at]) => [c, at.length]))).toEqual(nodes);
  for (const step of derivation.steps) expect(step.note, step.name).toMatch(/\.$/);
});
