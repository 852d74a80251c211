import {
  derivationOf,
  programSha256,
  readDerivation,
  writeDerivation,
} from "../rewrites/derivation.ts";
import { chosenSteps } from "../rewrites/driver.ts";
import { isConstant } from "../analysis/persistence.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { readDeployment } from "../plan/deploymentFile.ts";
import { makePlan } from "../plan/plan.ts";
import { printCompact } from "../program/printCompact.ts";
import { printDeclaration } from "../program/printDeclaration.ts";
import type { Chain, Selection, StepRequest } from "../rewrites/rewrite.ts";
import { remedies } from "../rewrites/remedies.ts";
import type { Remedy } from "../rewrites/remedy.ts";
import { rewriteNamed } from "../rewrites/rewrites.ts";
import type { RelationName } from "../program/program.ts";
import { gatherFiles } from "../syntax/gatherFiles.ts";
import { convertProgram } from "../syntax/printProgram.ts";
import { read } from "../syntax/read.ts";
import { offerViews, ruleVerdict } from "./offerViews.ts";
import { rebaseSteps } from "./rebaseSteps.ts";
import { DocumentReplayer, firstError, knotAfter } from "./replayDocument.ts";
import type { ReplayedKnot } from "./replayDocument.ts";
import { cancelled, nextTurn } from "./rpc.ts";
import type { Handlers } from "./rpc.ts";
import type {
  At,
  DocumentStep,
  OfferView,
  RemedyView,
  RuleVerdict,
  StepView,
  WorkspaceApi,
} from "./workspaceApi.ts";

/** In larger programs verdicts are had of what is selected, not of every rule. */
const MOST_RULES_ALONE = 200;

/** The methods of one worker, which share one memory of the document. */
export function workspaceHandlers(): Handlers<WorkspaceApi> {
  const replayer = new DocumentReplayer();
  /** Of what targets were chosen in, while it is edited. */
  const origins = new DocumentReplayer();
  let offered: Offered | undefined;
  const knotAt = ({ document, at }: At): ReplayedKnot & { readonly program: AnalyzedProgram } => {
    const { knots } = replayer.replay(document);
    const knot = knots.slice(0, at + 1).findLast((each) => each.program !== undefined);
    if (knot?.program === undefined) throw new Error("The document has no program.");
    return { ...knot, program: knot.program };
  };
  return {
    replay(document) {
      const began = performance.now();
      const { knots, notices } = replayer.replay(document);
      const steps = knots.map((knot) => knot.view);
      return { steps, notices, milliseconds: performance.now() - began };
    },

    offers({ selection, ...at }) {
      const began = performance.now();
      const knot = knotAt(at);
      const blocked = firstError(knot) !== undefined;
      // Typing often leaves the program as it is: blanks, comments.
      if (!blocked && (offered === undefined || !isOf(offered, knot, selection))) {
        const { program, chain } = knot;
        offered = { program, chain, selection, offers: offerViews(program, selection, chain) };
      }
      return {
        offers: blocked || offered === undefined ? [] : offered.offers,
        blocked,
        milliseconds: performance.now() - began,
      };
    },

    async remedies({ step, ...at }, { signal }) {
      const { program, chain } = knotAt(at);
      const work = remedies(program, step, chain);
      for (;;) {
        await nextTurn();
        if (signal.aborted) throw cancelled();
        const { done, value } = work.next();
        if (done === true) return value.map(remedyView);
      }
    },

    async ruleVerdicts(at, { signal }) {
      const knot = knotAt(at);
      const { program, chain } = knot;
      const verdicts: RuleVerdict[] = [];
      if (firstError(knot) !== undefined || program.rules.size > MOST_RULES_ALONE) return verdicts;
      for (const rule of program.rules.keys()) {
        await nextTurn();
        if (signal.aborted) throw cancelled();
        verdicts.push(ruleVerdict(program, rule, chain));
      }
      return verdicts;
    },

    preview({ offer, ...at }) {
      const before = knotAt(at);
      const unread = firstError(before);
      if (unread !== undefined) {
        throw new Error(`Line ${unread.line} has an error. Rewrites apply once it is mended.`);
      }
      const { name, partitions, waiver } = offer;
      const requests = chosenSteps(offer.steps, {
        ...(name === undefined ? {} : { name }),
        ...(partitions === undefined ? {} : { partitions }),
        ...(waiver === undefined ? {} : { waiver }),
      });
      const steps: DocumentStep[] = [];
      const origins: StepView["origins"][] = [];
      let knot: ReplayedKnot = before;
      requests.forEach((request, i) => {
        const last = i === requests.length - 1;
        const step = documentStep(knot.program!, request, last ? name : undefined);
        knot = knotAfter(knot.program!, knot.chain, step, at.at + i + 1);
        const { broken } = knot.view;
        if (broken !== undefined) throw new Error(broken.reason);
        steps.push(step);
        origins.push(knot.view.origins);
      });
      if (knot.view.view === undefined) throw new Error("There is nothing to apply.");
      return { steps, origins, view: knot.view.view };
    },

    rebase({ before, after, was }) {
      const { knots } = origins.replay(before);
      const [base] = replayer.replay(after).knots;
      const steps = after.steps.map((step, index) => {
        const from = was[index];
        return {
          step: from === undefined ? step : withTarget(step, before.steps[from]),
          was: from,
        };
      });
      const rebased = base === undefined ? undefined : rebaseSteps(knots, base, steps);
      return rebased === undefined ? { kind: "waiting" } : { kind: "steps", ...rebased };
    },

    gather({ files, open }) {
      if (open === undefined) return gatherFiles(files, undefined);
      const { fileName: name, text, includes = [] } = open;
      return gatherFiles(files, { name, text, includes });
    },

    convert({ to, ...at }) {
      const knot = knotAt(at);
      const error = firstError(knot);
      if (error !== undefined) {
        return { kind: "refused", message: `Line ${error.line}: ${error.message}` };
      }
      const { program, view } = knot;
      const isBare = (relation: RelationName): boolean => isConstant(program, relation);
      const { text = "", dialect } = view.view ?? {};
      const { fileName, includes = [] } = at.document;
      const options = { fileName, ...(at.at === 0 && { includes }), ...(dialect && { dialect }) };
      const from = { text, ...read(text, options) };
      const printed = convertProgram(program.program, to, isBare, from);
      return printed.kind === "text"
        ? printed
        : { kind: "refused", message: printed.problems.join(" ") };
    },

    plan({ name, ...at }) {
      const { knots } = replayer.replay(at.document);
      const knot = knots[at.at];
      const program = knot?.program;
      if (knot === undefined || program === undefined) {
        const reason = knot?.view.broken?.reason ?? "The document has no such step.";
        return { kind: "refused", message: reason };
      }
      const error = firstError(knot);
      if (error !== undefined) {
        return { kind: "refused", message: `Line ${error.line}: ${error.message}` };
      }
      const steps = at.document.steps.slice(0, at.at);
      const base = knotAt({ ...at, at: 0 }).program;
      const made = makePlan(program, {
        name,
        program: printCompact(program.program),
        derivation: writeDerivation(derivationOf(base, at.document.fileName, steps)),
      });
      if (made.kind === "problems") {
        return { kind: "refused", message: made.problems.map((p) => p.message).join(" ") };
      }
      return { kind: "plan", file: made.plan.file, nodes: made.plan.file.nodes.length };
    },

    exportDerivation({ document, name }) {
      const base = knotAt({ document, at: 0 }).program;
      return { json: writeDerivation(derivationOf(base, name, document.steps)) };
    },

    checkDeployment({ json }) {
      const result = readDeployment(json);
      return { message: result.kind === "ok" ? undefined : problemsSentence(result.problems) };
    },

    importDerivation({ document, json }) {
      const result = readDerivation(json);
      if (result.kind === "problems") {
        return { kind: "refused", message: problemsSentence(result.problems) };
      }
      const base = knotAt({ document, at: 0 }).program;
      const differs = programSha256(base.program) !== result.derivation.base.sha256;
      const notices = differs
        ? ["This derivation was made from another base program; its steps were checked again."]
        : [];
      return { kind: "derivation", steps: result.derivation.steps, notices };
    },
  };
}

