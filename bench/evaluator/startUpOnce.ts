// Prints the milliseconds that a proposer takes in this new process: to be compiled, and to start and end a first tick.
import { compile } from "../../src/evaluator/compile.ts";
import type { Runnable } from "../../src/evaluator/nodeEngine.ts";
import { timed } from "./contest.ts";
import { proposer } from "./paxosNodes.ts";
import { environmentOf } from "./protocolNode.ts";

const environment = environmentOf(proposer);
const compiled: Runnable[] = [];
const compiling = timed(() => {
  compiled.push(compile(proposer.example.program, proposer.component));
});
const starting = timed(() => {
  for (const { start } of compiled) start(environment).tick([]);
});
console.log(JSON.stringify([compiling * 1_000, starting * 1_000]));
