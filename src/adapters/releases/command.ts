/**
 * Releases by the project's own commands, each run in the sandbox on a copy of a release's checkout.
 *
 * Only the commands know production, so what is live is what was seen to end well; a command that was cut off is run again.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DocumentStore } from '../../ports/documents';
import type { Sandbox } from '../../ports/sandbox';
import type { ReleaseSettings, ReleaseTarget } from '../../ports/release-target';
import { Failure } from '../../domain/failures';
import type { FailureType } from '../../domain/failures';
import { copyTree } from '../machine/copy-tree';
import type { ProjectFolder } from './place';
import type { Position } from '../../ports/release-documents';
import type { Checkpoint, Move, Production } from './production';
import { createReleaseTarget } from './release-target';
import { variablesOf } from './variables';

const DEPLOY_TIMEOUT_MS = 600_000;
/** Shorter, because it may have to be tried more than once while users wait. */
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

function commandProduction(place: CommandProduction): Production {
  const { projectId, documents, settings, project } = place;
  const key = ['release-production', projectId] as const;
  const note = (position: Position | null) => documents.replace(...key, { position });
  const production = productionOf(project);
  return {
    name: 'command',
    leavesHalf: true,
    moveMs:
      (settings.timeouts_ms?.deploy ?? DEPLOY_TIMEOUT_MS) + (settings.timeouts_ms?.rollback ?? ROLLBACK_TIMEOUT_MS),
    smokeWith: { network: settings.network, production },
    read: async () => (await documents.load(...key))?.position ?? null,
    prepare: async () => void (await mkdir(production, { recursive: true })),
    positionOf: ({ number }) => ({ number, at: `releases/${number}`, settled: true }),
    async move(move) {
      const { release, to, direction } = move;
      // Until the command has ended well, this release is the one that may be live.
      await note({ number: release.number, at: `releases/${release.number}`, settled: false });
      place.checkpoint(`${direction}-begun`);
      await (direction === 'forward' ? runDeploy(place, move) : runRollback(place, move));
      place.checkpoint(`${direction}-ended`);
      await note(to);
    },
    details: () => ({}),
  };
}

async function runDeploy(place: CommandProduction, { release, from, signal }: Move): Promise<void> {
  const command = place.settings.deploy;
  const timeoutMs = place.settings.timeouts_ms?.deploy ?? DEPLOY_TIMEOUT_MS;
  const env = variablesOf(release, from?.number ?? null);
  await runOn(place, { folder: release.folder, command, timeoutMs, env, signal }, 'Release.DeployFailed');
}

/** On the checkout of the release that is put back: its own files and its own script are what worked before. */
async function runRollback(place: CommandProduction, { release, to }: Move): Promise<void> {
  const folder = to?.number == null ? release.folder : place.project.release(to.number);
  const timeoutMs = place.settings.timeouts_ms?.rollback ?? ROLLBACK_TIMEOUT_MS;
  const env = variablesOf(release, to?.number ?? null);
  // Never cut short by a cancellation: half a way back would be the worst place to stop.
  await runOn(place, { folder, command: place.settings.rollback, timeoutMs, env }, 'Release.RestoreFailed');
}

async function runOn(
  place: CommandProduction,
  run: {
    folder: string;
    command: string[];
    timeoutMs: number;
    env: Record<string, string>;
    signal?: AbortSignal | undefined;
  },
  failure: FailureType,
): Promise<void> {
  const { sandbox, settings, project } = place;
  await sandbox.withScratch(async (scratch) => {
    const folder = join(scratch, 'release');
    await copyTree(run.folder, folder);
    const { network } = settings;
    const result = await sandbox.run({ ...run, folder, network, production: productionOf(project) });
    if (result.exitCode === 0) return;
    const how = result.timedOut ? 'ran out of time' : `ended with ${result.exitCode ?? 'a kill'}`;
    const said = result.output.trim().slice(-300);
    throw new Failure(failure, `${run.command.join(' ').slice(0, 200)} ${how}${said === '' ? '' : `: ${said}`}`);
  });
}

/** A folder that the commands of this project share, for those whose production is on this machine. */
function productionOf(project: ProjectFolder): string {
  return join(project.folder, 'production');
}
