import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { siblingChannels } from "../analysis/siblingChannels.ts";
import type { SiblingChannel } from "../analysis/siblingChannels.ts";
import { signedFields } from "../analysis/signedFields.ts";
import { joined, quoted } from "../analysis/wording.ts";
import type { ComponentName, Literal, RelationName } from "../program/program.ts";
import { evidenceAt, holds, violated } from "./conditions.ts";
import { draftOf, finish } from "./draft.ts";
import type { Precondition, Rewrite, Rewritten } from "./rewrite.ts";
import { signChannel } from "./signChannel.ts";
import { componentOf, TargetReader } from "./targets.ts";
import { reads } from "./terms.ts";

/** Channels that a component reads from siblings, and which of their fields are signed. */
export interface SenderTarget {
  readonly component: ComponentName;
  /** Positions from 0; what is left out is recomputed by the receiver. */
  readonly signed: Readonly<Record<RelationName, readonly number[]>>;
}

/**
 * verifySenders has messages between the nodes that one node became signed, and dropped where the signature is wrong.
 *
 *     leader     acks_copy(s, v)@async(d) :- acks(s, v), my_checker(d)
 *
 *     leader     acks_copy(s, v, sig)@async(d) :- acks(s, v), my_checker(d), acks_copy_from(l),
 *                  sign(("acks_copy", l, d, s, v), sig)
 *     checker    acks_copy_verified(s, v) :- acks_copy(s, v, sig), acks_copy_senders(l), acks_copy_to(d),
 *                  orig(o), publicKey(o, k), verify(k, ("acks_copy", l, d, s, v), sig)
 *
 * When one node was one process nobody could speak for one half of it to the other. Now there is a channel, and on it a
 * Byzantine node can. All nodes that one node became are one fault domain and have its keys. The signed tuple names the
 * channel, the sender and the receiver: with one key for all channels a signature for one of them would do for another of
 * the same shape (H-45). What is wrong is dropped, never an error.
 * A long field need not be signed when the receiver can recompute it from what is, or when what is signed is its hash; then
 * the receiver compares (H-46). What follows only from the facts of one tick cannot be recomputed.
 * The original has to tolerate Byzantine nodes in the first place. Each message costs a signature and a check.
 * "Bigger, not Badder"; rewrites.md section 8.1.
 */
export const verifySenders: Rewrite<SenderTarget> = {
  name: "verifySenders",
  title: "Verified senders",
  summary: "Messages between the nodes that one node became are signed and checked.",
  citation: { source: "PaPoC 2024", where: "“Bigger, not Badder”" },
  targets,
  readTarget: (json) => {
    const reader = new TargetReader(json, ["component", "signed"]);
    const target = { component: reader.name("component"), signed: reader.positions("signed") };
    return reader.read(target);
  },
  misfit,
  preconditions,
  apply,
  defaultName: (_, { component }) => `signed ${component}`,
  describe: (_, { component, signed }) =>
    `${component} believes ${joined(Object.keys(signed))} only from its siblings`,
};

/** All fields first; then, where that saves something, each channel without what its receiver can recompute. */
function targets(
  p: AnalyzedProgram,
  { component }: { readonly component: ComponentName },
): readonly SenderTarget[] {
  const channels = siblingChannels(p, component).filter((c) => !isVerified(p, c));
  if (channels.length === 0) return [];
  const all = channels.map(({ relation }) => [relation, positions(p, relation)] as const);
  const fewer = channels.map((c) => [c.relation, fewestSigned(p, c)] as const);
  const saves = fewer.some(([, kept], i) => kept.length < all[i]![1].length);
  const whole: SenderTarget = { component, signed: Object.fromEntries(all) };
  return saves ? [whole, { component, signed: Object.fromEntries(fewer) }] : [whole];
}

