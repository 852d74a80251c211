import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { declaredRole } from "../analysis/declaredRoles.ts";
import { occurrencesByRelation } from "../analysis/occurrences.ts";
import { isGenerated } from "../analysis/relationKinds.ts";
import { saidInputs } from "../analysis/suspicions.ts";
import { quoted } from "../analysis/wording.ts";
import type { Diagnostic, Fix } from "../program/diagnostic.ts";
import type { Fault } from "../program/evidence.ts";
import { isFunctionName } from "../program/functions.ts";
import { faultDiagnostic } from "../syntax/locate.ts";
import { MADE_UP, writtenName } from "../syntax/unreadableNames.ts";
import type { TextReading } from "./fixContext.ts";
import { atCells } from "./contentCells.ts";
import { atStatement } from "./statementFix.ts";
import { cycleDiagnostic } from "./cycleDiagnostic.ts";
import { fixOf } from "./quickFixes.ts";
import { writtenArity } from "./writtenArity.ts";
import { suggestsUnwritten, writtenSuggestion } from "./writtenSuggestion.ts";

/**
 * All that is wrong with a text, in text order: what the reader says, what the analysis says of the program that could be
 * read, and for both the fix that mends it. The app, `clew check` and every editor show these.
 */
export function programDiagnostics(
  text: string,
  read: TextReading,
  analyzed: AnalyzedProgram,
): readonly Diagnostic[] {
  // The reader says it of empty blocks; a component whose rules could not be read is not empty.
  const found = analyzed.faults.filter(
    (fault) => fault.code !== "empty-component" && !suggestsUnwritten(fault, { read, analyzed }),
  );
  const faults = [...found, ...undeclared(analyzed, found, read.dialect)];
  return [
    ...read.diagnostics,
    ...faults.map((fault) => {
      const diagnostic =
        fault.code === "unstratified"
          ? cycleDiagnostic(fault, read, analyzed)
          : atCells(
              text,
              read.sourceMap.declarations,
              atStatement(
                { text, read },
                fault,
                writtenSuggestion(
                  { text, read },
                  fault,
                  faultDiagnostic(writtenArity({ read, analyzed }, fault), read.sourceMap),
                ),
              ),
            );
      const fix = diagnostic.fix ?? fixOf({ text, read, analyzed }, fault, diagnostic);
      return fix === undefined ? diagnostic : { ...diagnostic, fix };
    }),
  ]
    .map(({ fix, ...rest }) =>
      fix === undefined || overwritesInclude(fix, text, read.dialect) ? rest : { ...rest, fix },
    )
    .toSorted((a, b) => a.span.start - b.span.start);
}

/** All that an included file says stands at its `include`, which an edit meant for that file would overwrite. */
function overwritesInclude(fix: Fix, text: string, dialect: TextReading["dialect"]): boolean {
  return (
    dialect === "molly" &&
    fix.edits.some(({ span }) => /^include\s*"/.test(text.slice(span.start, span.end)))
  );
}

/**
 * Relations that nothing derives and nobody is said to send, where the program or its deployment says what clients send.
 * Where neither does, what is read and not derived is an input without further words (rewrites.md section 0.2).
 */
function undeclared(
  p: AnalyzedProgram,
  faults: readonly Fault[],
  dialect: TextReading["dialect"],
): readonly Fault[] {
  const said = saidInputs(p);
  if (said.size === 0) return [];
  const reported = new Set(
    faults.flatMap((f) =>
      f.code === "misspelt-relation" && f.replacement ? [f.replacement.from] : [],
    ),
  );
  return [...occurrencesByRelation(p.program)].flatMap(([relation, uses]): readonly Fault[] => {
    const [read] = uses;
    if (read === undefined || p.relations.get(relation)?.kind !== "env") return [];
    if (said.has(relation) || isGenerated(relation) || reported.has(relation)) return [];
    // What Molly's reader makes up from a name comes from where that comes.
    if (dialect === "molly" && p.relations.has(writtenName(relation)) && MADE_UP.test(relation))
      return [];
    // A function that is called wrongly is said to be so.
    if (declaredRole(p, relation) !== undefined || isFunctionName(p.program, relation)) return [];
    return [
      {
        severity: "warning",
        code: "undeclared-relation",
        message: `Nothing derives ${quoted(relation)}, and neither a declaration nor the deployment says where it comes from.`,
        place: read.place,
        related: [],
      },
    ];
  });
}
