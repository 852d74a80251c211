#!/usr/bin/env node
// The `clew` command: hands over to the packaged Node, which runs TypeScript as it is.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail, handOver, root } from "./install.mjs";

if (!existsSync(join(root, "node_modules", ".bin", "node")))
  fail("nothing is installed yet: run npm install first.");
handOver(process.argv.slice(2));
