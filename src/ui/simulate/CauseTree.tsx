import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import type { Fact } from "../../evaluator/nodeEngine.ts";
import type { CauseAnswer, CauseFact, CauseSubject, RuleCause } from "../../simulator/causes.ts";
import { arrivalsOf, sendingTick, sinceTick } from "../../simulator/causes.ts";
import { tickText } from "../../simulator/trace.ts";
import { causesOf, subjectKey, useCauses } from "./causeStore.ts";
import type { ToldRun } from "./causeStore.ts";
import { factText, timeText, wholeFactText } from "./factText.ts";
import { RuleChip } from "./RuleChip.tsx";
import { useSimulate } from "./simulateStore.ts";
import type { Side } from "./simulatedRun.ts";

/** Levels that are open at first: the rule, what it matched, and where that came from. */
const OPEN_LEVELS = 4;

interface Told {
  readonly told: ToldRun;
  readonly side: Side;
}

/** "Why committed(3)?": how a fact or a message came about, back over all nodes to a client's request. */
export function CauseTree({ told, side }: Told): ReactNode {
  const asked = useCauses((state) => state.asked);
  const path = useCauses((state) => state.path);
  const close = useCauses((state) => state.close);
  const showPath = useCauses((state) => state.showPath);
  const hidePath = useCauses((state) => state.hidePath);
  if (asked === undefined || asked.trace !== told.trace) return null;
  const { subject } = asked;
  const fact = factOf(told, subject);
  const text = factText(fact.relation, fact.row);
  const shown = path?.trace === told.trace;
  return (
    <section className="cause-tree" aria-label={`Why ${text}?`}>
      <header>
        <h2>
          Why <span className="mono">{text}</span>?
        </h2>
        <button
          className="button button-plain"
          aria-pressed={shown}
          onClick={() => (shown ? hidePath() : void showPath(told))}
        >
          Show path
        </button>
        <button className="button button-plain" aria-label="Close this question" onClick={close}>
          ×
        </button>
      </header>
      <p className="quiet path-note" role="status">
        {shown &&
          `${path.messages.size} messages led here${path.complete ? "" : ", as far as they were followed"}.`}
      </p>
      <ul key={subjectKey(subject)}>
        {subject.kind === "fact" ? (
          <FactCause told={told} side={side} {...subject} path={[]} />
        ) : (
          <MessageCause told={told} side={side} message={subject.message} path={[]} />
        )}
      </ul>
    </section>
  );
}

function factOf({ trace }: ToldRun, subject: CauseSubject): Fact {
  return subject.kind === "fact" ? subject.fact : trace.messages[subject.message]!;
}

type Asked =
  | { readonly kind: "waiting" }
  | { readonly kind: "answer"; readonly answer: CauseAnswer }
  | { readonly kind: "problem"; readonly message: string };

