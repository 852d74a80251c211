import type { Deployment } from "../program/deployment.ts";
import type { Fault, Place } from "../program/evidence.ts";
import { functionSignature } from "../program/functions.ts";
import type {
  AttributeType,
  Component,
  HeadTerm,
  Program,
  RelationName,
  Rule,
  Term,
} from "../program/program.ts";
import { kindOf, type Row, type Value } from "../program/value.ts";
import type { RelationKind } from "./analyzedProgram.ts";
import { meaningOfNames } from "./meaning.ts";
import { allDeclarations, occurrencesIn } from "./occurrences.ts";
import { named, TypeClasses } from "./typeClasses.ts";
import type { Alike, Known } from "./typeClasses.ts";

export interface Types {
  typeOf(relation: RelationName, position: number): AttributeType | undefined;
  readonly faults: readonly Fault[];
}

type KindOfName = (relation: RelationName) => RelationKind | undefined;

/** Types of all attributes, inferred across rules, declarations and EDB contents; conflicts name both places (W1). */
export function inferTypes(
  program: Program,
  deployment: Deployment | undefined,
  kindOfName: KindOfName,
): Types {
  const given = (): TypeClasses => readGiven(program, deployment);
  const classes =
    together(program, kindOfName, given()) ?? ruleByRule(program, kindOfName, given());
  return {
    typeOf: (relation, position) => classes.typeOf(attribute(relation, position)),
    faults: classes.faults,
  };
}

/** What declarations and EDB contents say. */
function readGiven(program: Program, deployment: Deployment | undefined): TypeClasses {
  const classes = new TypeClasses();
  readDeclarations(program, classes);
  for (const [relation, rows] of Object.entries(deployment?.edb ?? {})) {
    readRows(classes, relation, rows);
  }
  for (const contents of Object.values(deployment?.node ?? {})) {
    for (const [relation, rows] of Object.entries(contents)) readRows(classes, relation, rows);
  }
  return classes;
}

/** From what each component says by itself; undefined when there is a conflict, whose places only the rules tell. */
function together(
  program: Program,
  kindOfName: KindOfName,
  classes: TypeClasses,
): TypeClasses | undefined {
  for (const component of program.components) {
    const within = typesWithin(program, component, kindOfName);
    if (within === undefined) return undefined;
    for (const alike of within) classes.joinAll(alike);
    if (classes.faults.length > 0) return undefined;
  }
  return classes;
}

function ruleByRule(program: Program, kindOfName: KindOfName, classes: TypeClasses): TypeClasses {
  for (const component of program.components) {
    for (const rule of component.rules) readRule(program, rule, kindOfName, classes);
  }
  return classes;
}

interface KnownTypes {
  readonly meaning: string;
  readonly classes: readonly Alike[] | undefined;
}

const knownTypes = new WeakMap<Component, KnownTypes>();

/** Which attributes a component's rules make alike, and their types; undefined when the rules contradict each other. */
function typesWithin(
  program: Program,
  component: Component,
  kindOfName: KindOfName,
): readonly Alike[] | undefined {
  const meaning = meaningOfNames(program, component, kindOfName);
  let known = knownTypes.get(component);
  if (known?.meaning !== meaning) {
    const classes = new TypeClasses();
    for (const rule of component.rules) readRule(program, rule, kindOfName, classes);
    const attributes = [...occurrencesIn(component)].flatMap(([relation, uses]) =>
      uses.flatMap(({ terms }) => terms.map((_, i) => attribute(relation, i))),
    );
    known = {
      meaning,
      classes: classes.faults.length > 0 ? undefined : classes.among(new Set(attributes)),
    };
    knownTypes.set(component, known);
  }
  return known.classes;
}

function shown(value: Value): string {
  return typeof value === "object"
    ? "the constant"
    : `\`${typeof value === "string" ? JSON.stringify(value) : String(value)}\``;
}

function attribute(relation: RelationName, position: number): string {
  return `${relation}/${position}`;
}

function typeOfValue(value: Value): AttributeType {
  const kind = kindOf(value);
  return kind === "integer" ? "int" : kind === "boolean" ? "bool" : kind;
}

function readDeclarations(program: Program, classes: TypeClasses): void {
  for (const declaration of allDeclarations(program)) {
    if (declaration.kind !== "relation") continue;
    const place: Place = { kind: "relation", relation: declaration.relation };
    for (const [i, { name, type }] of declaration.attributes.entries()) {
      if (type === undefined) continue;
      const because = `\`${declaration.relation}.${name}\` is declared ${named(type)}`;
      classes.is(attribute(declaration.relation, i), { type, place, because });
    }
    readRows(classes, declaration.relation, declaration.rows ?? []);
  }
}

function readRows(classes: TypeClasses, relation: RelationName, rows: readonly Row[]): void {
  const place: Place = { kind: "relation", relation };
  for (const row of rows) {
    for (const [i, value] of row.entries()) {
      const type = typeOfValue(value);
      const because = `column ${i + 1} of \`${relation}\` holds ${named(type)}`;
      classes.is(attribute(relation, i), { type, place, because });
    }
  }
}

