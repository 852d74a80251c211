import { useClew } from "../store/clewStore.ts";
import type { ClewDocument } from "../store/clewDocument.ts";
import type { ClewState } from "../store/clewState.ts";
import type { ProgramView } from "../../workers/workspaceApi.ts";
import { checkNow } from "../verify/checkShown.ts";
import { stepQuestions, wholeQuestion } from "../verify/questions.ts";
import { recentDocuments } from "../store/documentStorage.ts";
import { MODES } from "../store/layoutSlice.ts";
import { baseView, shownView } from "../store/selectors.ts";
import { pictureOffer, savePicture } from "../dataflow/graphPicture.ts";
import { convertBase } from "./convertBase.ts";
import { EXAMPLE_GROUPS } from "./examples.ts";
import { DIALECTS, NOTATIONS } from "./notations.ts";
import { focusPanel, PANELS } from "./panels.ts";
import { openExample } from "./openDocuments.ts";
import { openNew } from "./openNew.ts";
import { openRecent } from "./openRecent.ts";
import { saveDocument, saveIn } from "./saveDocument.ts";
import { isPartitioning, showPartitioning } from "./showPartitioning.ts";

export interface Command {
  readonly title: string;
  readonly keys?: string;
  run(): void;
}

/** Everything the palette offers now, in the order it lists them. */
export function commands(
  setColorScheme: (scheme: "light" | "dark" | "auto") => void,
): readonly Command[] {
  const state = useClew.getState();
  const view = shownView(state);
  const document = state.document;
  return [
    ...state.offers
      .filter((offer) => offer.verdict !== "violated")
      .map((offer) => ({
        title: `Rewrite: ${offer.title}`,
        run: () => {
          state.showInspectorTab("rewrites");
          state.focusOffer(offer.key);
          focusPanel("inspector");
        },
      })),
    state.takenAway === undefined
      ? { title: "Undo: one step back", keys: "Ctrl Z", run: state.undo }
      : { title: "Undo: put back what was taken away", keys: "Ctrl Z", run: state.undo },
    { title: "Redo: one step on", keys: "Ctrl Shift Z", run: state.redo },
    { title: "Edit the base", run: () => (state.walkTo(0), focusPanel("text")) },
    {
      title: "Continue by hand",
      run: () => {
        if (view !== undefined) state.editByHand(standingAlone(view, document));
        focusPanel("text");
      },
    },
    { title: "Show the text", run: () => (state.showTextTab("text"), focusPanel("text")) },
    {
      title: "Show the diff to the step before",
      run: () => (state.showTextTab("diff"), focusPanel("text")),
    },
    { title: "Show the outline", run: () => (state.showGraphTab("outline"), focusPanel("graph")) },
    { title: "Show the graph", run: () => (state.showGraphTab("graph"), focusPanel("graph")) },
    ...(state.offers.some(isPartitioning)
      ? [{ title: "Show how the selection can be partitioned", keys: "P", run: showPartitioning }]
      : []),
    { title: "Open the derivation", run: () => state.openDialog("derivation") },
    ...((document?.source.steps.length ?? 0) === 0
      ? []
      : [
          {
            title: "Replay the derivation",
            run: () => (state.setMode("rewrite"), state.startReplay()),
          },
        ]),
    ...checkCommands(state),
    {
      title: "Run until…",
      keys: "U",
      run: () => {
        state.setMode("simulate");
        void import("../simulate/untilStore.ts").then(({ useUntil }) =>
          useUntil.getState().ask(true),
        );
      },
    },
    ...MODES.map(({ mode, title }, index) => ({
      title: `Mode: ${title}`,
      keys: `Alt ${index + 1}`,
      run: () => state.setMode(mode),
    })),
    ...PANELS.map(({ id, title }) => ({ title: `Go to: ${title}`, run: () => focusPanel(id) })),
    ...(view?.components ?? []).map((component) => ({
      title: `Select component ${component.name}`,
      run: () =>
        state.select(
          {
            rules: (view?.rules ?? [])
              .filter((r) => r.component === component.name)
              .map((r) => r.id),
          },
          "replace",
          "elsewhere",
        ),
    })),
    ...(view?.rules ?? []).map((rule) => ({
      title: `Select rule ${rule.number}, ${rule.head} in ${rule.component}`,
      run: () => state.select({ rules: [rule.id] }, "replace", "elsewhere"),
    })),
    ...EXAMPLE_GROUPS.flatMap(({ examples }) => examples).map((example) => ({
      title: `Open example: ${example.name}`,
      run: () => void openExample(example),
    })),
    ...recentDocuments()
      .filter(({ id }) => id !== document?.id)
      .map(({ id, name }) => ({
        title: `Open recent: ${name}`,
        run: () => void openRecent(id),
      })),
    { title: "New document", run: openNew },
    { title: "Open a file…", run: () => void pickFile() },
    ...(document === undefined
      ? []
      : [
          { title: "Save the base program", run: () => void saveDocument("program") },
          { title: "Save the program shown", run: () => void saveDocument("shown") },
          ...DIALECTS.map((to) => ({
            title: `Save the program shown in: ${NOTATIONS[to]}`,
            run: () => void saveIn(to),
          })),
          ...DIALECTS.filter((to) => to !== baseView(state)?.dialect).map((to) => ({
            title: `Convert the base to: ${NOTATIONS[to]}`,
            run: () => void convertBase(to),
          })),
          { title: "Save the derivation", run: () => void saveDocument("derivation") },
          { title: "Save the deployment", run: () => void saveDocument("deployment") },
        ]),
    ...pictureCommand(),
    { title: "Colour scheme: light", run: () => setColorScheme("light") },
    { title: "Colour scheme: dark", run: () => setColorScheme("dark") },
    { title: "Colour scheme: as the system", run: () => setColorScheme("auto") },
    { title: "Keys and help", keys: "?", run: () => state.openDialog("keys") },
  ];
}

/** A step's text has no files beside it: what the base includes is written out. */
function standingAlone(
  { text, canonical }: ProgramView,
  document: ClewDocument | undefined,
): string {
  const includes = document?.at === 0 && document.source.includes !== undefined;
  return includes ? canonical : text;
}

/** Of the shown step, of every step, and of all of them together, where there are any. */
function checkCommands({ document, replay }: ClewState): readonly Command[] {
  const steps = replay?.steps ?? [];
  const at = document?.at ?? 0;
  const every = stepQuestions(steps);
  const whole = wholeQuestion(steps);
  return [
    ...(at > 0 && at < steps.length
      ? [{ title: `Check step ${at}`, run: () => checkNow([{ from: at - 1, to: at }]) }]
      : []),
    ...(every.length > 1 ? [{ title: "Check every step", run: () => checkNow(every) }] : []),
    ...(whole === undefined
      ? []
      : [{ title: "Check the whole derivation", run: () => checkNow([whole]) }]),
  ];
}

/** Only what is shown is saved; where that is no picture, the command says why. */
function pictureCommand(): readonly Command[] {
  const title = "Save the dataflow as a picture";
  const offer = pictureOffer();
  if (offer === undefined) return [];
  const { refusal } = offer;
  if (refusal === undefined) return [{ title, run: () => void savePicture() }];
  const { announce } = useClew.getState();
  return [
    {
      title: `${title}: not now, ${refusal}`,
      run: () => announce(`No picture was saved: ${refusal}.`),
    },
  ];
}

async function pickFile(): Promise<void> {
  const { pickFile: pick } = await import("./openFiles.ts");
  pick();
}
