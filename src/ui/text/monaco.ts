import * as monaco from "monaco-editor/editor/editor.api.js";
import "monaco-editor/features/codeEditor/register.js";
import "monaco-editor/features/codicon/register.js";
import "monaco-editor/features/bracketMatching/register.js";
import "monaco-editor/features/clipboard/register.js";
import "monaco-editor/features/codeAction/register.js";
import "monaco-editor/features/comment/register.js";
import "monaco-editor/features/find/register.js";
import "monaco-editor/features/folding/register.js";
import "monaco-editor/features/format/register.js";
import "monaco-editor/features/gotoError/register.js";
import "monaco-editor/features/gotoLine/register.js";
import "monaco-editor/features/gotoSymbol/register.js";
import "monaco-editor/features/hover/register.js";
import "monaco-editor/features/inlayHints/register.js";
import "monaco-editor/features/linesOperations/register.js";
import "monaco-editor/features/multicursor/register.js";
import "monaco-editor/features/parameterHints/register.js";
import "monaco-editor/features/quickOutline/register.js";
import "monaco-editor/features/referenceSearch/register.js";
import "monaco-editor/features/rename/register.js";
import "monaco-editor/features/toggleTabFocusMode/register.js";
import "monaco-editor/features/wordOperations/register.js";
// The suggest feature registers inline completions only, not the list that Ctrl Space opens.
import "monaco-editor/editor/contrib/suggest/browser/suggestController.js";
// The semantic tokens feature paints what is in sight only, which would want another provider.
import "monaco-editor/editor/contrib/semanticTokens/browser/documentSemanticTokens.js";
import { DEDALUS, dedalusConfiguration, dedalusTokens } from "./dedalusLanguage.ts";

self.MonacoEnvironment = {
  getWorker: () =>
    new Worker(new URL("monaco-editor/editor/editor.worker.js", import.meta.url), {
      type: "module",
      name: "editor",
    }),
};

monaco.languages.register({ id: DEDALUS, extensions: [".ded"] });
monaco.languages.setLanguageConfiguration(DEDALUS, dedalusConfiguration);
monaco.languages.setMonarchTokensProvider(DEDALUS, dedalusTokens);

// On Linux Monaco has Ctrl Shift I for it, which browsers keep for themselves.
monaco.editor.addKeybindingRule({
  keybinding: monaco.KeyMod.Shift | monaco.KeyMod.Alt | monaco.KeyCode.KeyF,
  command: "editor.action.formatDocument",
  when: "editorTextFocus && !editorReadonly",
});

