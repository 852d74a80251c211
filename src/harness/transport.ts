import type { Fact } from "../evaluator/nodeEngine.ts";
import type { Row } from "../program/value.ts";
import { listenForLinks } from "./incomingLinks.ts";
import { createOutgoingLink } from "./outgoingLink.ts";
import type { LinkFigures, OutgoingLink } from "./outgoingLink.ts";
import type { WireSchema } from "./wire.ts";

/** One process's end of all its links to the others of a run, over TCP on loopback. */
export interface Transport {
  readonly port: number;
  /** Counted since the start; a message is a frame. */
  readonly figures: Readonly<LinkFigures>;
  /** Where everybody is; nothing is sent before this is known. */
  connect(ports: Readonly<Record<string, number>>): void;
  /** False when no such address is in the run. */
  send(to: string, relation: string, row: Row): boolean;
  /** Hands everything sent so far to the network. */
  flush(): void;
  /** A peer that died: what waits for it is dropped, and nothing more is sent to it. */
  forget(address: string): void;
  close(): void;
}

export interface TransportOptions {
  readonly address: string;
  /** 0, or absent: the operating system chooses. */
  readonly port?: number;
  /** Known to every process of the run and to nobody else. */
  readonly secret: string;
  readonly schema: WireSchema;
  /** Facts that came in together. Facts from this process to itself come this way too. */
  readonly receive: (facts: readonly Fact[]) => void;
  readonly malformed: (from: string, message: string) => void;
}

export async function createTransport(options: TransportOptions): Promise<Transport> {
  const { address, secret, schema } = options;
  const figures: LinkFigures = { messagesIn: 0, messagesOut: 0, rowsIn: 0, rowsOut: 0 };
  const links = new Map<string, OutgoingLink>();
  const dirty = new Set<OutgoingLink>();
  const gone = new Set<string>();
  let ports = new Map<string, number>();
  let arrived: Fact[] = [];

  function handOver(): void {
    if (arrived.length === 0) return;
    const facts = arrived;
    arrived = [];
    options.receive(facts);
  }

  const incoming = await listenForLinks(schema, options.port ?? 0, secret, figures, {
    deliver: (fact) => arrived.push(fact),
    delivered: handOver,
    malformed: options.malformed,
  });

  function linkTo(to: string): OutgoingLink | undefined {
    const port = ports.get(to);
    if (port === undefined) return undefined;
    const link = createOutgoingLink(schema, port, { secret, from: address }, figures);
    links.set(to, link);
    return link;
  }

  return {
    port: incoming.port,
    figures,
    connect(known) {
      ports = new Map(Object.entries(known));
    },
    send(to, relation, row) {
      if (to === address) {
        arrived.push({ relation, row });
        return true;
      }
      if (gone.has(to)) return true;
      const link = links.get(to) ?? linkTo(to);
      if (link === undefined) return false;
      link.add(relation, row);
      dirty.add(link);
      return true;
    },
    flush() {
      for (const link of dirty) link.flush();
      dirty.clear();
      handOver();
    },
    forget(peer) {
      gone.add(peer);
      const link = links.get(peer);
      if (link === undefined) return;
      link.close();
      dirty.delete(link);
      links.delete(peer);
    },
    close() {
      for (const link of links.values()) link.close();
      incoming.close();
    },
  };
}
