import { Suspense, useEffect, useRef } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import type { Verdict } from "../../rewrites/rewrite.ts";
import type { OfferView } from "../../workers/workspaceApi.ts";
import { VerdictIcon } from "../icons/VerdictIcon.tsx";
import { useClew } from "../store/clewStore.ts";
import { asksWhyNot } from "../store/selectors.ts";
import { isCheckShown, useCheckShown } from "../verify/checkShown.ts";
import { SelectedRules } from "./SelectedRules.tsx";
import { SelectedSource } from "./SelectedSource.tsx";
import { WholeProgram } from "./WholeProgram.tsx";
import "./inspector.css";
import { lazyPart } from "../shell/lazyPart.tsx";

const SETTLED_MILLISECONDS = 500;
// Not of the first picture, as nothing is selected then; fetched right after it, so that the first selection need not wait.
const loadCard = () => import("./OfferCard.tsx");
const OfferCard = lazyPart(loadCard);
const FactsTab = lazyPart(() => import("./FactsTab.tsx"));

/** What is selected, what may be done with it, and why or why not. */
export function Inspector({ withSource = false }: { readonly withSource?: boolean }): ReactNode {
  const tab = useClew((state) => state.inspectorTab);
  const show = useClew((state) => state.showInspectorTab);
  const explains = useClew(asksWhyNot);
  const checks = useCheckShown(isCheckShown);
  useEffect(() => {
    const later = setTimeout(() => void loadCard(), SETTLED_MILLISECONDS);
    return () => clearTimeout(later);
  }, []);
  return (
    <section
      className="panel"
      inert={(explains || checks) && !withSource}
      data-panel-id="inspector"
      aria-label="Rewrites and facts"
      tabIndex={-1}
    >
      <div className="panel-header">
        <SelectedRules />
        <span className="panel-space" />
        <div className="tab-group" role="group" aria-label="Show of the selection">
          <button
            className="tab-button"
            aria-pressed={tab === "rewrites"}
            onClick={() => show("rewrites")}
          >
            Rewrites
          </button>
          <button
            className="tab-button"
            aria-pressed={tab === "facts"}
            onClick={() => show("facts")}
          >
            Facts
          </button>
        </div>
      </div>
      <div className="panel-body inspector-body">
        {withSource && <SelectedSource />}
        <Suspense>{tab === "rewrites" ? <Offers /> : <FactsTab />}</Suspense>
      </div>
    </section>
  );
}

function Offers(): ReactNode {
  const offers = useClew((state) => state.offers);
  const stale = useClew((state) => state.offersStale);
  const selected = useClew((state) => state.selectedRules.size);
  const focused = useClew((state) => state.focusedOffer);
  const focus = useClew((state) => state.focusOffer);
  const list = useRef<HTMLDivElement>(null);
  if (selected === 0) return <WholeProgram />;
  const rewrites = offers.filter((offer) => !offer.normalisation);
  const normalisations = offers.filter((offer) => offer.normalisation);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && applyOpenCard(event.target)) event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || !(event.target instanceof HTMLElement) || event.target.matches("input"))
      return;
    const index = offers.findIndex((offer) => offer.key === focused);
    const next = offers[Math.max(0, Math.min(offers.length - 1, index + step))];
    if (next === undefined) return;
    event.preventDefault();
    focus(next.key);
    list.current?.querySelectorAll<HTMLElement>("[data-card-head]")[offers.indexOf(next)]?.focus();
  };
  return (
    <div
      className={stale ? "offers stale" : "offers"}
      ref={list}
      role="presentation"
      onKeyDown={onKeyDown}
    >
      <div className="offers-title">
        <h3>Rewrites of this selection</h3>
        <Counts offers={rewrites} />
      </div>
      {offers.length === 0 &&
        (stale ? <p className="empty judging">Judging the rewrites…</p> : <NothingOffered />)}
      {rewrites.map((offer) => (
        <OfferCard key={offer.key} offer={offer} open={offer.key === focused} />
      ))}
      {normalisations.length > 0 && (
        <details className="normalisations" open={normalisations.some((o) => o.key === focused)}>
          <summary>Small steps that rewrites insert where they need them</summary>
          <div className="offers">
            {normalisations.map((offer) => (
              <OfferCard key={offer.key} offer={offer} open={offer.key === focused} />
            ))}
          </div>
        </details>
      )}
    </div>
  );
}

/** Enter on the open card's head applies it; Space folds it. False when there is nothing to apply. */
function applyOpenCard(target: EventTarget): boolean {
  if (
    !(target instanceof HTMLElement) ||
    !target.matches('[data-card-head][aria-expanded="true"]')
  ) {
    return false;
  }
  const form = target.closest("article")?.querySelector("form");
  form?.requestSubmit();
  return form !== null && form !== undefined;
}

function Counts({ offers }: { readonly offers: readonly OfferView[] }): ReactNode {
  const verdicts: readonly Verdict[] = ["holds", "lockstep", "violated"];
  return (
    <span className="counts">
      {verdicts.map((verdict) => {
        const count = offers.filter((offer) => offer.verdict === verdict).length;
        return count === 0 ? null : (
          <span key={verdict} className={`verdict-${verdict}`}>
            <VerdictIcon verdict={verdict} size={14} /> {count}
          </span>
        );
      })}
    </span>
  );
}

function NothingOffered(): ReactNode {
  const several = useClew((state) => {
    const rules = state.replay?.steps[state.document?.at ?? 0]?.view?.rules ?? [];
    return (
      new Set(rules.filter((r) => state.selectedRules.has(r.id)).map((r) => r.component)).size > 1
    );
  });
  return (
    <p className="empty">
      {several
        ? "These rules are of different components. A rewrite takes rules of one component."
        : "Rewrites are offered once the program has no errors."}
    </p>
  );
}
