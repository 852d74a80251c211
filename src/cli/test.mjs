// `npm test`: installs what is missing, then types, lint, format, unit and property tests, build, browser tests.
// `npm test -- unit browser` runs only the named stages. The last line counts: N passed, N failed, N skipped.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  buildApp,
  environment,
  fail,
  installChromium,
  installPackages,
  root,
  run,
} from "./install.mjs";

installPackages();
const reports = join(root, "dist", "test");
mkdirSync(reports, { recursive: true });

const stages = {
  types: () =>
    tally(["core", "ui", "node"].map((part) => run("tsc", ["-p", `tsconfig.${part}.json`]))),
  lint: () => tally([run("oxlint", ["--deny-warnings"])]),
  format: () =>
    tally([run("prettier", ["--check", "--log-level", "warn", "src", "e2e", "bench", "*.ts"])]),
  unit: () => {
    const report = fresh("unit.json");
    const code = run("vitest", [
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ]);
    return counted(report, code, (r) => [
      r.numPassedTests,
      r.numFailedTests,
      r.numPendingTests + r.numTodoTests,
    ]);
  },
  build: () => {
    buildApp();
    return [1, 0, 0];
  },
  browser: () => {
    const report = fresh("browser.json");
    const env = {
      ...environment,
      CHROMIUM: installChromium(),
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    };
    const code = run("playwright", ["test", "--reporter=list,json"], { env });
    return counted(report, code, (r) => {
      for (const { title, file } of unsteady(r.suites))
        console.log(`Passed only when it ran again: ${file}: ${title}`);
      return [r.stats.expected + r.stats.flaky, r.stats.unexpected, r.stats.skipped];
    });
  },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in stages));
if (unknown.length > 0)
  fail(
    `no test stage is called ${unknown.join(", ")}; there are ${Object.keys(stages).join(", ")}.`,
  );

let total = [0, 0, 0];
const failedStages = [];
for (const [name, stage] of Object.entries(stages)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n== ${name}`);
  const counts = stage();
  if (counts[1] > 0) failedStages.push(name);
  total = total.map((n, i) => n + counts[i]);
}
console.log(failedStages.length > 0 ? `\nFailed in: ${failedStages.join(", ")}` : "");
console.log(`${total[0]} passed, ${total[1]} failed, ${total[2]} skipped`);
process.exit(failedStages.length > 0 ? 1 : 0);

function tally(codes) {
  const failed = codes.filter((code) => code !== 0).length;
  return [codes.length - failed, failed, 0];
}

function fresh(name) {
  const path = join(reports, name);
  rmSync(path, { force: true });
  return path;
}

/** The browser tests that failed once and passed then. */
function unsteady(suites) {
  return suites.flatMap(({ specs = [], suites: inner = [] }) => [
    ...specs.filter(({ tests }) => tests.some(({ status }) => status === "flaky")),
    ...unsteady(inner),
  ]);
}

/** Counts from a runner's report; a runner that failed without counting a failure counts as one. */
function counted(report, code, read) {
  if (!existsSync(report)) return [0, 1, 0];
  const [passed, failed, skipped] = read(JSON.parse(readFileSync(report, "utf8")));
  return [passed, code !== 0 && failed === 0 ? 1 : failed, skipped];
}
