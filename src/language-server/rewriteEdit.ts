import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { isConstant } from "../analysis/persistence.ts";
import type { Deployment } from "../program/deployment.ts";
import { applyStep, UNBOUND } from "../rewrites/driver.ts";
import type { StepRequest } from "../rewrites/rewrite.ts";
import { printCompact } from "../program/printCompact.ts";
import { printProgram } from "../syntax/printProgram.ts";
import { read } from "../syntax/read.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import { programChanges } from "./programChanges.ts";
import { changedText } from "./renames.ts";
import type { TextChange } from "./renames.ts";

export type RewriteEdit =
  | {
      readonly kind: "changes";
      readonly changes: readonly TextChange[];
      /** Of the program that comes out; undefined when the one before had none. */
      readonly deployment: Deployment | undefined;
    }
  | { readonly kind: "refused"; readonly message: string };

/** What the steps of a rewrite change in the text: rules that stay keep their layout and their comments. */
export function rewriteEdit(
  document: LanguageDocument,
  steps: readonly StepRequest[],
): RewriteEdit {
  let program = document.analyzed;
  let chain = document.input.chain ?? UNBOUND;
  for (const step of steps) {
    const result = applyStep(program, step, chain);
    if (result.kind === "fault") return { kind: "refused", message: result.message };
    if (result.kind === "refused") {
      const against = result.preconditions.find((c) => c.verdict !== "holds");
      return { kind: "refused", message: against?.statement ?? "The rewrite does not apply." };
    }
    ({ program, chain } = result);
  }
  const changes = textChanges(document, program);
  if (changes === undefined) {
    const message = `${document.read.dialect} notation cannot say what comes out. Convert the program to compact notation first.`;
    return { kind: "refused", message };
  }
  return { kind: "changes", changes, deployment: program.deployment };
}

/** Rule by rule where that gives exactly the program; else, and in other notations than compact, all of it is printed. */
function textChanges(
  document: LanguageDocument,
  after: AnalyzedProgram,
): readonly TextChange[] | undefined {
  const { text, files, read: before } = document;
  if (before.dialect === "compact") {
    const changes = programChanges(document, after.program);
    const again = read(changedText(text, changes), { dialect: "compact" });
    const same = printCompact(again.program) === printCompact(after.program);
    if (same && again.broken.length === 0) return changes;
  }
  const printed = printProgram(after.program, before.dialect, (r) => isConstant(after, r));
  if (printed.kind !== "text") return undefined;
  // What it includes is written out: the files that it includes may be others', too.
  return [{ span: files[0]!.span, text: printed.text }];
}
