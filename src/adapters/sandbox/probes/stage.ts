/**
 * Sets up the targets that probes try to reach: files, sockets and a process of the worker. All are open to every user, so that
 * only the sandbox can hide them.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { homeFolder } from '../../machine/home';
import { makeTemporary } from '../../machine/temporaries';

export interface ProbeTargets {
  canary: string;
  canaryText: string;
  scratch: string;
  source: string;
  home: string;
  port: number;
  /** 0 if this machine has no IPv6. */
  port6: number;
  abstract: string;
  socket: string;
  pid: number;
  /** The start time of the worker's process, in clock ticks: inside the sandbox, another process may have the same id. */
  started: string;
  machine: string;
  /** A word that only commands of these probes have on their command line. */
  mark: string;
}

export async function withProbeTargets<T>(outside: string, use: (targets: ProbeTargets) => Promise<T>): Promise<T> {
  const folder = await makeTemporary(outside, 'stage');
  const word = randomBytes(9).toString('hex');
  const servers: Server[] = [];
  const listen = async (address: object): Promise<Server> => {
    const server = createServer((socket) => socket.destroy());
    servers.push(server);
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(address, resolve));
    return server;
  };
  const targets = { abstract: `q-stage-${word}`, socket: join(folder, 'socket'), mark: `q-mark-${word}` };
  try {
    const canary = await placeFiles(folder, word);
    const port = portOf(await listen({ host: '127.0.0.1', port: 0 }));
    const port6 = await listen({ host: '::1', port: 0 }).then(portOf, () => 0);
    await listen({ path: `\0${targets.abstract}` });
    await listen({ path: targets.socket });
    await chmod(targets.socket, 0o777);
    const scratch = join(folder, 'q-scratch-other');
    const worker = {
      source: __filename,
      home: homeFolder() ?? '/root',
      pid: process.pid,
      started: await readOwnStart(),
    };
    return await use({ ...targets, ...worker, canary, canaryText: word, scratch, port, port6, machine: hostname() });
  } finally {
    for (const server of servers) server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function placeFiles(folder: string, text: string): Promise<string> {
  const canary = join(folder, 'canary');
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'q-scratch-other'), { mode: 0o755 });
  await writeFile(canary, text);
  await chmod(canary, 0o644);
  return canary;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function readOwnStart(): Promise<string> {
  const stat = await readFile('/proc/self/stat', 'utf8').catch(() => '');
  // Field 19 after the command name, which stands in parentheses, is the start time.
  return stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[19] ?? '';
}
