// `npm start`: installs what is missing, builds, serves the app and the harness API from one process.
import { buildApp, handOver, installPackages } from "./install.mjs";

installPackages();
buildApp();
handOver(["serve", ...process.argv.slice(2)]);