/** Monaco wants plain hexadecimal: its themes repeat the tokens of tokens.css. */
const LIGHT: monaco.editor.IStandaloneThemeData = {
  base: "vs",
  inherit: false,
  rules: [
    { token: "", foreground: "1a1f2b" },
    { token: "keyword", fontStyle: "bold" },
    { token: "head", fontStyle: "bold" },
    { token: "namespace", fontStyle: "bold" },
    { token: "class.definition", fontStyle: "bold" },
    { token: "event.definition", fontStyle: "bold" },
    { token: "function", fontStyle: "italic", foreground: "465064" },
    { token: "comment", foreground: "5f697b" },
    { token: "next", foreground: "8a2ba8", fontStyle: "bold" },
    { token: "async", foreground: "0b6b80", fontStyle: "bold" },
    { token: "decorator", foreground: "8a2ba8", fontStyle: "bold" },
    { token: "decorator.async", foreground: "0b6b80", fontStyle: "bold" },
  ],
  colors: {
    "editor.background": "#ffffff",
    "editor.foreground": "#1a1f2b",
    "editorLineNumber.foreground": "#5f697b",
    "editorLineNumber.activeForeground": "#1a1f2b",
    "editor.selectionBackground": "#c9d8fb",
    "editorCursor.foreground": "#2453cf",
    "editorError.foreground": "#a0142f",
    "editorWarning.foreground": "#8a6200",
    "editorBracketMatch.background": "#e6edfd",
    "editorBracketMatch.border": "#2453cf",
    focusBorder: "#2453cf",
    "editorWidget.background": "#ffffff",
    "editorWidget.border": "#838c9c",
    "editorHoverWidget.background": "#ffffff",
    "editorSuggestWidget.background": "#ffffff",
    "editorSuggestWidget.selectedBackground": "#e6edfd",
    "editorSuggestWidget.selectedForeground": "#1a1f2b",
    "editorSuggestWidget.highlightForeground": "#2453cf",
    "peekView.border": "#2453cf",
    "peekViewTitle.background": "#eef0f4",
    "peekViewTitleLabel.foreground": "#1a1f2b",
    "peekViewTitleDescription.foreground": "#5f697b",
    "peekViewEditor.background": "#ffffff",
    "peekViewEditorGutter.background": "#ffffff",
    "peekViewEditor.matchHighlightBackground": "#c9d8fb",
    "peekViewResult.background": "#eef0f4",
    "peekViewResult.lineForeground": "#1a1f2b",
    "peekViewResult.matchHighlightBackground": "#c9d8fb",
    "peekViewResult.selectionBackground": "#e6edfd",
    "peekViewResult.selectionForeground": "#1a1f2b",
    "quickInput.background": "#ffffff",
    "quickInput.foreground": "#1a1f2b",
    "quickInputList.focusBackground": "#e6edfd",
    "quickInputList.focusForeground": "#1a1f2b",
    "pickerGroup.foreground": "#2453cf",
    "pickerGroup.border": "#838c9c",
    "input.background": "#ffffff",
    "input.foreground": "#1a1f2b",
    "input.border": "#838c9c",
    "menu.background": "#ffffff",
    "menu.foreground": "#1a1f2b",
    "menu.border": "#838c9c",
    "editorActionList.background": "#ffffff",
    "editorActionList.foreground": "#1a1f2b",
    "editorActionList.focusBackground": "#e6edfd",
    "editorActionList.focusForeground": "#1a1f2b",
    "editorInlayHint.background": "#eef0f4",
    "editorInlayHint.foreground": "#5f697b",
    "list.hoverBackground": "#eef0f4",
    "scrollbarSlider.background": "#838c9c55",
    "scrollbarSlider.hoverBackground": "#838c9c88",
    "scrollbarSlider.activeBackground": "#838c9caa",
  },
};
const DARK: monaco.editor.IStandaloneThemeData = {
  base: "vs-dark",
  inherit: false,
  rules: [
    { token: "", foreground: "e7eaf0" },
    { token: "keyword", fontStyle: "bold" },
    { token: "head", fontStyle: "bold" },
    { token: "namespace", fontStyle: "bold" },
    { token: "class.definition", fontStyle: "bold" },
    { token: "event.definition", fontStyle: "bold" },
    { token: "function", fontStyle: "italic", foreground: "b9c1cf" },
    { token: "comment", foreground: "939daf" },
    { token: "next", foreground: "e882d2", fontStyle: "bold" },
    { token: "async", foreground: "45c3ec", fontStyle: "bold" },
    { token: "decorator", foreground: "e882d2", fontStyle: "bold" },
    { token: "decorator.async", foreground: "45c3ec", fontStyle: "bold" },
  ],
  colors: {
    "editor.background": "#171b22",
    "editor.foreground": "#e7eaf0",
    "editorLineNumber.foreground": "#939daf",
    "editorLineNumber.activeForeground": "#e7eaf0",
    "editor.selectionBackground": "#2f4577",
    "editorCursor.foreground": "#8fb2ff",
    "editorError.foreground": "#ff7a6b",
    "editorWarning.foreground": "#ffc24d",
    "editorBracketMatch.background": "#1c2a4a",
    "editorBracketMatch.border": "#8fb2ff",
    focusBorder: "#8fb2ff",
    "editorWidget.background": "#171b22",
    "editorWidget.border": "#6f7a8d",
    "editorHoverWidget.background": "#171b22",
    "editorSuggestWidget.background": "#171b22",
    "editorSuggestWidget.selectedBackground": "#1c2a4a",
    "editorSuggestWidget.selectedForeground": "#e7eaf0",
    "editorSuggestWidget.highlightForeground": "#8fb2ff",
    "peekView.border": "#8fb2ff",
    "peekViewTitle.background": "#12161c",
    "peekViewTitleLabel.foreground": "#e7eaf0",
    "peekViewTitleDescription.foreground": "#939daf",
    "peekViewEditor.background": "#171b22",
    "peekViewEditorGutter.background": "#171b22",
    "peekViewEditor.matchHighlightBackground": "#2f4577",
    "peekViewResult.background": "#12161c",
    "peekViewResult.lineForeground": "#e7eaf0",
    "peekViewResult.matchHighlightBackground": "#2f4577",
    "peekViewResult.selectionBackground": "#1c2a4a",
    "peekViewResult.selectionForeground": "#e7eaf0",
    "quickInput.background": "#171b22",
    "quickInput.foreground": "#e7eaf0",
    "quickInputList.focusBackground": "#1c2a4a",
    "quickInputList.focusForeground": "#e7eaf0",
    "pickerGroup.foreground": "#8fb2ff",
    "pickerGroup.border": "#6f7a8d",
    "input.background": "#171b22",
    "input.foreground": "#e7eaf0",
    "input.border": "#6f7a8d",
    "menu.background": "#171b22",
    "menu.foreground": "#e7eaf0",
    "menu.border": "#6f7a8d",
    "editorActionList.background": "#171b22",
    "editorActionList.foreground": "#e7eaf0",
    "editorActionList.focusBackground": "#1c2a4a",
    "editorActionList.focusForeground": "#e7eaf0",
    "editorInlayHint.background": "#12161c",
    "editorInlayHint.foreground": "#939daf",
    "list.hoverBackground": "#12161c",
    "scrollbarSlider.background": "#6f7a8d55",
    "scrollbarSlider.hoverBackground": "#6f7a8d88",
    "scrollbarSlider.activeBackground": "#6f7a8daa",
  },
};

