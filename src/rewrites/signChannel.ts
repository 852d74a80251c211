import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { computation } from "../analysis/keyTerm.ts";
import type { KeyApplication, KeyTerm } from "../analysis/keyTerm.ts";
import type { SiblingChannel } from "../analysis/siblingChannels.ts";
import type { FieldCheck } from "../analysis/signedFields.ts";
import type { ComponentName, HeadTerm, Literal, RelationName, Term } from "../program/program.ts";
import type { Row } from "../program/value.ts";
import { added, changed, declare, mapComponent } from "./draft.ts";
import type { Draft, DraftRule } from "./draft.ts";
import { freshRelation, freshVariable } from "./freshNames.ts";
import { addresses, originalOf, setNodeRows } from "./mapDeployment.ts";
import { destinationOf, mapDeployed } from "./redirect.ts";
import { distinctVariables, headOf, literal, variable } from "./terms.ts";

/** A channel between siblings, the fields that are signed, and what the receiver compares for the others. */
export interface SignedChannel {
  readonly channel: SiblingChannel;
  readonly signed: readonly number[];
  readonly checks: readonly FieldCheck[];
}

interface Names {
  readonly verified: RelationName;
  /** `c_from(l)` at a sender, `c_to(d)` at a receiver: its own address, as the other side knows it. */
  readonly from: RelationName;
  readonly to: RelationName;
  /** `c_senders(l)` at a receiver: the siblings that may send. */
  readonly senders: RelationName;
}

/**
 * Adds the signature to every rule that sends the channel, and lets its readers see what passes the check only. The
 * addresses are EDB of the node and not looked up by `self`: a later step that moves a rule copies the table, and both
 * sides go on naming the same two nodes.
 */
export function signChannel(p: AnalyzedProgram, draft: Draft, how: SignedChannel): Draft {
  const { relation, senders, receivers } = how.channel;
  const names: Names = {
    verified: freshRelation(draft, `${relation}_verified`),
    from: freshRelation(draft, `${relation}_from`),
    to: freshRelation(draft, `${relation}_to`),
    senders: freshRelation(draft, `${relation}_senders`),
  };
  const sending = [...new Set(senders.map(({ component }) => component))];
  const signing = sending.reduce(
    (d, component) =>
      mapComponent(d, component, (c) => ({
        ...c,
        rules: c.rules.map((rule) =>
          rule.head.relation === relation ? signs(rule, how, names) : rule,
        ),
      })),
    draft,
  );
  const verifying = receivers.reduce(
    (d, component) =>
      mapComponent(d, component, (c) => ({
        ...c,
        rules: [
          verifies(p, how, names),
          ...c.rules.map((rule) => readsVerified(rule, relation, names.verified)),
        ],
      })),
    signing,
  );
  return tables(declared(verifying, p, relation, names), names, sending, receivers);
}

function signs(rule: DraftRule, { channel, signed }: SignedChannel, names: Names): DraftRule {
  const from = variable(freshVariable(rule, "l"));
  const signature = variable(freshVariable(rule, "sig"));
  const terms = rule.head.terms.map(sentTerm);
  const tuple = signedTuple(channel.relation, from, destinationOf(rule), signed, terms);
  return changed(
    rule,
    {
      head: { ...rule.head, terms: [...rule.head.terms, signature] },
      body: [...rule.body, literal(names.from, [from]), literal("sign", [tuple, signature])],
    },
    "It signs what it sends: the channel, itself, the receiver and the fields.",
  );
}

/** What is sent has no aggregates any more (W6). */
function sentTerm(term: HeadTerm): Term {
  if (term.kind === "aggregate") throw new Error("a message has no aggregate");
  return term;
}

/** Channel, sender, receiver, fields: a signature for one channel or receiver is none for another (H-45). */
function signedTuple(
  channel: RelationName,
  from: Term,
  to: Term,
  signed: readonly number[],
  terms: readonly Term[],
): Term {
  const tag: Term = { kind: "constant", value: channel };
  return { kind: "tuple", terms: [tag, from, to, ...signed.map((i) => terms[i]!)] };
}

