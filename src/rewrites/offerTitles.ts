import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Offer } from "./driver.ts";
import { rewriteNamed } from "./rewrites.ts";

/** The title of each offer, told apart from others of the same title by what its last step does. */
export function offerTitles(p: AnalyzedProgram, offers: readonly Offer[]): readonly string[] {
  const titles = offers.map(titleOf);
  return titles.map((title, i) => {
    const alone = titles.filter((other) => other === title).length === 1;
    return alone ? title : `${title}: ${describedOffer(p, offers[i]!)}`;
  });
}

function titleOf({ rewrite, title, defaultName }: Offer): string {
  const by = defaultName.indexOf(" by ");
  if (!rewrite.startsWith("partition") || by < 0) return title;
  return `${title.replace("Partitioning", "Partition")} on ${defaultName.slice(by + 4)}`;
}

/** What the offer's own step does, "storage → 3 partitions by id"; its name where other steps come first. */
export function describedOffer(p: AnalyzedProgram, { steps, defaultName }: Offer): string {
  const last = steps.at(-1);
  const rewrite = last === undefined ? undefined : rewriteNamed(last.rewrite);
  const target = rewrite?.readTarget(last?.target);
  const reads = steps.length === 1 && rewrite !== undefined && typeof target !== "string";
  return reads ? rewrite.describe(p, target) : defaultName;
}
