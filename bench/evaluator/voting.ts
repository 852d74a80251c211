import type { Row, Value } from "../../src/program/value.ts";
import { address } from "../../src/program/value.ts";

/** Votes are counted, the reply is emitted when there are three, and they are forgotten. */
export const VOTING = `
  votes(s, id) :- vote(s, id)
  votes(s, id)@next :- votes(s, id), !committed(id)
  numVotes(count<s>, id) :- votes(s, id)
  committed(id) :- numVotes(n, id), quorum(n)
  reply(id)@async(c) :- committed(id), client(c)`;
export const VOTING_EDB: Readonly<Record<string, readonly Row[]>> = {
  quorum: [[3]],
  client: [[address("client")]],
};
export const VOTERS: readonly Value[] = ["p1", "p2", "p3"].map(address);
