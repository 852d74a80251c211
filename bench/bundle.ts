import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { report } from "./report.ts";

// What the browser loads before Monaco arrives: the page's own scripts and styles with all that they import at once.
// Fonts, workers and what is imported on demand do not count (performance.md). Needs a build: npm run build.
const app = new URL("../dist/app/", import.meta.url);
const page = readFileSync(new URL("index.html", app), "utf8");
const first = [...page.matchAll(/(?:src|href)="\/?(assets\/[^"]+\.(?:js|css))"/g)].map(
  (match) => match[1]!,
);

const seen = new Set<string>();
const queue = [...first];
for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
  if (seen.has(file)) continue;
  seen.add(file);
  if (!file.endsWith(".js")) continue;
  const text = readFileSync(new URL(file, app), "utf8");
  for (const [, name] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g))
    queue.push(`assets/${name}`);
}

const kilobytes = (files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, app))).length, 0) /
  1000;

const all = readdirSync(new URL("assets/", app));
const editor = all.filter(
  (name) => /editor|monaco/i.test(name) && /\.(js|css)$/.test(name) && !/worker/i.test(name),
);
const shell = kilobytes(seen);
const monaco = kilobytes(editor.map((name) => `assets/${name}`));
report("bundle", 0, [
  {
    what: `shell and graph, ${seen.size} files, gzip`,
    value: shell,
    unit: "KB",
    goal: "≤ 200 KB",
    met: shell <= 200,
  },
  {
    what: `Monaco, ${editor.length} files, gzip`,
    value: monaco,
    unit: "KB",
    goal: "≤ 1,100 KB",
    met: monaco <= 1100,
  },
]);
