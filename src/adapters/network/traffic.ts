/**
 * Counts the traffic of a proxy: connections, bytes and times of each server, and the refused servers. Its memory is bounded.
 */
import type { Socket } from 'node:net';
import { FETCHED_LIMIT } from '../../domain/fetched';
import type { Downloads } from '../../domain/fetched';

export interface Traffic {
  recordConnection(server: string, socket: Socket): void;
  recordRefusal(server: string): void;
  /** Returns the counts so far, open connections included. */
  read(): Downloads;
}

interface ServerTraffic {
  connections: number;
  received: number;
  sent: number;
  firstAt: string;
  lastAt: string;
  openSockets: Set<Socket>;
}

/** A step can ask for very long names; longer ones are cut. */
const MAX_NAME_CHARS = 300;

export function createTraffic(): Traffic {
  const servers = new Map<string, ServerTraffic>();
  const refused = new Set<string>();
  const omitted = { servers: 0, refused: 0 };
  return {
    recordConnection(server, socket) {
      const now = new Date().toISOString();
      const serverTraffic = servers.get(server) ?? {
        ...ZERO_COUNTS,
        firstAt: now,
        lastAt: now,
        openSockets: new Set(),
      };
      if (!servers.has(server) && servers.size === FETCHED_LIMIT) {
        omitted.servers += 1;
        return;
      }
      servers.set(server, serverTraffic);
      serverTraffic.connections += 1;
      serverTraffic.lastAt = now;
      serverTraffic.openSockets.add(socket);
      socket.once('close', () => {
        serverTraffic.openSockets.delete(socket);
        serverTraffic.received += socket.bytesRead;
        serverTraffic.sent += socket.bytesWritten;
        serverTraffic.lastAt = new Date().toISOString();
      });
    },
    recordRefusal(server) {
      const name = server.slice(0, MAX_NAME_CHARS);
      if (refused.has(name)) return;
      if (refused.size === FETCHED_LIMIT) omitted.refused += 1;
      else refused.add(name);
    },
    read: () => ({
      servers: [...servers].map(([server, { connections, received, sent, firstAt, lastAt, openSockets }]) => ({
        server,
        connections,
        received_bytes: received + sum(openSockets, ({ bytesRead }) => bytesRead),
        sent_bytes: sent + sum(openSockets, ({ bytesWritten }) => bytesWritten),
        first_at: firstAt,
        last_at: lastAt,
      })),
      refused: [...refused].sort(),
      omitted: { ...omitted },
    }),
  };
}

const ZERO_COUNTS = { connections: 0, received: 0, sent: 0 };

function sum(sockets: Set<Socket>, bytesOf: (socket: Socket) => number): number {
  return [...sockets].reduce((total, socket) => total + bytesOf(socket), 0);
}
