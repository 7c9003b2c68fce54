/**
 * The stage of the corpus: one worker, on which every case is a project with its own script and repository.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RoleModel } from '../../src/ports/model';
import { workerEnv } from '../../works-with/stage';
import { createScriptedModel } from '../../src/adapters/models/scripted';
import { startStack } from '../fixture';
import type { Stack } from '../fixture';
import { startPackages } from './packages';
import { scriptOf } from './scripted-build';
import type { ScriptedBuild } from './scripted-build';
import { withTools } from './tools';

export interface CorpusStage {
  stack: Stack;
  /** Writes script and repository of a case; gives the repository's place, null where there is none to begin with. */
  furnish(projectId: string, build: ScriptedBuild): string | null;
  stop(): Promise<void>;
}

export async function setCorpusStage(): Promise<CorpusStage> {
  const folder = mkdtempSync(join(tmpdir(), 'q-corpus-'));
  // The sandbox's user reads tools from it.
  chmodSync(folder, 0o755);
  const packages = await startPackages();
  const models = new Map<string, RoleModel>();
  const stack = await startStack({
    env: {
      ...workerEnv(),
      // Some cases hang on purpose; compilers begin without a cache.
      TEST_TIMEOUT_S: '60',
      EXPERIMENT_RUNS: '40',
      MODEL: `scripted:${emptyScript(folder)}`,
      NPM_REGISTRY_URL: packages.url,
      PYPI_INDEX_URL: `${packages.url}/simple`,
    },
    worker: false,
  });
  stack.deps.runners = withTools(stack.deps.runners, folder);
  stack.deps.modelFor = () => ({
    id: 'scripted:corpus',
    scripted: true,
    call: (request) => {
      const projectId = request.idempotencyKey?.split('.')[0] ?? '';
      const model = models.get(projectId);
      if (model === undefined) throw new Error(`no case is called "${projectId}"`);
      return model.call(request);
    },
  });
  await stack.startWorker();
  return {
    stack,
    furnish(projectId, build) {
      const script = join(folder, `${projectId}.json`);
      writeFileSync(script, JSON.stringify(scriptOf(projectId.slice(0, 60), build)));
      models.set(projectId, createScriptedModel(script));
      return Object.keys(build.base).length === 0 ? null : makeRepository(join(folder, projectId), build.base);
    },
    async stop() {
      await stack.stop();
      await packages.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The same files give the same commit, so that runs over it are shared between cases. */
function makeRepository(folder: string, files: ScriptedBuild['base']): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const who = { name: 'Ada', email: 'ada@example.org', date: '2026-01-01T00:00:00Z' };
  const env = {
    ...process.env,
    ...{ GIT_AUTHOR_NAME: who.name, GIT_AUTHOR_EMAIL: who.email, GIT_AUTHOR_DATE: who.date },
    ...{ GIT_COMMITTER_NAME: who.name, GIT_COMMITTER_EMAIL: who.email, GIT_COMMITTER_DATE: who.date },
  };
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { env, stdio: 'pipe' });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'The till');
  return folder;
}

/** What the configuration names; the cases' own scripts answer in its place. */
function emptyScript(folder: string): string {
  const file = join(folder, 'script.json');
  writeFileSync(file, JSON.stringify({ name: 'corpus', phases: {} }));
  return file;
}
