import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { outcome } from "../rewrites/cases.testing.ts";
import { applyStep } from "../rewrites/driver.ts";
import { forceStep } from "../rewrites/force.ts";
import { askedOf, requestOf } from "./forcedCase.testing.ts";
import type { ForcedCase } from "./forcedCase.testing.ts";
import { FORCED_PARTITIONS } from "./forcedPartitions.testing.ts";
import { FORCED_SPLITS } from "./forcedSplits.testing.ts";
import { checked, inputsOf, verdictOf } from "./programs.testing.ts";
import type { RefinementOptions } from "./refines.ts";

const FORCED = [...FORCED_SPLITS, ...FORCED_PARTITIONS];

/** Cases that are not forced, each with the reason. */
const NOT_FORCED: Readonly<Record<string, string>> = {
  "23": "chance has no schedule",
  "68": "no sender can compute a key from an aggregate: the step cannot be carried out",
  "77": "there is no function to compute the key with: the step cannot be carried out",
  "91": "it takes a forger: hardening.test.ts",
  "133": "it takes a crash: crashes.test.ts",
  "139": "the sender has another table than the receiver: the step cannot be carried out",
};

/** The cases of spec/cases.md with these verdicts. */
const LOCKSTEP = ["05", "25", "51", "66", "98", "112", "113", "114", "115", "116", "117", "118", "119", "135", "136"]; // prettier-ignore
const REFUSE = ["02", "06", "08", "16", "17", "19", "20", "22", "23", "27", "32", "35", "36", "42", "44", "50", "53", "55", "57", "59", "60", "62", "68", "70", "72", "73", "75", "77", "81", "86", "91", "93", "120", "121", "130", "133", "137", "139"]; // prettier-ignore

function caseOf({ number }: ForcedCase): string {
  return number.split(" ")[0]!;
}

function told(forced: ForcedCase): Partial<RefinementOptions> {
  const sent = inputsOf(forced.inputs);
  const direct = forced.inputs.map(([relation, ...row]) => ({ relation, row, to: "L" }));
  return {
    inputs: forced.direct === true ? direct : sent,
    reduced: true,
    bound: { together: Infinity, states: 5000, originalStates: 5000 },
  };
}

test.each(FORCED)("case $number, $rewrite, forced: $found", (forced) => {
  const original = askedOf(forced);
  const verdict = outcome(applyStep(original, requestOf(forced)));
  expect(verdict === "lockstep").toBe(LOCKSTEP.includes(caseOf(forced)));
  expect(verdict.split(" ")).toContain(forced.code ?? "lockstep");
  const program = forceStep(original, requestOf(forced));
  if (typeof program === "string") throw new Error(program);
  const free = checked(original, program, forced.inputs, told(forced));
  expect(verdictOf(free), JSON.stringify(free)).toBe(forced.found);
  expect(free.kind === "refines" && free.leftOut).toBe(false);
  expect(free.kind === "counterexample").toBe(forced.because === undefined);
  if (verdict !== "lockstep") return;
  const locked = checked(original, program, forced.inputs, { ...told(forced), clocks: "lockstep" });
  expect(verdictOf(locked), JSON.stringify(locked)).toBe("refines");
});

test("every case that is refused or right in lock-step only is forced, or it is said why not", () => {
  const all = new Set([...FORCED.map(caseOf), ...Object.keys(NOT_FORCED)]);
  expect([...all].sort()).toEqual([...LOCKSTEP, ...REFUSE].sort());
});

test("what is written of them has their numbers", () => {
  const file = readFileSync(new URL("../../docs/soundness.md", import.meta.url), "utf8");
  const differ = FORCED.filter(({ because }) => because === undefined);
  const [cases, shown] = [FORCED, differ].map((list) => new Set(list.map(caseOf)).size);
  const left = Object.keys(NOT_FORCED).length;
  const said = `Of the ${LOCKSTEP.length + REFUSE.length} cases of the specification with the verdict REFUSE or LOCKSTEP ${cases} are forced, in ${FORCED.length} programs: in ${differ.length} of them, of ${shown} cases, the referee finds a difference. ${left} cannot be forced.`;
  expect(file.replaceAll("\n", " ").includes(said), said).toBe(true);
});
