import { Command } from "commander";
import type { RelationName } from "../program/program.ts";
import { convertProgram } from "../syntax/printProgram.ts";
import { DIALECTS } from "../syntax/dialect.ts";
import { asDialect, loadGood } from "./load.ts";
import { print, printJson, Stop, writeFile } from "./output.ts";

interface Options {
  readonly to: string;
  readonly from?: string;
  readonly output?: string;
  readonly json?: boolean;
}

/** `clew convert FILE --to DIALECT`: print in another notation. */
export function convertCommand(): Command {
  return new Command("convert")
    .description("Print a program in another notation.")
    .argument("<file>", "program file")
    .requiredOption("--to <dialect>", `the notation to print: ${DIALECTS.join(", ")}`)
    .option("--from <dialect>", "the notation to read, when it must not be detected")
    .option("-o, --output <file>", "write there instead of to standard output")
    .option("--json", "print the text and its notation as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  clew convert public/examples/kvs/base.ded --to paper\n  clew convert src/leader.rs --to compact",
    )
    .action((file: string, options: Options) => {
      const { analyzed, text, read } = loadGood(file, undefined, asDialect(options.from));
      const isConstant = (relation: RelationName, terms: number): boolean => {
        const kind = analyzed.relations.get(relation)?.kind;
        return kind === undefined ? terms === 0 : kind === "func" || kind.startsWith("edb");
      };
      const to = asDialect(options.to)!;
      const result = convertProgram(analyzed.program, to, isConstant, { text, ...read });
      if ("problems" in result) throw new Stop(result.problems.join("\n"));
      if (options.output !== undefined) writeFile(options.output, result.text);
      if (options.json) printJson({ file, dialect: options.to, text: result.text });
      else if (options.output === undefined) print(result.text);
    });
}
