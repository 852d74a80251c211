import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { checkCommand } from "./check.ts";
import { convertCommand } from "./convert.ts";
import { lspCommand } from "./lsp.ts";
import { planCommand } from "./plan.ts";
import { rewriteCommand } from "./rewrite.ts";
import { rewritesCommand } from "./rewrites.ts";
import { runCommand } from "./run.ts";
import { serveCommand } from "./serve.ts";
import { simulateCommand } from "./simulate.ts";
import { verifyCommand } from "./verify.ts";
import { Stop } from "./output.ts";

const version = (
  JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  }
).version;

const clew = new Command("clew")
  .description("Scale distributed protocols written in Dedalus with provably safe rewrites.")
  .version(version)
  .showHelpAfterError("(clew --help lists the commands)")
  .exitOverride();

for (const command of [
  checkCommand(),
  convertCommand(),
  rewritesCommand(),
  rewriteCommand(),
  simulateCommand(),
  verifyCommand(),
  planCommand(),
  runCommand(),
  serveCommand(version),
  lspCommand(version),
]) {
  clew.addCommand(command.exitOverride());
}

// The wrapper that started this process (install.mjs) may be killed hard: then this one has nobody left to answer to.
if (process.connected) {
  process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel?.unref();
}

// A reader that has seen enough (`| head`) closes the pipe: no fault of anybody's.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

/** Exit codes: 0 done and good, 1 the program, plan or run is at fault, 2 wrong usage (cli.md); 3 a check did not decide. */
try {
  await clew.parseAsync();
} catch (error) {
  if (error instanceof Stop) {
    if (error.message !== "") process.stderr.write(`clew: ${error.message}\n`);
    process.exitCode = error.exitCode;
  } else if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    throw error;
  }
}
