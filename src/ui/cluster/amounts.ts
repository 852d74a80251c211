/** 1,234 as 1.23k: short enough for an axis and a card. */
export function amountText(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toPrecision(3)}M`;
  if (value >= 1000) return `${Number((value / 1000).toPrecision(3))}k`;
  if (value >= 10 || value === 0 || Number.isInteger(value)) return value.toFixed(0);
  return String(Number(value.toPrecision(2)));
}

/** 1234.5 as 1,235: for tables. */
export function countText(value: number): string {
  return Math.round(value).toLocaleString("en");
}

export function millisecondsText(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ms`;
}

export function bytesText(value: number): string {
  return value >= 1e9 ? `${(value / 1e9).toFixed(2)} GB` : `${(value / 1e6).toFixed(0)} MB`;
}

export function ratioText(from: number, to: number): string {
  return from > 0 ? `${(to / from).toFixed(2)}×` : "–";
}

/** How much smaller or greater, as "−9 %". */
export function changeText(from: number, to: number): string {
  if (from <= 0) return "–";
  const percent = Math.round((to / from - 1) * 100);
  return `${percent < 0 ? "−" : "+"}${Math.abs(percent)} %`;
}
