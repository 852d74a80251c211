// npm run fuzz [-- NAME… --cases N --seed S]: searches longer than the tests do. Last line: N cases, F failures, seed S.
// Each search looks at as many cases as it promises, or at N; Ctrl-C ends it with what it has found so far.
import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { counted, Search, type Fuzz } from "./search.ts";

const all = readdirSync(new URL("fuzz/", import.meta.url))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replace(/\.ts$/, ""));
const USAGE = `Usage: npm run fuzz -- [${all.join("|")}]… [--cases N] [--seed S]`;

const { values, positionals } = readOptions();
if (values.help === true) {
  console.log(`${USAGE}\nWithout a name all of them run, each with as many cases as it promises.`);
  process.exit(0);
}
const names = positionals.length > 0 ? positionals : all;
const asked = values.cases === undefined ? undefined : Number(values.cases);
const seed = values.seed === undefined ? Date.now() & 0x7fffffff : Number(values.seed);
const isCount = asked === undefined || (Number.isInteger(asked) && asked > 0);
const unknown = names.filter((name) => !all.includes(name));
if (unknown.length > 0) refuse(`No search is called ${unknown.join(", ")}.`);
if (!isCount) refuse(`--cases takes a positive whole number, not ${values.cases}.`);
if (!Number.isInteger(seed)) refuse(`--seed takes a whole number, not ${values.seed}.`);

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

function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        cases: { type: "string" },
        seed: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function refuse(reason: string): never {
  console.error(`${reason}\n${USAGE}`);
  process.exit(2);
}
