// npm run docs: writes docs/rewrites.md from the rewrites themselves.
import { readFileSync, writeFileSync } from "node:fs";
import { rewritesPage } from "../src/rewrites/rewritesPage.testing.ts";

const root = new URL("../", import.meta.url);
const sourceOf = (file: string) => readFileSync(new URL(`src/rewrites/${file}`, root), "utf8");
writeFileSync(new URL("docs/rewrites.md", root), rewritesPage(sourceOf));
