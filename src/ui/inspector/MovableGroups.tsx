import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import type { FoundGroups, GroupView, KeyView } from "../../workers/groupsApi.ts";
import type { ProgramView } from "../../workers/workspaceApi.ts";
import { afterLayout } from "../dataflow/layoutClient.ts";
import { VerdictIcon } from "../icons/VerdictIcon.tsx";
import { Prose } from "../shell/Prose.tsx";
import { useClew } from "../store/clewStore.ts";
import { shownView } from "../store/selectors.ts";
import { findGroups } from "./groupsWorker.ts";
import "./movableGroups.css";

/** Groups are looked for once the text is at rest and the picture stands, and unasked only where that takes a second or two. */
const QUIET_MILLISECONDS = 1_000;
const MOST_RULES_UNASKED = 30;

type Search =
  | { readonly kind: "waiting" | "offered" }
  | { readonly kind: "running" | "done"; readonly found: FoundGroups }
  | { readonly kind: "failed"; readonly message: string };

const known = new WeakMap<ProgramView, FoundGroups>();

/** The largest groups of rules that can get a node of their own, and keys; those first that help the busiest node most. */
export default function MovableGroups(): ReactNode {
  const view = useClew(shownView);
  const bound = useClew((state) => {
    const steps = state.replay?.steps.slice(0, (state.document?.at ?? 0) + 1) ?? [];
    return steps.some(({ verdict }) => verdict === "lockstep");
  });
  const hasErrors = view?.diagnostics.some(({ severity }) => severity === "error") ?? true;
  if (view === undefined || hasErrors || view.rules.length < 2) return null;
  return <GroupsOf key={view.canonical} view={view} bound={bound} />;
}

function GroupsOf({
  view,
  bound,
}: {
  readonly view: ProgramView;
  readonly bound: boolean;
}): ReactNode {
  const isSmall = view.rules.length <= MOST_RULES_UNASKED;
  const [asked, setAsked] = useState(isSmall);
  const search = useSearch(view, bound, asked, isSmall ? QUIET_MILLISECONDS : 0);
  const select = useClew((state) => state.select);
  const found = "found" in search ? search.found : undefined;
  const groups = (found?.groups ?? []).filter(({ rules }) => rules.length > 1);
  const keys = found?.keys ?? [];
  const isEmpty = groups.length === 0 && keys.length === 0;
  if (search.kind === "waiting" || (search.kind === "done" && isEmpty)) return null;
  const rulesOf = (component: string) =>
    view.rules.filter((rule) => rule.component === component).map(({ id }) => id);
  return (
    <>
      {(groups.length > 0 || search.kind !== "done") && <h3>Groups that can move together</h3>}
      {search.kind === "offered" && (
        <p>
          <button className="button" onClick={() => setAsked(true)}>
            Find groups
          </button>
        </p>
      )}
      {search.kind === "failed" && <p role="alert">They could not be found: {search.message}</p>}
      {groups.length > 0 && (
        <ul aria-label="Groups that can move together">
          {groups.map((group) => (
            <li key={`${group.rewrite} ${group.rules.join()}`}>
              <Row
                title={capitalized(group.words)}
                found={group}
                before={found?.before}
                onClick={() => select({ rules: group.rules }, "replace", "elsewhere")}
              />
            </li>
          ))}
        </ul>
      )}
      {keys.length > 0 && (
        <>
          <h3>Keys that components can be split by</h3>
          <ul aria-label="Keys that components can be split by">
            {keys.map((key) => (
              <li key={key.words}>
                <Row
                  title={key.words}
                  found={key}
                  before={found?.before}
                  onClick={() => select({ rules: rulesOf(key.component) }, "replace", "elsewhere")}
                />
              </li>
            ))}
          </ul>
        </>
      )}
      {search.kind === "running" && (
        <p className="quiet" role="status">
          Looking for groups…{" "}
          <button className="button" onClick={() => setAsked(false)}>
            Stop
          </button>
        </p>
      )}
    </>
  );
}

function Row({
  title,
  found,
  before,
  onClick,
}: {
  readonly title: string;
  readonly found: GroupView | KeyView;
  readonly before: number | undefined;
  readonly onClick: () => void;
}): ReactNode {
  return (
    <button className="rule-row group-row" onClick={onClick}>
      <b>
        <Prose text={title} />
      </b>
      {"rules" in found && <span className="quiet">{found.component}</span>}
      <span className="panel-space" />
      <span className="group-rewrite">
        <VerdictIcon verdict={mark(found)} labelled={false} />
        {capitalized(
          found.rewrite.replace(/ (decoupling|partitioning)$|^Partitioning (by|with) /, ""),
        )}
      </span>
      <span className="quiet group-effect">
        {effect(found, before)}
        {"own" in found && found.own !== undefined && `; ${ownEffect(found.component, found.own)}`}
      </span>
    </button>
  );
}

function mark({ verdict, inserted }: GroupView | KeyView) {
  return verdict === "holds" && inserted > 0 ? "inserted" : verdict;
}

/** What it does to the busiest node: allowed is not the same as worthwhile. */
function effect({ after }: GroupView | KeyView, before: number | undefined): string {
  if (before === undefined || after === undefined) return "busiest node not measured";
  const change = `busiest node: ${amount(before)} → ${amount(after)} msg/cmd`;
  return after > before ? `${change}, busier` : change;
}

function ownEffect(component: string, own: NonNullable<KeyView["own"]>): string {
  return `${component}: ${amount(own.before)} → ${amount(own.after)}`;
}

function amount(messages: number): number {
  return Number(messages.toFixed(1));
}

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function useSearch(view: ProgramView, bound: boolean, asked: boolean, delay: number): Search {
  const [search, setSearch] = useState<Search>(() => {
    const found = known.get(view);
    if (found !== undefined) return { kind: "done", found };
    return { kind: asked ? "waiting" : "offered" };
  });
  useEffect(() => {
    if (!asked || known.has(view)) return;
    let isCurrent = true;
    let stop = (): void => undefined;
    const start = (): void => {
      setSearch({ kind: "running", found: { before: undefined, groups: [], keys: [] } });
      const work = findGroups(view, bound, (found) => setSearch({ kind: "running", found }));
      stop = work.stop;
      work.answer.then(
        (found) => {
          known.set(view, found);
          if (isCurrent) setSearch({ kind: "done", found });
        },
        (error: unknown) =>
          isCurrent &&
          setSearch({
            kind: "failed",
            message: error instanceof Error ? error.message : String(error),
          }),
      );
    };
    const timer = setTimeout(async () => {
      await afterLayout();
      if (isCurrent) start();
    }, delay);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
      stop();
      setSearch((now) => (now.kind === "running" ? { kind: "offered" } : now));
    };
  }, [view, bound, asked, delay]);
  return search;
}
