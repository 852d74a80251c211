import type { Span } from "../program/diagnostic.ts";
import type {
  Declaration,
  HeadTerm,
  Literal,
  RelationLiteral,
  Timing,
} from "../program/program.ts";
import { expandSelf } from "./expandSelf.ts";
import type { LoweredRule } from "./lowered.ts";
import { nearestName } from "../program/nearestName.ts";
import type { ReadLiteral, Usage } from "./paperLiterals.ts";
import { readPlaced, usages } from "./paperLiterals.ts";
import { findPlace, PaperRelations, variableName } from "./paperPlaces.ts";
import type { RulePlace, TimedRule } from "./paperPlaces.ts";
import { readTiming, replace } from "./paperTiming.ts";
import type { ParsedLiteral, ParsedRule, Spanned } from "./parsed.ts";
import type { Problem } from "./problem.ts";
import { headTermVariables, literalVariables } from "../program/variables.ts";

/** Of slips reported in one rule, and of names looked at for what one of them may have been meant to be. */
const MAX_SLIPS = 8;
const MAX_CANDIDATES = 200;

export interface LoweredPaper {
  /** One for each rule given, in order. */
  readonly rules: readonly LoweredRule[];
  /** For the relations whose literals carry no location and time: they are EDB (rewrites.md section 0.2). */
  readonly declarations: readonly Declaration[];
}

/** Rules of paper notation in the program's own terms: location and time become implicit (language.md section 2). */
export function lowerPaper(
  parsed: readonly ParsedRule[],
  declared: readonly Declaration[],
): LoweredPaper {
  const timed = parsed.map((rule) => ({ parsed: rule, timing: readTiming(rule) }));
  const relations = new PaperRelations(timed, declared);
  const placed = timed.map((rule) => ({ rule, place: findPlace(rule, relations) }));
  const used = usages(placed, relations);
  return {
    rules: placed.map(({ rule, place }) => expandSelf(lowerRule(rule, place, relations, used))),
    declarations: edbDeclarations(timed, used, relations),
  };
}

function lowerRule(
  rule: TimedRule,
  place: RulePlace,
  relations: PaperRelations,
  used: ReadonlyMap<string, Usage>,
): LoweredRule {
  const { timing } = rule;
  const read = timing.body.map((l) => readLiteral(l, place, relations, used));
  const body = disambiguateEquals(read.map((r) => r.parsed));
  const head = readHead(rule, place);
  const data = addPlaceData(rule, head.timing, body, place);
  const literals = [...body, ...data.literals];
  const destination = head.timing.kind === "async" ? timing.location?.span : undefined;
  return {
    head: {
      relation: rule.parsed.head.relation,
      terms: timing.headTerms.map((t) => t.value),
      timing: head.timing,
    },
    body: literals.map((l) => l.literal),
    spans: {
      rule: rule.parsed.span,
      head: rule.parsed.head.span,
      headTerms: timing.headTerms.map((t) => t.span),
      ...(destination && { destination }),
      literals: literals.map((l) => l.span),
      terms: literals.map((l) => l.terms),
      names: rule.parsed.names,
    },
    problems: [
      ...timing.problems,
      ...tagProblems(rule),
      ...head.problems,
      ...read.flatMap((r) => r.problems),
      ...data.problems,
      ...delayProblems(rule, literals, place),
    ],
  };
}

function readLiteral(
  parsed: ParsedLiteral,
  place: RulePlace,
  relations: PaperRelations,
  used: ReadonlyMap<string, Usage>,
): ReadLiteral {
  const { literal } = parsed;
  return literal.kind === "relation"
    ? readPlaced({ ...parsed, literal }, place, relations, used)
    : { parsed, problems: [] };
}

/** A single `=` assigns where its variable is bound by nothing else, and compares otherwise. */
function disambiguateEquals(body: readonly ParsedLiteral[]): readonly ParsedLiteral[] {
  const bound = new Set(body.flatMap((l) => boundBy(l.literal)));
  return body.map((parsed) => {
    const { literal } = parsed;
    if (parsed.singleEqual === undefined || literal.kind !== "comparison") return parsed;
    const { left, right } = literal;
    if (left.kind === "variable" && !bound.has(left.name)) {
      bound.add(left.name);
      return { ...parsed, literal: { kind: "assignment", variable: left.name, value: right } };
    }
    if (right.kind === "variable" && !bound.has(right.name)) {
      bound.add(right.name);
      const assignment: Literal = { kind: "assignment", variable: right.name, value: left };
      return { ...parsed, literal: assignment, terms: parsed.terms.toReversed() };
    }
    return parsed;
  });
}

