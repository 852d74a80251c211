import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { nodeCrypto } from "../harness/nodeCrypto.ts";
import { simulationProblem } from "../simulator/simulation.ts";
import { clientRequests } from "../verifier/clientRequests.ts";
import { crashInputs } from "../verifier/nodeCrashes.ts";
import { startRefinement } from "../verifier/refines.ts";
import type { Refinement, RefinementBound, RefinementOptions } from "../verifier/refines.ts";
import { shortest } from "../verifier/shortest.ts";
import { boundOfForm, smallerInTurn } from "../verifier/smallerInTurn.ts";
import { timerFirings, timersOf } from "../verifier/timerFirings.ts";
import { loadInputs } from "./inputsFile.ts";
import { Stop } from "./output.ts";
import type { Question, Sides, SmallerForm } from "./verifyQuestions.ts";
import { WIDER } from "./verifyReport.ts";
import type { Answered, Asked, Reported, Told } from "./verifyReport.ts";

/**
 * What is found of one question. Where the whole deployment is not decided a smaller one is asked of; where clients see
 * nothing, and no timer was told to fire, the first timer that lets them see something.
 */
export function answer(question: Question, told: Told, file: string | undefined): Reported {
  const { title, clocks } = question;
  const answered = answeredWith(question, told, file);
  const fired = showsNothing(answered) ? firedFor(question, told, file) : undefined;
  if (fired === undefined) return { title, clocks, ...answered };
  const then = answeredWith(question, { ...told, firings: fired }, file);
  return { title, clocks, ...answered, fired: then };
}

function answeredWith(question: Question, told: Told, file: string | undefined): Answered {
  const { clocks } = question;
  const whole = asked(question, clocks, told, file);
  if (typeof whole === "string") throw new Stop(whole);
  if (whole.found.kind !== "not-known") return { whole };
  const smaller = askedOfSmaller(question, told, file);
  if (smaller !== undefined) return { whole, smaller };
  const refused = question.refused();
  return { whole, ...(refused && { refused }) };
}

function askedOfSmaller(
  { clocks, smaller }: Question,
  told: Told,
  file: string | undefined,
): Answered["smaller"] {
  const all = new Map<SmallerForm, Asked>();
  const turns = smallerInTurn(smaller, told.bound.states);
  let turn = turns.next();
  while (turn.done !== true) {
    const { form, isSmallest } = turn.value;
    const one = asked(form, clocks, { ...told, bound: boundOfForm(told.bound, isSmallest) }, file);
    // What is asked of the whole cannot be asked of fewer nodes.
    if (typeof one === "string") return undefined;
    all.set(form, one);
    turn = turns.next(one.found);
  }
  const form = turn.value?.form;
  return form && { form, ...all.get(form)! };
}

/** Clients see nothing in any schedule of the greatest form that was explored. */
function showsNothing({ whole, smaller }: Answered): boolean {
  const most = smaller ?? whole;
  return most.found.kind === "refines" && most.outputs === 0;
}

/** The first timer that lets clients see something when it alone fires, once at each node. */
function firedFor(
  question: Question,
  told: Told,
  file: string | undefined,
): Told["firings"] | undefined {
  const { before } = question.smaller(1) ?? question;
  if (told.firings.length > 0) return undefined;
  for (const timer of timersOf(before).keys()) {
    const firings = [{ timer, times: 1 }];
    const one = asked({ before, after: before }, question.clocks, { ...told, firings }, file);
    if (typeof one !== "string" && one.outputs > 0) return firings;
  }
  return undefined;
}

/** A sentence where that cannot be asked of these programs. */
function asked(
  { before, after }: Sides,
  clocks: Question["clocks"],
  told: Told,
  file: string | undefined,
): Asked | string {
  const problem = [before, after].map(simulationProblem).find((each) => each !== undefined);
  if (problem !== undefined) return problem;
  const { firings, observer, duplicates, reduced, symmetry, bound: most, widens } = told;
  const all = inputsOf(before, told, file);
  if (typeof all === "string") return all;
  const functions = { functions: standardFunctions(nodeCrypto), crypto: nodeCrypto };
  const how = { observer, duplicates, reduced, symmetry, bound: most };
  const options = { ...functions, ...how, inputs: all.inputs, clocks };
  const { found: first, outputs, bound } = widened(before, after, options, widens);
  const by = { ...options, bound };
  const found = first.kind === "counterexample" ? shortest(before, after, by, first) : first;
  return { ...all, found, outputs, firings, bound };
}

function inputsOf(
  p: AnalyzedProgram,
  { requests, firings, crashes }: Told,
  file: string | undefined,
): Pick<Asked, "inputs" | "ofRequests" | "ofFile"> | string {
  const [fired, crashing] = [timerFirings(p, firings), crashInputs(p, crashes)];
  if (typeof fired === "string") return fired;
  if (typeof crashing === "string") return crashing;
  const sent = clientRequests(p, requests).flat();
  const facts = file === undefined ? [] : loadInputs(file, p);
  if (typeof facts === "string") return facts;
  const inputs = [...sent, ...facts, ...fired, ...crashing];
  return { inputs, ofRequests: sent.length, ofFile: facts.length };
}

interface Explored {
  readonly found: Refinement;
  readonly outputs: number;
  readonly bound: RefinementBound;
}

type Bounded = RefinementOptions & { readonly bound: RefinementBound };

/** Where nothing was said of it and little had to be explored, more messages than usual enter a tick together. */
function widened(
  before: AnalyzedProgram,
  after: AnalyzedProgram,
  options: Bounded,
  widens: boolean,
): Explored {
  const usual = explored(before, after, options);
  const states = Math.ceil(options.bound.states / 10);
  const { found } = usual;
  if (!widens || found.kind !== "refines" || !found.leftOut || found.explored > states) {
    return usual;
  }
  const bound = { ...options.bound, together: WIDER };
  const wide = explored(before, after, { ...options, bound: { ...bound, states } });
  return wide.found.kind === "not-known" ? usual : { ...wide, bound };
}

function explored(before: AnalyzedProgram, after: AnalyzedProgram, options: Bounded): Explored {
  const check = startRefinement(before, after, options);
  while (check.advance(PAIRS_A_TURN) === "running");
  return { found: check.result(), outputs: check.progress().outputs, bound: options.bound };
}

const PAIRS_A_TURN = 10_000;
