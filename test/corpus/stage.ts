/**
 * Sets up the stage of the corpus: one worker, for which every case is a project with its own script and repository.
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
import { startPackageRegistry } from './packages';
import { scriptOf } from './scripted-build';
import type { ScriptedBuild } from './scripted-build';
import { withTools } from './tools';

export interface CorpusStage {
  stack: Stack;
  /** Writes the script and the repository of a case. Gives the folder of the repository; null for a build that begins without one. */
  furnish(projectId: string, build: ScriptedBuild): string | null;
  stop(): Promise<void>;
}

export async function setCorpusStage(): Promise<CorpusStage> {
  const folder = mkdtempSync(join(tmpdir(), 'q-corpus-'));
  // The user of the sandbox must be able to read the tools in it.
  chmodSync(folder, 0o755);
  const registry = await startPackageRegistry();
  const models = new Map<string, RoleModel>();
  const stack = await startStack({
    env: {
      ...workerEnv(),
      // Short, since some cases hang on purpose, and long enough for compilers without a cache.
      TEST_TIMEOUT_S: '60',
      EXPERIMENT_RUNS: '40',
      MODEL: `scripted:${writeEmptyScript(folder)}`,
      NPM_REGISTRY_URL: registry.url,
      PYPI_INDEX_URL: `${registry.url}/simple`,
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
      await registry.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Commits the files with a fixed author and date: the same files give the same commit, so cases share the results of its test runs. */
function makeRepository(folder: string, files: ScriptedBuild['base']): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const author = { name: 'Ada', email: 'ada@example.org', date: '2026-01-01T00:00:00Z' };
  const env = {
    ...process.env,
    ...{ GIT_AUTHOR_NAME: author.name, GIT_AUTHOR_EMAIL: author.email, GIT_AUTHOR_DATE: author.date },
    ...{ GIT_COMMITTER_NAME: author.name, GIT_COMMITTER_EMAIL: author.email, GIT_COMMITTER_DATE: author.date },
  };
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { env, stdio: 'pipe' });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'The till');
  return folder;
}

/** Writes the script that `MODEL` must name. It is never used, since each case has its own script. */
function writeEmptyScript(folder: string): string {
  const file = join(folder, 'script.json');
  writeFileSync(file, JSON.stringify({ name: 'corpus', phases: {} }));
  return file;
}
