import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `clew serve` answers while the page itself comes from the dev server. */
const harness = `http://127.0.0.1:${process.env["CLEW_PORT"] ?? "4180"}`;

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "dist/app",
    emptyOutDir: true,
    target: "es2022",
    // Monaco alone is above the default; it is loaded after the shell.
    chunkSizeWarningLimit: 4000,
  },
  worker: { format: "es" },
  server: { proxy: { "/api": harness } },
  preview: { proxy: { "/api": harness } },
});
