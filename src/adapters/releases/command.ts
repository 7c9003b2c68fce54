/**
 * Deploys and rolls back by the project's own commands, each run in the sandbox on a copy of a release's checkout.
 *
 * The orchestrator cannot read production. It takes as live the release whose command last ended with exit code 0, and runs an
 * interrupted command again.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DocumentStore } from '../../ports/documents';
import type { Sandbox } from '../../ports/sandbox';
import type { ReleaseSettings, ReleaseTarget } from '../../ports/release-target';
import { Failure } from '../../domain/failures';
import type { FailureType } from '../../domain/failures';
import { copyTree } from '../machine/copy-tree';
import type { ProjectFolder } from './project-folder';
import type { Position } from '../../ports/release-documents';
import type { Checkpoint, Move, Production } from './production';
import { createReleaseTarget } from './release-target';
import { variablesOf } from './variables';

const DEPLOY_TIMEOUT_MS = 600_000;
/** Shorter, because a rollback may need several tries while users wait. */
const ROLLBACK_TIMEOUT_MS = 180_000;

export interface CommandOptions {
  root: string;
  documents: DocumentStore;
  sandbox: Sandbox;
  settings: ReleaseSettings<'command'>;
  checkpoint?: Checkpoint | undefined;
}

export function createCommandReleases(options: CommandOptions): ReleaseTarget {
  return createReleaseTarget({
    ...options,
    productionOf: (projectId, project, checkpoint) => commandProduction({ ...options, projectId, project, checkpoint }),
  });
}

interface CommandProduction extends CommandOptions {
  projectId: string;
  project: ProjectFolder;
  checkpoint: Checkpoint;
}

function commandProduction(options: CommandProduction): Production {
  const { projectId, documents, settings, project } = options;
  const documentKey = ['release-production', projectId] as const;
  const storePosition = (position: Position | null) => documents.replace(...documentKey, { position });
  const production = productionOf(project);
  return {
    name: 'command',
    mayStopHalfway: true,
    maxMoveMs:
      (settings.timeouts_ms?.deploy ?? DEPLOY_TIMEOUT_MS) + (settings.timeouts_ms?.rollback ?? ROLLBACK_TIMEOUT_MS),
    smokeWith: { network: settings.network, production },
    read: async () => (await documents.load(...documentKey))?.position ?? null,
    prepare: async () => void (await mkdir(production, { recursive: true })),
    positionOf: ({ number }) => ({ number, at: `releases/${number}`, settled: true }),
    async move(move) {
      const { release, to, direction } = move;
      // Until the command has succeeded, it is not certain that this release is live.
      await storePosition({ number: release.number, at: `releases/${release.number}`, settled: false });
      options.checkpoint(`${direction}-begun`);
      await (direction === 'forward' ? runDeploy(options, move) : runRollback(options, move));
      options.checkpoint(`${direction}-ended`);
      await storePosition(to);
    },
    details: () => ({}),
  };
}

async function runDeploy(options: CommandProduction, { release, from, signal }: Move): Promise<void> {
  const command = options.settings.deploy;
  const timeoutMs = options.settings.timeouts_ms?.deploy ?? DEPLOY_TIMEOUT_MS;
  const env = variablesOf(release, from?.number ?? null);
  await runInSandbox(options, { folder: release.folder, command, timeoutMs, env, signal }, 'Release.DeployFailed');
}

/** Runs the rollback command in the checkout of the release to restore, whose files and script worked before. */
async function runRollback(options: CommandProduction, { release, to }: Move): Promise<void> {
  const folder = to?.number == null ? release.folder : options.project.release(to.number);
  const timeoutMs = options.settings.timeouts_ms?.rollback ?? ROLLBACK_TIMEOUT_MS;
  const env = variablesOf(release, to?.number ?? null);
  // A cancellation does not end it: a rollback that stops halfway leaves production in an unknown state.
  await runInSandbox(options, { folder, command: options.settings.rollback, timeoutMs, env }, 'Release.RestoreFailed');
}

async function runInSandbox(
  options: CommandProduction,
  run: {
    folder: string;
    command: string[];
    timeoutMs: number;
    env: Record<string, string>;
    signal?: AbortSignal | undefined;
  },
  failure: FailureType,
): Promise<void> {
  const { sandbox, settings, project } = options;
  await sandbox.withScratch(async (scratch) => {
    const folder = join(scratch, 'release');
    await copyTree(run.folder, folder);
    const { network } = settings;
    const result = await sandbox.run({ ...run, folder, network, production: productionOf(project) });
    if (result.exitCode === 0) return;
    const ending = result.timedOut ? 'ran out of time' : `ended with ${result.exitCode ?? 'a kill'}`;
    const tail = result.output.trim().slice(-300);
    throw new Failure(failure, `${run.command.join(' ').slice(0, 200)} ${ending}${tail === '' ? '' : `: ${tail}`}`);
  });
}

/** Returns the folder that all commands of this project share, for projects whose production is on this machine. */
function productionOf(project: ProjectFolder): string {
  return join(project.folder, 'production');
}
