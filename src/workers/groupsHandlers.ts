import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { compile } from "../evaluator/compile.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { busiestOf, measured } from "../optimizer/busiestAfter.ts";
import { rankedGroups } from "../optimizer/rankedGroups.ts";
import type { RankedGroup } from "../optimizer/rankedGroups.ts";
import { rankedKeys } from "../optimizer/rankedKeys.ts";
import type { RankedKey } from "../optimizer/rankedKeys.ts";
import { describedOffer } from "../rewrites/offerTitles.ts";
import { numbered } from "../rewrites/words.ts";
import type { SimulationEngines } from "../simulator/clusterNodes.ts";
import type { BusiestNode } from "../simulator/messageCounts.ts";
import type { FoundGroups, GroupsApi, GroupView, KeyView } from "./groupsApi.ts";
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
    const now = measured(p, engines);
    let found: FoundGroups = { before: now?.messagesPerCommand, groups: [], keys: [] };
    const inTurns = async <T>(work: Generator<void, T>): Promise<T> => {
      for (;;) {
        await nextTurn();
        if (signal.aborted) throw cancelled();
        const { done, value } = work.next();
        if (done === true) return value;
      }
    };
    for (const { name } of program.components) {
      const ranked = await inTurns(rankedGroups(p, name, engines, chain));
      const groups = [...found.groups, ...ranked.map((group) => view(p, group))];
      found = { ...found, groups: groups.sort(byLoad) };
      progress(found);
    }
    for (const { name } of program.components) {
      const ranked = await inTurns(rankedKeys(p, name, engines, chain));
      const working = ranked.filter(({ offer }) => offer.verdict !== "violated");
      if (working.length === 0) continue;
      const keys = [...found.keys, ...working.map((key) => keyView(p, key, now))];
      found = { ...found, keys: keys.sort(byLoad) };
      progress(found);
    }
    return found;
  },
};

/** What a key takes off the component's own nodes decides where it takes nothing off the busiest one. */
function byLoad(a: GroupView | KeyView, b: GroupView | KeyView): number {
  const saved = (one: GroupView | KeyView): number =>
    "own" in one && one.own !== undefined ? one.own.after - one.own.before : 0;
  return (a.after ?? Infinity) - (b.after ?? Infinity) || saved(a) - saved(b);
}

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

function keyView(
  p: AnalyzedProgram,
  { component, offer, busiest, own }: RankedKey,
  now: BusiestNode | undefined,
): KeyView {
  const before = now && busiestOf(now, new Set([component]));
  const isBusiest = own?.address === busiest?.address && now?.address === before?.address;
  return {
    component,
    words: describedOffer(p, offer),
    rewrite: offer.title,
    verdict: offer.verdict,
    inserted: offer.inserted.length,
    after: busiest?.messagesPerCommand,
    own:
      before === undefined || own === undefined || isBusiest
        ? undefined
        : { before: before.messagesPerCommand, after: own.messagesPerCommand },
  };
}
