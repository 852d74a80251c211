import { Command } from "commander";
import { diagnosticLines, diagnosticsAsJson } from "./fileDiagnostics.ts";
import { asDialect, hasErrors, load, loadDeployment } from "./load.ts";
import type { Loaded } from "./load.ts";
import { print, printJson, Stop } from "./output.ts";

/** `clew check FILE…`: parse and validate. */
export function checkCommand(): Command {
  return new Command("check")
    .description("Read and validate programs; print what is wrong with them.")
    .argument("<file...>", "program files")
    .option("--from <dialect>", "the notation, when it must not be detected")
    .option("--deployment <file>", "also check against this deployment")
    .option("--json", "print the diagnostics as JSON")
    .addHelpText("after", "\nExample:\n  clew check public/examples/kvs/base.ded")
    .action((files: string[], options: { from?: string; deployment?: string; json?: boolean }) => {
      const deployment = options.deployment ? loadDeployment(options.deployment) : undefined;
      const loaded = files.map((file) => load(file, deployment, asDialect(options.from)));
      if (options.json) {
        printJson(loaded.map(asJson));
      } else {
        for (const one of loaded) report(one);
      }
      if (loaded.some(hasErrors)) throw new Stop("");
    });
}

function asJson(loaded: Loaded): object {
  const { file, read } = loaded;
  return { file, dialect: read.dialect, diagnostics: diagnosticsAsJson(loaded) };
}

function report(loaded: Loaded): void {
  const { file, diagnostics, analyzed, read } = loaded;
  if (diagnostics.length > 0) process.stderr.write(`${diagnosticLines(loaded)}\n`);
  if (hasErrors(loaded)) return;
  const { rules, program } = analyzed;
  print(
    `${file}: ${rules.size} rules, ${program.components.length} components, ${read.dialect} notation`,
  );
}
