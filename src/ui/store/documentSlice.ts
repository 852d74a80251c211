import type { StateCreator } from "zustand";
import type { DocumentSource, DocumentStep } from "../../workers/workspaceApi.ts";
import type { ClewDocument } from "./clewDocument.ts";
import type { ClewState, DocumentSlice } from "./clewState.ts";
import { rulesAfter, rulesBefore } from "./followRules.ts";
import { workspace } from "./workspaceClient.ts";

export const documentSlice: StateCreator<ClewState, [], [], DocumentSlice> = (set, get) => {
  const change = (source: Partial<DocumentSource>, at?: number): void => {
    const { document } = get();
    if (document === undefined) return;
    const next: ClewDocument = {
      ...document,
      source: { ...document.source, ...source },
      at: at ?? document.at,
    };
    set({ document: next, takenAway: undefined });
    void get().recompute();
  };
  /** A change that can be put back as a whole. */
  const takeAway = (sentence: string, source: Partial<DocumentSource>, at?: number): void => {
    const { document } = get();
    if (document === undefined) return;
    change(source, at);
    set({ takenAway: { sentence, before: document } });
    get().announce(sentence);
  };
  const steps = (): readonly DocumentStep[] => get().document?.source.steps ?? [];
  return {
    document: undefined,
    replay: undefined,
    replayOf: undefined,
    takenAway: undefined,
    problem: undefined,
    openDocument: (document) => {
      const last = document.source.steps.length;
      const at = Math.max(0, Math.min(document.at, last));
      set({
        document: { ...document, at },
        replay: undefined,
        replayOf: undefined,
        takenAway: undefined,
        problem: undefined,
        ruleVerdicts: new Map(),
        verdictMilliseconds: undefined,
      });
      get().clearSelection();
      void get().recompute();
    },
    renameDocument: (name) => {
      const { document } = get();
      if (document !== undefined && name.trim() !== "") set({ document: { ...document, name } });
    },
    editBase: (text) => {
      const { document } = get();
      if (document === undefined || document.source.text === text) return;
      const before = document.source;
      change({ text });
      if (before.steps.length > 0) void rebase(before, text);
    },
    editByHand: (text) => {
      const at = get().document?.at ?? 0;
      const current = steps()[at - 1];
      if (current?.rewrite === "by-hand") {
        change({ steps: steps().with(at - 1, { ...current, text }) });
        return;
      }
      const added: DocumentStep = { rewrite: "by-hand", name: "By hand", text };
      change({ steps: steps().toSpliced(at, 0, added) }, at + 1);
      get().announce("A by-hand step was started. It is not verified.");
    },
    insertSteps: (added) => {
      const at = get().document?.at ?? 0;
      change({ steps: steps().toSpliced(at, 0, ...added) }, at + added.length);
    },
    changeStep: (index, changed) => {
      const step = steps()[index - 1];
      if (step !== undefined) change({ steps: steps().with(index - 1, { ...step, ...changed }) });
    },
    dropStep: (index) => {
      const at = get().document?.at ?? 0;
      const title = get().replay?.steps[index]?.title;
      takeAway(
        `Step ${index}${title === undefined ? "" : `, ${title},`} was dropped.`,
        { steps: steps().toSpliced(index - 1, 1) },
        at >= index ? at - 1 : at,
      );
    },
    replaceSteps: (replacing) => {
      const old = steps().length;
      if (old === 0) return change({ steps: replacing }, replacing.length);
      const sentence = `The derivation from the file replaced ${old === 1 ? "1 step" : `${old} steps`}.`;
      takeAway(sentence, { steps: replacing }, replacing.length);
    },
    putBack: () => {
      const { takenAway, document } = get();
      if (takenAway === undefined || document === undefined) return;
      set({ document: { ...takenAway.before, name: document.name }, takenAway: undefined });
      void get().recompute();
      get().announce("Put back.");
    },
    setDeployment: (deployment) => {
      const before = get().document?.source.deployment ?? null;
      const sentence =
        before === null
          ? "The deployment from the file is the document's now."
          : "The deployment from the file replaced the document's.";
      takeAway(sentence, { deployment });
    },
    readBaseAs: (dialect) => {
      const { document } = get();
      if (document === undefined) return;
      const { dialect: _, ...source } = document.source;
      set({
        document: { ...document, source: dialect === undefined ? source : { ...source, dialect } },
      });
      void get().recompute();
    },
    walkTo: (step) => {
      const { document } = get();
      if (document === undefined || step < 0 || step > steps().length || step === document.at)
        return;
      const origins = (get().replay?.steps ?? []).map((each) => each.origins);
      const selected = [...get().selectedRules];
      const followed =
        step > document.at
          ? rulesAfter(selected, origins.slice(document.at + 1, step + 1))
          : rulesBefore(selected, origins.slice(step + 1, document.at + 1));
      set({ document: { ...document, at: step }, selectedRules: new Set(followed) });
      get().keepSelectionWhereItIs();
      void get().refreshOffers();
      const knot = get().replay?.steps[step];
      get().announce(step === 0 ? "Base." : `Step ${step}, ${knot?.title ?? ""}.`);
    },
    undo: () => {
      if (get().takenAway !== undefined) get().putBack();
      else get().walkTo((get().document?.at ?? 0) - 1);
    },
    redo: () => get().walkTo((get().document?.at ?? 0) + 1),
    report: (problem) => set({ problem }),
  };

  /** Rules keep their ids through an edit of the base: targets of later steps follow them. */
  async function rebase(before: DocumentSource, text: string): Promise<void> {
    const answer = await workspace()
      .call("rebase", { document: before, text })
      .catch(() => undefined);
    const { document } = get();
    if (answer === undefined || document === undefined) return;
    if (document.source.text !== text || document.source.steps !== before.steps) return;
    if (JSON.stringify(answer.steps) === JSON.stringify(before.steps)) return;
    change({ steps: answer.steps });
  }
};
