import type { NodeFigures } from "../plan/results.ts";
import type { FromProcess, ToProcess } from "./messages.ts";
import { startProcess } from "./processes.ts";
import type { RunProcess } from "./processes.ts";

/** One process of a run and what it has said of itself. */
export interface Member {
  readonly process: RunProcess;
  readonly component: string;
  port: number | undefined;
  lost: boolean;
  /** At the start of the measured part, and the latest. */
  before: NodeFigures | undefined;
  latest: NodeFigures | undefined;
}

export interface MemberEvents {
  readonly heard: (member: Member, message: FromProcess) => void;
  readonly lost: (member: Member, how: string, output: string) => void;
}

/** All processes of a run, by address. */
export interface RunMembers {
  start(address: string, component: string): Member;
  send(address: string, message: ToProcess): void;
  sendAll(message: ToProcess): void;
  /** Those that have not been lost. */
  alive(): readonly Member[];
  /** Addresses of those that do not listen yet. */
  notReady(): readonly string[];
  /** Where each listens; complete once nobody is `notReady`. */
  ports(): Readonly<Record<string, number>>;
  pids(): Readonly<Record<string, number | undefined>>;
  /** What each node used in the measured part; of a lost one, until its last sample. */
  figures(): Readonly<Record<string, NodeFigures>>;
  /** What one process used in the measured part, whatever it is. */
  figuresOf(address: string): NodeFigures | undefined;
  /** Ends them all for good; resolves when they are gone. */
  end(): Promise<void>;
}

export function runMembers(events: MemberEvents): RunMembers {
  const members = new Map<string, Member>();
  const all = (): readonly Member[] => [...members.values()];
  return {
    start(address, component) {
      const process = startProcess(address, {
        said: (message) => events.heard(member, message),
        lost: (how, output) => events.lost(member, how, output),
      });
      const member: Member = {
        process,
        component,
        port: undefined,
        lost: false,
        before: undefined,
        latest: undefined,
      };
      members.set(address, member);
      return member;
    },
    send: (address, message) => members.get(address)?.process.send(message),
    sendAll: (message) => all().forEach(({ process }) => process.send(message)),
    alive: () => all().filter((m) => !m.lost),
    notReady: () =>
      all()
        .filter((m) => m.port === undefined)
        .map((m) => m.process.address),
    ports: () => Object.fromEntries([...members].map(([address, m]) => [address, m.port ?? 0])),
    pids: () => Object.fromEntries([...members].map(([address, m]) => [address, m.process.pid])),
    figures: () =>
      Object.fromEntries(
        [...members].flatMap(([address, member]) =>
          member.component === "" ? [] : [[address, usedBy(member)]],
        ),
      ),
    figuresOf: (address) => {
      const member = members.get(address);
      return member === undefined ? undefined : usedBy(member);
    },
    end: () => Promise.all(all().map((m) => m.process.end())).then(() => undefined),
  };
}

function usedBy({ component, before, latest }: Member): NodeFigures {
  const from = before ?? latest;
  const used = (what: Exclude<keyof NodeFigures, "component">): number =>
    (latest?.[what] ?? 0) - (from?.[what] ?? 0);
  return {
    component,
    cpuSeconds: used("cpuSeconds"),
    sampledSeconds: used("sampledSeconds"),
    memoryBytes: latest?.memoryBytes ?? 0,
    messagesIn: used("messagesIn"),
    messagesOut: used("messagesOut"),
    rowsIn: used("rowsIn"),
    rowsOut: used("rowsOut"),
  };
}