function boundBy(literal: Literal): readonly string[] {
  if (literal.kind === "relation" && !literal.negated) return literalVariables(literal);
  return literal.kind === "assignment" ? [literal.variable] : [];
}

interface ReadHead {
  readonly timing: Timing;
  readonly problems: readonly Problem[];
}

function readHead(rule: TimedRule, place: RulePlace): ReadHead {
  const { timing } = rule;
  const { location } = timing;
  if (timing.kind === "unknown" || location === undefined) {
    return { timing: { kind: "now" }, problems: [] };
  }
  if (timing.kind === "async") {
    if (location.value.kind !== "aggregate") {
      return { timing: { kind: "async", destination: location.value }, problems: [] };
    }
    const problem = {
      code: "destination",
      message: "An aggregate stands where the destination is expected.",
      span: location.span,
    };
    return { timing: { kind: "now" }, problems: [problem] };
  }
  return { timing: { kind: timing.kind }, problems: stayProblems(rule, place, location) };
}

/** Only what takes time may go elsewhere, and only the next tick or a delay makes a time of its own. */
function stayProblems(rule: TimedRule, place: RulePlace, location: Spanned<HeadTerm>): Problem[] {
  const { timing } = rule;
  const stays = variableName(location.value) === place.location || place.location === undefined;
  const known = timing.kind === "next" || isBodyTime(rule, place);
  if (stays && known) return [];
  const here = place.location ?? "l";
  if (!stays && known) {
    return [
      {
        code: "remote-head",
        message: `The head is at another location than \`${here}\`, where the rule reads; only \`delay\` takes a fact to another node.`,
        span: location.span,
        fix: replace(location.span, here),
      },
    ];
  }
  return [unboundTime(rule, place, stays)];
}

function isBodyTime(rule: TimedRule, place: RulePlace): boolean {
  const { time, body } = rule.timing;
  if (place.time !== time) return false;
  // A fact's time is whatever its head says, unless it is primed and so announces more.
  return !isPrimed(time!) || body.some((l) => literalVariables(l.literal).includes(time!));
}

function isPrimed(name: string): boolean {
  return name.endsWith("'");
}

function unboundTime(rule: TimedRule, place: RulePlace, stays: boolean): Problem {
  const time = rule.timing.time!;
  const { span } = rule.parsed.head.terms.at(-1)!;
  if (stays && !isPrimed(time) && place.time !== undefined) {
    return {
      code: "unbound-time",
      message: `The head's time \`${time}\` is another than \`${place.time}\`, at which the rule reads.`,
      span,
      fix: replace(span, place.time),
    };
  }
  const [title, text] = stays ? nextTick(time, place) : delayed(rule, place);
  const { end } = rule.parsed.span;
  const glue = rule.parsed.body.length > 0 ? ", " : " :- ";
  return {
    code: "unbound-time",
    message: `The head's time \`${time}\` is bound by nothing: ${title} is missing.`,
    span,
    fix: { title: `Add ${title}`, edits: [{ span: { start: end, end }, text: glue + text }] },
  };
}

function nextTick(time: string, place: RulePlace): readonly [string, string] {
  const from = place.time === undefined || place.time === time ? "t" : place.time;
  return [`\`${time}=${from}+1\``, `${time}=${from}+1`];
}

function delayed(rule: TimedRule, place: RulePlace): readonly [string, string] {
  const { timing } = rule;
  const names = [
    ...timing.headTerms.flatMap((t) => headTermVariables(t.value)),
    place.location ?? "l",
    place.time === undefined || place.time === timing.time ? "t" : place.time,
    ...headTermVariables(timing.location!.value),
  ];
  const text = `delay((${names.join(",")}),${timing.time})`;
  return [`\`delay((…),${timing.time})\``, text];
}

/** Location and time that are used as data become `self(l)` and `tick(t)`. */
function addPlaceData(
  rule: TimedRule,
  timing: Timing,
  body: readonly ParsedLiteral[],
  place: RulePlace,
): { literals: readonly ParsedLiteral[]; problems: readonly Problem[] } {
  const { headTerms, location, time } = rule.timing;
  const span = location?.span ?? rule.parsed.head.span;
  const used = new Set([
    ...headTerms.flatMap((t) => headTermVariables(t.value)),
    ...(timing.kind === "async" ? headTermVariables(timing.destination) : []),
    ...body.filter((l) => !isPlaceBuiltin(l.literal)).flatMap((l) => literalVariables(l.literal)),
  ]);
  const literals: ParsedLiteral[] = [];
  const problems: Problem[] = [];
  const timeSpan = rule.parsed.head.terms.at(-1)?.span ?? span;
  let needsTick = place.time !== undefined && used.has(place.time);
  if (time !== undefined && time !== place.time && used.has(time)) {
    if (timing.kind === "next" && place.time !== undefined) {
      needsTick = true;
      literals.push(nextTickData(time, place.time, timeSpan));
    } else problems.push(arrivalTime(time, timeSpan));
  }
  const has = (relation: string, name: string): boolean =>
    body.some((l) => isBuiltin(l.literal, relation, name));
  if (place.location !== undefined && used.has(place.location) && !has("self", place.location)) {
    literals.push(builtin("self", place.location, span));
  }
  if (needsTick && !has("tick", place.time!)) literals.push(builtin("tick", place.time!, timeSpan));
  return { literals, problems };
}

