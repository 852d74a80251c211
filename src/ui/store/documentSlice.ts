import type { StateCreator } from "zustand";
import type { DocumentSource, DocumentStep } from "../../workers/workspaceApi.ts";
import type { ClewDocument, ChosenIn } from "./clewDocument.ts";
import type { ClewState, DocumentSlice } from "./clewState.ts";
import { rulesAfter, rulesBefore } from "./followRules.ts";
import { viewAt } from "./selectors.ts";
import { workspace } from "./workspaceClient.ts";

export const documentSlice: StateCreator<ClewState, [], [], DocumentSlice> = (set, get) => {
  const change = (
    source: Partial<DocumentSource>,
    changed: Partial<Pick<ClewDocument, "at" | "chosenIn">> = {},
  ): void => {
    const { document } = get();
    if (document === undefined) return;
    const next: ClewDocument = {
      ...document,
      ...changed,
      source: { ...document.source, ...source },
    };
    set({ document: next, takenAway: undefined });
    void get().recompute();
  };
  /** A change that may move the ids of rules: `was` says for each step after it which it was before. */
  const rearrange = (
    source: Partial<DocumentSource>,
    was: readonly (number | undefined)[],
    at?: number,
  ): void => {
    const { document } = get();
    if (document === undefined) return;
    const from = document.chosenIn ?? {
      source: document.source,
      was: sameOrder(document.source.steps),
    };
    const chosenIn = was.every((i) => i === undefined)
      ? undefined
      : { ...from, was: was.map((i) => (i === undefined ? i : from.was[i])) };
    change(source, { at: at ?? document.at, chosenIn });
    if (chosenIn !== undefined) void rebase(chosenIn);
  };
  /** What was just done can be put back as a whole. */
  const offerBack = (sentence: string, before: ClewDocument | undefined): void => {
    if (before === undefined) return;
    set({ takenAway: { sentence, before } });
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
      // Its page may have gone before the last edit was answered.
      if (document.chosenIn !== undefined) void rebase(document.chosenIn);
    },
    followTab: (document) => {
      if (document.source === get().document?.source) return set({ document });
      set({ document, takenAway: undefined });
      void get().recompute();
    },
    renameDocument: (name) => {
      const { document } = get();
      if (document !== undefined && name.trim() !== "") set({ document: { ...document, name } });
    },
    editBase: (text, along) => {
      const { document } = get();
      if (document === undefined || (document.source.text === text && !along)) return;
      rearrange({ text, ...along }, sameOrder(steps()));
    },
    editByHand: (text) => {
      const at = get().document?.at ?? 0;
      const current = steps()[at - 1];
      if (current?.rewrite === "by-hand") {
        // All of it undone: the step goes, and redoing the text brings it back.
        if (at > 1 && current.note === undefined && text === viewAt(get(), at - 1)?.text) {
          const was = sameOrder(steps()).toSpliced(at - 1, 1);
          return rearrange({ steps: steps().toSpliced(at - 1, 1) }, was, at - 1);
        }
        rearrange({ steps: steps().with(at - 1, { ...current, text }) }, sameOrder(steps()));
        return;
      }
      const added: DocumentStep = { rewrite: "by-hand", name: "By hand", text };
      const was = sameOrder(steps()).toSpliced(at, 0, undefined);
      rearrange({ steps: steps().toSpliced(at, 0, added) }, was, at + 1);
      get().announce("A by-hand step was started. It is not verified.");
    },
    insertSteps: (added) => {
      const at = get().document?.at ?? 0;
      const was = sameOrder(steps()).toSpliced(at, 0, ...added.map(() => undefined));
      rearrange({ steps: steps().toSpliced(at, 0, ...added) }, was, at + added.length);
    },
    changeStep: (index, changed) => {
      const step = steps()[index - 1];
      if (step === undefined) return;
      const { note, ...named } = { ...step, ...changed };
      const next = note === undefined || note === "" ? named : { ...named, note };
      change({ steps: steps().with(index - 1, next) });
    },
    waive: (index, waived) => {
      const step = steps()[index - 1];
      if (step === undefined || step.rewrite === "by-hand") return;
      const { waiver: _, ...bare } = step;
      const next: DocumentStep = waived ? { ...bare, waiver: "tick-counts" } : bare;
      change({ steps: steps().with(index - 1, next) });
      get().announce(
        waived ? `Step ${index} has the waiver.` : `The waiver of step ${index} was withdrawn.`,
      );
    },
    dropStep: (index) => {
      const { document, replay } = get();
      const at = document?.at ?? 0;
      const title = replay?.steps[index]?.title;
      const was = sameOrder(steps()).toSpliced(index - 1, 1);
      rearrange({ steps: steps().toSpliced(index - 1, 1) }, was, at >= index ? at - 1 : at);
      const what = title === undefined ? "" : `, ${title},`;
      offerBack(`Step ${index}${what} was dropped.`, document);
    },
    moveStep: (index, to) => {
      const { document, replay } = get();
      const step = steps()[index - 1];
      if (step === undefined || to < 1 || to > steps().length || to === index) return;
      const was = sameOrder(steps())
        .toSpliced(index - 1, 1)
        .toSpliced(to - 1, 0, index - 1);
      rearrange(
        {
          steps: steps()
            .toSpliced(index - 1, 1)
            .toSpliced(to - 1, 0, step),
        },
        was,
      );
      const title = replay?.steps[index]?.title;
      offerBack(`${title ?? `Step ${index}`} is step ${to} now.`, document);
    },
    replaceSteps: (replacing) => {
      const { document } = get();
      const old = steps().length;
      change({ steps: replacing }, { at: replacing.length, chosenIn: undefined });
      const what = old === 1 ? "1 step" : `${old} steps`;
      if (old > 0) offerBack(`The derivation from the file replaced ${what}.`, document);
    },
    putBack: () => {
      const { takenAway, document } = get();
      if (takenAway === undefined || document === undefined) return;
      set({ document: { ...takenAway.before, name: document.name }, takenAway: undefined });
      void get().recompute();
      get().announce("Put back.");
    },
    setDeployment: (deployment) => {
      const { document } = get();
      const sentence =
        (document?.source.deployment ?? null) === null
          ? "The deployment from the file is the document's now."
          : "The deployment from the file replaced the document's.";
      change({ deployment });
      offerBack(sentence, document);
    },
    includeFiles: (includes) => {
      const { document } = get();
      if (document === undefined) return;
      const before = document.source.includes ?? [];
      const fresh = includes.filter(
        ({ name, text }) => !before.some((file) => file.name === name && file.text === text),
      );
      if (fresh.length === 0) return;
      rearrange({ includes }, sameOrder(steps()));
      const names = fresh.map(({ name }) => name).join(" and ");
      offerBack(`The document includes ${names} as just given.`, document);
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

  /** Targets of later steps follow the rules that they were chosen for. */
  async function rebase(from: ChosenIn): Promise<void> {
    const after = get().document?.source;
    if (after === undefined) return;
    const { source: before, was } = from;
    const answer = await workspace()
      .call("rebase", { before, after, was })
      .catch(() => undefined);
    const { document } = get();
    // A later change asks by itself, from the same origin.
    if (answer?.kind !== "steps" || document?.source !== after || document.chosenIn !== from)
      return;
    const chosenIn = answer.complete ? undefined : from;
    if (JSON.stringify(answer.steps) === JSON.stringify(after.steps)) {
      if (chosenIn !== from) set({ document: { ...document, chosenIn } });
      return;
    }
    set({ document: { ...document, chosenIn, source: { ...after, steps: answer.steps } } });
    void get().recompute();
  }
};

function sameOrder(steps: readonly unknown[]): readonly (number | undefined)[] {
  return steps.map((_, index) => index);
}
