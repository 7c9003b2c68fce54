/**
 * The stage of all shapes: one worker and the HTTP API, as in `npm start`, with the mock model instead of a provider.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../src/programs/config';
import { roleDefaults } from '../src/programs/wiring';
import { serveApi } from '../test/api/served';
import type { Api } from '../test/api/served';
import { mockModel } from './answers';
import { makeRepository } from './repository';
import type { Shape, Work } from './shape';

export interface Stage {
  api: Api;
  /** Writes the repository of a shape and gives its folder. */
  furnish(projectId: string, shape: Shape): string;
  paidCalls(projectId: string): number;
  stop(): Promise<void>;
}

/** Gives the environment for a worker: PATH, certificates, and the configuration of package managers. */
export function workerEnv(): Record<string, string> {
  // Variables of the test run and of this product are left out.
  const isKeptVariable = (name: string): boolean =>
    !/^(TEMPORAL|TEST_|MODEL|DATA_DIR|PORT|HOST$|NODE_OPTIONS|JEST)/.test(name);
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries.filter(([name]) => isKeptVariable(name)));
}

export async function setStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'q-works-with-'));
  // The folders must be removed also when the run is interrupted.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const script = join(folder, 'script.json');
  writeFileSync(script, JSON.stringify({ name: 'works-with', phases: {} }));
  const env = { ...workerEnv(), MODEL: `scripted:${script}` };
  const works = new Map<string, Work>();
  const calls = new Map<string, number>();
  const api = await serveApi({
    env,
    worker: false,
    api: { roleDefaults: roleDefaults(readConfig(env)), repositoryRoots: [folder] },
  });
  const model = mockModel(
    (projectId) => {
      const work = works.get(projectId);
      if (work === undefined) throw new Error(`no shape has the project "${projectId}"`);
      return work;
    },
    (projectId) => calls.set(projectId, (calls.get(projectId) ?? 0) + 1),
  );
  api.stack.deps.modelFor = () => model;
  await api.stack.startWorker();
  return {
    api,
    furnish(projectId, shape) {
      works.set(projectId, shape.work);
      const repository = join(folder, projectId);
      makeRepository(repository, shape);
      return repository;
    },
    paidCalls: (projectId) => calls.get(projectId) ?? 0,
    async stop() {
      await api.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
