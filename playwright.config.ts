import { defineConfig } from "@playwright/test";
import { installChromium } from "./src/cli/install.mjs";

const port = 4179;

export default defineConfig({
  testDir: "e2e",
  timeout: 90_000,
  expect: { timeout: 15_000 },
  workers: 2,
  // A test that fails and then passes is told apart, by name, from one that passes: it hides a race, in it or in the app.
  retries: 1,
  // The backend does one run at a time, so those that start runs wait for each other.
  projects: [
    { name: "app", testIgnore: "cluster*" },
    { name: "cluster", testMatch: "cluster*", workers: 1 },
  ],
  forbidOnly: true,
  outputDir: "dist/test/browser",
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1440, height: 900 },
    // Every frame of a movement is drawn by the processor here, and takes it from the test.
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath: installChromium(),
      args: [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
    // A trace of every test takes half as long again; CONTRIBUTING.md says how to make one.
    screenshot: "only-on-failure",
  },
  webServer: {
    command: `node src/cli/main.ts serve --port ${port}`,
    url: `http://127.0.0.1:${port}`,
    reuseExistingServer: false,
  },
});
