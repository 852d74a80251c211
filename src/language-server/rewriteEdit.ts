import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Deployment } from "../program/deployment.ts";
import { printCompact } from "../program/printCompact.ts";
import { printDeclaration } from "../program/printDeclaration.ts";
import type { Program, RuleId } from "../program/program.ts";
import { applyStep, UNBOUND } from "../rewrites/driver.ts";
import type { StepRequest } from "../rewrites/rewrite.ts";
import { aroundStrings } from "../syntax/hydroflowText.ts";
import { read } from "../syntax/read.ts";
import { tokensOf } from "./declaredNames.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import { programChanges } from "./programChanges.ts";
import type { Aim } from "./programChanges.ts";
import { changedText } from "./renames.ts";
import type { TextChange } from "./renames.ts";
import { isRustFile } from "./scannableText.ts";
import { writtenProgram } from "./writtenProgram.ts";

export type RewriteEdit =
  | {
      readonly kind: "changes";
      readonly changes: readonly TextChange[];
      /** Of the program that comes out; undefined when the one before had none. */
      readonly deployment: Deployment | undefined;
      /** The whole text is printed again, and its comments are lost. */
      readonly losesComments: boolean;
    }
  | { readonly kind: "refused"; readonly message: string };

/** What the steps of a rewrite change in the text: rules that stay keep their layout and their comments. */
export function rewriteEdit(
  document: LanguageDocument,
  steps: readonly StepRequest[],
): RewriteEdit {
  let program = document.analyzed;
  let chain = document.input.chain ?? UNBOUND;
  let cameFrom: Aim["cameFrom"] = new Map([...program.rules.keys()].map((id) => [id, [id]]));
  for (const step of steps) {
    const result = applyStep(program, step, chain);
    if (result.kind === "fault") return refused(result.message);
    if (result.kind === "refused") {
      const against = result.preconditions.find((c) => c.verdict !== "holds");
      return refused(against?.statement ?? "The rewrite does not apply.");
    }
    const earlier = cameFrom;
    cameFrom = new Map(
      [...result.origins].map(([id, origin]): [RuleId, readonly RuleId[]] => {
        const from = origin.kind === "added" ? [] : [origin.from].flat();
        return [id, from.flatMap((source) => earlier.get(source) ?? [])];
      }),
    );
    ({ program, chain } = result);
  }
  return textEdit(document, program, cameFrom);
}

function refused(message: string): RewriteEdit {
  return { kind: "refused", message };
}

/** Rule by rule where that gives exactly the program; else all of it is printed, unless the text is more than a program. */
function textEdit(
  document: LanguageDocument,
  after: AnalyzedProgram,
  cameFrom: Aim["cameFrom"],
): RewriteEdit {
  const { text, files, read: before } = document;
  const { deployment } = after;
  const written = writtenProgram(after, before.dialect);
  if (!("text" in written)) {
    const [why = ""] = written;
    return refused(
      `This notation cannot say what comes out; convert the program to compact notation first. ${why}`,
    );
  }
  const changes = programChanges(document, { program: after.program, written, cameFrom });
  if (changes !== undefined && reads(document, changes, written.program)) {
    return { kind: "changes", changes, deployment, losesComments: false };
  }
  if (before.dialect === "hydroflow" && isRustFile(text)) {
    return refused(
      "What comes out does not fit into this file's `datalog!` calls, and the Rust around them is not Clew's to write. Put the datalog into a file of its own first.",
    );
  }
  const losesComments = tokensOf(document).comments.some(
    ({ image }) => !/^(?:\/\/|#|%)\s*(?:clew|dialect):/.test(image),
  );
  if (losesComments && before.dialect === "compact") {
    return refused(
      "The text's layout does not let its rules be changed one by one, and its comments would be lost. Format the text first.",
    );
  }
  // What it includes is written out: the files that it includes may be others', too.
  const whole = [{ span: files[0]!.span, text: written.text }];
  return { kind: "changes", changes: whole, deployment, losesComments };
}

/** Whether the changed text, and nothing but its own file, says the program. */
function reads(
  { text, files, read: before, input }: LanguageDocument,
  changes: readonly TextChange[],
  wanted: Program,
): boolean {
  if (files.length > 1) return false;
  const { fileName } = input;
  const changed = changedText(text, changes);
  if (before.dialect === "hydroflow" && !sameAround(text, changed)) return false;
  const again = read(changed, {
    dialect: before.dialect,
    ...(fileName !== undefined && { fileName }),
  });
  const errors = again.diagnostics.filter((d) => d.severity === "error");
  return (
    again.broken.length === 0 &&
    errors.length === 0 &&
    contentText(again.program) === contentText(wanted)
  );
}

function sameAround(text: string, changed: string): boolean {
  return JSON.stringify(aroundStrings(text)) === JSON.stringify(aroundStrings(changed));
}

/** All that a program says, whichever component comes first and wherever a declaration stands. */
function contentText({ declarations, components }: Program): string {
  const all = [...declarations, ...components.flatMap((c) => c.declarations)];
  const sorted = components.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const bare = sorted.map((c) => ({ ...c, declarations: [] }));
  return [
    ...all.map(printDeclaration).toSorted(),
    printCompact({ declarations: [], components: bare }),
  ].join("\n");
}
