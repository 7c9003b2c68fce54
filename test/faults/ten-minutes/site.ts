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
import { findFreePort } from '../../../src/adapters/temporal/ports';
import { readRecord } from '../../../src/adapters/temporal/server-record';
import { beginProgram } from '../../e2e/a-program';
import type { Program } from '../../e2e/a-program';

export type Part = 'host' | 'worker' | 'api';
const PARTS: Part[] = ['host', 'worker', 'api'];
const PROGRAM_NAMES: Record<Part, string> = { host: 'start', worker: 'worker', api: 'api' };
/** Options of a tmpfs for the data folder, if one can be mounted: the test can fill it without harm to other programs. */
const DISK = 'size=2g,mode=0700';

export interface Site {
  dataDir: string;
  repository: string;
  model: MockModel;
  /** Undefined while the part starts. */
  pidOf(part: Part): number | undefined;
  serverPid(): Promise<number | undefined>;
  /** Lists the processes of this installation: the parts, and all processes that they have started. */
  processes(): Array<{ pid: number; command: string }>;
  hasOwnDisk: boolean;
  /** Sends a request to one API after the other until one answers. */
  call(path: string, init?: { body: object; key: string }): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Ends all programs in order, then starts and ends the host once more, as an operator would. */
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
  const ports: Partial<Record<Part, number>> = { host: await findFreePort(), api: await findFreePort() };
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
  const supervise = async (part: Part): Promise<void> => {
    while (!isOver) {
      const program = beginProgram({
        name: PROGRAM_NAMES[part],
        folder,
        env: { ...env, PORT: String(ports[part] ?? 0) },
      });
      if (program.child.pid !== undefined) pids.add(program.child.pid);
      running.set(part, program);
      // Accidents affect only ready programs: on a busy machine, one that is killed while it starts would never be ready.
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
  const supervisors = PARTS.map(supervise);
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
      await Promise.all(supervisors);
      const last = beginProgram({ name: 'start', folder, env: { ...env, PORT: '0' } });
      await last.waitFor(/^ready /m);
      last.child.kill('SIGTERM');
      await last.exitCode;
    },
    async remove() {
      isOver = true;
      for (const program of running.values()) program.child.kill('SIGKILL');
      await Promise.all(supervisors);
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

/** Lists descendants of the parts, and processes that name the data folder in their command line, such as the Temporal server. */
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
  const ownPids = new Set(
    all.filter(({ pid, command }) => parts.has(pid) || command.includes(dataDir)).map(({ pid }) => pid),
  );
  for (let sizeBefore = -1; sizeBefore !== ownPids.size;) {
    sizeBefore = ownPids.size;
    for (const { pid, parent } of all) if (ownPids.has(parent)) ownPids.add(pid);
  }
  return all.filter(({ pid }) => ownPids.has(pid));
}

async function callAny(origins: string[], path: string, init?: { body: object; key: string }) {
  const headers = {
    'content-type': 'application/json',
    ...(init === undefined ? {} : { 'idempotency-key': init.key }),
  };
  const postInit = init === undefined ? {} : { method: 'POST', body: JSON.stringify(init.body) };
  for (let tries = 0; ; tries += 1) {
    const url = (origins[tries % origins.length] ?? '') + path;
    try {
      const answer = await fetch(url, { ...postInit, headers, signal: AbortSignal.timeout(15_000) });
      const body = (await answer.json()) as Record<string, unknown>;
      if (answer.status < 500) return { status: answer.status, body };
    } catch {
      // This API is being started again.
    }
    if (tries > 600) throw new Error(`no API answers ${path}`);
    await delay(300);
  }
}
