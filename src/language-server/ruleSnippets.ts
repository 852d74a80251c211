import { persistenceRule } from "../analysis/persistence.ts";
import type { ComponentName } from "../program/program.ts";
import type { LanguageDocument } from "./languageDocument.ts";

export interface RuleSnippet {
  readonly label: string;
  /** In the snippet syntax of LSP. */
  readonly body: string;
  readonly detail: string;
}

/** Rules that every protocol has: keep a relation, send to all, count to a quorum. */
export function ruleSnippets(
  document: LanguageDocument,
  component: ComponentName | undefined,
): readonly RuleSnippet[] {
  // Paper notation writes time out; its rules come from listings.
  if (document.read.dialect !== "compact") return [];
  return [...keepSnippets(document, component), ...PATTERNS];
}

/** One for each relation of the component that is not kept yet. */
function keepSnippets(
  { analyzed }: LanguageDocument,
  component: ComponentName | undefined,
): readonly RuleSnippet[] {
  return [...analyzed.relations.values()].flatMap((info): readonly RuleSnippet[] => {
    const own = info.derivedBy.find((c) => component === undefined || c === component);
    if (own === undefined || info.kind !== "local" || info.arity === 0) return [];
    if (persistenceRule(analyzed, own, info.name) !== undefined) return [];
    const terms = info.attributes.map((a) => a.name).join(", ");
    return [
      {
        label: `keep ${info.name}`,
        body: `${info.name}(${terms})@next :- ${info.name}(${terms})`,
        detail: "keep its facts for good",
      },
    ];
  });
}

const PATTERNS: readonly RuleSnippet[] = [
  {
    label: "keep",
    body: "${1:relation}(${2:x})@next :- ${1:relation}(${2:x})",
    detail: "keep a relation's facts for good",
  },
  {
    label: "keep until",
    body: "${1:relation}(${2:x})@next :- ${1:relation}(${2:x}), !${3:done}(${2:x})",
    detail: "keep a fact until another holds",
  },
  {
    label: "broadcast",
    body: "${1:message}(${2:x})@async(n) :- ${3:event}(${2:x}), ${4:nodes}(n)",
    detail: "send to every node of a set",
  },
  {
    label: "quorum count",
    body:
      "${1:numVotes}(count<${2:voter}>, ${3:id}) :- ${4:votes}(${2:voter}, ${3:id})\n" +
      "${5:committed}(${3:id}) :- ${1:numVotes}(n, ${3:id}), ${6:quorum}(n)",
    detail: "count votes and wait for enough of them",
  },
  {
    label: "reply",
    body: "${1:answer}(${2:id})@async(c) :- ${3:done}(${2:id}), client(c)",
    detail: "answer the client",
  },
];
