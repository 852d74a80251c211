import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { startServer } from "../harness/server.ts";
import { wholeNumber } from "./load.ts";
import { print, printJson, Stop } from "./output.ts";

const APP = fileURLToPath(new URL("../../dist/app", import.meta.url));

/** `clew serve`: the app and the harness's API, one process, one token. */
export function serveCommand(version: string): Command {
  return new Command("serve")
    .description("Serve the app and the harness's API on this machine.")
    .option("--port <n>", "port, 0 for any free one", "4173")
    .option("--host <address>", "loopback address to listen on", "127.0.0.1")
    .option("--json", "print the address and the token of the API as JSON")
    .addHelpText("after", "\nExample:\n  clew serve --port 8080")
    .action(async (options: { port: string; host: string; json?: boolean }) => {
      if (!existsSync(APP))
        throw new Stop("the app is not built yet: run npm start, or npm run build first.");
      const port = wholeNumber("--port", options.port, 0, 65535);
      const started = await startServer({ port, host: options.host, appDir: APP, version }).catch(
        (error: Error) => {
          throw new Stop(error.message);
        },
      );
      if (options.json) printJson({ url: started.url, token: started.token });
      else print(`Clew is at ${started.url}  (Ctrl+C stops it)`);
      await new Promise<void>((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, resolve);
      });
      await started.close();
    });
}
