/**
 * Makes releases with the same steps in the same order for every kind of production. Each step is safe to repeat.
 *
 * The intent is stored before the effect. One move runs at a time. A release whose turn is over never goes live. A restore
 * skips releases that were undone.
 */
import type { DocumentStore } from '../../ports/documents';
import type { Live, Release, ReleaseTarget, RestoreOrder } from '../../ports/release-target';
import { Failure } from '../../domain/failures';
import { createReleaseStore } from './release-store';
import type { BuildTurn, ReleaseStore } from './release-store';
import type { Position, ReleaseIntent } from '../../ports/release-documents';
import { withLock } from '../machine/lock';
import { storeFiles, projectFolder } from './project-folder';
import { variablesOf } from './variables';
import type { ProjectFolder } from './project-folder';
import type { Checkpoint, StagedRelease, Production } from './production';

export interface ReleaseTargetOptions {
  root: string;
  documents: DocumentStore;
  productionOf(projectId: string, project: ProjectFolder, checkpoint: Checkpoint): Production;
  checkpoint?: Checkpoint | undefined;
}

/** The folders, the stored facts and the production of one project. */
interface ProjectReleases {
  project: ProjectFolder;
  store: ReleaseStore;
  production: Production;
  checkpoint: Checkpoint;
}

export function createReleaseTarget(options: ReleaseTargetOptions): ReleaseTarget {
  const checkpoint = options.checkpoint ?? (() => undefined);
  const releasesOf = (projectId: string): ProjectReleases => {
    const project = projectFolder(options.root, projectId);
    const production = options.productionOf(projectId, project, checkpoint);
    return { project, production, checkpoint, store: createReleaseStore(options.documents, projectId) };
  };
  return {
    async deploy({ projectId, folder, signal, ...request }) {
      const releases = releasesOf(projectId);
      const intent = await releases.store.claim(request);
      checkpoint('intent');
      await storeFiles(releases.project, { number: intent.number, from: folder }, checkpoint);
      checkpoint('placed');
      const staged = toStaged(releases, intent);
      await releases.production.prepare(staged);
      checkpoint('prepared');
      await withProjectLock(releases, () => goLive(releases, staged, signal), signal);
      return releaseOf(releases, staged);
    },
    async live(projectId) {
      const releases = releasesOf(projectId);
      return liveAt(releases, await releases.production.read());
    },
    async restore({ projectId, id }) {
      const releases = releasesOf(projectId);
      const number = await releases.store.numberOf(id);
      if (number !== undefined) await withProjectLock(releases, () => undo(releases, number));
    },
    async reinstate({ projectId, signal, ...order }) {
      const releases = releasesOf(projectId);
      const staged = toStaged(releases, await loadIntent(releases.store, order.number));
      await withProjectLock(releases, () => reinstate(releases, staged, { ...order, signal }), signal);
      return releaseOf(releases, staged);
    },
    async undoRestore({ projectId, number, restoreId }) {
      const releases = releasesOf(projectId);
      await withProjectLock(releases, () => undoReinstate(releases, number, restoreId));
    },
    smokeWith: ({ projectId, release }) => {
      const { production } = releasesOf(projectId);
      return { ...production.smokeWith, env: variablesOf(release, release.previous) };
    },
    async revoke({ projectId, ...build }) {
      const releases = releasesOf(projectId);
      return withProjectLock(releases, () => revoke(releases, build));
    },
  };
}

/** Runs `use` while no other move of the project runs. `signal` ends the wait of a deploy; a restore always waits. */
function withProjectLock<T>(releases: ProjectReleases, use: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const waitMs = 60_000 + releases.production.maxMoveMs;
  return withLock({ file: releases.project.lock, waitMs, isFenced: true, signal }, use);
}

/** Makes a release live. A late retry of a release that was live before does nothing: a newer release may be live now. */
async function goLive(
  releases: ProjectReleases,
  release: StagedRelease,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { store, production, checkpoint } = releases;
  checkpoint('locked');
  await refuseVoid(store, release);
  const current = await production.read();
  // An earlier process may have moved production and died before it stored that the release is live.
  if (current?.settled && current.number !== null) await store.noteLive(current.number);
  if (await store.wentLive(release.number)) return;
  const wasInterrupted = current?.number === release.number;
  if (!wasInterrupted) await store.notePrevious(release.number, await restoreTargetOf(store, current));
  checkpoint('previous-noted');
  const from = wasInterrupted ? await store.previousOf(release.number) : current;
  if (production.mayStopHalfway) await store.noteBegun(release.number);
  await production.move({ from, to: production.positionOf(release), release, direction: 'forward', signal });
  checkpoint('moved');
  await store.noteLive(release.number);
  await store.noteCurrent(release.number);
  checkpoint('live-noted');
  if (!(await store.isVoid(release))) return;
  // The process was suspended so long that it lost its lock, and the release was revoked meanwhile: undo it.
  await undo(releases, release.number);
  await refuseVoid(store, release);
}

