import type { Fact, NodeEngine, RowReport } from "../evaluator/nodeEngine.ts";
import { ENTRY, entryTag, kindOfTag, relationOfTag } from "../evaluator/rowLog.ts";
import type { EntryKind, RowLog, SharedIds } from "../evaluator/rowLog.ts";
import { address } from "../program/value.ts";

export type RowTick = NonNullable<NodeEngine["tickRows"]>;

/** How a node ticks on the entries of a log, also where its engine knows values only. */
export function rowTick(engine: NodeEngine, ids: SharedIds, observe: boolean): RowTick {
  if (engine.tickRows !== undefined) return engine.tickRows.bind(engine);
  return (log, arrived, facts) => {
    const report = engine.tick([...arrived.map((entry) => factOf(log, entry, ids)), ...facts]);
    const { tick, standing, unsettled } = report;
    if (observe) {
      const { appeared, disappeared } = engine.change();
      for (const fact of appeared) write(log, ids, fact, ENTRY.appeared);
      for (const fact of disappeared) write(log, ids, fact, ENTRY.disappeared);
    }
    const sendsFrom = log.top;
    for (const { relation, row, to } of report.sends) {
      write(log, ids, { relation, row: [address(to), ...row] }, ENTRY.sent);
    }
    return { tick, standing, unsettled, sendsFrom } satisfies RowReport;
  };
}

function factOf(log: RowLog, entry: number, ids: SharedIds): Fact {
  const tag = log.tag(entry);
  const from = kindOfTag(tag) === ENTRY.sent ? 1 : 0;
  return { relation: ids.nameOf(relationOfTag(tag)), row: log.row(entry, ids.interner, from) };
}

function write(log: RowLog, ids: SharedIds, { relation, row }: Fact, kind: EntryKind): void {
  log.entry(entryTag(ids.relation(relation), kind), ids.interner, row);
}
