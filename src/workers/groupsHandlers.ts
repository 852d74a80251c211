import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { compile } from "../evaluator/compile.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { busiestOfProgram, rankedGroups } from "../optimizer/rankedGroups.ts";
import type { RankedGroup } from "../optimizer/rankedGroups.ts";
import { numbered } from "../rewrites/words.ts";
import type { SimulationEngines } from "../simulator/clusterNodes.ts";
import type { FoundGroups, GroupsApi, GroupView } from "./groupsApi.ts";
import { cancelled, nextTurn } from "./rpc.ts";
import type { Handlers } from "./rpc.ts";

const engines: SimulationEngines = {
  engine: compile,
  functions: standardFunctions(nobleCrypto),
  crypto: nobleCrypto,
};

export const groupsHandlers: Handlers<GroupsApi> = {
  async groups({ program, deployment, chain }, { progress, signal }) {
    const p = analyze(program, deployment);
    const before = busiestOfProgram(p, engines)?.messagesPerCommand;
    let found: FoundGroups = { before, groups: [] };
    for (const { name } of program.components) {
      const work = rankedGroups(p, name, engines, chain);
      let next = work.next();
      while (next.done !== true) {
        await nextTurn();
        if (signal.aborted) throw cancelled();
        next = work.next();
      }
      const groups = [...found.groups, ...next.value.map((group) => view(p, group))];
      found = {
        before,
        groups: groups.sort((a, b) => (a.after ?? Infinity) - (b.after ?? Infinity)),
      };
      progress(found);
    }
    return found;
  },
};

function view(p: AnalyzedProgram, { component, rules, offer, busiest }: RankedGroup): GroupView {
  return {
    component,
    rules,
    words: numbered(p, rules),
    rewrite: offer.title,
    verdict: offer.verdict,
    inserted: offer.inserted.length,
    after: busiest?.messagesPerCommand,
  };
}
