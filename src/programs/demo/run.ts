/**
 * Prepares one run of the demonstration: its settings, its folder, its repository.
 *
 * Its builds have a task queue of their own, so that the worker of a running `npm start` does not take them.
 */
import { cp, mkdir, mkdtemp } from 'node:fs/promises';
import { basename, isAbsolute, join, relative } from 'node:path';
import type { ModelSpec } from '../../adapters/models/model-spec';
import { createGit } from '../../adapters/workspace/git';
import { sha256 } from '../../inspect/digest';
import { narrowEnvironment, readConfigWith } from '../config';
import type { Config } from '../config';
import { openDataDir } from '../data-folders';
import { ROLES } from '../../domain/roles';
import { roleModelName } from '../model-settings';
import type { Arguments } from './arguments';

/** Three levels up, both from the sources and from the compiled files. */
const EXAMPLE = join(__dirname, '..', '..', '..', 'examples', 'dark-mode');
const SCRIPT_NAME = 'examples/dark-mode/script.json';
export const PROJECT_ID = 'demo';
const TASK_QUEUE = 'q-orchestrator-demo';

export interface Run {
  config: Config;
  /** The absolute path of the folder with the files of this run. */
  folder: string;
  /** The absolute path of the git repository that the build changes. */
  repository: string;
  buildId: string;
  workflowId: string;
  sentence: string;
  /** The name of the file with the scripted answers; null where a model or an external role answers. */
  script: string | null;
}

export async function prepareRun({ sentence, model, external }: Arguments): Promise<Run> {
  const usesDemoScript = !external && model === null;
  const config = demoConfig(model ?? '', usesDemoScript);
  const folder = await makeFolder(config.dataDir);
  const repository = await makeRepository(folder);
  const buildId = basename(folder);
  return {
    config: { ...config, repositoryRoots: [...config.repositoryRoots, folder] },
    ...{ folder, repository, buildId, workflowId: `${PROJECT_ID}.${buildId}`, sentence },
    script: usesDemoScript ? SCRIPT_NAME : scriptOf(config),
  };
}

/** Writes a path relative to the working directory, where it lies below it. */
export function displayPath(path: string): string {
  const relativePath = relative(process.cwd(), path);
  return relativePath === '' || relativePath.startsWith('..') || isAbsolute(relativePath) ? path : relativePath;
}

function demoConfig(model: string, usesDemoScript: boolean): Config {
  const noRoleModels = Object.fromEntries(ROLES.map((role) => [roleModelName(role), '']));
  const config = readConfigWith({
    // Other log lines would break up the timeline.
    defaults: { PORT: '0', LOG_LEVEL: 'error', TEMPORAL_TASK_QUEUE: TASK_QUEUE },
    fixed: { ...noRoleModels, MODEL: model },
  });
  narrowEnvironment();
  if (config.temporal.taskQueue === TASK_QUEUE) {
    // Several data folders may share one Temporal server: each has its own task queue.
    config.temporal.taskQueue = `${TASK_QUEUE}-${sha256(config.dataDir).slice(0, 8)}`;
  }
  if (!usesDemoScript) return config;
  // Not by the setting MODEL: a path may contain spaces, a model's name may not.
  const script: ModelSpec = { provider: 'scripted', id: join(EXAMPLE, 'script.json') };
  const chains = Object.fromEntries(ROLES.map((role) => [role, [script]]));
  return { ...config, models: { ...config.models, chains } };
}

/** The script of the configured model, if it is a script; the demonstration has the same chain for every role. */
function scriptOf({ models }: Config): string | null {
  const [first, ...fallbacks] = models.chains.q_assistant ?? [];
  return first?.provider === 'scripted' && fallbacks.length === 0 ? first.id : null;
}

async function makeFolder(dataDir: string): Promise<string> {
  await openDataDir(dataDir);
  const runs = join(dataDir, 'demo');
  await mkdir(runs, { recursive: true });
  return mkdtemp(join(runs, 'dark-mode-'));
}

async function makeRepository(folder: string): Promise<string> {
  const repository = join(folder, 'project');
  await cp(join(EXAMPLE, 'project'), repository, { recursive: true });
  const git = createGit('/dev/null');
  const at = ['-C', repository, '-c', 'user.name=Q Orchestrator', '-c', 'user.email=demo@example.org'];
  await git([...at, 'init', '--quiet', '--template=', '--initial-branch=main']);
  await git([...at, 'add', '--all']);
  await git([...at, 'commit', '--quiet', '--message=Field notes']);
  return repository;
}
