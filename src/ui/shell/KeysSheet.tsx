import type { ReactNode } from "react";
import { ClewModal } from "./ClewModal.tsx";

const KEYS: readonly {
  readonly where: string;
  readonly keys: readonly (readonly [keys: string, what: string])[];
}[] = [
  {
    where: "Anywhere",
    keys: [
      ["Ctrl K", "commands"],
      ["F6", "next panel"],
      ["Alt 1–3", "mode"],
      ["Ctrl Z", "one step back"],
      ["Ctrl Shift Z", "one step on"],
      ["[ ]", "previous, next step"],
      ["?", "this sheet"],
    ],
  },
  {
    where: "Editor",
    keys: [
      ["Ctrl .", "rewrites and fixes here"],
      ["Ctrl Space", "what can be written here"],
      ["F12", "where it is defined"],
      ["Shift F12", "where it is used"],
      ["F2", "rename"],
      ["Ctrl Shift O", "components and rules by name"],
      ["Ctrl F", "find, replace"],
      ["Ctrl G", "line by number"],
      ["Shift Alt F", "format"],
      ["Ctrl Alt", "held: kinds and ticks"],
      ["F8", "next problem"],
      ["Ctrl M", "Tab leaves the editor, or indents again"],
      ["F1", "commands"],
    ],
  },
  {
    where: "Dataflow",
    keys: [
      ["arrows", "follow edges"],
      ["Shift", "extends the selection"],
      ["Enter", "rewrites of the selection"],
      ["PageDown PageUp", "finer, coarser level"],
      ["+ -", "larger, smaller"],
      ["F", "fit"],
      ["T", "tidy, or undo that"],
      ["P", "partitions"],
      ["Esc", "select nothing"],
    ],
  },
  {
    where: "Rewrites",
    keys: [
      ["↑ ↓", "previous, next card"],
      ["Enter", "apply the open card"],
    ],
  },
  {
    where: "Simulate",
    keys: [
      ["Space", "run"],
      [", .", "step back, forward"],
      ["U", "run until…"],
      ["N", "next difference"],
      ["B", "branch here"],
      ["Y O D", "then click: delay, lose, duplicate a message"],
      ["L", "then click: cut a message's link"],
      ["X P", "then click: crash, pause a node"],
      ["Esc", "no fault"],
    ],
  },
];

export default function KeysSheet(): ReactNode {
  return (
    <ClewModal title="Keys" width={720}>
      <p className="quiet">Letters act only while their panel has focus. Ctrl is Cmd on a Mac.</p>
      <div className="keys-sheet">
        {KEYS.map(({ where, keys }) => (
          <section key={where}>
            <h3>{where}</h3>
            <dl>
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </ClewModal>
  );
}
