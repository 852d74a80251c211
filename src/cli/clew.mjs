#!/usr/bin/env node
// The `clew` command: hands over to the packaged Node, which runs TypeScript as it is.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { environment, fail, root } from "./install.mjs";

if (!existsSync(join(root, "node_modules", ".bin", "node")))
  fail("nothing is installed yet: run npm install first.");
const done = spawnSync("node", [join(root, "src", "cli", "main.ts"), ...process.argv.slice(2)], {
  stdio: "inherit",
  env: environment,
});
process.exit(done.status ?? 1);
