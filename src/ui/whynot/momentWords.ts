import type { Arrow, RecordedRun } from "../../workers/whyNotApi.ts";

/** What happens at one moment of a run, for people who cannot or do not want to see it drawn. */
export function momentSentence(run: RecordedRun, moment: number): string {
  const { lanes, arrows, ticks } = run;
  const crash = run.crashes.find((one) => one.moment === moment);
  if (crash !== undefined) return crashSentence(run, crash);
  const sentences = (ticks[moment] ?? []).map((lane) => {
    const arrived = arrows.filter((a) => a.to === lane && a.arrivedAt === moment);
    const sent = arrows.filter((a) => a.from === lane && a.sentAt === moment);
    const name = lanes[lane]!;
    const gets =
      arrived.length === 0 ? `${name} ticks` : `${name} gets ${names(arrived, lanes, "from")}`;
    return sent.length === 0 ? `${gets}.` : `${gets} and sends ${names(sent, lanes, "to")}.`;
  });
  return sentences.join(" ");
}

function crashSentence(
  { lanes, arrows }: RecordedRun,
  { moment, lanes: crashed }: RecordedRun["crashes"][number],
): string {
  const who = crashed.map((lane) => lanes[lane]!).join(" and ");
  const lost = arrows.filter((a) => a.lost && a.arrivedAt === moment).map((a) => `\`${a.text}\``);
  const what = lost.length === 0 ? "" : ` ${lost.join(", ")}, on its way, is lost.`;
  const both = crashed.length > 1;
  return `${who} ${both ? "crash and start" : "crashes and starts"} again.${what}`;
}

function names(arrows: readonly Arrow[], lanes: readonly string[], side: "from" | "to"): string {
  const texts = arrows.map((a) => {
    const other = lanes[side === "from" ? a.from : a.to]!;
    return other === "client" && side === "from"
      ? `\`${a.text}\``
      : `\`${a.text}\` ${side} ${other}`;
  });
  return texts.length < 2
    ? texts.join("")
    : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)!}`;
}