function useAnswer(told: ToldRun, subject: CauseSubject): Asked {
  const key = subjectKey(subject);
  const [asked, setAsked] = useState<Asked>({ kind: "waiting" });
  useEffect(() => {
    let current = true;
    causesOf(told, subject).then(
      (answer) => current && setAsked({ kind: "answer", answer }),
      (error: unknown) =>
        current && setAsked({ kind: "problem", message: (error as Error).message }),
    );
    return () => {
      current = false;
    };
    // The key says all that is asked of a trace.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [told.trace, key]);
  return asked;
}

/** One way in which a fact came about. */
type Way =
  | { readonly kind: "message"; readonly message: number }
  | { readonly kind: "rule"; readonly cause: RuleCause };

function FactCause(
  props: Told & {
    readonly node: number;
    readonly tick: number;
    readonly fact: Fact;
    readonly path: readonly string[];
  },
): ReactNode {
  const { told, side, node, tick, fact, path } = props;
  const { trace, index } = told;
  const since = sinceTick(trace, index, node, tick, fact) ?? tick;
  const subject: CauseSubject = { kind: "fact", node, tick: since, fact };
  const key = subjectKey(subject);
  const asked = useAnswer(told, subject);
  const circular = path.includes(key);
  const [open, setOpen] = useState(path.length < OPEN_LEVELS && !circular);
  const [chosen, setChosen] = useState(0);
  const arrived = arrivalsOf(trace, index, node, since, fact);
  const ways: readonly Way[] = [
    ...arrived.map((message): Way => ({ kind: "message", message })),
    ...(asked.kind === "answer" ? asked.answer.causes : []).map((cause): Way => ({
      kind: "rule",
      cause,
    })),
  ];
  const way = ways[chosen % Math.max(1, ways.length)];
  const address = trace.nodes[node]!.address;
  const at = trace.ticks[index.ticksOf(node)[since - 1] ?? -1]?.at;
  const inner = [...path, key];
  return (
    <li>
      <div className="cause-line">
        <Disclosure
          open={open}
          can={way !== undefined && !circular}
          what={fact}
          onToggle={() => setOpen(!open)}
        />
        <FactButton
          fact={fact}
          title={`${address}, tick ${since}`}
          onClick={() => at !== undefined && goTo(side, address, at)}
        />
        {way?.kind === "rule" && <RuleChip told={told} side={side} cause={way.cause} />}
        {since < tick && <span className="quiet">there since tick {since}</span>}
        {since === tick && way?.kind === "rule" && way.cause.timing === "next" && (
          <span className="next-note">by tick {since - 1}</span>
        )}
        {circular && <span className="quiet">as above</span>}
        {asked.kind === "answer" && ways.length === 0 && (
          <span className="quiet">by its timer</span>
        )}
        {ways.length > 1 && (
          <button className="link-button" onClick={() => setChosen((chosen + 1) % ways.length)}>
            way {(chosen % ways.length) + 1} of {ways.length}
          </button>
        )}
      </div>
      {asked.kind === "problem" && <p className="cause-problem">{asked.message}</p>}
      {open && way !== undefined && !circular && (
        <ul>
          {way.kind === "message" ? (
            <MessageCause key={chosen} told={told} side={side} message={way.message} path={inner} />
          ) : (
            <RuleBody
              key={chosen}
              told={told}
              side={side}
              node={node}
              cause={way.cause}
              path={inner}
            />
          )}
        </ul>
      )}
    </li>
  );
}

function MessageCause(
  props: Told & { readonly message: number; readonly path: readonly string[] },
): ReactNode {
  const { told, side, message: id, path } = props;
  const { trace } = told;
  const subject: CauseSubject = { kind: "message", message: id };
  const message = trace.messages[id]!;
  const asked = useAnswer(told, subject);
  const [open, setOpen] = useState(path.length < OPEN_LEVELS);
  const sender = sendingTick(trace, id);
  const cause = asked.kind === "answer" ? asked.answer.causes[0] : undefined;
  return (
    <li>
      <div className="cause-line">
        <Disclosure
          open={open}
          can={cause !== undefined}
          what={message}
          onToggle={() => setOpen(!open)}
        />
        <button
          className="cause-fact message-cause"
          title={`${wholeFactText(message.relation, message.row)}, sent at ${timeText(message.sentAt)} ms`}
          onClick={() => goTo(side, message.from, message.sentAt)}
        >
          <span aria-hidden="true">✉ </span>
          {sender === undefined ? (
            <>
              request {requestOf(told, id) ?? ""} of <b>{message.from}</b>
            </>
          ) : (
            <>
              from <b>{message.from}</b>, {tickText(sender)}
            </>
          )}
        </button>
        {cause && <RuleChip told={told} side={side} cause={cause} />}
      </div>
      {asked.kind === "problem" && <p className="cause-problem">{asked.message}</p>}
      {open && cause && sender && (
        <ul>
          <RuleBody
            told={told}
            side={side}
            node={sender.node}
            cause={cause}
            path={[...path, subjectKey(subject)]}
          />
        </ul>
      )}
    </li>
  );
}

/** The number of the client's request that a message is. */
function requestOf({ trace }: ToldRun, id: number): number | undefined {
  const { sentAt, row } = trace.messages[id]!;
  const text = factText("", row);
  return trace.requests.find((r) => r.sentAt === sentAt && factText("", r.input) === text)?.number;
}

/** What a rule matched, and what it found absent. */
function RuleBody(
  props: Told & {
    readonly node: number;
    readonly cause: RuleCause;
    readonly path: readonly string[];
  },
): ReactNode {
  const { cause, ...rest } = props;
  const { facts, group, absent, conditions } = cause;
  const members = group?.members.flat() ?? [];
  const more = group === undefined ? 0 : group.size - group.members.length;
  return (
    <>
      {group !== undefined && (
        <li className="cause-note quiet">
          gathered over {group.size} {group.size === 1 ? "match" : "matches"}
        </li>
      )}
      {[...facts, ...members].map((one, i) => (
        <BodyFact key={i} {...rest} one={one} />
      ))}
      {more > 0 && <li className="cause-note quiet">and {more} more</li>}
      {absent.map((literal) => (
        <li key={literal} className="cause-note">
          no <span className="mono">{literal.replace(/^!/, "")}</span> was there
        </li>
      ))}
      {conditions.map((literal) => (
        <li key={literal} className="cause-note mono quiet">
          {literal}
        </li>
      ))}
    </>
  );
}

function BodyFact(
  props: Told & {
    readonly node: number;
    readonly one: CauseFact;
    readonly path: readonly string[];
  },
): ReactNode {
  const { one, ...rest } = props;
  const { fact, tick, constant } = one;
  if (!constant) return <FactCause {...rest} tick={tick} fact={fact} />;
  return (
    <li className="cause-note" title={wholeFactText(fact.relation, fact.row)}>
      <span className="mono">{factText(fact.relation, fact.row)}</span>{" "}
      <span className="quiet">constant</span>
    </li>
  );
}

function goTo(side: Side, address: string, at: number): void {
  const { run, look, moveTo } = useSimulate.getState();
  if (run?.[side]?.nodes.some((node) => node.address === address)) look(side, address);
  moveTo(at);
}

function FactButton(props: {
  readonly fact: Fact;
  readonly title: string;
  onClick(): void;
}): ReactNode {
  const { fact, title, onClick } = props;
  return (
    <button
      className="cause-fact mono"
      title={`${wholeFactText(fact.relation, fact.row)}\nGo to ${title}`}
      onClick={onClick}
    >
      {factText(fact.relation, fact.row)}
    </button>
  );
}

function Disclosure(props: {
  readonly open: boolean;
  readonly can: boolean;
  readonly what: Fact;
  onToggle(): void;
}): ReactNode {
  const { open, can, what, onToggle } = props;
  if (!can) return null;
  return (
    <button
      className="cause-toggle"
      aria-expanded={open}
      aria-label={`Causes of ${factText(what.relation, what.row)}`}
      onClick={onToggle}
    >
      {open ? "▾" : "▸"}
    </button>
  );
}