function readRule(
  program: Program,
  rule: Rule,
  kindOfName: KindOfName,
  classes: TypeClasses,
): void {
  const reader = new RuleTypes(rule, classes);
  const head: Place = { kind: "head", rule: rule.id };
  for (const [i, term] of rule.head.terms.entries()) {
    reader.flows(term, attribute(rule.head.relation, i), head);
  }
  const timing = rule.head.timing;
  if (timing.kind === "async") {
    reader.is(timing.destination, "address", head, "a message goes to an address");
  }
  for (const [index, literal] of rule.body.entries()) {
    const place: Place = { kind: "literal", rule: rule.id, index };
    if (literal.kind === "comparison") {
      reader.unify(literal.left, literal.right, place);
    } else if (literal.kind === "assignment") {
      reader.unify({ kind: "variable", name: literal.variable }, literal.value, place);
    } else if (kindOfName(literal.relation) === "func") {
      readFunction(program, literal.relation, literal.terms, place, reader);
    } else if (kindOfName(literal.relation) === "builtin") {
      const type = builtinType(literal.relation);
      const because = `\`${literal.relation}\` gives ${named(type ?? "int")}`;
      if (type !== undefined) reader.is(literal.terms[0]!, type, place, because);
    } else {
      for (const [i, term] of literal.terms.entries()) {
        reader.flows(term, attribute(literal.relation, i), place);
      }
    }
  }
}

function builtinType(relation: RelationName): AttributeType | undefined {
  if (relation === "self") return "address";
  return relation === "tick" || relation === "index" ? "int" : undefined;
}

function readFunction(
  program: Program,
  name: RelationName,
  terms: readonly Term[],
  place: Place,
  reader: RuleTypes,
): void {
  const signature = functionSignature(program, name, terms.length);
  if (signature === undefined) return;
  for (const [i, { name: parameter, type }] of [
    ...signature.inputs,
    ...signature.outputs,
  ].entries()) {
    if (type === undefined) continue;
    reader.is(terms[i]!, type, place, `\`${parameter}\` of \`${name}\` is ${named(type)}`);
  }
}

/** The variables of one rule as members of the classes. */
class RuleTypes {
  readonly #rule: Rule;
  readonly #classes: TypeClasses;

  constructor(rule: Rule, classes: TypeClasses) {
    this.#rule = rule;
    this.#classes = classes;
  }

  /** The term stands at this attribute. */
  flows(term: HeadTerm, key: string, place: Place): void {
    if (term.kind === "aggregate") {
      const [first] = term.over;
      const isElement =
        (term.operator === "seal" || term.operator === "choose") && term.over.length === 1;
      if (term.operator === "min" || term.operator === "max" || isElement) {
        if (first !== undefined) this.#classes.same(key, this.#variable(first), place);
        return;
      }
      const type = term.operator === "count" || term.operator === "sum" ? "int" : "tuple";
      const because = `\`${term.operator}\` gives ${named(type)}`;
      this.#classes.is(key, { type, place, because });
      if (term.operator === "sum" && first !== undefined) {
        this.#classes.is(this.#variable(first), { type, place, because: "a sum is of integers" });
      }
    } else if (term.kind === "variable") {
      this.#classes.same(key, this.#variable(term.name), place);
    } else {
      const known = this.#inside(term, place);
      if (known !== undefined) this.#classes.is(key, known);
    }
  }

  is(term: Term, type: AttributeType, place: Place, because: string): void {
    if (term.kind === "variable") {
      this.#classes.is(this.#variable(term.name), { type, place, because });
      return;
    }
    const known = this.#inside(term, place);
    // A fresh class compares the two without merging anything else.
    if (known === undefined || known.type === type) return;
    const key = JSON.stringify([place, because]);
    this.#classes.is(key, { type, place, because });
    this.#classes.is(key, known);
  }

  unify(left: Term, right: Term, place: Place): void {
    if (left.kind === "variable" && right.kind === "variable") {
      this.#classes.same(this.#variable(left.name), this.#variable(right.name), place);
      return;
    }
    const [a, b] = [this.#inside(left, place), this.#inside(right, place)];
    if (left.kind === "variable" && b !== undefined) this.#classes.is(this.#variable(left.name), b);
    else if (right.kind === "variable" && a !== undefined) {
      this.#classes.is(this.#variable(right.name), a);
    } else if (a !== undefined && b !== undefined && a.type !== b.type) {
      const key = JSON.stringify(place);
      this.#classes.is(key, a);
      this.#classes.is(key, b);
    }
  }

  /** The type of a composite term or constant, having read the terms inside it. */
  #inside(term: Term, place: Place): Known | undefined {
    switch (term.kind) {
      case "variable":
      case "wildcard":
        return undefined;
      case "constant": {
        const type = typeOfValue(term.value);
        return { type, place, because: `${shown(term.value)} is ${named(type)}` };
      }
      case "arithmetic": {
        const because = `\`${term.operator}\` works on integers`;
        this.is(term.left, "int", place, because);
        this.is(term.right, "int", place, because);
        return { type: "int", place, because };
      }
      case "tuple":
        for (const inner of term.terms) this.#inside(inner, place);
        return { type: "tuple", place, because: "a tuple stands here" };
    }
  }

  #variable(name: string): string {
    return `${this.#rule.id}#${name}`;
  }
}
