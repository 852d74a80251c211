// The other end of bench/transport.ts without evaluation: decodes rows and answers after the last one.
import type { NodeAssignment, ToProcess } from "../../src/harness/messages.ts";
import { createTransport } from "../../src/harness/transport.ts";
import type { Transport } from "../../src/harness/transport.ts";
import { wireSchema } from "../../src/harness/wireSchema.ts";
import { address } from "../../src/program/value.ts";

let transport: Transport | undefined;

process.on("disconnect", () => process.exit(0));
process.on("message", async (message: ToProcess) => {
  if (message.kind === "assign" && message.assignment.role === "node") {
    transport = await listen(message.assignment);
    process.send?.({ kind: "ready", port: transport.port });
  }
  if (message.kind === "connect") transport?.connect(message.ports);
});

async function listen(assignment: NodeAssignment): Promise<Transport> {
  const made = await createTransport({
    address: assignment.address,
    secret: assignment.secret,
    schema: wireSchema(assignment.analyzed),
    receive(facts) {
      if (facts.at(-1)?.row[0] !== -1) return;
      made.send("leader", "vote", [address("participant"), 0]);
      made.flush();
    },
    malformed: (from, problem) => console.error(from, problem),
  });
  return made;
}
