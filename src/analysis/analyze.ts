import { attributeNames } from "../program/attributeNames.ts";
import type { Deployment } from "../program/deployment.ts";
import type { Fault } from "../program/evidence.ts";
import { functionSignature } from "../program/functions.ts";
import type { Attribute, Program, RelationName, RuleId } from "../program/program.ts";
import type { AnalyzedProgram, RelationInfo, RelationKind, RuleInfo } from "./analyzedProgram.ts";
import { untrueDependencies } from "./declaredRows.ts";
import { deploymentFaults } from "./deploymentFaults.ts";
import { durableWarnings } from "./durableWarnings.ts";
import { tickFlowWarnings } from "./entanglement.ts";
import { globalRuleFaults } from "./globalRules.ts";
import { heartbeatWarnings } from "./heartbeats.ts";
import { inferTypes, type Types } from "./inferTypes.ts";
import {
  allDeclarations,
  occurrencesByRelation,
  relationDeclarations,
  type Occurrence,
  type RelationDeclaration,
} from "./occurrences.ts";
import { relationKinds } from "./relationKinds.ts";
import { suspicions } from "./suspicions.ts";
import { underivedWarnings } from "./underivedWarnings.ts";
import { wellFormednessFaults } from "./wellFormed.ts";

/**
 * What every later phase asks of a program (rewrites.md section 0): kinds, arities, attribute names and types of its
 * relations, rule numbers, and everything that is wrong with it as faults. Pure; never throws on a program. A program
 * that was analysed last with the same deployment is not analysed again.
 */
export function analyze(program: Program, deployment?: Deployment): AnalyzedProgram {
  const last = analysed.get(program);
  if (last !== undefined && last.deployment === deployment) return last;
  const analyzed = analyzeAfresh(program, deployment);
  analysed.set(program, analyzed);
  return analyzed;
}

const analysed = new WeakMap<Program, AnalyzedProgram>();

function analyzeAfresh(program: Program, deployment: Deployment | undefined): AnalyzedProgram {
  const occurrences = occurrencesByRelation(program);
  const declared = relationDeclarations(program);
  const names = relationNames(program, occurrences, declared);
  const kindOf = relationKinds(program, deployment);
  const kinds = new Map(names.map((name) => [name, kindOf(name, occurrences.get(name) ?? [])]));
  const types = inferTypes(program, deployment, (name) => kinds.get(name));
  const describe = (name: RelationName): RelationInfo =>
    relationInfo(program, deployment, name, kinds.get(name)!, {
      uses: occurrences.get(name) ?? [],
      declaration: declared.get(name),
      types,
    });
  const relations = new Map(names.map((name) => [name, describe(name)]));
  const bare = { program, deployment, relations, rules: numberedRules(program), faults: [] };
  const faults: readonly Fault[] = [
    ...wellFormednessFaults(bare, occurrences),
    ...types.faults,
    ...tickFlowWarnings(bare),
    ...suspicions(bare, occurrences),
    ...deploymentFaults(bare),
    ...untrueDependencies(bare),
    ...heartbeatWarnings(bare),
    ...durableWarnings(bare),
    ...underivedWarnings(bare),
    ...globalRuleFaults(bare, analyze),
  ];
  return { ...bare, faults };
}

/** Every relation that is used or declared, in text order of use. */
function relationNames(
  program: Program,
  occurrences: ReadonlyMap<RelationName, readonly Occurrence[]>,
  declared: ReadonlyMap<RelationName, RelationDeclaration>,
): readonly RelationName[] {
  const timers = allDeclarations(program).flatMap((d) => (d.kind === "timer" ? [d.relation] : []));
  return [...new Set([...occurrences.keys(), ...declared.keys(), ...timers])];
}

function numberedRules(program: Program): ReadonlyMap<RuleId, RuleInfo> {
  const rules = new Map<RuleId, RuleInfo>();
  for (const component of program.components) {
    for (const rule of component.rules) {
      rules.set(rule.id, { rule, component: component.name, number: rules.size + 1 });
    }
  }
  return rules;
}

interface Known {
  readonly uses: readonly Occurrence[];
  readonly declaration: RelationDeclaration | undefined;
  readonly types: Types;
}

function relationInfo(
  program: Program,
  deployment: Deployment | undefined,
  name: RelationName,
  kind: RelationKind,
  known: Known,
): RelationInfo {
  const { uses, declaration } = known;
  const attributes = attributesOf(program, name, kind, known);
  const readBy = components(uses.filter((use) => use.role !== "head"));
  const derivedBy = components(uses.filter((use) => use.role === "head"));
  const timer = allDeclarations(program).find((d) => d.kind === "timer" && d.relation === name);
  return {
    name,
    kind,
    arity: attributes.length,
    attributes,
    readBy,
    derivedBy,
    toClients:
      declaration?.role === "output" ||
      (deployment?.clients.answers.includes(name) ?? false) ||
      (kind === "chan" && readBy.length === 0),
    durable: allDeclarations(program).some((d) => d.kind === "durable" && d.relation === name),
    ...(timer?.kind === "timer" ? { timerMs: timer.periodMs } : {}),
  };
}

function attributesOf(
  program: Program,
  name: RelationName,
  kind: RelationKind,
  { uses, declaration, types }: Known,
): readonly Attribute[] {
  const terms = uses[0]?.terms.length;
  if (kind === "func" && terms !== undefined) {
    const signature = functionSignature(program, name, terms);
    if (signature !== undefined) return [...signature.inputs, ...signature.outputs];
  }
  if (kind === "builtin" && name === "self") return [{ name: "address", type: "address" }];
  if (kind === "builtin" && name === "tick") return [{ name: "tick", type: "int" }];
  if (kind === "builtin" && name === "index") return [{ name: "number", type: "int" }];
  if (kind === "builtin" && name === "choose") {
    return [
      { name: "keys", type: "tuple" },
      { name: "values", type: "tuple" },
    ];
  }
  const declared = declaration?.attributes ?? [];
  // `output r` alone declares the role; `output r()` of a relation that has terms is an arity conflict of its uses.
  const arity = declared.length > 0 ? declared.length : (terms ?? 0);
  return attributeNames(declared, uses, arity).map((attribute, i) => {
    const type = types.typeOf(name, i);
    return type === undefined ? { name: attribute } : { name: attribute, type };
  });
}

function components(uses: readonly Occurrence[]): readonly string[] {
  return [...new Set(uses.map((use) => use.component))];
}
