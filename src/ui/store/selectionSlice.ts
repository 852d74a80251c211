import type { StateCreator } from "zustand";
import type { RuleId } from "../../program/program.ts";
import type { ClewState, SelectionSlice } from "./clewState.ts";
import { rulesAfter } from "./followRules.ts";
import { shownView } from "./selectors.ts";

export const selectionSlice: StateCreator<ClewState, [], [], SelectionSlice> = (set, get) => ({
  selectedRules: new Set(),
  selectedRelation: undefined,
  revealInText: 0,
  select: ({ rules, relation }, how, from) => {
    const before = get();
    const next = how === "replace" ? new Set(rules) : toggled(before.selectedRules, rules);
    const same = sameSet(next, before.selectedRules) && before.selectedRelation === relation;
    if (same) return;
    set({
      selectedRules: next,
      selectedRelation: relation,
      revealInText: before.revealInText + (from === "elsewhere" ? 1 : 0),
    });
    void get().refreshOffers();
  },
  clearSelection: () => {
    if (get().selectedRules.size === 0 && get().selectedRelation === undefined) return;
    set({ selectedRules: new Set(), selectedRelation: undefined });
    void get().refreshOffers();
  },
  keepSelectionWhereItIs: () => {
    const view = shownView(get());
    if (view === undefined) return false;
    // A rule that is being typed is away for a moment: it stays selected.
    if (view.diagnostics.some((diagnostic) => diagnostic.severity === "error")) return false;
    const there = new Set(view.rules.map((rule) => rule.id));
    const rules = new Set([...get().selectedRules].filter((rule) => there.has(rule)));
    const relation = view.relations.find((r) => r.name === get().selectedRelation)?.name;
    const same = sameSet(rules, get().selectedRules) && relation === get().selectedRelation;
    if (!same) set({ selectedRules: rules, selectedRelation: relation });
    return !same;
  },
  followRules: (rules, origins) => {
    set({ selectedRules: new Set(rulesAfter(rules, origins)), selectedRelation: undefined });
  },
});

function toggled(before: ReadonlySet<RuleId>, rules: readonly RuleId[]): Set<RuleId> {
  const next = new Set(before);
  const all = rules.every((rule) => next.has(rule));
  for (const rule of rules) {
    if (all) next.delete(rule);
    else next.add(rule);
  }
  return next;
}

function sameSet(a: ReadonlySet<RuleId>, b: ReadonlySet<RuleId>): boolean {
  return a.size === b.size && [...a].every((rule) => b.has(rule));
}
