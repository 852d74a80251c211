import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { hasSeal } from "../analysis/seals.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { writtenOut } from "../rewrites/writtenOut.ts";
import { simulationProblem } from "../simulator/simulation.ts";
import { clientRequests } from "../verifier/clientRequests.ts";
import type { Input } from "../verifier/machine.ts";
import { crashInputs, originalsOf } from "../verifier/nodeCrashes.ts";
import { DEFAULT_BOUND, startRefinement } from "../verifier/refines.ts";
import type { Counterexample, RefinementCheck, RefinementOptions } from "../verifier/refines.ts";
import { replayedCounterexample } from "../verifier/replayedCounterexample.ts";
import { shortest } from "../verifier/shortest.ts";
import { boundOfForm, smallerInTurn } from "../verifier/smallerInTurn.ts";
import { timerFirings, timersOf } from "../verifier/timerFirings.ts";
import { nextTurn } from "./rpc.ts";
import type { Handlers } from "./rpc.ts";
import type { DeployedProgram } from "./simulationApi.ts";
import type { SmallerRequest, Verified, VerifyApi } from "./verifyApi.ts";

const BATCH_MS = 50;

const told = { functions: standardFunctions(nobleCrypto), crypto: nobleCrypto };

type Request = VerifyApi["verify"]["request"];
interface Told {
  readonly requests: number;
  readonly firings: number | undefined;
  readonly crashes: number | undefined;
  readonly down: readonly string[] | undefined;
}
type How = Pick<Request, "clocks" | "observer" | "duplicates" | "bound">;
type Context = Parameters<Handlers<VerifyApi>["verify"]>[1];

export const verifyHandlers: Handlers<VerifyApi> = {
  async verify(request, context) {
    const { original, rewritten, smaller, requests, firings, crashes, down, ...how } = request;
    const [before, after] = [known(verifiable(original)), known(verifiable(rewritten))];
    const events: Told = { requests, firings, crashes, down };
    const asked = clientRequests(before, requests);
    const options = { ...told, ...how, inputs: inputsOf(before, events) };
    const check = await explored(before, after, options, context);
    const found = check.result();
    const { outputs } = check.progress();
    const requestOf = requestsOf(asked);
    if (found.kind === "not-known" && smaller !== undefined && !context.signal.aborted) {
      const least = await ofSmaller(smaller, events, how, context);
      return { refinement: found, outputs, requestOf, ...(least && { smaller: least }) };
    }
    if (found.kind !== "counterexample") return { refinement: found, outputs, requestOf };
    // A program with seals is not simulated as it stands.
    const isSimulated = ![original, rewritten].some(isSealed);
    const replayed = (refinement: Counterexample): Verified => {
      const replay = isSimulated
        ? replayedCounterexample(before, after, refinement, asked, options)
        : undefined;
      return { refinement, outputs, requestOf, ...(replay && { replay }) };
    };
    context.progress({ ...check.progress(), found: { refinement: found, outputs, requestOf } });
    context.progress({ ...check.progress(), found: replayed(found) });
    return replayed(shortest(before, after, options, found));
  },
};

/** Between two batches the worker hears of a cancel and says how far it is. */
async function explored(
  before: AnalyzedProgram,
  after: AnalyzedProgram,
  options: RefinementOptions,
  { progress, signal }: Context,
  nodes?: readonly string[],
): Promise<RefinementCheck> {
  const check = startRefinement(before, after, options);
  const say = (): void => progress({ ...check.progress(), ...(nodes && { nodes }) });
  const advance = (): "running" | "ended" => {
    const until = performance.now() + BATCH_MS;
    while (performance.now() < until) {
      if (check.advance(1) === "ended") return "ended";
    }
    return "running";
  };
  say();
  await nextTurn();
  while (!signal.aborted && advance() === "running") {
    say();
    await nextTurn();
  }
  return check;
}

/** The same of fewer nodes; undefined where there are no fewer, or it cannot be asked there. */
async function ofSmaller(
  smaller: SmallerRequest,
  events: Told,
  how: How,
  context: Context,
): Promise<Verified["smaller"]> {
  // Most checks need neither the reader nor the rewrites.
  const { smallerForms } = await import("./smallerForms.ts");
  const most = { ...DEFAULT_BOUND, ...how.bound };
  const all = new Map<object, NonNullable<Verified["smaller"]>>();
  const turns = smallerInTurn(smallerForms(smaller, events.down ?? []), most.states);
  let turn = turns.next();
  while (turn.done !== true && !context.signal.aborted) {
    const { form: sides, isSmallest } = turn.value;
    const [before, after] = [asItRuns(sides.before), asItRuns(sides.after)];
    if (typeof before === "string" || typeof after === "string") return undefined;
    const bound = boundOfForm(most, isSmallest);
    const options = { ...told, ...how, bound, inputs: inputsOf(before, events) };
    const { nodes } = sides.form;
    const check = await explored(before, after, options, context, nodes);
    const found = check.result();
    const { outputs } = check.progress();
    const refinement =
      found.kind === "counterexample" ? shortest(before, after, options, found) : found;
    const requestOf = requestsOf(clientRequests(before, events.requests));
    all.set(sides, { form: sides.form, refinement, outputs, requestOf });
    turn = turns.next(found);
  }
  const decided = turn.done === true ? turn.value : undefined;
  return decided && all.get(decided.form);
}

/** For each input of requests, which of them it is part of. */
function requestsOf(asked: readonly (readonly Input[])[]): readonly number[] {
  return asked.flatMap((inputs, i) => inputs.map(() => i + 1));
}

function inputsOf(
  p: AnalyzedProgram,
  { requests, firings = 0, crashes = 0, down = [] }: Told,
): readonly Input[] {
  const ends = down.map((node) => ({ node, times: "for good" }) as const);
  return [
    ...clientRequests(p, requests).flat(),
    ...eachTimer(p, firings),
    ...eachNode(p, crashes),
    ...known(crashInputs(p, ends)),
  ];
}

function eachTimer(p: AnalyzedProgram, times: number): readonly Input[] {
  return known(
    timerFirings(
      p,
      [...timersOf(p).keys()].map((timer) => ({ timer, times })),
    ),
  );
}

function eachNode(p: AnalyzedProgram, times: number): readonly Input[] {
  return known(
    crashInputs(
      p,
      originalsOf(p).map((node) => ({ node, times })),
    ),
  );
}

function known<T>(value: T | string): T {
  if (typeof value === "string") throw new Error(value);
  return value;
}

function isSealed({ program }: DeployedProgram): boolean {
  return program.components.some(({ rules }) => rules.some(hasSeal));
}

function verifiable({ program, deployment }: DeployedProgram): AnalyzedProgram | string {
  return asItRuns(analyze(program, deployment));
}

/** With its seals written out; a sentence where it cannot run. */
function asItRuns(p: AnalyzedProgram): AnalyzedProgram | string {
  const written = writtenOut(p);
  if (typeof written === "string") return written;
  return simulationProblem(written) ?? written;
}
