import { ANY, DELETED, STABLE } from "./table.ts";
import type { CodeText } from "./codeText.ts";
import type { Found } from "./planCode.ts";
import type { DrivenCode, RuleCode } from "./ruleCode.ts";
import type { TableCode } from "./tableCode.ts";

/** Statements that evaluate a group of mutually recursive relations, as `recursion.ts` does. */
export function recursionCode(
  text: CodeText,
  tables: readonly TableCode[],
  rules: readonly RuleCode[],
): string {
  const held = tables.filter((t) => t.kind === "held");
  return held.length === 0
    ? passingRecursion(text, tables, rules)
    : heldRecursion(text, held, rules);
}

/** Semi-naive from nothing: every row drives the rules that read it, in the order the rows came. */
function passingRecursion(
  text: CodeText,
  tables: readonly TableCode[],
  rules: readonly RuleCode[],
): string {
  const driven = rules.flatMap((r) => r.recursive((f) => r.valuation(f)));
  const done = tables.map(({ name }) => `${name}_done=${name}_w`).join(",");
  const loops = tables.map((table) => {
    const plans = driven.filter((d) => d.driver === table).map((d) => d.run);
    const { name } = table;
    return `while(${name}_done<${name}_top){const row=${name}_done;${name}_done+=${name}_w;moved=true;${plans.join("")}}`;
  });
  const run = text.name("f");
  text.line(`function ${run}(){
${rules.map((r) => r.afresh()).join("")}
let moved=true,${done};
while(moved){moved=false;${loops.join("\n")}}
${rules.map((r) => r.outcome()).join("")}
}`);
  return `${run}();`;
}

/** Delete and re-derive (see `heldRecursion` in `recursion.ts`). Queues hold a table's place in the group and a row. */
function heldRecursion(
  text: CodeText,
  tables: readonly TableCode[],
  rules: readonly RuleCode[],
): string {
  for (const table of tables) table.recursive = true;
  const name = text.name("x");
  const recursive = rules.filter((r) => r.plans.recursive.length > 0);
  const plain = rules.filter((r) => r.plans.recursive.length === 0);
  tables.forEach((table, i) => writeMoves(text, name, table, i));
  const place = (table: TableCode): number => tables.indexOf(table);

  const remove = (r: RuleCode, { head }: Found): string => {
    return `{const row=${r.target.find(head)};if(row!==0)${name}_remove${place(r.target)}(row);}`;
  };
  const add = (r: RuleCode, { head }: Found): string => {
    const T = r.target.name;
    const pulse = r.plans.rule.pulse ? r.target.support("now", true, "1") : "";
    return `{const row=${T}_up(${head.join(",")});${pulse}${name}_add${place(r.target)}(row);}`;
  };
  const touched = (body: (T: string, i: number) => string): string =>
    tables
      .map(
        ({ name: T }, i) => `for(let i=0,n=touched${i};i<n;i++){const row=${T}_t[i];${body(T, i)}}`,
      )
      .join("");
  const drive = (queue: string, plans: readonly DrivenCode[]): string => {
    const cases = tables.map((table, i) => {
      const run = plans.filter((d) => d.driver === table).map((d) => d.run);
      return `case ${i}:${run.join("")}break;`;
    });
    return `for(let i=0;i<${queue}.length;i+=2){const row=${queue}[i+1];switch(${queue}[i]){${cases.join("")}}}`;
  };
  const derivable = tables.map((table, i) => {
    const tests = recursive
      .filter((r) => r.target === table)
      .flatMap((r) => r.derives() ?? [])
      .map((q) => `${q}(row)`);
    return `case ${i}:if((${table.state("row")}&${ANY})===${DELETED}&&(${tests.join("||") || "false"}))${name}_add${i}(row);break;`;
  });
  const deletedForGood = tables.map(
    (table, i) =>
      `case ${i}:if((${table.state("row")}&${ANY})===${DELETED})${table.name}_gone(row);break;`,
  );
  const each = (cases: readonly string[]): string =>
    `for(let i=0;i<${name}_old.length;i+=2){const row=${name}_old[i+1];switch(${name}_old[i]){${cases.join("")}}}`;

  const overdeletes = recursive.flatMap((r) => r.recursive((f) => remove(r, f), "overdelete"));
  const inserts = recursive.flatMap((r) => r.recursive((f) => add(r, f)));
  text.line(`function ${name}(){
${plain.map((r) => (r.plans.rule.pulse ? r.afresh() : r.deltas())).join("")}
${tables.map(({ name: T }, i) => `const touched${i}=${T}_t_n;`).join("")}
${touched((_, i) => `${name}_remove${i}(row);`)}
${recursive.map((r) => r.removeDeltas((f) => remove(r, f))).join("")}
${drive(`${name}_old`, overdeletes)}
${touched((T, i) => `if(${T}_has(row))${name}_add${i}(row);`)}
${each(derivable)}
${recursive.map((r) => (r.plans.rule.pulse ? r.afresh((f) => add(r, f)) : r.addDeltas((f) => add(r, f)))).join("")}
${drive(`${name}_new`, inserts)}
${each(deletedForGood)}
${recursive.map((r) => r.outcome()).join("")}
${name}_old.length=0;${name}_new.length=0;
}`);
  return `${name}();`;
}

function writeMoves(text: CodeText, group: string, table: TableCode, place: number): void {
  const T = table.name;
  const state = table.state("row");
  text.line(`${place === 0 ? `var ${group}_old=[],${group}_new=[];` : ""}
function ${group}_remove${place}(row){
if((${state}&${ANY})!==${STABLE}||${T}_has(row))return;
${T}_disappear(row);${T}_touch(row);${group}_old.push(${place},row);
}
function ${group}_add${place}(row){
const v=${state}&${ANY};
if(v===0){${T}_appear(row);${T}_touch(row);}
else if(v===${DELETED}){${state}^=${STABLE | DELETED};${T}_n++;}
else return;
${group}_new.push(${place},row);
}`);
}
