import type { RelationName, RuleId } from "../program/program.ts";
import {
  looseRelations,
  type ComponentShape,
  type Group,
  type ShapedRule,
} from "./componentShape.ts";
import type { Machine } from "./machine.ts";
import { GeneratedTable, handleCode, type TableHandle } from "./nodeTableCode.ts";
import type { RulePlans } from "./rulePlans.ts";
import { CodeText, type CodeContext } from "./codeText.ts";
import { recursionCode } from "./recursionCode.ts";
import type { CostCode } from "./planCode.ts";
import type { RuleCosts } from "./ruleCosts.ts";
import { RuleCode } from "./ruleCode.ts";
import { mayBeSuspect } from "./suspicion.ts";
import { TableCode } from "./tableCode.ts";

/**
 * Compiles a component: one function in whose scope its tables and rules are variables and functions of their own,
 * written out for their arities, indexes and kinds. Each node calls it once.
 */
export function componentCode(
  shape: ComponentShape,
  plans: readonly RulePlans[],
  recorded?: RuleCosts,
): (context: CodeContext) => Machine {
  const { text, result } = written(shape, plans, recorded);
  const make = text.factory<Omit<Machine, "tables"> & { tables: readonly TableHandle[] }>(result);
  return (context) => {
    const { tables: handed, ...machine } = make(context);
    const views = handed.map((handle) => new GeneratedTable(handle, context.interner));
    return { ...machine, tables: new Map(views.map((t) => [t.name, t])) };
  };
}

/** The text that becomes code for a component. */
export function componentSource(shape: ComponentShape, plans: readonly RulePlans[]): string {
  const { text, result } = written(shape, plans);
  return text.source(result);
}

function written(
  shape: ComponentShape,
  plans: readonly RulePlans[],
  recorded?: RuleCosts,
): { readonly text: CodeText; readonly result: string } {
  const text = new CodeText();
  const tables = new Map<RelationName, TableCode>();
  for (const [relation, arity] of shape.arities) {
    const kind = shape.passing.has(relation) ? "passing" : "held";
    tables.set(relation, new TableCode(text, kind, arity));
  }
  // Equal messages would count as often as they came.
  const loose = recorded === undefined ? looseRelations(shape) : [];
  for (const relation of loose) tables.get(relation)!.loose = true;
  const table = (relation: RelationName): TableCode => tables.get(relation)!;
  const rules = plans.map((p) => {
    const rule = p.rule.source.id;
    return new RuleCode(p, {
      text,
      rule,
      table,
      costs: recorded && costCode(text, rule, recorded),
    });
  });
  for (const code of tables.values()) if (code.kind === "held") setKeeping(text, code, rules);
  const run = runText(shape, text, tables, rules);
  for (const { rule } of plans) if (mayBeSuspect(rule)) letAsk(rule, tables);
  const handles = [...tables].map(([relation, code]) =>
    handleCode(text, relation, code, !shape.derived.has(relation)),
  );
  for (const code of tables.values()) code.write();
  writeTick(text, [...tables.values()], rules, run);
  const result = `{begin:begin,run:run,end:end,visitLive:visitLive,tables:[${handles.join(",\n")}]}`;
  return { text, result };
}

/** Rows of what the rule reads are looked for where something of it could not be computed. */
function letAsk(rule: ShapedRule, tables: ReadonlyMap<RelationName, TableCode>): void {
  const named = rule.source.body.flatMap((l) => (l.kind === "relation" ? [l.relation] : []));
  const read = rule.body.flatMap((l) => (l.kind === "stored" ? [l.relation] : []));
  for (const relation of [...named, ...read]) {
    const table = tables.get(relation);
    if (table !== undefined) table.asked = true;
  }
}

function costCode(text: CodeText, rule: RuleId, recorded: RuleCosts): CostCode {
  return {
    counters: text.datum(() => recorded.of(rule), `costs of ${rule}`),
    now: text.datum(() => recorded.now, "now"),
  };
}

function setKeeping(text: CodeText, table: TableCode, rules: readonly RuleCode[]): void {
  const own = rules.filter((r) => r.plans.kind !== "plain" && r.target === table);
  if (own.length === 0) return;
  const deciders = own.flatMap((r) => r.derives() ?? []);
  if (deciders.length === 0) {
    table.keeping = "always";
    return;
  }
  const name = text.name("keep");
  // All of them, also when one has decided: a later one may fail.
  text.line(`function ${name}(row){let kept=${deciders.length < own.length};
${deciders.map((q) => `if(${q}(row))kept=true;`).join("")}return kept;}`);
  table.keeping = { decide: name };
}

/** Statements of a tick, in the order of the groups. */
function runText(
  shape: ComponentShape,
  text: CodeText,
  tables: ReadonlyMap<RelationName, TableCode>,
  rules: readonly RuleCode[],
): string {
  const computed = new Set(shape.groups.flatMap((g) => g.relations));
  const sending = new Set(shape.sending);
  const settle = (relation: RelationName): string => {
    const { kind, name } = tables.get(relation)!;
    return kind === "held" ? `if(${name}_t_n>0)${name}_settle();` : "";
  };
  const roots = [...tables.keys()].filter((r) => !computed.has(r) && !sending.has(r));
  const late = rules.filter((r) => r.plans.rule.timing !== "now" && r.plans.kind === "plain");
  return [
    ...roots.map(settle),
    ...shape.groups.map((group) => groupText(group, text, tables, rules, settle)),
    ...rules.filter((r) => r.plans.kind === "keep").map((r) => r.doubts()),
    ...late.map((r) => ruleText(r)),
    ...[...sending].map(settle),
  ].join("\n");
}

function groupText(
  group: Group,
  text: CodeText,
  tables: ReadonlyMap<RelationName, TableCode>,
  rules: readonly RuleCode[],
  settle: (relation: RelationName) => string,
): string {
  const own = rules.filter(
    (r) => r.plans.rule.timing === "now" && group.relations.includes(r.plans.rule.head),
  );
  if (group.recursive) {
    const members = group.relations.map((r) => tables.get(r)!);
    return recursionCode(text, members, own);
  }
  return `${own.map((r) => ruleText(r)).join("")}${settle(group.relations[0]!)}`;
}

function ruleText(rule: RuleCode): string {
  return rule.plans.rule.pulse ? rule.afresh() : rule.deltas();
}

function writeTick(
  text: CodeText,
  tables: readonly TableCode[],
  rules: readonly RuleCode[],
  run: string,
): void {
  const begin = tables.map(({ name: T, kind }) =>
    kind === "held" ? `${T}_ins_n=0;${T}_del_n=0;` : `${T}_clear();`,
  );
  const held = tables.filter((t) => t.kind === "held");
  const end = held.map(({ name: T }) => `if(${T}_t_n>0)differences+=${T}_end();`);
  const live = rules.flatMap(({ group }) =>
    group === undefined ? [] : [`${group.name}_live(mark);`],
  );
  text.line(`function begin(){${begin.join("\n")}}
function run(){${run}}
function end(){let differences=0;${end.join("\n")}return differences;}
function visitLive(mark){${live.join("")}}`);
}
