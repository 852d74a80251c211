// npm run bench [-- NAME… --json]: runs the named benchmarks, or all of them, each in a process of its own.
import { spawnSync } from "node:child_process";

const folder = new URL(".", import.meta.url).pathname;
const all = [
  "bundle",
  "syntax",
  "verdicts",
  "typing",
  "evaluator",
  "verifier",
  "simulator",
  "transport",
];

const options = process.argv.slice(2).filter((argument) => argument.startsWith("--"));
const named = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
if (options.includes("--help")) {
  console.log(`Usage: npm run bench -- [${all.join("|")}]… [--json]`);
  process.exit(0);
}
const unknown = named.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`No benchmark is called ${unknown.join(", ")}; there are ${all.join(", ")}.`);
  process.exit(2);
}

let failed = false;
for (const name of named.length > 0 ? named : all) {
  const done = spawnSync(process.execPath, [`${folder}${name}.ts`, ...options], {
    stdio: "inherit",
  });
  failed ||= done.status !== 0;
}
process.exit(failed ? 1 : 0);