function verifies(p: AnalyzedProgram, how: SignedChannel, names: Names): DraftRule {
  const { relation } = how.channel;
  const fields = distinctVariables(p.relations.get(relation)!.attributes.map((a) => a.name));
  const own: { head: ReturnType<typeof headOf>; body: readonly Literal[] } = {
    head: headOf(names.verified, fields),
    body: [],
  };
  const fresh = (wanted: string): Term => variable(freshVariable(own, wanted));
  const [signature, from, to, original, key] = ["sig", "l", "d", "o", "pk"].map(fresh) as [
    Term,
    Term,
    Term,
    Term,
    Term,
  ];
  const tuple = signedTuple(relation, from, to, how.signed, fields);
  const body: readonly Literal[] = [
    literal(relation, [...fields, signature]),
    literal(names.senders, [from]),
    literal(names.to, [to]),
    literal("orig", [original]),
    literal("publicKey", [original, key]),
    literal("verify", [key, tuple, signature]),
    ...how.checks.flatMap((check, i) => recomputed(p, check, fields, `h${i}_`)),
  ];
  return added(own.head, body, "What no sibling signed for this node is dropped.");
}

/** `hash(m, d)` with d at hand is the comparison itself; of functions within functions the inner ones come first. */
function recomputed(
  p: AnalyzedProgram,
  { position, term }: FieldCheck,
  fields: readonly Term[],
  prefix: string,
): readonly Literal[] {
  const literals: Literal[] = [];
  const valueOf = (of: KeyTerm): Term => {
    if (typeof of === "number") return fields[of]!;
    if ("value" in of) return { kind: "constant", value: of.value };
    const result = variable(`${prefix}${literals.length}`);
    literals.push(application(p, of, of.of.map(valueOf), result));
    return result;
  };
  const outer = application(p, term, term.of.map(valueOf), fields[position]!);
  return [...literals, outer];
}

function application(
  p: AnalyzedProgram,
  term: KeyApplication,
  inputs: readonly Term[],
  result: Term,
): Literal {
  const how = computation(p, term);
  if (how === undefined) throw new Error(`${term.function} cannot be computed`);
  const terms = Array.from({ length: how.arity }, (_, i): Term => {
    const input = how.from.indexOf(i);
    return input >= 0 ? inputs[input]! : i === how.to ? result : { kind: "wildcard" };
  });
  return literal(how.relation, terms);
}

function readsVerified(rule: DraftRule, relation: RelationName, verified: RelationName): DraftRule {
  const body = rule.body.map((l) =>
    l.kind === "relation" && l.relation === relation ? { ...l, relation: verified } : l,
  );
  const reads = body.some((l, i) => l !== rule.body[i]);
  return reads
    ? changed(rule, { body }, `It reads ${relation} as far as its sender is known.`)
    : rule;
}

/** The channel has one attribute more; what is known of its fields is known of the verified ones too. */
function declared(draft: Draft, p: AnalyzedProgram, relation: RelationName, names: Names): Draft {
  const withSignature: Draft = {
    ...draft,
    declarations: draft.declarations.map((d) => extended(d, relation)),
    components: draft.components.map((c) => ({
      ...c,
      declarations: c.declarations.map((d) => extended(d, relation)),
    })),
  };
  const known = [p.program, ...p.program.components]
    .flatMap((scope) => scope.declarations)
    .filter((d) => (d.kind === "dependency" || d.kind === "within") && d.relation === relation);
  const copied = known.reduce(
    (d, declaration) =>
      declare(d, { ...declaration, relation: names.verified } as typeof declaration),
    withSignature,
  );
  return [names.from, names.to, names.senders].reduce(
    (d, table) =>
      declare(d, {
        kind: "relation",
        role: "node",
        relation: table,
        attributes: [{ name: "address", type: "address" }],
      }),
    copied,
  );
}

function extended<D extends Draft["declarations"][number]>(
  declaration: D,
  relation: RelationName,
): D {
  if (declaration.kind !== "relation" || declaration.relation !== relation) return declaration;
  if (declaration.attributes.length === 0) return declaration;
  return {
    ...declaration,
    attributes: [...declaration.attributes, { name: "sig", type: "bytes" }],
  };
}

function tables(
  draft: Draft,
  names: Names,
  senders: readonly ComponentName[],
  receivers: readonly ComponentName[],
): Draft {
  return mapDeployed(draft, (deployment) => {
    const at = (components: readonly ComponentName[]): readonly string[] =>
      components.flatMap((component) => deployment.instances[component] ?? []);
    const own = (nodes: readonly string[]) =>
      new Map(nodes.map((node): [string, readonly Row[]] => [node, [addresses(node)]]));
    const allowed = at(receivers).map((node): [string, readonly Row[]] => {
      const siblings = at(senders).filter(
        (sender) => originalOf(deployment, sender) === originalOf(deployment, node),
      );
      return [node, siblings.map((sender) => addresses(sender))];
    });
    const signing = setNodeRows(deployment, names.from, own(at(senders)));
    const receiving = setNodeRows(signing, names.to, own(at(receivers)));
    return setNodeRows(receiving, names.senders, new Map(allowed));
  });
}
