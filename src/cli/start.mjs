// `npm start`: installs what is missing, builds, serves the app and the harness API from one process.
import { spawn } from "node:child_process";
import { buildApp, environment, installPackages, root } from "./install.mjs";

installPackages();
buildApp();
const server = spawn("node", ["src/cli/main.ts", "serve", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: environment,
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => server.kill(signal));
server.on("exit", (code, signal) => process.exit(signal ? 0 : (code ?? 1)));
