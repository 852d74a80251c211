import type { Span } from "../program/diagnostic.ts";
import type { Component, RelationLiteral, RelationName, Rule } from "../program/program.ts";
import type { AnalyzedProgram, RelationInfo, RelationKind, RuleInfo } from "./analyzedProgram.ts";
import { describeNode, describeRule, groupWords, plural } from "./graphWords.ts";
import { CLIENTS } from "./graphModel.ts";
import type { GraphEdge, GraphGroup, GraphModel, GraphNode, Keeper } from "./graphModel.ts";

/** A rule that the reader had to skip. */
export interface BrokenRule {
  readonly span: Span;
  readonly component?: string | undefined;
  readonly head?: string | undefined;
  readonly message: string;
}

/**
 * The dataflow of a program as plain data (ui.md, "Graph vocabulary"): components with their rules and relations, the
 * clients, and who reads and derives what. Works on a program with faults too; rules that could not be read come as `broken`.
 */
export function dataflowGraph(p: AnalyzedProgram, broken: readonly BrokenRule[] = []): GraphModel {
  const drawing = new Drawing(p);
  for (const rule of broken) drawing.addBroken(rule);
  for (const component of p.program.components) {
    for (const rule of component.rules) drawing.addRule(component, rule);
  }
  return drawing.model();
}

/** `r@next(x̄) <- r(x̄)`, x̄ distinct variables: the rule that keeps r (rewrites.md section 1.3). */
export function keepsItsRelation(rule: Rule): boolean {
  const [literal] = rule.body;
  if (rule.head.timing.kind !== "next" || rule.body.length !== 1) return false;
  if (literal?.kind !== "relation" || literal.negated) return false;
  if (literal.relation !== rule.head.relation) return false;
  const names = new Set<string>();
  const same = literal.terms.every((term, i) => {
    const headTerm = rule.head.terms[i];
    if (term.kind !== "variable" || headTerm?.kind !== "variable") return false;
    names.add(term.name);
    return term.name === headTerm.name;
  });
  return same && names.size === rule.head.terms.length;
}

type Place = { readonly group: string; readonly relation: RelationName };

class Drawing {
  private readonly p: AnalyzedProgram;
  private readonly places = new Map<string, Place>();
  private readonly arrivedAt = new Map<RelationName, readonly string[]>();
  private readonly keepers = new Map<string, Keeper[]>();
  private readonly edges: (GraphEdge & { readonly place?: string })[] = [];
  private readonly drawnRules: { readonly group: string; readonly info: RuleInfo }[] = [];
  private readonly brokenRules: { readonly group: string; readonly rule: BrokenRule }[] = [];

  constructor(p: AnalyzedProgram) {
    this.p = p;
  }

  addRule(component: Component, rule: Rule): void {
    const info = this.p.rules.get(rule.id);
    if (info === undefined) return;
    const group = groupId(component.name);
    if (keepsItsRelation(rule)) {
      const place = this.place(group, rule.head.relation);
      const keeper = { rule: rule.id, number: info.number };
      this.keepers.set(place, [...(this.keepers.get(place) ?? []), keeper]);
      return;
    }
    this.drawnRules.push({ group, info });
    rule.body.forEach((literal, index) => {
      if (literal.kind === "relation") this.addRead(group, rule, literal, index);
    });
    this.addHead(group, rule);
  }

  addBroken(rule: BrokenRule): void {
    const name = rule.component ?? this.p.program.components[0]?.name ?? "";
    this.brokenRules.push({ group: groupId(name), rule });
  }

  model(): GraphModel {
    const groups = this.groups();
    const ids = this.nodeIds();
    const uses = this.usesOfPlaces();
    const contents = new Map(groups.map(({ id }) => [id, [] as [string, RelationName][]]));
    for (const [key, { group, relation }] of this.places)
      contents.get(group)?.push([key, relation]);
    const rules = new Map(groups.map(({ id }) => [id, [] as RuleInfo[]]));
    for (const { group, info } of this.drawnRules) rules.get(group)?.push(info);
    const nodes = groups.flatMap((group) => [
      ...rules
        .get(group.id)!
        .map((info) => ruleNode(this.p, group.id, ids.get(`rule:${info.rule.id}`)!, info)),
      ...this.brokenRules.flatMap(({ group: at, rule }, i) =>
        at === group.id ? [brokenNode(group, `broken:${i}`, rule)] : [],
      ),
      ...contents
        .get(group.id)!
        .map(([key, relation]) =>
          this.relationNode(group, ids.get(key)!, key, relation, uses.get(key)),
        ),
    ]);
    const constants = new Set(nodes.filter(isConstant).map((node) => node.id));
    const edges = this.edges.map(({ id, kind, from, to, source }): GraphEdge => {
      const ends = { from: ids.get(from) ?? from, to: ids.get(to) ?? to };
      const constant = constants.has(ends.from) || constants.has(ends.to);
      return source === undefined
        ? { id: `clients>${ends.to}`, kind, ...ends, constant }
        : {
            id: `${source.kind === "head" ? ends.from : ends.to}:${id}`,
            kind,
            ...ends,
            source,
            constant,
          };
    });
    return { groups, nodes, edges };
  }