function remedyView({ kind, sentence, rules, first, declare }: Remedy): RemedyView {
  return {
    kind,
    sentence,
    first,
    ...(rules && { rules }),
    ...(declare && { declare: declare.map((d) => `${printDeclaration(d)}\n`).join("") }),
  };
}

/** What was offered last, and for what. */
interface Offered {
  readonly program: AnalyzedProgram;
  readonly chain: Chain;
  readonly selection: Selection;
  readonly offers: readonly OfferView[];
}

function isOf(offered: Offered, { program, chain }: ReplayedKnot, selection: Selection): boolean {
  return (
    offered.program === program &&
    offered.chain.lockstep === chain.lockstep &&
    JSON.stringify(offered.selection) === JSON.stringify(selection)
  );
}

/** The step with the target that it had before the edit. */
function withTarget(step: DocumentStep, before: DocumentStep | undefined): DocumentStep {
  if (step.rewrite === "by-hand" || before === undefined || before.rewrite === "by-hand")
    return step;
  return { ...step, target: before.target };
}

/** The first thing that is wrong with a file, where it is, and how many more there are. */
function problemsSentence(
  problems: readonly { readonly pointer: string; readonly message: string }[],
): string {
  const [first, ...others] = problems;
  const more = others.length === 0 ? "" : ` (And ${others.length} more.)`;
  return `At ${first?.pointer || "/"}: ${first?.message ?? ""}${more}`;
}

function documentStep(
  p: AnalyzedProgram,
  request: StepRequest,
  name: string | undefined,
): DocumentStep {
  const rewrite = rewriteNamed(request.rewrite);
  const target = rewrite?.readTarget(request.target);
  const own =
    rewrite === undefined || typeof target === "string"
      ? request.rewrite
      : rewrite.defaultName(p, target);
  return { ...request, name: name ?? own };
}
