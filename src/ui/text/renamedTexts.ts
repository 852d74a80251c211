/** A base text with the deployment whose names are its own. */
export interface NamedText {
  readonly text: string;
  readonly deployment: unknown;
}

interface Renaming {
  readonly from: NamedText;
  readonly to: NamedText;
}

/** Undoing so many renames brings their deployments back; older ones stay as they were renamed. */
const MOST_REMEMBERED = 100;

const renamings: Renaming[] = [];

/** A rename whose edits are about to change the text: the deployment changes with it, and back when it is undone. */
export function expectRename(from: NamedText, to: NamedText): void {
  renamings.unshift({ from, to });
  renamings.length = Math.min(renamings.length, MOST_REMEMBERED);
}

/**
 * The deployment for a text that the editor shows now instead of another: a new one when exactly a rename was done,
 * undone or done again, else undefined.
 */
export function deploymentAfter(
  before: NamedText,
  text: string,
): { readonly deployment: unknown } | undefined {
  for (const { from, to } of renamings) {
    if (isAt(before, from) && text === to.text) return { deployment: to.deployment };
    if (isAt(before, to) && text === from.text) return { deployment: from.deployment };
  }
  return undefined;
}

function isAt(now: NamedText, at: NamedText): boolean {
  return now.text === at.text && JSON.stringify(now.deployment) === JSON.stringify(at.deployment);
}