  private addRead(group: string, rule: Rule, literal: RelationLiteral, index: number): void {
    const place = this.place(group, literal.relation);
    this.edges.push({
      id: `literal ${index}`,
      kind: literal.negated ? "absence" : "reads",
      from: place,
      to: `rule:${rule.id}`,
      source: { kind: "literal", rule: rule.id, index },
      constant: false,
    });
  }

  private addHead(group: string, rule: Rule): void {
    const { timing, relation } = rule.head;
    const places =
      timing.kind === "async" ? this.arrivals(relation) : [this.place(group, relation)];
    const source = { kind: "head", rule: rule.id } as const;
    for (const [i, to] of places.entries()) {
      this.edges.push({
        id: `head ${i}`,
        kind: timing.kind === "async" ? "message" : timing.kind,
        from: `rule:${rule.id}`,
        to,
        source,
        constant: false,
      });
    }
  }

  /** The places where a message arrives. */
  private arrivals(relation: RelationName): readonly string[] {
    let places = this.arrivedAt.get(relation);
    if (places === undefined) {
      places = this.receivers(relation).map((group) => this.place(group, relation));
      this.arrivedAt.set(relation, places);
    }
    return places;
  }

  /** Every component that reads it, and the clients. */
  private receivers(relation: RelationName): readonly string[] {
    const info = this.p.relations.get(relation);
    const readers = (info?.readBy ?? []).map(groupId);
    return info?.toClients === true || readers.length === 0 ? [...readers, CLIENTS] : readers;
  }

  private place(group: string, relation: RelationName): string {
    const key = `${group}/${relation}`;
    if (!this.places.has(key)) {
      this.places.set(key, { group, relation });
      const timer = this.p.relations.get(relation)?.timerMs !== undefined;
      if (this.kindOf(relation) === "env" && !timer && group !== CLIENTS) {
        this.edges.push({ id: "", kind: "message", from: CLIENTS, to: key, constant: false });
      }
    }
    return key;
  }

  /** What only an unreadable rule derives looks like an input to the analysis; it is none. */
  private kindOf(relation: RelationName): RelationKind {
    const kind = this.p.relations.get(relation)?.kind ?? "local";
    const derived = this.brokenRules.some(({ rule }) => rule.head === relation);
    return kind === "env" && derived ? "local" : kind;
  }

  private groups(): readonly GraphGroup[] {
    const { program, deployment } = this.p;
    const groups: GraphGroup[] = program.components.map((component) => {
      const shape = {
        name: component.name,
        rules: component.rules.length,
        instances: deployment?.instances[component.name]?.length ?? 1,
        partitions: deployment?.partitions[component.name] ?? 1,
        by: component.by,
      };
      return componentGroup(shape);
    });
    for (const { group } of this.brokenRules) {
      if (groups.some(({ id }) => id === group)) continue;
      const name = group.slice("component:".length);
      groups.push(componentGroup({ name, rules: 0, instances: 1, partitions: 1, by: [] }));
    }
    const clients: GraphGroup = {
      id: CLIENTS,
      kind: "clients",
      name: "clients",
      rules: 0,
      instances: 1,
      partitions: 1,
      by: [],
      words: "outside the program",
      label: "Clients, outside the program",
    };
    return this.edges.some(({ from }) => from === CLIENTS) || this.isUsed(CLIENTS)
      ? [clients, ...groups]
      : groups;
  }

  private isUsed(group: string): boolean {
    return [...this.places.values()].some((place) => place.group === group);
  }