function arrivalTime(time: string, span: Span): Problem {
  return {
    code: "arrival-time",
    message: `\`${time}\` is when the message arrives, which the sender cannot put into data.`,
    span,
  };
}

function nextTickData(time: string, from: string, span: Span): ParsedLiteral {
  return {
    literal: {
      kind: "assignment",
      variable: time,
      value: {
        kind: "arithmetic",
        operator: "+",
        left: { kind: "variable", name: from },
        right: { kind: "constant", value: 1 },
      },
    },
    span,
    terms: [span, span],
  };
}

function builtin(relation: "self" | "tick", name: string, span: Span): ParsedLiteral {
  return {
    literal: {
      kind: "relation",
      negated: false,
      relation,
      terms: [{ kind: "variable", name }],
    },
    span,
    terms: [span],
  };
}

function isPlaceBuiltin(literal: Literal): boolean {
  return (
    literal.kind === "relation" && (literal.relation === "self" || literal.relation === "tick")
  );
}

function isBuiltin(literal: Literal, relation: string, name: string): literal is RelationLiteral {
  return (
    literal.kind === "relation" &&
    literal.relation === relation &&
    !literal.negated &&
    literal.terms.length === 1 &&
    variableName(literal.terms[0]) === name
  );
}

/** A variable that is delayed but bound nowhere: harmless to the meaning, and a sign of a slip (H-21). */
function delayProblems(
  rule: TimedRule,
  body: readonly ParsedLiteral[],
  place: RulePlace,
): Problem[] {
  const { delayed: what, location } = rule.timing;
  if (what === undefined) return [];
  const bound = new Set(body.flatMap((l) => boundBy(l.literal)));
  const known = new Set([...bound, place.location, place.time, variableName(location?.value)]);
  const unbound = new Set(what.terms.flatMap(headTermVariables).filter((v) => !known.has(v)));
  return [...unbound].slice(0, MAX_SLIPS).map((name) => {
    const nearest = nearestName(name, [...bound].slice(0, MAX_CANDIDATES));
    const at = rule.parsed.names.find(
      (n) => n.name === name && n.span.start >= what.span.start && n.span.end <= what.span.end,
    );
    const span = at?.span ?? what.span;
    return {
      code: "unbound-delayed",
      message: `\`${name}\` is delayed here but bound by nothing in the rule.`,
      span,
      ...(nearest !== undefined && { fix: replace(span, nearest) }),
    };
  });
}

function tagProblems(rule: TimedRule): Problem[] {
  const { tag } = rule.parsed.head;
  if (tag === undefined) return [];
  return [
    {
      code: "tag",
      message: `\`@${tag.kind}\` is compact notation; paper notation says it with the head's time.`,
      span: tag.span,
    },
  ];
}

/** One declaration a relation, named after the variables it is first read with. */
function edbDeclarations(
  rules: readonly TimedRule[],
  used: ReadonlyMap<string, Usage>,
  relations: PaperRelations,
): readonly Declaration[] {
  const declarations = new Map<string, Declaration>();
  for (const { timing } of rules) {
    for (const { literal } of timing.body) {
      if (literal.kind !== "relation" || declarations.has(literal.relation)) continue;
      if (relations.notation(literal) !== "either") continue;
      if (used.get(literal.relation)?.placedArity !== undefined) continue;
      declarations.set(literal.relation, edbDeclaration(literal));
    }
  }
  return [...declarations.values()];
}

function edbDeclaration(literal: RelationLiteral): Declaration {
  const names = literal.terms.map((t) => variableName(t)?.replace(/'+$/, ""));
  const seen = new Set<string>();
  const taken = new Set(names);
  const attributes = names.map((name, i) => {
    let chosen = name;
    if (chosen === undefined || seen.has(chosen)) {
      chosen = `a${i + 1}`;
      while (taken.has(chosen)) chosen += "_";
    }
    seen.add(chosen);
    return { name: chosen };
  });
  return { kind: "relation", role: "edb", relation: literal.relation, attributes };
}
