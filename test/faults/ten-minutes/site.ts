/**
 * A whole installation on one data folder: a host (`npm start`), a further worker and API, and their Temporal server. Each is
 * started again when it ends, as a supervisor does.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { storedCallFile } from '../../../bench/faults/audit';
import { startMockModel } from '../../../bench/faults/mock-model';
import type { MockModel } from '../../../bench/faults/mock-model';
import { makeRepository } from '../../../bench/example';
import { cleanUp } from '../../../bench/cleanup';
import { freePort } from '../../../src/adapters/temporal/ports';
import { readRecord } from '../../../src/adapters/temporal/server-record';
import { beginProgram } from '../../e2e/a-program';
import type { Program } from '../../e2e/a-program';

export type Part = 'host' | 'worker' | 'api';
const PARTS: Part[] = ['host', 'worker', 'api'];
const PROGRAM: Record<Part, string> = { host: 'start', worker: 'worker', api: 'api' };
/** As a tmpfs, where one may be mounted: then it can be filled without harm to others. */
const DISK = 'size=2g,mode=0700';

export interface Site {
  dataDir: string;
  repository: string;
  model: MockModel;
  /** Undefined until it is up again. */
  pidOf(part: Part): number | undefined;
  serverPid(): Promise<number | undefined>;
  /** Every process that belongs to us now: the parts and all that they have started. */
  processes(): Array<{ pid: number; command: string }>;
  hasOwnDisk: boolean;
  /** The answer of whichever API answers, tried again until one does. */
  call(path: string, init?: { body: object; key: string }): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Ends all in order, starts the host once more, as the next start of an operator, and ends it. */
  stopAll(): Promise<void>;
  remove(): Promise<void>;
}

export async function openSite(): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'q-ten-minutes-'));
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  const hasOwnDisk = mountDisk(dataDir);
  const repository = makeRepository(folder);
  const model = await startMockModel({ delayMs: 200, isStored: (key) => existsSync(storedCallFile(dataDir, key)) });
  const ports: Partial<Record<Part, number>> = { host: await freePort(), api: await freePort() };
  const common = {
    DATA_DIR: dataDir,
    MODEL: 'compatible:mock',
    COMPATIBLE_BASE_URL: model.url,
    REPOSITORY_ROOTS: folder,
  };
  const env = { ...common, EXPERIMENT_RUNS: '0', LOG_LEVEL: 'error' };
  const running = new Map<Part, Program>();
  const ready = new Map<Part, Program>();
  const pids = new Set<number>();
  let isOver = false;
  const keepUp = async (part: Part): Promise<void> => {
    while (!isOver) {
      const program = beginProgram({ name: PROGRAM[part], folder, env: { ...env, PORT: String(ports[part] ?? 0) } });
      if (program.child.pid !== undefined) pids.add(program.child.pid);
      running.set(part, program);
      // On a busy machine a program that is hit while it starts would never come up.
      void program.waitFor(/^ready /m).then(
        () => ready.set(part, program),
        () => undefined,
      );
      await program.exitCode;
      running.delete(part);
      ready.delete(part);
      await delay(500);
    }
  };
  const kept = PARTS.map(keepUp);
  const origins = [ports.host, ports.api].map((port) => `http://127.0.0.1:${port}/api/workflows`);
  return {
    ...{ dataDir, repository, model, hasOwnDisk },
    pidOf: (part) => ready.get(part)?.child.pid,
    serverPid: async () => (ready.size === 0 ? undefined : (await readRecord(dataDir))?.server?.pid),
    processes: () => ownProcesses(pids, dataDir),
    call: (path, init) => callAny(origins, path, init),
    async stopAll() {
      isOver = true;
      for (const program of running.values()) program.child.kill('SIGTERM');
      await Promise.all(kept);
      const last = beginProgram({ name: 'start', folder, env: { ...env, PORT: '0' } });
      await last.waitFor(/^ready /m);
      last.child.kill('SIGTERM');
      await last.exitCode;
    },
    async remove() {
      isOver = true;
      for (const program of running.values()) program.child.kill('SIGKILL');
      await Promise.all(kept);
      for (const { pid } of ownProcesses(pids, dataDir)) process.kill(pid, 'SIGKILL');
      await cleanUp();
      if (hasOwnDisk) execFileSync('umount', ['--lazy', dataDir]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function mountDisk(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', DISK, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Descendants of the parts, and whatever names the data folder in its command line, such as the Temporal server. */
function ownProcesses(parts: ReadonlySet<number>, dataDir: string): Array<{ pid: number; command: string }> {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        return [];
      }
    });
  const own = new Set(
    all.filter(({ pid, command }) => parts.has(pid) || command.includes(dataDir)).map(({ pid }) => pid),
  );
  for (let before = -1; before !== own.size;) {
    before = own.size;
    for (const { pid, parent } of all) if (own.has(parent)) own.add(pid);
  }
  return all.filter(({ pid }) => own.has(pid));
}

async function callAny(origins: string[], path: string, init?: { body: object; key: string }) {
  const headers = {
    'content-type': 'application/json',
    ...(init === undefined ? {} : { 'idempotency-key': init.key }),
  };
  const given = init === undefined ? {} : { method: 'POST', body: JSON.stringify(init.body) };
  for (let tries = 0; ; tries += 1) {
    const url = (origins[tries % origins.length] ?? '') + path;
    try {
      const answer = await fetch(url, { ...given, headers, signal: AbortSignal.timeout(15_000) });
      const body = (await answer.json()) as Record<string, unknown>;
      if (answer.status < 500) return { status: answer.status, body };
    } catch {
      // It is being started again.
    }
    if (tries > 600) throw new Error(`no API answers ${path}`);
    await delay(300);
  }
}
