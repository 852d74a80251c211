import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { printProgram } from "../syntax/printProgram.ts";
import { asDialect, DIALECTS, loadGood } from "./load.ts";
import { print, Stop } from "./output.ts";

/** `clew convert FILE --to DIALECT`: print in another notation. */
export function convertCommand(): Command {
  return new Command("convert")
    .description("Print a program in another notation.")
    .argument("<file>", "program file")
    .requiredOption("--to <dialect>", `the notation to print: ${DIALECTS.join(", ")}`)
    .option("--from <dialect>", "the notation to read, when it must not be detected")
    .option("-o, --output <file>", "write there instead of to standard output")
    .addHelpText("after", "\nExample:\n  clew convert public/examples/kvs/base.ded --to paper")
    .action((file: string, options: { to: string; from?: string; output?: string }) => {
      const { analyzed } = loadGood(file, undefined, asDialect(options.from));
      const result = printProgram(analyzed.program, asDialect(options.to)!, (relation, terms) => {
        const kind = analyzed.relations.get(relation)?.kind;
        return kind === undefined ? terms === 0 : kind === "func" || kind.startsWith("edb");
      });
      if ("problems" in result) throw new Stop(result.problems.join("\n"));
      if (options.output) writeFileSync(options.output, result.text);
      else print(result.text);
    });
}
