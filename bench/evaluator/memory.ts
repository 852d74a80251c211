import type { Fact } from "../../src/evaluator/nodeEngine.ts";
import type { Figure } from "../report.ts";
import { runnable } from "./contest.ts";
import { VOTERS, VOTING, VOTING_EDB } from "./voting.ts";

const VOTES = 10_000_000;
const LIMIT = 200;
/** Commands whose votes come in one tick. */
const TOGETHER = 64;

/** The most memory that the process ever had, while votes on commands named by texts come and are forgotten. V8's own flags. */
export function memory(): readonly Figure[] {
  const engine = runnable(VOTING, VOTING_EDB)();
  const commands = Math.ceil(VOTES / 3);
  for (let id = 0; id < commands; id += TOGETHER) {
    const arrived: Fact[] = [];
    for (let i = 0; i < TOGETHER; i++) {
      for (const voter of VOTERS) {
        arrived.push({ relation: "vote", row: [voter, command(id + i)] });
      }
    }
    engine.tick(arrived);
  }
  if (engine.size() > 10 * TOGETHER) throw new Error(`${engine.size()} facts are still held.`);
  const value = process.resourceUsage().maxRSS / 1024;
  return [
    {
      what: "most memory over 10,000,000 votes on texts",
      value,
      unit: "MiB",
      goal: `<= ${LIMIT}`,
      met: value <= LIMIT,
    },
  ];
}

const bytes = Buffer.from("command 0000000");

/** A text of its own for each vote, out of bytes, as it comes from a connection. */
function command(id: number): string {
  for (let at = bytes.length - 1, n = id; bytes[at] !== 0x20; at--, n = Math.floor(n / 10)) {
    bytes[at] = 0x30 + (n % 10);
  }
  return bytes.toString("latin1");
}
