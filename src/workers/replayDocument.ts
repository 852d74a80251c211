import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { readDeployment } from "../plan/deploymentFile.ts";
import type { Deployment } from "../program/deployment.ts";
import { UNBOUND } from "../rewrites/driver.ts";
import { replayStep } from "../rewrites/replay.ts";
import type { Chain } from "../rewrites/rewrite.ts";
import { rewriteNamed } from "../rewrites/rewrites.ts";
import { ParsedRules } from "../syntax/parsedRules.ts";
import { viewProgram, viewText } from "./programView.ts";
import type { DocumentSource, DocumentStep, StepView } from "./workspaceApi.ts";

/** A step of a document with its program: undefined from the first broken step on. */
export interface ReplayedKnot {
  readonly view: StepView;
  readonly program: AnalyzedProgram | undefined;
  readonly chain: Chain;
}

export interface ReplayedDocument {
  readonly knots: readonly ReplayedKnot[];
  readonly notices: readonly string[];
}

/**
 * Replays documents and remembers the last one knot by knot: what stands before the first change is taken from there, so
 * that a keystroke in the last step costs one step.
 */
export class DocumentReplayer {
  private keys: readonly string[] = [];
  private knots: readonly ReplayedKnot[] = [];
  private readonly known = new ParsedRules();
  private deploymentKey = "";
  private deployment: {
    readonly read: Deployment | undefined;
    readonly notices: readonly string[];
  } = {
    read: undefined,
    notices: [],
  };

  replay(document: DocumentSource): ReplayedDocument {
    this.readDeployment(document.deployment);
    const { text, includes, fileName, dialect, steps } = document;
    const keys = [
      JSON.stringify([text, includes, fileName, dialect, this.deploymentKey]),
      ...steps.map((step) => JSON.stringify(step)),
    ];
    const changed = keys.findIndex((key, index) => key !== this.keys[index]);
    const known = changed === -1 ? keys.length : changed;
    const knots = this.knots.slice(0, known);
    for (let index = known; index < keys.length; index++) {
      const step = steps[index - 1];
      knots.push(step === undefined ? this.base(document) : nextKnot(knots, step, index));
    }
    this.keys = keys;
    this.knots = knots;
    return { knots, notices: this.deployment.notices };
  }

  private base({ text, includes = [], fileName, dialect }: DocumentSource): ReplayedKnot {
    const { known } = this;
    const options = { fileName, includes, known, ...(dialect !== undefined && { dialect }) };
    const { program, view } = viewText(text, options, this.deployment.read);
    return {
      program,
      chain: UNBOUND,
      view: {
        index: 0,
        name: fileName,
        title: "Base",
        describe: nodesSentence(this.deployment.read),
        rewrite: "base",
        verdict: "base",
        preconditions: [],
        origins: [],
        view,
      },
    };
  }

  private readDeployment(json: unknown): void {
    const key = JSON.stringify(json ?? null);
    if (key === this.deploymentKey) return;
    this.deploymentKey = key;
    if (json === null || json === undefined) {
      this.deployment = { read: undefined, notices: [] };
      return;
    }
    const result = readDeployment(json);
    this.deployment =
      result.kind === "ok"
        ? { read: result.deployment, notices: [] }
        : {
            read: undefined,
            notices: result.problems.map(
              (p) => `The deployment, at ${p.pointer || "/"}: ${p.message}`,
            ),
          };
  }
}

function nextKnot(
  before: readonly ReplayedKnot[],
  step: DocumentStep,
  index: number,
): ReplayedKnot {
  const last = before.at(-1);
  if (last?.program === undefined) {
    const waiting = last?.view.broken?.waiting === true;
    const reason = waiting
      ? last.view.broken!.reason
      : `Step ${brokenIndex(before)} before it does not apply any longer.`;
    return broken(step, index, { reason, preconditions: [], waiting });
  }
  // What cannot be read is not in the program: a rewrite of the rest would lose it.
  const error = firstError(last);
  if (error !== undefined && step.rewrite !== "by-hand") {
    const text = index === 1 ? "The base" : `Step ${index - 1}`;
    const reason = `${text} has an error in line ${error.line}. This step is checked again once that is mended.`;
    return broken(step, index, { reason, preconditions: [], waiting: true });
  }
  return knotAfter(last.program, last.chain, step, index);
}

