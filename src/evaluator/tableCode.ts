import { CARRIED, KEEP_UNSURE, KEPT, NEXT_PULSE, PULSE, TOUCHED, USED } from "./heldTable.ts";
import { ANY, DELETED, grown, INSERTED, LARGE, NEW, STABLE } from "./table.ts";
import { names, type CodeText } from "./codeText.ts";
import { compacted, moved, newNumbers, type RowLayout } from "./compaction.ts";
import { closeGap, widerSlots } from "./slots.ts";

/** What a table is for, which decides what it knows of each row. */
export type TableKind =
  /** Emptied after every tick. */
  | "passing"
  /** Relations that last: each row knows what supports it. */
  | "held"
  /** The groups of a rule with aggregates. */
  | "groups";

/** How a held table's rows are kept by persistence rules: the name of a function from a row decides, if any does. */
export type KeepingCode = "never" | "always" | { readonly decide: string };

/** Rows that a new table has room for. */
const ROWS = 16;

/**
 * The code of one table: the operations of `Table` and `HeldTable`, written out for its arity and its indexes. All that
 * is known of a row lies together in one typed array T, named like the table: a row is the place where it begins (never
 * 0), first its cells, then the fields. T_find(cells…) gives the row or 0; T_up(cells…) makes it if there is none.
 */
export class TableCode {
  readonly name: string;
  readonly arity: number;
  readonly kind: TableKind;
  keeping: KeepingCode = "never";
  recursive = false;
  /** Of a passing table: equal rows may stand in it more than once, since nothing that reads it minds. */
  loose = false;
  /** Somebody outside may look for rows. */
  asked = false;
  readonly #text: CodeText;
  readonly #indexes: TableIndex[] = [];
  /** Rules derive it for the next tick: for that alone, or counted (in this field). */
  #nextPulses = false;
  #nextCounts: number | undefined;
  #isSearched = false;
  #width: number;
  /** Where a row stands, with its flags. */
  readonly #state: number;
  /** Derivations by rules over lasting relations. */
  readonly #count: number;

