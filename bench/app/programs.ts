import { readFileSync } from "node:fs";

export function example(name: string): string {
  return readFileSync(new URL(`../../public/examples/${name}/base.ded`, import.meta.url), "utf8");
}

/** The running example again and again, each time under other component names. */
export function programOf(rules: number): string {
  const kvs = example("kvs");
  const copies: string[] = [];
  for (let i = 0; copies.length * 15 < rules; i++) {
    copies.push(kvs.replace(/component (\w+)/g, `component $1${i}`));
  }
  return copies.join("\n");
}
