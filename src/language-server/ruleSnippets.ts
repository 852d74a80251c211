import { persistenceRule } from "../analysis/persistence.ts";
import type { ComponentName } from "../program/program.ts";
import type { Dialect } from "../syntax/dialect.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import { isMadeUp, writtenAttributes } from "./writtenAttributes.ts";

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
  return [...keepSnippets(document, component), ...patterns(document.read.dialect)];
}

/** One for each relation of the component that is not kept yet. */
function keepSnippets(
  document: LanguageDocument,
  component: ComponentName | undefined,
): readonly RuleSnippet[] {
  const { analyzed } = document;
  return [...analyzed.relations.values()].flatMap((info): readonly RuleSnippet[] => {
    const own = info.derivedBy.find((c) => component === undefined || c === component);
    if (own === undefined || info.kind !== "local" || info.arity === 0) return [];
    if (isMadeUp(document, info.name)) return [];
    if (persistenceRule(analyzed, own, info.name) !== undefined) return [];
    const terms = writtenAttributes(document, info).map((a) => a.name);
    const body = keepingRule(document.read.dialect, info.name, terms);
    return [{ label: `keep ${info.name}`, body, detail: "keep its facts for good" }];
  });
}

function keepingRule(dialect: Dialect, name: string, terms: readonly string[]): string {
  const literal = `${name}(${terms.join(", ")})`;
  switch (dialect) {
    case "compact":
      return `${literal}@next :- ${literal}`;
    case "molly":
    case "prototype":
      return `${literal}@next :- ${literal};`;
    case "hydroflow":
      return `.persist ${name}`;
    case "paper": {
      const time = terms.at(-1)!;
      const then = `${name}(${[...terms.slice(0, -1), `${time}'`].join(", ")})`;
      return `${then} :- ${literal}, ${time}'=${time}+1`;
    }
  }
}

const DETAILS = {
  keep: "keep a relation's facts for good",
  "keep until": "keep a fact until another holds",
  broadcast: "send to every node of a set",
  "quorum count": "count votes and wait for enough of them",
  reply: "answer the client",
} as const;

function patterns(dialect: Dialect): readonly RuleSnippet[] {
  const bodies = PATTERNS[dialect];
  return (Object.keys(DETAILS) as (keyof typeof DETAILS)[]).map((label) => ({
    label,
    body: bodies[label],
    detail: DETAILS[label],
  }));
}

const PATTERNS: Readonly<Record<Dialect, Readonly<Record<keyof typeof DETAILS, string>>>> = {
  compact: {
    keep: "${1:relation}(${2:x})@next :- ${1:relation}(${2:x})",
    "keep until": "${1:relation}(${2:x})@next :- ${1:relation}(${2:x}), !${3:done}(${2:x})",
    broadcast: "${1:message}(${2:x})@async(n) :- ${3:event}(${2:x}), ${4:nodes}(n)",
    "quorum count":
      "${1:numVotes}(count<${2:voter}>, ${3:id}) :- ${4:votes}(${2:voter}, ${3:id})\n" +
      "${5:committed}(${3:id}) :- ${1:numVotes}(n, ${3:id}), ${6:quorum}(n)",
    reply: "${1:answer}(${2:id})@async(c) :- ${3:done}(${2:id}), client(c)",
  },
  paper: {
    keep: "${1:relation}(${2:x}, l, t') :- ${1:relation}(${2:x}, l, t), t'=t+1",
    "keep until":
      "${1:relation}(${2:x}, l, t') :- ${1:relation}(${2:x}, l, t), !${3:done}(${2:x}, l, t), t'=t+1",
    broadcast:
      "${1:message}(${2:x}, l', t') :- ${3:event}(${2:x}, l, t), ${4:nodes}(l'), delay((${2:x}, l, t, l'), t')",
    "quorum count":
      "${1:numVotes}(count<${2:voter}>, ${3:id}, l, t) :- ${4:votes}(${2:voter}, ${3:id}, l, t)\n" +
      "${5:committed}(${3:id}, l, t) :- ${1:numVotes}(n, ${3:id}, l, t), ${6:quorum}(n)",
    reply:
      "${1:answer}(${2:id}, l', t') :- ${3:done}(${2:id}, l, t), client(l'), delay((${2:id}, l, t, l'), t')",
  },
  hydroflow: {
    keep: ".persist ${1:relation}",
    "keep until": "${1:relation}(${2:x}) :+ ${1:relation}(${2:x}), !${3:done}(${2:x})",
    broadcast: "${1:message}@n(${2:x}) :~ ${3:event}(${2:x}), ${4:nodes}(n)",
    "quorum count":
      "${1:numVotes}(count(${2:voter}), ${3:id}) :- ${4:votes}(${2:voter}, ${3:id})\n" +
      "${5:committed}(${3:id}) :- ${1:numVotes}(n, ${3:id}), ${6:quorum}(n)",
    reply: "${1:answer}@c(${2:id}) :~ ${3:done}(${2:id}), client(c)",
  },
  molly: {
    keep: "${1:relation}(N, ${2:X})@next :- ${1:relation}(N, ${2:X});",
    "keep until":
      "${1:relation}(N, ${2:X})@next :- ${1:relation}(N, ${2:X}), notin ${3:done}(N, ${2:X});",
    broadcast: "${1:message}(D, ${2:X})@async :- ${3:event}(N, ${2:X}), ${4:nodes}(N, D);",
    "quorum count":
      "${1:numVotes}(N, ${3:Id}, count<${2:Voter}>) :- ${4:votes}(N, ${2:Voter}, ${3:Id});\n" +
      "${5:committed}(N, ${3:Id}) :- ${1:numVotes}(N, ${3:Id}, C), ${6:quorum}(N, C);",
    reply: "${1:answer}(C, ${2:Id})@async :- ${3:done}(N, ${2:Id}), client(N, C);",
  },
  prototype: {
    keep: "${1:relation}(${2:X})@next :- ${1:relation}(${2:X});",
    "keep until": "${1:relation}(${2:X})@next :- ${1:relation}(${2:X}), notin ${3:done}(${2:X});",
    broadcast: "${1:message}(#N, ${2:X})@async :- ${3:event}(${2:X}), ${4:nodes}(N);",
    "quorum count":
      "${1:numVotes}(count<${2:Voter}>, ${3:Id}) :- ${4:votes}(${2:Voter}, ${3:Id});\n" +
      "${5:committed}(${3:Id}) :- ${1:numVotes}(C, ${3:Id}), ${6:quorum}(C);",
    reply: "${1:answer}(#C, ${2:Id})@async :- ${3:done}(${2:Id}), client(C);",
  },
};