/** The first error in what the user typed, and its line; undefined when all of it reads and holds together. */
export function firstError(
  knot: ReplayedKnot,
): { readonly line: number; readonly message: string } | undefined {
  const { view } = knot.view;
  const error = view?.diagnostics.find(({ severity }) => severity === "error");
  if (view === undefined || error === undefined) return undefined;
  const line = view.text.slice(0, error.span.start).split("\n").length;
  return { line, message: error.message };
}

/** One step on a program. */
export function knotAfter(
  before: AnalyzedProgram,
  chain: Chain,
  step: DocumentStep,
  index: number,
): ReplayedKnot {
  if (step.rewrite === "by-hand") return byHand(before, chain, step, index);
  const replayed = replayStep(before, step, chain, () => "A by-hand step is read elsewhere.");
  if (replayed.kind === "broken")
    return broken(step, index, {
      reason: replayed.reason,
      preconditions: replayed.preconditions,
      waiting: false,
    });
  const { program, view } = viewProgram(replayed.program);
  return {
    program,
    chain: replayed.chain,
    view: {
      ...described(step, index, before),
      verdict: replayed.verdict,
      preconditions: replayed.preconditions,
      origins: [...replayed.origins],
      view,
    },
  };
}

/** Whatever was typed is shown, right or wrong; the deployment stays that of the step before. */
function byHand(
  before: AnalyzedProgram,
  chain: Chain,
  step: Extract<DocumentStep, { rewrite: "by-hand" }>,
  index: number,
): ReplayedKnot {
  const { program, view } = viewText(step.text, { fileName: "program" }, before.deployment);
  return {
    program,
    chain,
    view: {
      ...described(step, index, before),
      verdict: "unverified",
      preconditions: [],
      origins: [],
      view,
    },
  };
}

function broken(
  step: DocumentStep,
  index: number,
  why: NonNullable<StepView["broken"]>,
): ReplayedKnot {
  return {
    program: undefined,
    chain: UNBOUND,
    view: {
      ...described(step, index, undefined),
      verdict: "violated",
      preconditions: [],
      origins: [],
      broken: why,
      view: undefined,
    },
  };
}

function described(
  step: DocumentStep,
  index: number,
  before: AnalyzedProgram | undefined,
): Pick<StepView, "index" | "name" | "title" | "describe" | "rewrite" | "waiver" | "note"> {
  const common = {
    index,
    name: step.name,
    rewrite: step.rewrite,
    ...(step.note === undefined ? {} : { note: step.note }),
  };
  if (step.rewrite === "by-hand") {
    return { ...common, title: "By hand", describe: "not verified" };
  }
  const rewrite = rewriteNamed(step.rewrite);
  const target = rewrite?.readTarget(step.target);
  const describe =
    rewrite === undefined || before === undefined || typeof target === "string"
      ? step.name
      : rewrite.describe(before, target);
  return {
    ...common,
    title: rewrite?.title ?? step.rewrite,
    describe,
    ...(step.waiver === undefined ? {} : { waiver: step.waiver }),
  };
}

function brokenIndex(knots: readonly ReplayedKnot[]): number {
  return knots.findIndex((knot) => knot.program === undefined);
}

function nodesSentence(deployment: Deployment | undefined): string {
  if (deployment === undefined) return "no deployment";
  const nodes = Object.values(deployment.instances).flat().length;
  return nodes === 1 ? "1 node" : `${nodes} nodes`;
}
