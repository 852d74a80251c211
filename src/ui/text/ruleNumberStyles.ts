/** Monaco's gutter knows only class names: one class a number, made when it is first needed. */
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
const made = new Set<number>();

export function ruleNumberClass(number: number, selected: boolean): string {
  if (!made.has(number)) {
    made.add(number);
    sheet.insertRule(`.rule-number-${number}::before { content: "${number}"; }`);
  }
  return `rule-number rule-number-${number}${selected ? " rule-number-selected" : ""}`;
}