async function undo(releases: ProjectReleases, number: number): Promise<void> {
  const { store, production, checkpoint } = releases;
  await store.noteUndone(number);
  checkpoint('undone-noted');
  const current = await production.read();
  const isLive = current?.number === number;
  // If another release is live now, undo only the unfinished parts of this one; the other stays live.
  if (!isLive && !(await store.isUnfinished(number))) return;
  const to = await restoreTargetOf(store, isLive ? { ...current, settled: false } : current);
  // Stored, so that an interrupted rollback continues to the same target.
  if (!isLive) await store.notePrevious(number, to);
  const intent = await loadIntent(store, number);
  await production.move({ from: current, to, release: toStaged(releases, intent), direction: 'back' });
  if (production.mayStopHalfway) await store.noteTakenBack(number);
  await store.noteCurrent(to?.number ?? null);
  checkpoint('moved-back');
}

/** Makes an earlier release live. A retry repeats the move, and keeps the former position that the first try stored. */
async function reinstate(
  releases: ProjectReleases,
  release: StagedRelease,
  order: Omit<RestoreOrder, 'projectId'>,
): Promise<void> {
  const { store, production, checkpoint } = releases;
  const current = await production.read();
  const from = await store.noteReturn(order.restoreId, current);
  checkpoint('return-noted');
  if (current?.number === release.number && current.settled) return;
  // Another release went live while this restore was interrupted: a person decides again.
  if (current?.number !== release.number && !isSamePlace(current, from)) throw overtakenFailure(release.number);
  await production.prepare(release);
  const { signal } = order;
  await production.move({ from: current, to: production.positionOf(release), release, direction: 'forward', signal });
  checkpoint('reinstated');
  await store.noteCurrent(release.number);
}

async function undoReinstate(releases: ProjectReleases, number: number, restoreId: string): Promise<void> {
  const { store, production, checkpoint } = releases;
  const current = await production.read();
  if (current?.number !== number) return;
  const to = await store.returnOf(restoreId);
  if (to?.number === number) return;
  const release = toStaged(releases, await loadIntent(store, number));
  await production.move({ from: current, to, release, direction: 'back' });
  checkpoint('given-back');
  await store.noteCurrent(to?.number ?? null);
}

function isSamePlace(left: Position | null, right: Position | null): boolean {
  return left?.number === right?.number && left?.at === right?.at;
}

function overtakenFailure(number: number): Failure {
  return new Failure(
    'Release.Refused',
    `another release went live before release ${number} could; nothing was changed`,
  );
}

/** Undoes releases of earlier turns. The fence is stored first, under the lock of the moves, so that a later deploy finds it. */
async function revoke(releases: ProjectReleases, build: BuildTurn): Promise<Release | null> {
  const { store, production, checkpoint } = releases;
  await store.fence(build);
  checkpoint('fenced');
  const current = await production.read();
  for (const number of await store.unfinishedOfEarlierTurns(build))
    if (number !== current?.number) await undo(releases, number);
  if (current === null || current.number === null) return null;
  const intent = await loadIntent(store, current.number);
  const isOwn = intent.buildId === build.buildId && intent.requestKey === build.requestKey;
  if (!isOwn || !(await store.isVoid(intent))) return null;
  await undo(releases, intent.number);
  return releaseOf(releases, toStaged(releases, intent));
}

/** Returns the nearest earlier position that was certainly live and was not undone. */
async function restoreTargetOf(store: ReleaseStore, position: Position | null): Promise<Position | null> {
  let candidate = position;
  while (
    candidate !== null &&
    candidate.number !== null &&
    (!candidate.settled || (await store.wasUndone(candidate.number)))
  ) {
    candidate = await store.previousOf(candidate.number);
  }
  return candidate;
}

async function refuseVoid(store: ReleaseStore, release: StagedRelease): Promise<void> {
  if (!(await store.isVoid(release))) return;
  throw new Failure('Release.Void', `Release ${release.number} (${release.id}) was given up and never goes live.`);
}

async function liveAt(releases: ProjectReleases, position: Position | null): Promise<Live | null> {
  if (position === null) return null;
  const { at, number, settled } = position;
  if (number === null) return { release: null, says: `${at}, which is not a release of this project` };
  const release = await releaseOf(releases, toStaged(releases, await loadIntent(releases.store, number)));
  return {
    release,
    says: settled ? `release ${number}` : `release ${number}, which may be incomplete`,
  };
}

async function loadIntent(store: ReleaseStore, number: number): Promise<ReleaseIntent> {
  const intent = await store.intentOf(number);
  if (intent === undefined) throw new Error(`Release ${number} is live, but nothing is known about it.`);
  return intent;
}

function toStaged(releases: ProjectReleases, intent: ReleaseIntent): StagedRelease {
  return { ...intent, folder: releases.project.release(intent.number) };
}

async function releaseOf({ store, production }: ProjectReleases, staged: StagedRelease): Promise<Release> {
  const { number, id, commit, folder } = staged;
  const previous = (await store.previousOf(number))?.number ?? null;
  return { number, id, commit, folder, previous, target: production.name, details: production.details(staged) };
}
