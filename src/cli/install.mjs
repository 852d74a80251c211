// Runs under whatever Node started it (>= 20.19), before anything is installed: plain JavaScript, no dependencies.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const bin = join(root, "node_modules", ".bin");
const stamp = join(root, "node_modules", ".clew-installed");

/**
 * The environment in which everything after the install runs: the Node that the lock file brings comes first, and it keeps
 * what it compiled, which halves the start of every command.
 */
export const environment = {
  NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "node"),
  ...process.env,
  PATH: `${bin}:${process.env["PATH"] ?? ""}`,
};

/** Runs a command in the checkout with its output shown; answers its exit code. */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    env: environment,
    ...options,
  });
  if (done.error) {
    console.error(`clew: cannot run ${command}: ${done.error.message}`);
    return 1;
  }
  return done.status ?? 1;
}

/**
 * Runs the `clew` command under the packaged Node in the place of this process: signals go on to it, its end is ours,
 * and it ends when this process does, even one that is killed hard (the IPC channel closes).
 */
export function handOver(args) {
  const child = spawn("node", [join(root, "src", "cli", "main.ts"), ...args], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: environment,
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("error", (error) => fail(`cannot run node: ${error.message}`));
  child.on("exit", (code, signal) => {
    process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
  });
}

/** Installs the npm packages when there are none or the lock file has changed since. */
export function installPackages() {
  const major = Number(process.versions.node.split(".")[0]);
  const minor = Number(process.versions.node.split(".")[1]);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Node ${process.versions.node} is too old to start Clew; any Node from 20.19 will do.`);
  }
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.log("Installing npm packages…");
  if (run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]) !== 0)
    fail("npm could not install the packages; its message is above.");
  if (!existsSync(join(bin, "node"))) {
    fail(
      "npm did not install the packaged Node. Allow its install script: npm install-scripts approve node, then npm ci.",
    );
  }
  writeFileSync(stamp, lock);
}

/** First the one without a window around its pages, which does nothing but what a page asks for. */
const CHROMIUM_PLACES = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A Chromium for the browser tests, from Debian's packages when the machine has none. */
export function installChromium() {
  const named = process.env["CHROMIUM"];
  if (named)
    return existsSync(named) ? named : fail(`CHROMIUM names ${named}, which does not exist.`);
  const found = CHROMIUM_PLACES.find((place) => existsSync(place));
  if (found) return found;
  if (!existsSync("/usr/bin/apt-get")) {
    return fail("The browser tests need Chromium or Chrome. Install one, or name it in CHROMIUM.");
  }
  console.log("Installing Chromium from Debian's packages…");
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const aptGet = (...args) => {
    const [command, ...rest] = [...asRoot, "apt-get", ...args];
    return run(command, rest, { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  };
  aptGet("update", "-qq");
  for (const name of ["chromium-headless-shell", "chromium"]) {
    const done = aptGet("install", "-y", "-qq", "--no-install-recommends", name);
    if (done === 0) return `/usr/bin/${name}`;
  }
  return fail(
    "apt-get could not install chromium. Install it by hand, or name another in CHROMIUM.",
  );
}

/** Builds the app, and what a cluster's processes execute, unless both are newer than everything they are made from. */
export function buildApp() {
  const made = ["app/index.html", "harness/nodeProcess.mjs"].map((file) =>
    join(root, "dist", file),
  );
  const sources = ["src", "public", "index.html", "vite.config.ts", "package-lock.json"];
  const changed = newest(sources.map((s) => join(root, s)));
  if (made.every((file) => existsSync(file) && changed <= statSync(file).mtimeMs)) return;
  console.log("Building the app…");
  mkdirSync(join(root, "dist"), { recursive: true });
  if (
    run("vite", ["build", "--logLevel", "warn"]) !== 0 ||
    run("node", ["src/harness/bundleProcesses.ts"]) !== 0
  )
    fail("The build failed; its message is above.");
}

function newest(paths) {
  let time = 0;
  for (const path of paths) {
    const stat = statSync(path);
    const inner = stat.isDirectory()
      ? newest(readdirSync(path).map((name) => join(path, name)))
      : 0;
    time = Math.max(time, stat.mtimeMs, inner);
  }
  return time;
}

export function fail(message) {
  console.error(`clew: ${message}`);
  process.exit(1);
}
