import type { languages } from "monaco-editor/editor/editor.api.js";

export const DEDALUS = "dedalus";

export const dedalusConfiguration: languages.LanguageConfiguration = {
  comments: { lineComment: "//", blockComment: ["/*", "*/"] },
  brackets: [
    ["{", "}"],
    ["(", ")"],
    ["<", ">"],
  ],
  autoClosingPairs: [
    { open: "{", close: "}" },
    { open: "(", close: ")" },
    { open: '"', close: '"', notIn: ["string", "comment"] },
  ],
  surroundingPairs: [
    { open: "(", close: ")" },
    { open: '"', close: '"' },
  ],
  indentationRules: { increaseIndentPattern: /\{\s*$/, decreaseIndentPattern: /^\s*\}/ },
};

/** Only the edges' own colours: `@next` and `@async` as in the graph. Heads are bold, functions italic. */
export const dedalusTokens: languages.IMonarchLanguage = {
  defaultToken: "",
  keywords: [
    "component",
    "by",
    "input",
    "output",
    "edb",
    "node",
    "local",
    "timer",
    "every",
    "durable",
    "invariant",
    "sink",
    "fd",
    "injective",
    "function",
    "within",
    "of",
  ],
  functions: [
    "hash",
    "hmac",
    "sign",
    "verify",
    "encrypt",
    "decrypt",
    "len",
    "concat",
    "partition",
    "self",
    "tick",
  ],
  tokenizer: {
    root: [
      { include: "@spaces" },
      [/@\s*(next|\+1)/, "next"],
      [/@\s*async/, "async"],
      [/"([^"\\]|\\.)*"?/, "string"],
      // A head begins its line; what follows the arrow does not.
      [/^(\s*\d*\s*)([A-Za-z_]\w*)(?=\s*\(.*(?::-|:−|<-))/, ["", "head"]],
      [
        /[A-Za-z_]\w*/,
        { cases: { "@keywords": "keyword", "@functions": "function", "@default": "" } },
      ],
      [/\d+/, "number"],
    ],
    spaces: [
      [/\/\/.*$/, "comment"],
      [/#.*$/, "comment"],
      [/\/\*/, "comment", "@blockComment"],
    ],
    blockComment: [
      [/[^*/]+/, "comment"],
      [/\*\//, "comment", "@pop"],
      [/[*/]/, "comment"],
    ],
  },
};
