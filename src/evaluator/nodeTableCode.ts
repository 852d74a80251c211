import type { RelationName } from "../program/program.ts";
import type { Row, Value } from "../program/value.ts";
import type { CodeText } from "./codeText.ts";
import { USED } from "./heldTable.ts";
import { misfit } from "./machine.ts";
import { NEW } from "./table.ts";
import type { TableCode } from "./tableCode.ts";

/** The expression for what the engine sees of a table: a `NodeTable`. */
export function nodeTableCode(text: CodeText, relation: RelationName, table: TableCode): string {
  const { name: T, kind, arity } = table;
  const held = kind === "held";
  const name = text.datum(() => relation);
  const valueOf = text.datum(
    ({ interner }) =>
      (id: number) =>
        interner.valueOf(id),
    "valueOf",
  );
  const values = (from: number): string =>
    `[${columns(arity - from, (i) => `${valueOf}(${table.at("row", from + i)})`).join(",")}]`;
  const each = (test: string): string => `${table.loop("row")}{${test}visit(row);}`;
  const state = table.state("row");
  return `{name:${name},arity:${arity},held:${held},
${assertText(text, relation, table)},
present(){return ${T}_n;},
eachHolding(visit){${each(held ? `if((${state}&${NEW})!==0)` : "")}},
eachUsed(visit){${each(held ? `if((${state}&${USED})!==0)` : "")}},
cell(row,column){return ${T}[row+column];},
values(row,from){return from===0?${values(0)}:${values(Math.min(1, arity))};},
appeared(){return ${held ? `${T}_ins_n` : "0"};},
appearedAt(i){return ${held ? `${T}_ins[i]` : "0"};},
disappeared(){return ${held ? `${T}_del_n` : "0"};},
disappearedAt(i){return ${held ? `${T}_del[i]` : "0"};},
${logText(table)}}`;
}

function assertText(text: CodeText, relation: RelationName, table: TableCode): string {
  const { name: T, kind, arity } = table;
  const unfit = text.datum(() => (row: Row) => misfit(relation, arity, row));
  const intern = text.datum(
    ({ interner }) =>
      (value: Value) =>
        interner.intern(value),
    "intern",
  );
  const support = table.support("now", false, "1");
  const assert = (cells: readonly string[]): string =>
    kind === "held"
      ? `const row=${T}_up(${cells.join()});${support}`
      : `${T}_add(${cells.join()});`;
  const given = columns(arity, (i) => `const v${i}=given[${i}];`).join("");
  const interned = columns(
    arity,
    (i) => `typeof v${i}==="number"&&(v${i}<<1)>>1===v${i}?v${i}<<1|1:${intern}(v${i})`,
  );
  return `assert(given){if(given.length!==${arity})${unfit}(given);${given}${assert(interned)}},
assertCells(cells,at){${assert(columns(arity, (i) => `cells[at+${i}]`))}}`;
}

/** Entries as `RowLog` has them, written without a call for each. */
function logText(table: TableCode): string {
  const { name: T, arity } = table;
  const size = arity + 2;
  const cells = columns(arity, (i) => `cells[at+${i + 2}]=${table.at("row", i)};`).join("");
  const entry = `cells[at]=tag;cells[at+1]=${arity};${cells}at+=${size};`;
  const logged = (count: string, tag: string, each: (entry: string) => string): string =>
    `if(${count}>0){const tag=${tag},cells=log.reserve(${count}*${size});let at=log.top;
${each(entry)}log.top=at;}`;
  const listed = (list: string, tag: string): string =>
    logged(`${list}_n`, tag, (e) => `for(let i=0;i<${list}_n;i++){const row=${list}[i];${e}}`);
  if (table.kind !== "held") {
    const holding = logged(`${T}_n`, "holds", (e) => `${table.loop("row")}{${e}}`);
    return `logChanges(log,holds,appeared,disappeared){${holding}},logAppeared(log,tag){}`;
  }
  return `logChanges(log,holds,appeared,disappeared){
${listed(`${T}_ins`, "appeared")}${listed(`${T}_del`, "disappeared")}},
logAppeared(log,appeared){${listed(`${T}_ins`, "appeared")}}`;
}

function columns(count: number, each: (column: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, i) => each(i));
}
