// npm run fuzz [-- NAME… --cases N --seed S]: searches longer than the tests do. Last line: N cases, F failures, seed S.
// Each search looks at as many cases as it promises, or at N; Ctrl-C ends it with what it has found so far.
import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { counted, Search, type Fuzz } from "./search.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { cases: { type: "string" }, seed: { type: "string" } },
});
const all = readdirSync(new URL("fuzz/", import.meta.url))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replace(/\.ts$/, ""));
const names = positionals.length > 0 ? positionals : all;
const asked = values.cases === undefined ? undefined : Number(values.cases);
const seed = values.seed === undefined ? Date.now() & 0x7fffffff : Number(values.seed);
const isCount = asked === undefined || (Number.isInteger(asked) && asked > 0);
if (names.some((name) => !all.includes(name)) || !isCount || !Number.isInteger(seed)) {
  console.error(`Usage: npm run fuzz -- [${all.join("|")}] [--cases N] [--seed S]`);
  process.exit(2);
}

let search: Search | undefined;
// A second Ctrl-C ends at once.
process.once("SIGINT", () => search?.stop());

let cases = 0;
let failures = 0;
for (const name of names) {
  const { fuzz, CASES } = (await import(`./fuzz/${name}.ts`)) as { fuzz: Fuzz; CASES: number };
  search = new Search(name, asked ?? CASES);
  console.error(`${name}: ${counted(search.cases)} cases, seed ${seed}`);
  const found = await fuzz(search.cases, seed, search);
  cases += search.done;
  failures += found;
  const said = search.stopped ? `stopped after ${search.done} of ${search.cases}` : search.done;
  console.log(`${name}: ${said} cases, ${found} failures, seed ${seed}`);
  if (search.stopped) break;
}
console.log(`${cases} cases, ${failures} failures, seed ${seed}`);
process.exit(failures > 0 ? 1 : search?.stopped === true ? 130 : 0);