  constructor(text: CodeText, kind: TableKind, arity: number) {
    this.name = text.name("t");
    this.arity = arity;
    this.kind = kind;
    this.#text = text;
    this.#width = arity;
    // What passes needs neither: all its rows hold, and none is taken back.
    this.#state = kind === "passing" ? -1 : this.field();
    this.#count = kind === "held" ? this.field() : -1;
    // Rows without columns need a place of their own too.
    if (this.#width === 0) this.field();
  }

  /** The place of a further number in every row. */
  field(): number {
    return this.#width++;
  }

  /** The index on these columns. */
  index(columns: readonly number[]): TableIndex {
    const found = this.#indexes.find((i) => i.columns.join() === columns.join());
    if (found !== undefined) return found;
    const name = `${this.name}i${this.#indexes.length}`;
    const index: TableIndex = {
      name,
      columns,
      next: this.field(),
      previous: this.field(),
    };
    this.#indexes.push(index);
    return index;
  }

  at(row: string, field: number): string {
    return `${this.name}[${row}${field === 0 ? "" : `+${field}`}]`;
  }

  state(row: string): string {
    return this.at(row, this.#state);
  }

  /** How many numbers a row has, and which of them says how it stands. */
  get width(): number {
    return this.#width;
  }

  get stateField(): number {
    return this.#state;
  }

  /** The head of a loop over all rows of a passing table or of one without deletions. */
  loop(row: string): string {
    return `for(let ${row}=${this.name}_w;${row}<${this.name}_top;${row}+=${this.name}_w)`;
  }

  /** Statements that support `row` once more, or (`by` negative) once less, in this tick or the next. */
  support(timing: "now" | "next", pulse: boolean, by: string): string {
    const touch = `${this.name}_touch(row);`;
    if (pulse && timing === "next") this.#nextPulses = true;
    if (pulse) return `${this.state("row")}|=${timing === "next" ? NEXT_PULSE : PULSE};${touch}`;
    if (timing === "now") return `${this.at("row", this.#count)}+=${by};${touch}`;
    this.#nextCounts ??= this.field();
    return `${this.at("row", this.#nextCounts)}+=${by};${touch}`;
  }

  /** Writes the table; when all its indexes and fields are known. */
  write(): void {
    this.#rows();
    for (const index of this.#indexes) this.#writeIndex(index);
    if (this.kind === "held") this.#writeHeld();
  }

  /** The row of these cells, or 0. */
  find(cells: readonly string[]): string {
    this.#isSearched = true;
    return `${this.name}_find(${cells.join(",")})`;
  }

  /** How rows are found from outside: the part of its handle for that. Writes nothing; the table must be complete. */
  lookups(): string {
    if (!this.asked || this.loose) return "indexes:[],find:undefined";
    const indexes = this.#indexes.map(
      ({ name, columns, next }) => `{columns:[${columns.join()}],next:${next},first:${name}_first}`,
    );
    this.#isSearched = true;
    return `indexes:[${indexes.join()}],find:${this.name}_find`;
  }

  /** Rows as they come, without looking for equal ones. */
  #writeLoose(): void {
    const T = this.name;
    const W = this.#width;
    if (this.#isSearched || this.#indexes.length > 0) {
      throw new Error("What is read by its columns must hold each row once.");
    }
    const grow = this.#text.datum(() => grown, "grown");
    const given = names("a", this.arity);
    this.#text.line(`var ${T}=new Int32Array(${(ROWS + 1) * W}),${T}_w=${W},${T}_top=${W},${T}_n=0;
function ${T}_add(${given.join(",")}){
const row=${T}_top;${T}_top=row+${W};if(${T}_top>${T}.length)${T}=${grow}(${T},2*${T}.length);
${given.map((a, i) => `${this.at("row", i)}=${a};`).join("")}${T}_n++;
}
function ${T}_clear(){
if(${this.#isVast()}){${T}=new Int32Array(${T}.length/2);${this.#lost(`${T}.length`)}}
${T}_top=${W};${T}_n=0;
}`);
  }

  /** Whether a passing table has room for far more rows than came. */
  #isVast(): string {
    return `${this.name}.length>${LARGE * this.#width}&&16*${this.name}_top<${this.name}.length`;
  }

  /** Statements that say how much shorter the table became. */
  #lost(numbers: string): string {
    const lost = this.#text.datum(
      ({ interner }) =>
        (cells: number) =>
          interner.lost(cells),
      "lost",
    );
    return `${lost}(${this.arity}*(${numbers})/${this.#width});`;
  }

  #rows(): void {
    if (this.loose) {
      this.#writeLoose();
      return;
    }
    const T = this.name;
    const W = this.#width;
    const given = names("a", this.arity);
    const args = given.join(",");
    const place = [...given, "h", "s"].join(",");
    const found = probe(`${T}_s`, `${T}_m`, "row", this.#same("row", given));
    const indexed = this.#indexes.map(({ name }) => `${name}_in(row);`).join("");
    const enter = this.kind === "passing" ? "" : `${this.state("row")}|=${INSERTED};`;
    this.#text
      .line(`var ${T}=new Int32Array(${(ROWS + 1) * W}),${T}_w=${W},${T}_top=${W},${T}_n=0,${T}_used=0,${T}_free0=0;
var ${T}_s=new Int32Array(${4 * ROWS}),${T}_m=${4 * ROWS - 1};
function ${T}_in(row){${enter}${T}_n++;${indexed}}`);
    if (this.#isSearched)
      this.#text.line(
        `function ${T}_find(${args}){${hash(given)}${found("return row;")}return 0;}`,
      );
    this.#text.line(
      this.kind === "passing"
        ? `function ${T}_add(${args}){${hash(given)}${found("return;")}row=${T}_new(${place});${T}_in(row);}`
        : `function ${T}_up(${args}){${hash(given)}${found("return row;")}return ${T}_new(${place});}`,
    );
    this.#writeNew(given, place);
    if (this.kind !== "passing") this.#writeFree(given);
    if (this.kind !== "held") this.#writeClear(given);
  }

  #writeNew(given: readonly string[], place: string): void {
    const T = this.name;
    const W = this.#width;
    const grow = this.#text.datum(() => grown, "grown");
    const slots = this.#text.datum(() => widerSlots, "widerSlots");
    const fields = Array.from({ length: W - this.arity }, (_, i) => this.arity + i);
    this.#text.line(`function ${T}_new(${place}){
let row=${T}_free0;
if(row!==0)${T}_free0=${T}[row];
else{
row=${T}_top;${T}_top=row+${W};
if(${T}_top>${T}.length){
${T}=${grow}(${T},2*${T}.length);${T}_s=${slots}(${T}_s);${T}_m=${T}_s.length-1;
s=h<<1&${T}_m;while(${T}_s[s]!==0)s=s+2&${T}_m;
}
}
${given.map((a, i) => `${this.at("row", i)}=${a};`).join("")}${fields.map((f) => `${this.at("row", f)}=0;`).join("")}
${T}_s[s]=row;${T}_s[s+1]=h;${T}_used++;
return row;
}`);
  }

  #writeFree(given: readonly string[]): void {
    const T = this.name;
    const gap = this.#text.datum(() => closeGap, "closeGap");
    this.#text.line(`function ${T}_free(row){
${T}_used--;
${this.#cellsOf("row", given)}${hash(given)}let s=h<<1&${T}_m;while(${T}_s[s]!==row)s=s+2&${T}_m;
${gap}(${T}_s,s);
${this.state("row")}=0;${T}[row]=${T}_free0;${T}_free0=row;
}`);
  }

  #writeClear(given: readonly string[]): void {
    const T = this.name;
    const W = this.#width;
    const indexes = this.#indexes.map(({ name: I, columns }) => {
      const key = names("a", columns.length);
      return `${this.#clearSlots(`${I}_s`, key, (n) => columns[n]!)}${I}_n=0;`;
    });
    const small = this.#indexes.map(
      ({ name: I }) => `${I}_s=new Int32Array(${4 * ROWS});${I}_m=${4 * ROWS - 1};`,
    );
    // Groups are cleared when their rule has run, which may not be soon again; what passes is cleared in every tick.
    const [vast, room, slots] =
      this.kind === "groups"
        ? [`${T}.length>${LARGE * W}`, `${(ROWS + 1) * W}`, `${4 * ROWS}`]
        : [this.#isVast(), `${T}.length/2`, `${T}_s.length/2`];
    this.#text.line(`function ${T}_clear(){
const v=${vast};
if(${T}_top===${W}&&!v)return;
${this.#clearSlots(`${T}_s`, given, (i) => i)}
${indexes.join("")}
if(v){
${this.#lost(`${T}.length-${room}`)}
${T}=new Int32Array(${room});${T}_s=new Int32Array(${slots});${T}_m=${T}_s.length-1;
${small.join("")}
}
${T}_top=${W};${T}_n=0;${T}_used=0;${T}_free0=0;
}`);
  }

  /**
   * Empties slots row by row when the rows are few; clearing a run from a row's home to its end loses no other run. Rows
   * that were freed no longer have their cells: then all slots are cleared.
   */
  #clearSlots(slots: string, key: readonly string[], column: (i: number) => number): string {
    const T = this.name;
    const cells = key.map((a, i) => `const ${a}=${this.at("row", column(i))};`).join("");
    return `if(${T}_free0!==0||${T}_top*16>${slots}.length*${this.#width})${slots}.fill(0);
else{const m=${slots}.length-1;${this.loop("row")}{
${cells}${hash(key)}for(let s=h<<1&m;${slots}[s]!==0;s=s+2&m)${slots}[s]=0;
}}`;
  }

  /**
   * Statements that give space back when three quarters of the rows are free. Rows move, also in these lists of rows, and
   * these aggregations are told. Rows are in use that have some of these bits in that field.
   */
  shrink(
    usedField: number,
    usedBits: number,
    lists: readonly string[],
    aggregations: readonly string[] = [],
  ): string {
    const T = this.name;
    const W = this.#width;
    const layout: RowLayout = {
      width: W,
      arity: this.arity,
      usedField,
      usedBits,
      rows: ROWS + 1,
      slots: 4 * ROWS,
    };
    const compact = this.#text.datum(
      () => (old: Int32Array, end: number, used: number) => compacted(layout, old, end, used),
    );
    const move = this.#text.datum(() => moved, "moved");
    const told = aggregations.map((a) => `${a}.relocate(number);`).join("");
    const numbers = told === "" ? "" : this.#newNumbers(layout);
    // What aggregations know goes by the group's number: where that is more than became free, it would cost too much.
    const light = aggregations.map((a) => `&&${a}.weight<=${T}_top/${W}-${T}_used`).join("");
    const relisted = lists.map((l) => `${l}=${move}(${l},${l}_n,old,${ROWS});`).join("");
    const emptied = this.#indexes.map(
      ({ name: I }) => `${I}_s=new Int32Array(${4 * ROWS});${I}_m=${4 * ROWS - 1};${I}_n=0;`,
    );
    const indexed = this.#indexes.map(({ name }) => `${name}_in(row);`).join("");
    const refilled =
      indexed === "" ? "" : `${this.loop("row")}if((${this.state("row")}&${ANY})!==0){${indexed}}`;
    this.#text.line(`function ${T}_shrink(){
${numbers}const old=${T},c=${compact}(old,${T}_top,${T}_used);${told}
${T}=c.rows;${T}_s=c.slots;${T}_m=c.slots.length-1;${T}_top=c.top;${T}_free0=0;
${relisted}${emptied.join("")}${refilled}${this.#lost(`old.length-${T}.length`)}
}`);
    return `if(${T}_top>${LARGE * W}&&${T}_top>4*${W}*(${T}_used+1)${light})${T}_shrink();`;
  }

  #newNumbers(layout: RowLayout): string {
    const place = this.#text.datum(
      () => (rows: Int32Array, end: number) => newNumbers(layout, rows, end),
    );
    return `const number=${place}(${this.name},${this.name}_top);`;
  }

  #writeIndex({ name: I, columns, next, previous }: TableIndex): void {
    const key = names("a", columns.length);
    const own = columns.map((c, i) => `const a${i}=${this.at("row", c)};`).join("");
    const same =
      key.length === 1 ? "true" : columns.map((c, i) => `${this.at("at", c)}===a${i}`).join("&&");
    const gap = this.#text.datum(() => closeGap, "closeGap");
    const slots = this.#text.datum(() => widerSlots, "widerSlots");
    const found = probe(`${I}_s`, `${I}_m`, "at", same);
    const N = (row: string): string => this.at(row, next);
    const P = (row: string): string => this.at(row, previous);
    this.#text.line(`var ${I}_s=new Int32Array(${4 * ROWS}),${I}_m=${4 * ROWS - 1},${I}_n=0;
function ${I}_first(${key.join(",")}){${hash(key)}${found("return at;")}return 0;}
function ${I}_in(row){
${own}${hash(key)}${found("break;")}
${N("row")}=at;${P("row")}=0;${I}_s[s]=row;${I}_s[s+1]=h;
if(at!==0)${P("at")}=row;
else if(4*++${I}_n>${I}_m){${I}_s=${slots}(${I}_s);${I}_m=${I}_s.length-1;}
}
function ${I}_out(row){
const next=${N("row")},previous=${P("row")};
if(next!==0)${P("next")}=previous;
if(previous!==0){${N("previous")}=next;return;}
${own}${hash(key)}let s=h<<1&${I}_m;while(${I}_s[s]!==row)s=s+2&${I}_m;
if(next!==0){${I}_s[s]=next;return;}
${I}_n--;${gap}(${I}_s,s);
}`);
  }

  #cellsOf(row: string, into: readonly string[]): string {
    return into.map((a, i) => `const ${a}=${this.at(row, i)};`).join("");
  }

  /** Whether a row with the same hash has these cells: for a single one, the hash is one to one. */
  #same(row: string, given: readonly string[]): string {
    if (given.length <= 1) return "true";
    return given.map((a, i) => `${this.at(row, i)}===${a}`).join("&&");
  }

  #writeHeld(): void {
    const T = this.name;
    const state = this.state("row");
    const has = `(${state}&${PULSE | CARRIED})!==0||${this.at("row", this.#count)}>0`;
    const appear = `${T}_in(row);${this.#push("ins")}`;
    const disappear = `${state}^=${STABLE | DELETED};${T}_n--;`;
    const lists = ["t", "a", "ins", "del"].map(
      (l) => `${T}_${l}=new Int32Array(${ROWS}),${T}_${l}_n=0`,
    );
    this.#text.line(`var ${lists.join(",")};
function ${T}_touch(row){
const v=${state};if((v&${TOUCHED})!==0)return;
${state}=v|${TOUCHED | USED};${this.#push("t")}
}`);
    if (this.recursive) {
      this.#text.line(`function ${T}_has(row){return ${has};}
function ${T}_appear(row){${appear}}
function ${T}_disappear(row){${disappear}}
function ${T}_gone(row){${this.#push("del")}}`);
    } else {
      this.#text.line(`function ${T}_settle(){
const touched=${T}_t,n=${T}_t_n;
for(let i=0;i<n;i++){
const row=touched[i],v=${state}&${ANY};
if(${has}){if(v===0){${appear}}}
else if(v===${STABLE}){${disappear}${this.#push("del")}}
}
}`);
    }
    this.#writeEnd();
  }

  /** What nothing carries into the next tick has a shorter end. */
  #writeEnd(): void {
    const T = this.name;
    const state = this.state("row");
    const counted = `${this.at("row", this.#count)}>0`;
    const next = this.#nextCounts === undefined ? "" : `||${this.at("row", this.#nextCounts)}>0`;
    const pulses = this.#nextPulses ? `(v&${NEXT_PULSE})!==0` : "false";
    const shrink = this.shrink(this.#state, USED, [`${T}_t`, `${T}_a`, `${T}_ins`, `${T}_del`]);
    const carries = this.keeping !== "never" || this.#nextPulses || this.#nextCounts !== undefined;
    const lost = this.recursive ? `&&((v&${PULSE})!==0${carries ? "||was&&!carried" : ""})` : "";
    const carrying = `const kept=${this.#kept()},pulses=${pulses},carried=kept||pulses${next},was=(v&${CARRIED})!==0,will=carried||${counted};
if(carried!==was)differences++;`;
    const again = `holds?!will${lost}:will`;
    const after = `(holds?${STABLE}:0)${carries ? `|(kept?${KEPT}:0)|(carried?${CARRIED}:0)` : ""}`;
    this.#text.line(`function ${T}_end(){
let differences=0;
const touched=${T}_t,n=${T}_t_n;
for(let i=0;i<n;i++){
const row=touched[i],v=${state},holds=(v&${NEW})!==0;
${carries ? carrying : `const will=${counted};`}
${this.#indexes.length > 0 ? `if((v&${DELETED})!==0){${this.#indexes.map(({ name }) => `${name}_out(row);`).join("")}}` : ""}
if(${carries ? `pulses||(${again})` : again}){${state}=${after}|${USED | TOUCHED};${this.#push("a")}}
else if(holds||will)${state}=${after}|${USED};
else ${T}_free(row);
}
${T}_t=${T}_a;${T}_t_n=${T}_a_n;${T}_a=touched;${T}_a_n=0;${T}_del_n=0;
${shrink}
return differences;
}`);
  }

  /** Statements that put `row` into one of the table's lists. */
  #push(list: string): string {
    const L = `${this.name}_${list}`;
    const grow = this.#text.datum(() => grown, "grown");
    return `if(${L}_n===${L}.length)${L}=${grow}(${L},2*${L}_n);${L}[${L}_n++]=row;`;
  }

  #kept(): string {
    if (this.keeping === "never") return "false";
    if (this.keeping === "always") return "holds";
    const known = `(v&${INSERTED | KEEP_UNSURE})===0`;
    return `holds&&(${known}?(v&${KEPT})!==0:${this.keeping.decide}(row))`;
  }
}

/** An index's name I, and its fields in every row: I_first(key…) is the first row with that key or 0, then `next`. */
export interface TableIndex {
  readonly name: string;
  readonly columns: readonly number[];
  readonly next: number;
  readonly previous: number;
}

/** Declares `h`, the hash of these ids. */
function hash(ids: readonly string[]): string {
  const rounds = ids.map((a) => `h=Math.imul(h^${a},-1640531535);h^=h>>>15;`).join("");
  return `let h=0;${rounds}`;
}

/** Looks through the slots from the home of `h`; leaves `s` at the end of the run if nothing is found. */
function probe(slots: string, mask: string, row: string, same: string): (found: string) => string {
  return (found) => `let s=h<<1&${mask},${row};
while((${row}=${slots}[s])!==0){if(${slots}[s+1]===h&&${same}){${found}}s=s+2&${mask};}
`;
}
