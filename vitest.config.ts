import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "src/**/*.test.tsx", "bench/**/*.test.ts"],
    testTimeout: 60_000,
    pool: "forks",
    // One core less, as is usual, is half of two.
    maxWorkers: "100%",
  },
});
