// npm run fuzz [-- NAME --cases N --seed S]: searches longer than the tests do. Last line: N cases, F failures, seed S.
import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { cases: { type: "string", default: "1000" }, seed: { type: "string" } },
});
const all = readdirSync(new URL("fuzz/", import.meta.url))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replace(/\.ts$/, ""));
const names = positionals.length > 0 ? positionals : all;
const cases = Number(values.cases);
const seed = values.seed === undefined ? Date.now() & 0x7fffffff : Number(values.seed);
const unknown = names.filter((name) => !all.includes(name));
if (unknown.length > 0 || !Number.isInteger(cases) || !Number.isInteger(seed)) {
  console.error(`Usage: npm run fuzz -- [${all.join("|")}] [--cases N] [--seed S]`);
  process.exit(2);
}

/** What each file of fuzz/ exports: prints each failure, answers how many there were. */
type Fuzz = (cases: number, seed: number) => number | Promise<number>;

let failures = 0;
for (const name of names) {
  const { fuzz } = (await import(`./fuzz/${name}.ts`)) as { fuzz: Fuzz };
  const found = await fuzz(cases, seed);
  failures += found;
  console.log(`${name}: ${cases} cases, ${found} failures, seed ${seed}`);
}
console.log(`${cases * names.length} cases, ${failures} failures, seed ${seed}`);
process.exit(failures > 0 ? 1 : 0);
