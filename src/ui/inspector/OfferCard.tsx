import { useEffect, useId, useMemo, useState } from "react";
import type { FormEvent, ReactNode } from "react";
import type { OfferRequest, OfferView } from "../../workers/workspaceApi.ts";
import { VerdictIcon } from "../icons/VerdictIcon.tsx";
import { useClew } from "../store/clewStore.ts";
import { Prose } from "../shell/Prose.tsx";
import { offerMark } from "../text/offerWord.ts";
import { CostChange } from "./CostChange.tsx";
import { AllConditions, HeldConditions, LockstepConditions } from "./Conditions.tsx";
import { Refusal } from "./Refusal.tsx";

/** One rewrite of the selection. The focused card alone is open, and alone paints text and graph. */
export default function OfferCard({
  offer,
  open,
}: {
  readonly offer: OfferView;
  readonly open: boolean;
}): ReactNode {
  const focus = useClew((state) => state.focusOffer);
  const body = useId();
  return (
    <article className={`card card-${offer.verdict}${open ? " card-open" : ""}`}>
      <h4>
        <button
          className="card-head"
          data-card-head
          {...(open ? { "data-first-focus": true } : {})}
          aria-expanded={open}
          aria-controls={body}
          onClick={() => focus(open ? undefined : offer.key)}
        >
          <VerdictIcon verdict={offerMark(offer)} labelled={false} />
          <span className="card-title">
            <Prose text={offer.title} />
          </span>
          <Badge offer={offer} />
        </button>
      </h4>
      <div id={body} className="card-body">
        {open ? <OpenBody offer={offer} /> : <ClosedBody offer={offer} />}
      </div>
    </article>
  );
}

function Badge({ offer }: { readonly offer: OfferView }): ReactNode {
  const violated = offer.preconditions.filter((p) => p.verdict === "violated").length;
  switch (offer.verdict) {
    case "holds":
      return (
        <span className="badge badge-ok">
          <VerdictIcon verdict="holds" size={12} labelled={false} /> Any clock
        </span>
      );
    case "lockstep":
      return (
        <span className="badge badge-lock">
          <VerdictIcon verdict="lockstep" size={12} labelled={false} /> Lock-step only
        </span>
      );
    case "violated":
      return (
        <span className="badge badge-no">
          <VerdictIcon verdict="violated" size={12} labelled={false} /> {violated} of{" "}
          {offer.preconditions.length} violated
        </span>
      );
  }
}

function ClosedBody({ offer }: { readonly offer: OfferView }): ReactNode {
  const decisive = offer.preconditions.find(
    (p) => p.verdict === offer.verdict && p.verdict !== "holds",
  );
  return (
    <p className="card-summary">
      <Prose text={decisive?.statement ?? offer.inserted[0] ?? offer.summary} />
    </p>
  );
}

function OpenBody({ offer }: { readonly offer: OfferView }): ReactNode {
  if (offer.verdict === "violated") return <Refusal offer={offer} />;
  return (
    <>
      <p className="card-summary">
        <Prose text={offer.summary} />
      </p>
      {offer.inserted.length > 0 && (
        <ul className="inserted">
          {offer.inserted.map((sentence) => (
            <li key={sentence}>
              <VerdictIcon verdict="inserted" size={14} labelled={false} />
              <span>
                <b>First, an inserted step.</b> <Prose text={sentence} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {offer.verdict === "lockstep" ? (
        <>
          <LockstepConditions offer={offer} />
          <HeldConditions offer={offer} />
        </>
      ) : (
        <AllConditions offer={offer} />
      )}
      <CostChange />
      <ApplyForm key={formKey(offer)} offer={offer} />
      <p className="citation">{offer.citation}</p>
    </>
  );
}

/** What is typed stays while the text is edited, and goes with the selection: a form is of one rewrite of some rules. */
function formKey({ key, defaultName, partitions }: OfferView): string {
  return `${key} ${defaultName} ${partitions ?? ""}`;
}

/** Name, partitions, the waiver where one is needed, Apply and Diff. */
function ApplyForm({ offer }: { readonly offer: OfferView }): ReactNode {
  const [name, setName] = useState(offer.defaultName);
  const [partitions, setPartitions] = useState(String(offer.partitions ?? ""));
  const [waived, setWaived] = useState(false);
  const apply = useClew((state) => state.applyOffer);
  const refreshPreview = useClew((state) => state.refreshPreview);
  const showTextTab = useClew((state) => state.showTextTab);
  const textTab = useClew((state) => state.textTab);
  const previewProblem = useClew((state) => state.previewProblem);
  const ids = { name: useId(), partitions: useId(), waiver: useId(), why: useId() };
  const problem = formProblem(offer, name, partitions);
  const request = useMemo(
    (): OfferRequest => ({
      steps: offer.steps,
      name: name.trim(),
      ...(offer.partitions === undefined ? {} : { partitions: Number(partitions) }),
      ...(offer.verdict === "lockstep" ? { waiver: "tick-counts" as const } : {}),
    }),
    [offer, name, partitions],
  );
  useEffect(() => {
    void refreshPreview(problem === undefined ? request : undefined);
  }, [request, problem, refreshPreview]);
  const why =
    problem ??
    previewProblem ??
    (offer.verdict === "lockstep" && !waived ? "Accept the lock-step condition first." : undefined);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (why === undefined) void apply(request);
  };
  return (
    <form className="apply-form" onSubmit={submit}>
      {offer.verdict === "lockstep" && (
        <label className="waiver" htmlFor={ids.waiver}>
          <input
            id={ids.waiver}
            type="checkbox"
            checked={waived}
            onChange={(event) => setWaived(event.currentTarget.checked)}
          />
          <span>
            Tick counts do not matter to me. This is recorded with the step, in the plan and in
            results.
          </span>
        </label>
      )}
      <div className="apply-row">
        <label className="visually-hidden" htmlFor={ids.name}>
          Name
        </label>
        <input
          id={ids.name}
          className="text-input mono apply-name"
          value={name}
          spellCheck={false}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {offer.partitions !== undefined && (
          <label className="apply-partitions" htmlFor={ids.partitions}>
            <input
              id={ids.partitions}
              className="text-input mono"
              type="number"
              min={2}
              max={64}
              value={partitions}
              onChange={(event) => setPartitions(event.currentTarget.value)}
            />
            partitions
          </label>
        )}
        <span className="panel-space" />
        <button
          type="submit"
          className="button button-primary"
          disabled={why !== undefined}
          aria-describedby={why === undefined ? undefined : ids.why}
        >
          Apply <kbd>Enter</kbd>
        </button>
        <button
          type="button"
          className="button"
          aria-pressed={textTab === "preview"}
          onClick={() => showTextTab(textTab === "preview" ? "text" : "preview")}
        >
          Diff
        </button>
      </div>
      {why !== undefined && (
        <p className="form-why" id={ids.why}>
          {why}
        </p>
      )}
    </form>
  );
}

function formProblem(offer: OfferView, name: string, partitions: string): string | undefined {
  if (name.trim() === "") return "The step needs a name.";
  if (offer.namesComponent && !/^[A-Za-z][A-Za-z0-9_']*$/.test(name.trim())) {
    return "A component's name begins with a letter and goes on with letters, digits and underscores.";
  }
  const count = Number(partitions);
  if (offer.partitions !== undefined && !(Number.isInteger(count) && count >= 1 && count <= 64)) {
    return "Choose 1 to 64 partitions.";
  }
  return undefined;
}