/** Whether nobody reads the channel without checking a signature for it: other signatures may be in its fields. */
function isVerified(p: AnalyzedProgram, { relation, receivers }: SiblingChannel): boolean {
  const readers = receivers
    .flatMap((component) => componentOf(p, component)?.rules ?? [])
    .filter((rule) => reads(rule, relation));
  return readers.every((rule) => rule.body.some((l) => verifiesFor(l, relation)));
}

/** What `signChannel` signs begins with the channel's name. */
function verifiesFor(l: Literal, channel: RelationName): boolean {
  if (l.kind !== "relation" || l.relation !== "verify") return false;
  return l.terms.some((term) => {
    const [tag] = term.kind === "tuple" ? term.terms : [];
    return tag?.kind === "constant" && tag.value === channel;
  });
}

function positions(p: AnalyzedProgram, relation: RelationName): readonly number[] {
  return Array.from({ length: p.relations.get(relation)!.arity }, (_, i) => i);
}

function fewestSigned(p: AnalyzedProgram, channel: SiblingChannel): readonly number[] {
  return positions(p, channel.relation).reduce<readonly number[]>(
    (signed, position) => {
      const without = signed.filter((other) => other !== position);
      return signedFields(p, channel, without).findings.length === 0 ? without : signed;
    },
    positions(p, channel.relation),
  );
}

function misfit(p: AnalyzedProgram, { component, signed }: SenderTarget): string | undefined {
  if (componentOf(p, component) === undefined) return `There is no component ${component}.`;
  const channels = siblingChannels(p, component);
  if (Object.keys(signed).length === 0) return "No channel is chosen.";
  for (const [relation, chosen] of Object.entries(signed)) {
    if (!channels.some((c) => c.relation === relation)) {
      return `${quoted(relation)} does not come from siblings of ${component} alone, so it keeps what protects it already.`;
    }
    const { arity } = p.relations.get(relation)!;
    const far = chosen.find((position) => position >= arity);
    if (far !== undefined) return `${quoted(relation)} has no attribute at position ${far}.`;
  }
  return undefined;
}

function chosen(
  p: AnalyzedProgram,
  { component, signed }: SenderTarget,
): readonly { readonly channel: SiblingChannel; readonly signed: readonly number[] }[] {
  return siblingChannels(p, component).flatMap((channel) => {
    const fields = signed[channel.relation];
    return fields === undefined
      ? []
      : [{ channel, signed: [...new Set(fields)].sort((a, b) => a - b) }];
  });
}

function preconditions(p: AnalyzedProgram, target: SenderTarget): readonly Precondition[] {
  return chosen(p, target).flatMap(({ channel, signed }): readonly Precondition[] => {
    const { checks, findings } = signedFields(p, channel, signed);
    if (findings.length > 0) return findings.map((finding) => violated(finding));
    const senders = evidenceAt(
      channel.senders.map(({ rule }) => ({ kind: "head", rule: rule.id })),
      "signs what it sends",
    );
    const names = (of: readonly number[]): string =>
      joined(of.map((i) => quoted(p.relations.get(channel.relation)!.attributes[i]!.name)));
    const open = positions(p, channel.relation).filter((i) => !signed.includes(i));
    const whole = `Every field of ${quoted(channel.relation)} is signed.`;
    const compared = names([...new Set(checks.map(({ position }) => position))]);
    const part = `${names(open)} of ${quoted(channel.relation)} ${open.length > 1 ? "are" : "is"} not signed; the receiver computes ${compared} again and compares.`;
    return [
      holds("unchecked-field", open.length === 0 ? whole : part, senders),
      holds(
        "tick-local-dependency",
        "What is computed again follows from the message at all times.",
        senders,
      ),
    ];
  });
}

function apply(p: AnalyzedProgram, target: SenderTarget): Rewritten {
  const signed = chosen(p, target).reduce(
    (draft, one) =>
      signChannel(p, draft, { ...one, checks: signedFields(p, one.channel, one.signed).checks }),
    draftOf(p),
  );
  return finish(signed);
}
