import type { Fix, Span } from "../program/diagnostic.ts";
import type { HeadTerm, Literal, RelationLiteral, Term } from "../program/program.ts";
import type { ParsedLiteral, ParsedRule, Spanned } from "./parsed.ts";
import type { Problem } from "./problem.ts";

/** How a rule of paper notation says when its head holds. */
export interface PaperTiming {
  readonly kind: "now" | "next" | "async" | "unknown";
  /** The head without location and time. */
  readonly headTerms: readonly Spanned<HeadTerm>[];
  readonly location: Spanned<HeadTerm> | undefined;
  readonly time: string | undefined;
  /** The body's time, where the rule itself names it: `t` of `t'=t+1`. */
  readonly bodyTime: string | undefined;
  /** What `delay` chooses a time for. */
  readonly delayed: { readonly terms: readonly Term[]; readonly span: Span } | undefined;
  /** The body without time arithmetic and `delay`. */
  readonly body: readonly ParsedLiteral[];
  readonly problems: readonly Problem[];
}

/** Reads `t'=t+1` and `delay((…),t')` off a rule (language.md section 2, Paper). */
export function readTiming(rule: ParsedRule): PaperTiming {
  const { terms } = rule.head;
  const time = terms.at(-1);
  if (terms.length < 2 || time?.value.kind !== "variable") return untimedHead(rule);
  const name = time.value.name;
  const delays = rule.body.filter(isDelay);
  const steps = rule.body.flatMap((l) => stepTo(name, l));
  const stepLiterals = new Set(steps.map((s) => s.literal));
  const base = {
    headTerms: terms.slice(0, -2),
    location: terms.at(-2),
    time: name,
    body: rule.body.filter((l) => !isDelay(l) && !stepLiterals.has(l)),
  };
  const [delay] = delays;
  const [step] = steps;
  if (delay !== undefined) {
    return {
      ...base,
      kind: "async",
      bodyTime: undefined,
      delayed: delayedTerms(delay),
      problems: [...delayProblems(delay, name), ...secondTimeProblems(delays[1] ?? step?.literal)],
    };
  }
  if (step !== undefined) {
    return {
      ...base,
      kind: "next",
      bodyTime: step.from,
      delayed: undefined,
      problems: [...stepProblems(step, name), ...secondTimeProblems(steps[1]?.literal)],
    };
  }
  return { ...base, kind: "now", bodyTime: undefined, delayed: undefined, problems: [] };
}

function untimedHead(rule: ParsedRule): PaperTiming {
  return {
    kind: "unknown",
    headTerms: rule.head.terms,
    location: undefined,
    time: undefined,
    bodyTime: undefined,
    delayed: undefined,
    body: rule.body.filter((l) => !isDelay(l)),
    problems: [
      {
        code: "no-location-time",
        message: `The head \`${rule.head.relation}\` does not end in a location and a time, as heads do in paper notation.`,
        span: rule.head.span,
      },
    ],
  };
}

type DelayLiteral = ParsedLiteral & { readonly literal: RelationLiteral };

function isDelay(parsed: ParsedLiteral): parsed is DelayLiteral {
  return parsed.literal.kind === "relation" && parsed.literal.relation === "delay";
}

function delayedTerms(delay: DelayLiteral): PaperTiming["delayed"] {
  const [what] = delay.literal.terms;
  if (what === undefined || delay.literal.terms.length !== 2) return undefined;
  return { terms: what.kind === "tuple" ? what.terms : [what], span: delay.terms[0]! };
}

function delayProblems(delay: DelayLiteral, time: string): Problem[] {
  const { terms, negated } = delay.literal;
  if (terms.length !== 2 || negated) {
    return [
      {
        code: "delay",
        message: "`delay` takes what is delayed and the time of arrival: `delay((…), t')`.",
        span: delay.span,
      },
    ];
  }
  const arrival = terms[1]!;
  if (arrival.kind === "variable" && arrival.name === time) return [];
  const span = delay.terms[1]!;
  return [
    {
      code: "delay-time",
      message: `\`delay\` chooses another time than the head's, which is \`${time}\`.`,
      span,
      fix: replace(span, time),
    },
  ];
}

interface Step {
  readonly literal: ParsedLiteral;
  readonly from: string;
  readonly by: unknown;
}

/** `time = from + n`, either way round. */
function stepTo(time: string, parsed: ParsedLiteral): Step[] {
  const sides = equalSides(parsed.literal);
  if (sides === undefined) return [];
  const [left, right] = sides;
  const sum = isVariable(left, time) ? right : isVariable(right, time) ? left : undefined;
  if (sum?.kind !== "arithmetic" || (sum.operator !== "+" && sum.operator !== "-")) return [];
  const [variable, amount] =
    sum.left.kind === "variable" ? [sum.left, sum.right] : [sum.right, sum.left];
  if (variable.kind !== "variable" || amount.kind !== "constant") return [];
  const by = sum.operator === "+" ? amount.value : undefined;
  return [{ literal: parsed, from: variable.name, by }];
}

function equalSides(literal: Literal): readonly [Term, Term] | undefined {
  if (literal.kind === "comparison" && literal.operator === "==") {
    return [literal.left, literal.right];
  }
  if (literal.kind !== "assignment") return undefined;
  return [{ kind: "variable", name: literal.variable }, literal.value];
}

function stepProblems(step: Step, time: string): Problem[] {
  if (step.by === 1) return [];
  const { span } = step.literal;
  return [
    {
      code: "time-arithmetic",
      message: `This names another tick than the next one; an inductive rule can only say \`${time}=${step.from}+1\`.`,
      span,
      fix: replace(span, `${time}=${step.from}+1`),
    },
  ];
}

function secondTimeProblems(second: ParsedLiteral | undefined): Problem[] {
  if (second === undefined) return [];
  return [
    {
      code: "two-times",
      message: "The time of the head is given twice.",
      span: second.span,
    },
  ];
}

export function replace(span: Span, text: string): Fix {
  return { title: `Replace with \`${text}\``, edits: [{ span, text }] };
}

function isVariable(term: Term, name: string): boolean {
  return term.kind === "variable" && term.name === name;
}
