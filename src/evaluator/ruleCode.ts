import { KEEP_UNSURE } from "./heldTable.ts";
import { mayFail, readsNothing, type Plan } from "./plan.ts";
import type { DeltaPlans, RulePlans } from "./rulePlans.ts";
import { isAuxiliary } from "./normalRules.ts";
import { headVariables } from "./suspicion.ts";
import { FACTS_OUT, FACTS_WITHDRAWN, MILLISECONDS } from "./ruleCosts.ts";
import { NEW } from "./table.ts";
import { GroupCode } from "./groupCode.ts";
import type { CodeText } from "./codeText.ts";
import { writePlan, type Found, type PlanCodeContext } from "./planCode.ts";
import type { TableCode } from "./tableCode.ts";

/** Statements for a `row` of the driver. */
export interface DrivenCode {
  readonly driver: TableCode;
  readonly run: string;
}

/** The code of one rule: statements that run it in one of its ways. */
export class RuleCode {
  readonly plans: RulePlans;
  readonly target: TableCode;
  readonly group: GroupCode | undefined;
  readonly #text: CodeText;
  readonly #context: PlanCodeContext;
  /** Name of the counters of what the rule derives, if they are kept; an auxiliary rule's work is its source's. */
  readonly #derived: string | undefined;

  constructor(plans: RulePlans, context: PlanCodeContext) {
    this.plans = plans;
    this.#text = context.text;
    this.#context = context;
    const { rule } = plans;
    this.target = context.table(rule.head);
    const isOwn = rule.timing !== "now" || !isAuxiliary(rule.head);
    if (isOwn) this.#derived = context.costs?.counters;
    const aggregates = rule.terms.some((t) => t.kind === "aggregate");
    this.group = aggregates ? new GroupCode(context.text, rule) : undefined;
    this.group?.write((cells, by) => this.#contribute(cells, by));
  }

  /** A pulse, driven by the passing relation with fewest rows. */
  afresh(found: (found: Found) => string = (f) => this.#valuation(f, "1")): string {
    const ways = this.plans.afresh.map(({ relation, plan }) => {
      const driver = this.#context.table(relation);
      const written = writePlan(plan, driver, this.#context, found);
      const end = readsNothing(plan.driver) ? "break;" : "";
      return { driver, run: `${driver.loop("row")}{${written}(row);${end}}` };
    });
    if (ways.length === 0) return "";
    const each = ways.map(({ run }) => run);
    const fewest = ways
      .slice(1)
      .map(({ driver: { name } }, i) => `if(${name}_n<n){n=${name}_n;way=${i + 1};}`);
    const choice = each.map((e, i) => `${i > 0 ? "else " : ""}if(way===${i}){${e}}`).join("");
    const end =
      this.group === undefined ? "" : `${this.group.name}_flush();${this.group.name}_forget();`;
    return this.#timed(
      this.#function(`let n=${ways[0]!.driver.name}_n,way=0;${fewest.join("")}
if(n===0)return;
${ways.length === 1 ? each[0]! : choice}
${end}`),
    );
  }

  /** Applies what changed in the relations it reads: first what ceased to hold, then what began to. */
  deltas(): string {
    const flush = this.group === undefined ? "" : `${this.group.name}_flush();`;
    const remove = this.removeDeltas((f) => this.#valuation(f, "-1"));
    const add = this.addDeltas((f) => this.#valuation(f, "1"));
    return `${remove}${add}${this.#timed(flush)}`;
  }

  removeDeltas(found: (found: Found) => string): string {
    return this.#eachDelta(
      (d) => (d.negated ? "ins" : "del"),
      (d) => d.remove,
      found,
    );
  }

  addDeltas(found: (found: Found) => string): string {
    return this.#eachDelta(
      (d) => (d.negated ? "del" : "ins"),
      (d) => d.add,
      found,
    );
  }

  /** For a persistence rule: marks the rows whose keeping may have changed. */
  doubts(): string {
    const T = this.target;
    const each = this.plans.afresh.flatMap(({ relation, plan }) => {
      const driver = this.#context.table(relation);
      if (driver.kind !== "held") return [];
      const q = writePlan(plan, driver, this.#context, ({ rows }) => {
        const row = rows.get(this.plans.rule.head);
        if (row === undefined) throw new Error("A persistence rule reads what it keeps.");
        return `if((${T.state(row)}&${NEW})!==0){${T.state(row)}|=${KEEP_UNSURE};${T.name}_touch(${row});}`;
      });
      return [changed(driver, "ins", q), changed(driver, "del", q)];
    });
    return this.#timed(each.join(""));
  }

  /** The name of a function that says of a head row whether the rule derives it. */
  derives(): string | undefined {
    const { rederive, kind } = this.plans;
    if (rederive === undefined) return undefined;
    // Where a valuation may be an error all are looked at, also when one has decided.
    const all = kind === "keep" && mayFail(rederive);
    const plan: Plan = { ...rederive, head: [], over: [] };
    if (!all) {
      const q = this.#test(plan, this.#context);
      if (this.#context.costs === undefined) return q;
      return this.#decider(this.#timed(`found=${q}(row);`));
    }
    const found = this.#text.name("found");
    this.#text.line(`var ${found}=false;`);
    const q = writePlan(plan, this.target, this.#context, () => `${found}=true;`);
    return this.#decider(this.#timed(`${found}=false;${q}(row);found=${found};`));
  }

  /** A function from a head row, in which the statements say whether it is `found`. */
  #decider(statements: string): string {
    const name = this.#text.name("q");
    const kept = this.plans.kind === "keep" ? this.#keptCounted() : "";
    this.#text.line(`function ${name}(row){let found=false;${statements}${kept}return found;}`);
    return name;
  }

  /** Counts a row that the rule begins to keep, or no longer keeps. */
  #keptCounted(): string {
    const counters = this.#derived;
    if (counters === undefined) return "";
    const was = this.target.at("row", this.target.field());
    return `if(found!==(${was}===1)){${counters}[found?${FACTS_OUT}:${FACTS_WITHDRAWN}]++;${was}=found?1:0;}`;
  }

