import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { originalOf } from "../evaluator/environment.ts";
import { address, isTuple, kindOf, valueKey } from "../program/value.ts";
import type { Row, Value } from "../program/value.ts";
import { ADDRESSES, columnOf, columnSorts } from "./columnSorts.ts";
import type { ColumnSorts } from "./columnSorts.ts";
import type { Input } from "./machine.ts";
import { renaming } from "./renaming.ts";
import type { Renaming } from "./renaming.ts";

/** So many at most are used: each one is tried on every pair that is found. */
const ENOUGH = 24;

/**
 * Ways to exchange addresses and values that change neither the programs, nor their deployments, nor what the
 * environment may send (docs/adr/0022): whatever may happen may also happen with these exchanged. Without the one that
 * exchanges nothing.
 */
export function symmetries(
  original: AnalyzedProgram,
  rewritten: AnalyzedProgram,
  inputs: readonly Input[],
): readonly Renaming[] {
  const programs = [original, rewritten];
  const sorts = columnSorts(programs);
  const given = [...programs.flatMap(deployed), ...sent(inputs)];
  const atoms = movableAtoms(sorts, given);
  const facts = given.map((entry) => patternOf(entry, atoms));
  return automorphisms(atoms.list, facts)
    .filter((images) => images.some((image, i) => image !== i))
    .map((images) => {
      const exchanges = images.map((image, i) => {
        const { sort, value } = atoms.list[i]!;
        return { sort, from: value, to: atoms.list[image]!.value };
      });
      return renaming(sorts, exchanges);
    });
}

/** Something that has to stay as it is: a row under a label, with the column of each value. */
interface Given {
  readonly label: string;
  readonly row: Row;
  readonly columns: readonly string[];
}

function deployed(p: AnalyzedProgram, number: number): readonly Given[] {
  const { deployment } = p;
  if (deployment === undefined) return [];
  const places = Object.entries(deployment.instances).flatMap(([component, addresses]) =>
    addresses.map((at): Given => ({
      label: `${number} ${component}`,
      row: [address(at), address(originalOf(deployment, at))],
      columns: [ADDRESSES, ADDRESSES],
    })),
  );
  const declared = [p.program, ...p.program.components].flatMap((scope) =>
    scope.declarations.flatMap((d) =>
      d.kind === "relation" && d.rows !== undefined ? [[d.relation, d.rows] as const] : [],
    ),
  );
  const everywhere = [...declared, ...Object.entries(deployment.edb)].flatMap(([relation, rows]) =>
    rows.map((row): Given => ({
      label: `${number} ${relation}`,
      row,
      columns: row.map((_, i) => columnOf(relation, i)),
    })),
  );
  const somewhere = Object.entries(deployment.node).flatMap(([at, relations]) =>
    Object.entries(relations).flatMap(([relation, rows]) =>
      rows.map((row): Given => ({
        label: `${number} ${relation} at`,
        row: [address(at), ...row],
        columns: [ADDRESSES, ...row.map((_, i) => columnOf(relation, i))],
      })),
    ),
  );
  return [...places, ...everywhere, ...somewhere];
}

/** How often each may be sent is part of the label. */
function sent(inputs: readonly Input[]): readonly Given[] {
  const text = ({ to, relation, row }: Input): string => valueKey([to, relation, row]);
  const counts = new Map<string, number>();
  for (const input of inputs) counts.set(text(input), (counts.get(text(input)) ?? 0) + 1);
  return inputs.map(({ to, relation, row }) => ({
    label: `sent ${counts.get(text({ to, relation, row }))} times ${relation}`,
    row: [address(to), ...row],
    columns: [ADDRESSES, ...row.map((_, i) => columnOf(relation, i))],
  }));
}

interface Atom {
  readonly sort: string;
  readonly value: Value;
}

interface Atoms {
  readonly list: readonly Atom[];
  number(column: string, value: Value): number | undefined;
}

