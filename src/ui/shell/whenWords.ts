const MINUTE = 60_000;

/** When something was, as one says it now: "5 minutes ago", "today, 14:05", "3 Nov". Nothing where that is not known. */
export function whenWords(then: number, now: number): string {
  const ago = Math.floor((now - then) / MINUTE);
  if (then === 0) return "";
  if (ago < 1) return "just now";
  if (ago < 60) return ago === 1 ? "1 minute ago" : `${ago} minutes ago`;
  const [date, today] = [new Date(then), new Date(now)];
  const time = `${date.getHours()}:${String(date.getMinutes()).padStart(2, "0")}`;
  if (isSameDay(date, today)) return `today, ${time}`;
  today.setDate(today.getDate() - 1);
  if (isSameDay(date, today)) return `yesterday, ${time}`;
  const year =
    date.getFullYear() === new Date(now).getFullYear() ? {} : { year: "numeric" as const };
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "short", ...year });
}

function isSameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}
