import type { Fact, Send } from "../evaluator/nodeEngine.ts";
import { address, isTuple, valueKey } from "../program/value.ts";
import type { Address, Value } from "../program/value.ts";
import { ADDRESSES, columnOf } from "./columnSorts.ts";
import type { ColumnSorts } from "./columnSorts.ts";

/** Exchanges values, in each sort of columns others. */
export interface Renaming {
  address(name: string): string;
  fact(fact: Fact): Fact;
  send(send: Send): Send;
  readonly inverse: Renaming;
}

/** A value of a sort, and what takes its place. */
export interface Exchange {
  readonly sort: string;
  readonly from: Value;
  readonly to: Value;
}

export function renaming(sorts: ColumnSorts, exchanges: readonly Exchange[]): Renaming {
  const back = exchanges.map(({ sort, from, to }) => ({ sort, from: to, to: from }));
  const there = renamingOf(sorts, exchanges, () => again);
  const again = renamingOf(sorts, back, () => there);
  return there;
}

function renamingOf(
  sorts: ColumnSorts,
  exchanges: readonly Exchange[],
  inverse: () => Renaming,
): Renaming {
  const bySort = new Map<string, Map<string, Value>>();
  for (const { sort, from, to } of exchanges) {
    const known = bySort.get(sort);
    if (known === undefined) bySort.set(sort, new Map([[valueKey(from), to]]));
    else known.set(valueKey(from), to);
  }
  const renamed = (value: Value, column: string): Value => {
    const values = bySort.get(sorts.of(column));
    return values === undefined ? value : replaced(value, values);
  };
  const fact = ({ relation, row }: Fact): Fact => ({
    relation,
    row: row.map((value, i) => renamed(value, columnOf(relation, i))),
  });
  const nameOf = (name: string): string => (renamed(address(name), ADDRESSES) as Address).name;
  return {
    address: nameOf,
    fact,
    send: (send) => ({ ...fact(send), to: nameOf(send.to) }),
    get inverse() {
      return inverse();
    },
  };
}

function replaced(value: Value, values: ReadonlyMap<string, Value>): Value {
  if (isTuple(value)) return value.map((item) => replaced(item, values));
  return values.get(valueKey(value)) ?? value;
}
