import { dirname } from "node:path";
import { build } from "vite";
import { ENTRY_BUNDLE, ENTRY_SOURCE } from "./processEntry.ts";

/** `node src/harness/bundleProcesses.ts`: everything that a run's processes execute, in one file. */
await build({
  configFile: false,
  logLevel: "warn",
  ssr: { noExternal: true },
  build: {
    ssr: ENTRY_SOURCE,
    target: "node24",
    outDir: dirname(ENTRY_BUNDLE),
    emptyOutDir: true,
    copyPublicDir: false,
    minify: false,
    rolldownOptions: {
      output: { entryFileNames: "nodeProcess.mjs" },
      // hdr-histogram-js has an eval for old Node versions, which never runs here.
      checks: { eval: false },
    },
  },
});
