import { aggregation } from "./aggregates.ts";
import { FAILED_ID } from "./interner.ts";
import { isDetermined, type ShapedRule } from "./componentShape.ts";
import { headVariables } from "./suspicion.ts";
import { grown } from "./table.ts";
import { names, type CodeText } from "./codeText.ts";
import { TableCode } from "./tableCode.ts";

const DIRTY = 1;
const DERIVED = 2;

/**
 * The code of a rule with aggregates, as `GroupedRule` does it: with the name G, `G_change(key…, value…, by)` for each
 * valuation, then `G_flush()`, which visits the groups that changed.
 */
export class GroupCode {
  readonly name: string;
  readonly #text: CodeText;
  readonly #rule: ShapedRule;
  readonly #groups: TableCode;
  /** For each aggregate, the object that computes it; undefined when the number of valuations is the answer. */
  readonly #aggregations: readonly (string | undefined)[];
  /** Fields of a group: how many valuations it has, its flags, and for each aggregate what was derived. */
  readonly #size: number;
  readonly #flags: number;
  readonly #derived: readonly number[];

  constructor(text: CodeText, rule: ShapedRule) {
    this.#text = text;
    this.#rule = rule;
    const aggregates = rule.terms.flatMap((t) => (t.kind === "aggregate" ? [t.aggregate] : []));
    this.#groups = new TableCode(text, "groups", rule.terms.length - aggregates.length);
    this.name = this.#groups.name;
    this.#aggregations = aggregates.map(({ operator, over }) => {
      const distinct = isDetermined(rule, over);
      if (operator === "count" && distinct) return undefined;
      return text.datum(({ interner }) => aggregation(operator, distinct, interner));
    });
    this.#size = this.#groups.field();
    this.#flags = this.#groups.field();
    this.#derived = aggregates.map(() => this.#groups.field());
  }

  /** `sink` gives statements that contribute a head row of these cells, `by` being +1 or -1. */
  write(sink: (cells: readonly string[], by: string) => string): void {
    const G = this.name;
    this.#groups.write();
    const at = (field: number): string => this.#groups.at("g", field);
    const [size, flags] = [at(this.#size), at(this.#flags)];
    const rule = this.#rule.source.id;
    const heads = headVariables(this.#rule);
    const variables = [...heads.keys()];
    const suspect = this.#text.datum(
      (c) =>
        (...ids: readonly number[]) =>
          c.suspect({ rule, group: true, variables, ids }),
    );
    const cells = this.#cells();
    const known = [...heads.values()].map((column) => cells[column]!).join(",");
    const grow = this.#text.datum(() => grown, "grown");
    const number = this.#aggregations.some((a) => a !== undefined) ? `const number=g/${G}_w;` : "";
    const aggregations = this.#aggregations.filter((a) => a !== undefined);
    const shrink = this.#groups.shrink(this.#size, -1, [`${G}_d`], aggregations);
    const key = names("a", this.#groups.arity);
    const values = names("z", this.#aggregations.length);
    const calls = (write: (aggregation: string, i: number) => string): string =>
      this.#aggregations.flatMap((a, i) => (a === undefined ? [] : [write(a, i)])).join("");
    const results = this.#aggregations.map((a, i) => {
      const result = a === undefined ? `${size}<<1|1` : `${a}.result(number)`;
      return `const z${i}=${result};`;
    });
    const same = this.#derived.map((r, i) => `z${i}===${at(r)}`).join("&&");
    const failed = values.map((z) => `${z}===${FAILED_ID}`).join("||");
    this.#text.line(`var ${G}_d=new Int32Array(16),${G}_d_n=0;
function ${G}_change(${[...key, ...values, "by"].join(",")}){
const g=${G}_up(${key.join(",")});
${size}+=by;${number}
${calls((a, i) => `${a}.change(number,z${i},by);`)}
if((${flags}&${DIRTY})===0){${flags}|=${DIRTY};if(${G}_d_n===${G}_d.length)${G}_d=${grow}(${G}_d,2*${G}_d_n);${G}_d[${G}_d_n++]=g;}
}
function ${G}_flush(){
for(let i=0;i<${G}_d_n;i++){
const g=${G}_d[i];${flags}&=${~DIRTY};${number}
if(${size}===0){
if((${flags}&${DERIVED})!==0)${G}_contribute(g,-1);
${calls((a) => `${a}.forget(number);`)}
${G}_free(g);
continue;
}
${results.join("")}
const was=(${flags}&${DERIVED})!==0;
if(was&&${same})continue;
if(was)${G}_contribute(g,-1);
if(${failed}){${flags}=0;${suspect}(${known});continue;}
${flags}=${DERIVED};
${this.#derived.map((r, i) => `${at(r)}=z${i};`).join("")}
${G}_contribute(g,1);
}
${G}_d_n=0;
${shrink}
}
function ${G}_contribute(g,by){
${sink(this.#cells(), "by")}
}
function ${G}_forget(){${G}_clear();${calls((a) => `${a}.clear();`)}}
function ${G}_live(mark){
${this.#groups.loop("g")}{
if(${size}===0)continue;
${key.map((_, i) => `mark(${at(i)});`).join("")}
if((${flags}&${DERIVED})!==0){${this.#derived.map((r) => `mark(${at(r)});`).join("")}}
}
${calls((a) => `${a}.visitLive(mark);`)}
}`);
  }

  #cells(): readonly string[] {
    let keys = 0;
    let aggregates = 0;
    return this.#rule.terms.map((t) =>
      t.kind === "aggregate"
        ? this.#groups.at("g", this.#derived[aggregates++]!)
        : this.#groups.at("g", keys++),
    );
  }
}
