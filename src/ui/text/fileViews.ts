import type { ProgramView, RuleView } from "../../workers/workspaceApi.ts";

const views = new WeakMap<ProgramView, Map<string, ProgramView>>();

/** A program as it is seen in a file that it includes: the rules that stand there, at their places. */
export function viewOfFile(view: ProgramView, name: string): ProgramView | undefined {
  const file = view.files?.find((each) => each.name === name);
  if (file === undefined) return undefined;
  let known = views.get(view);
  if (known === undefined) views.set(view, (known = new Map<string, ProgramView>()));
  let seen = known.get(name);
  if (seen === undefined) {
    const { text, rules, starts } = file;
    // Its component and what is wrong with it belong to the whole program.
    seen = { ...view, text, rules, starts, components: [], diagnostics: [] };
    known.set(name, seen);
  }
  return seen;
}

/** The included file that a rule stands in; undefined for the program's own text. */
export function fileOfRule(view: ProgramView | undefined, { id }: RuleView): string | undefined {
  return view?.files?.find(({ rules }) => rules.some((rule) => rule.id === id))?.name;
}