/** Of lists, peeks and boxes; what is selected or found in them keeps its tint, or nobody would see it. */
const WIDGET_PAPER: readonly string[] = [
  "peekViewTitle.background",
  "peekViewEditor.background",
  "peekViewEditorGutter.background",
  "peekViewResult.background",
  "quickInput.background",
  "input.background",
  "menu.background",
  "editorActionList.background",
  "editorInlayHint.background",
];
const WIDGET_INK: readonly string[] = [
  "peekView.border",
  "peekViewTitleLabel.foreground",
  "peekViewTitleDescription.foreground",
  "peekViewResult.lineForeground",
  "quickInput.foreground",
  "input.foreground",
  "input.border",
  "menu.foreground",
  "menu.border",
  "editorActionList.foreground",
  "editorInlayHint.foreground",
];

monaco.editor.defineTheme("clew-light", LIGHT);
monaco.editor.defineTheme("clew-dark", DARK);
monaco.editor.defineTheme("clew-light-contrast", withContrast(LIGHT, "#000000", "#ffffff"));
monaco.editor.defineTheme("clew-dark-contrast", withContrast(DARK, "#ffffff", "#000000"));

/** As tokens.css has it under prefers-contrast: ink on pure paper, no tints, no greys; only the edge colours stay. */
function withContrast(
  theme: monaco.editor.IStandaloneThemeData,
  ink: string,
  paper: string,
): monaco.editor.IStandaloneThemeData {
  const inInk = new Set(["", "function", "comment"]);
  return {
    ...theme,
    rules: theme.rules.map((rule) =>
      inInk.has(rule.token) ? { ...rule, foreground: ink.slice(1) } : rule,
    ),
    colors: {
      ...theme.colors,
      "editor.background": paper,
      "editor.foreground": ink,
      "editorLineNumber.foreground": ink,
      "editorLineNumber.activeForeground": ink,
      "editorBracketMatch.background": paper,
      "editorWidget.background": paper,
      "editorWidget.border": ink,
      "editorHoverWidget.background": paper,
      "editorSuggestWidget.background": paper,
      "editorSuggestWidget.selectedBackground": paper,
      "list.hoverBackground": paper,
      ...Object.fromEntries(WIDGET_PAPER.map((key) => [key, paper])),
      ...Object.fromEntries(WIDGET_INK.map((key) => [key, ink])),
    },
  };
}

export { monaco };