/** Values in sorts that are not fixed, but for those that rules name. */
function movableAtoms(sorts: ColumnSorts, given: readonly Given[]): Atoms {
  const key = (column: string, value: Value): string => `${sorts.of(column)}\n${valueKey(value)}`;
  const stays = new Set<string>();
  for (const { column, value } of sorts.constants()) {
    for (const atom of atomsOf(value)) stays.add(key(column, atom));
  }
  const numbers = new Map<string, number>();
  const list: Atom[] = [];
  for (const { row, columns } of given) {
    row.forEach((value, i) => {
      const column = columns[i]!;
      if (sorts.isFixed(column)) return;
      for (const atom of atomsOf(value)) {
        const name = key(column, atom);
        if (stays.has(name) || numbers.has(name)) continue;
        numbers.set(name, list.length);
        list.push({ sort: sorts.of(column), value: atom });
      }
    });
  }
  return { list, number: (column, value) => numbers.get(key(column, value)) };
}

/** A fact with numbers of atoms where they stand, and text where nothing can be exchanged. */
type Pattern = readonly (number | string)[];

function patternOf({ label, row, columns }: Given, atoms: Atoms): Pattern {
  const parts = (value: Value, column: string): Pattern => {
    if (isTuple(value)) return ["(", ...value.flatMap((item) => parts(item, column)), ")"];
    return [atoms.number(column, value) ?? valueKey(value)];
  };
  return [label, ...row.flatMap((value, i) => parts(value, columns[i]!))];
}

/** For each atom the number of the one that takes its place; not more of them than are enough. */
function automorphisms(
  atoms: readonly Atom[],
  facts: readonly Pattern[],
): readonly (readonly number[])[] {
  const text = (fact: Pattern, images: readonly number[]): string =>
    fact.map((part) => (typeof part === "number" ? `#${images[part]}` : part)).join("\n");
  const known = new Set(facts.map((fact) => text(fact, [...atoms.keys()])));
  // A fact is looked at once the last of its atoms has an image.
  const complete = atoms.map((_, atom) =>
    facts.filter((fact) => Math.max(...fact.filter((part) => typeof part === "number")) === atom),
  );
  const colors = colorsOf(atoms, facts);
  const found: (readonly number[])[] = [];
  const images: number[] = [];
  const taken = new Set<number>();
  const choose = (atom: number): void => {
    if (found.length > ENOUGH) return;
    if (atom === atoms.length) {
      found.push([...images]);
      return;
    }
    for (const image of atoms.keys()) {
      if (taken.has(image) || colors[image] !== colors[atom]) continue;
      images[atom] = image;
      taken.add(image);
      if (complete[atom]!.every((fact) => known.has(text(fact, images)))) choose(atom + 1);
      taken.delete(image);
    }
  };
  choose(0);
  return found;
}

/** Atoms of different colors cannot take each other's place: they stand in facts that differ by more than by atoms. */
function colorsOf(atoms: readonly Atom[], facts: readonly Pattern[]): readonly string[] {
  let colors: readonly string[] = atoms.map(({ sort, value }) => `${sort} ${kindOf(value)}`);
  for (let count = 0; count !== new Set(colors).size;) {
    count = new Set(colors).size;
    const seen = atoms.map((): string[] => []);
    for (const fact of facts) {
      const text = fact.map((part) => (typeof part === "number" ? colors[part] : part)).join("\n");
      fact.forEach((part, i) => {
        if (typeof part === "number") seen[part]!.push(`${i}\n${text}`);
      });
    }
    const texts = colors.map((color, i) => `${color}\n${seen[i]!.sort().join("\n")}`);
    const numbers = new Map([...new Set(texts)].map((t, i) => [t, i]));
    colors = texts.map((t) => `${numbers.get(t)}`);
  }
  return colors;
}

function atomsOf(value: Value): readonly Value[] {
  return isTuple(value) ? value.flatMap(atomsOf) : [value];
}
