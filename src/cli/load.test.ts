import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { writeDeployment } from "../plan/deploymentFile.ts";
import type { Deployment } from "../program/deployment.ts";
import { deploymentFor, loadGood } from "./load.ts";
import { replayFile } from "./rewrite.ts";

const folder = "public/examples/paxos";
const machines = (d: Deployment | undefined): number =>
  Object.values(d?.instances ?? {}).flat().length;

test("a derivation may begin with a deployment of its own, and is not given the one that it led to", () => {
  const twenty = `${folder}/scaled20.derivation.json`;
  const own = deploymentFor(`${folder}/base.ded`, undefined, twenty);
  const scaled = replayFile(loadGood(`${folder}/base.ded`, own).analyzed, twenty).last.deployment!;
  expect([machines(own), machines(scaled)]).toEqual([9, 20]);

  const others = `${folder}/scaled.derivation.json`;
  expect(machines(deploymentFor(`${folder}/base.ded`, undefined, others))).toBe(8);
  const named = `${folder}/scaled20.deployment.json`;
  expect(machines(deploymentFor(`${folder}/base.ded`, named, others))).toBe(9);

  const scratch = mkdtempSync(join(tmpdir(), "clew-load-"));
  onTestFinished(() => rmSync(scratch, { recursive: true }));
  const written = join(scratch, "form.derivation.json");
  copyFileSync(twenty, written);
  writeFileSync(
    written.replace("derivation", "deployment"),
    JSON.stringify(writeDeployment(scaled)),
  );
  expect(machines(deploymentFor(`${folder}/base.ded`, undefined, written))).toBe(8);
});
