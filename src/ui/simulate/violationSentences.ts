import type { SeenPlace } from "../../verifier/replayedCounterexample.ts";
import { factText } from "./factText.ts";
import type { Violation } from "./simulatedRun.ts";

/** What the runs of a counterexample show, its first sentence the verdict. */
export function violationSentences({ kind, difference }: Violation): string {
  const { index, original, rewritten } = difference;
  const there = `Original: ${seenText(original)}. Rewritten: ${seenText(rewritten)}.`;
  switch (kind) {
    case "safety":
      return `≠ A violation, in what clients see ${nth(index)}. ${there} After what clients have sent and seen before, no schedule of the original shows that.`;
    case "quiescence":
      return `≠ A violation: the rewritten program owes what clients see ${nth(index)}. ${there} It has come to rest, and no run of the original comes to rest with so little.`;
    case "error":
      return `≠ A violation: the rewritten program stops with a run-time error. ${there}`;
  }
}

function seenText({ fact }: SeenPlace): string {
  return fact === undefined ? "nothing more" : `\`${factText(fact.relation, fact.row)}\``;
}

/** Of what is counted from 0: "first", "second", …, "11th". */
function nth(index: number): string {
  const words = ["first", "second", "third", "fourth", "fifth"];
  const n = index + 1;
  const teen = n % 100 >= 11 && n % 100 <= 13;
  const end = teen ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return words[index] ?? `${n}${end}`;
}