  /** Short ids without the component wherever that is unique: a moved rule or relation keeps its id. */
  private nodeIds(): ReadonlyMap<string, string> {
    const ids = new Map<string, string>();
    const taken = new Set<string>();
    const give = (key: string, short: string, long: string): void => {
      const id = taken.has(short) ? long : short;
      taken.add(id);
      ids.set(key, id);
    };
    for (const [key, { group, relation }] of this.places) {
      give(key, `relation:${relation}`, `relation:${relation}@${group}`);
    }
    for (const { info } of this.drawnRules) {
      const { id } = info.rule;
      give(`rule:${id}`, `rule:${id.slice(id.indexOf("/") + 1)}`, `rule:${id}`);
    }
    return ids;
  }

  private relationNode(
    group: GraphGroup,
    id: string,
    key: string,
    relation: RelationName,
    uses: Uses | undefined,
  ): GraphNode {
    const info = this.p.relations.get(relation);
    const kind = this.kindOf(relation);
    const keptBy = this.keepers.get(key) ?? [];
    const label = describeNode({
      kind,
      relation,
      where: group.kind === "clients" ? "to clients" : group.name,
      sender: kind === "env" ? SENDER_WORDS[sender(info)] : undefined,
      keptBy: keptBy.map(({ number }) => number),
      derivedBy: ascending(uses?.derivedBy),
      readBy: ascending(uses?.readBy),
    });
    const drawn = { id, group: group.id, label, relation };
    switch (kind) {
      case "edb.static":
      case "edb.node":
        return { ...drawn, kind: "constant", constant: true };
      case "func":
      case "builtin":
        return { ...drawn, kind: "function", constant: true };
      case "chan":
      case "env":
        return { ...drawn, kind: "channel", from: sender(info), constant: false };
      case "local":
        return group.kind === "clients"
          ? { ...drawn, kind: "channel", from: "component", constant: false }
          : { ...drawn, kind: "relation", keptBy, constant: false };
    }
  }

  /** The numbers of the rules at each place, found in one walk. */
  private usesOfPlaces(): ReadonlyMap<string, Uses> {
    const uses = new Map<string, Uses>();
    const at = (key: string): Uses => {
      const known = uses.get(key) ?? { derivedBy: new Set(), readBy: new Set() };
      uses.set(key, known);
      return known;
    };
    for (const { source, from, to } of this.edges) {
      if (source === undefined) continue;
      const { number } = this.p.rules.get(source.rule)!;
      if (source.kind === "head") at(to).derivedBy.add(number);
      else at(from).readBy.add(number);
    }
    return uses;
  }
}

interface Uses {
  readonly derivedBy: Set<number>;
  readonly readBy: Set<number>;
}

function ascending(numbers: ReadonlySet<number> | undefined): readonly number[] {
  return [...(numbers ?? [])].sort((a, b) => a - b);
}

function groupId(component: string): string {
  return `component:${component}`;
}

function componentGroup(shape: {
  readonly name: string;
  readonly rules: number;
  readonly instances: number;
  readonly partitions: number;
  readonly by: readonly string[];
}): GraphGroup {
  const words = groupWords(shape);
  const label = [`Component ${shape.name}`, plural(shape.rules, "rule"), words || "1 node"];
  return { ...shape, id: groupId(shape.name), kind: "component", words, label: label.join(", ") };
}

function ruleNode(p: AnalyzedProgram, group: string, id: string, info: RuleInfo): GraphNode {
  return {
    id,
    group,
    kind: "rule",
    label: describeRule(p, info),
    rule: info.rule.id,
    number: info.number,
    aggregates: info.rule.head.terms.some((term) => term.kind === "aggregate"),
  };
}

function brokenNode(group: GraphGroup, id: string, rule: BrokenRule): GraphNode {
  const what = rule.head === undefined ? "A rule" : `A rule for ${rule.head}`;
  const label = `${what}, ${group.name}, could not be read: ${rule.message}`;
  return { id, group: group.id, kind: "broken", label, span: rule.span, message: rule.message };
}

function sender(info: RelationInfo | undefined): "component" | "clients" | "timer" {
  if (info?.kind !== "env") return "component";
  return info.timerMs === undefined ? "clients" : "timer";
}

const SENDER_WORDS = {
  component: undefined,
  clients: "sent by clients",
  timer: "given by a timer",
} as const;

function isConstant(node: GraphNode): boolean {
  return node.kind === "constant" || node.kind === "function";
}