  /** For a recursive rule, when its group is complete: counts what appeared and it derives, and what it derived. */
  outcome(): string {
    const counters = this.#derived;
    const { outcome } = this.plans;
    if (counters === undefined || outcome === undefined) return "";
    const uncounted = { ...this.#context, costs: undefined };
    const after = this.#test(outcome.after, uncounted);
    const T = this.target;
    if (T.kind !== "held") return `${T.loop("row")}if(${after}(row))${counters}[${FACTS_OUT}]++;`;
    const each = (list: string, test: string, counter: number): string =>
      `for(let i=0;i<${T.name}_${list}_n;i++)if(${test}(${T.name}_${list}[i]))${counters}[${counter}]++;`;
    const before =
      outcome.before === undefined
        ? ""
        : each("del", this.#test(outcome.before, uncounted), FACTS_WITHDRAWN);
    return each("ins", after, FACTS_OUT) + before;
  }

  /** The name of a function that says of a head row whether the plan finds a valuation. */
  #test(plan: Plan, context: PlanCodeContext): string {
    return writePlan({ ...plan, head: [], over: [] }, this.target, context, () => "return true;");
  }

  /** For a recursive rule: plans driven by the relations of its own group. */
  recursive(
    found: (found: Found) => string,
    which: "plan" | "overdelete" = "plan",
  ): readonly DrivenCode[] {
    return this.plans.recursive.flatMap((d) => {
      const plan = which === "plan" ? d.plan : d.overdelete;
      if (plan === undefined) return [];
      const driver = this.#context.table(d.relation);
      const written = writePlan(plan, driver, this.#context, found);
      return [{ driver, run: this.#timed(`${written}(row);`) }];
    });
  }

  /** Statements for a valuation that begins (1) or ceases (-1) to hold. */
  valuation(found: Found): string {
    return this.#valuation(found, "1");
  }

  #valuation({ head, over }: Found, by: string): string {
    if (this.group !== undefined) {
      return `${this.group.name}_change(${[...head, ...over, by].join(",")});`;
    }
    return this.#contribute(head, by);
  }

  #contribute(cells: readonly string[], by: string): string {
    const T = this.target.name;
    const given = cells.join(",");
    const test = this.plans.rule.timing === "async" ? this.#addressTest(cells) : "";
    const counted = this.#counted(by);
    if (this.target.kind !== "held") return `${test}{${counted}${T}_add(${given});}`;
    const { timing, pulse } = this.plans.rule;
    const support = this.target.support(timing === "next" ? "next" : "now", pulse, by);
    return `${test}{${counted}const row=${T}_up(${given});${support}}`;
  }

  /** Counts what begins or ceases to be derived; of recursive rules, `outcome` does. */
  #counted(by: string): string {
    if (this.#derived === undefined || this.plans.recursive.length > 0) return "";
    return `${this.#derived}[${by}>0?${FACTS_OUT}:${FACTS_WITHDRAWN}]++;`;
  }

  #eachDelta(
    rows: (delta: DeltaPlans) => "ins" | "del",
    plan: (delta: DeltaPlans) => Plan,
    found: (found: Found) => string,
  ): string {
    const each = this.plans.deltas.map((d) => {
      const driver = this.#context.table(d.relation);
      return changed(driver, rows(d), writePlan(plan(d), driver, this.#context, found));
    });
    return this.#timed(each.join(""));
  }

  /** The head of a statement for heads whose destination is an address; the others are told of. */
  #addressTest(cells: readonly string[]): string {
    const rule = this.plans.rule.source.id;
    const isAddress = this.#text.datum(
      ({ interner }) =>
        (id: number) =>
          interner.isAddress(id),
      "isAddress",
    );
    const heads = headVariables(this.plans.rule);
    const variables = [...heads.keys()];
    const tell = this.#text.datum(
      ({ suspect }) =>
        (...ids: readonly number[]) =>
          suspect({ rule, group: false, variables, ids }),
      `suspect ${JSON.stringify([rule, ...variables])}`,
    );
    const known = [...heads.values()].map((column) => cells[column]!).join(",");
    return `if(!${isAddress}(${cells[0]!}))${tell}(${known});else `;
  }

  /** The statements, with the time they take added to the rule's. */
  #timed(statements: string): string {
    const { costs } = this.#context;
    if (costs === undefined || statements === "") return statements;
    const { counters, now } = costs;
    return `{const from=${now}();${statements}${counters}[${MILLISECONDS}]+=${now}()-from;}`;
  }

  #function(body: string): string {
    const name = this.#text.name("f");
    this.#text.line(`function ${name}(){${body}}`);
    return `${name}();`;
  }
}

/** Runs a plan for each row that appeared or disappeared this tick. */
function changed(table: TableCode, list: "ins" | "del", plan: string): string {
  const rows = `${table.name}_${list}`;
  return `for(let i=0;i<${rows}_n;i++)${plan}(${rows}[i]);\n`;
}
