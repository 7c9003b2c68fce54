/**
 * A release target: the same steps in the same order for every kind of production, each safe to repeat.
 *
 * The intent is stored before the effect. One move runs at a time. A release whose turn was given up never goes live. A restore skips
 * releases that were undone.
 */
import type { DocumentStore } from '../../ports/documents';
import type { Live, Release, ReleaseTarget, RestoreOrder } from '../../ports/release-target';
import { Failure } from '../../domain/failures';
import { createLedger } from './ledger';
import type { Fenced, Ledger } from './ledger';
import type { Position, ReleaseIntent } from '../../ports/release-documents';
import { withLock } from '../machine/lock';
import { placeFolder, projectFolder } from './place';
import { variablesOf } from './variables';
import type { ProjectFolder } from './place';
import type { Checkpoint, Placed, Production } from './production';

export interface ReleaseTargetOptions {
  root: string;
  documents: DocumentStore;
  productionOf(projectId: string, project: ProjectFolder, checkpoint: Checkpoint): Production;
  checkpoint?: Checkpoint | undefined;
}

/** One project's line: its folders, its ledger, its production. */
interface Line {
  project: ProjectFolder;
  ledger: Ledger;
  production: Production;
  checkpoint: Checkpoint;
}

export function createReleaseTarget(options: ReleaseTargetOptions): ReleaseTarget {
  const checkpoint = options.checkpoint ?? (() => undefined);
  const lineOf = (projectId: string): Line => {
    const project = projectFolder(options.root, projectId);
    const production = options.productionOf(projectId, project, checkpoint);
    return { project, production, checkpoint, ledger: createLedger(options.documents, projectId) };
  };
  return {
    async deploy({ projectId, folder, signal, ...wish }) {
      const line = lineOf(projectId);
      const intent = await line.ledger.claim(wish);
      checkpoint('intent');
      await placeFolder(line.project, { number: intent.number, from: folder }, checkpoint);
      checkpoint('placed');
      const placed = placedOf(line, intent);
      await line.production.prepare(placed);
      checkpoint('prepared');
      await alone(line, () => goLive(line, placed, signal), signal);
      return releaseOf(line, placed);
    },
    async live(projectId) {
      const line = lineOf(projectId);
      return liveAt(line, await line.production.read());
    },
    async restore({ projectId, id }) {
      const line = lineOf(projectId);
      const number = await line.ledger.numberOf(id);
      if (number !== undefined) await alone(line, () => goBack(line, number));
    },
    async reinstate({ projectId, signal, ...order }) {
      const line = lineOf(projectId);
      const placed = placedOf(line, await knownIntent(line.ledger, order.number));
      await alone(line, () => reinstate(line, placed, { ...order, signal }), signal);
      return releaseOf(line, placed);
    },
    async giveBack({ projectId, number, restoreId }) {
      const line = lineOf(projectId);
      await alone(line, () => giveBack(line, number, restoreId));
    },
    smokeWith: ({ projectId, release }) => {
      const { production } = lineOf(projectId);
      return { ...production.smokeWith, env: variablesOf(release, release.previous) };
    },
    async revoke({ projectId, ...build }) {
      const line = lineOf(projectId);
      return alone(line, () => revoke(line, build));
    },
  };
}

/** `signal`: a waiting deploy may be given up; a restore is never given up. */
function alone<T>(line: Line, use: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const waitMs = 60_000 + line.production.moveMs;
  return withLock({ file: line.project.lock, waitMs, isFenced: true, signal }, use);
}

/** A release that was live once is not put live again by a late retry: another may have followed it. */
async function goLive(line: Line, release: Placed, signal: AbortSignal | undefined): Promise<void> {
  const { ledger, production, checkpoint } = line;
  checkpoint('locked');
  await refuseVoid(ledger, release);
  const current = await production.read();
  // A process that died between move and note left this undone.
  if (current?.settled && current.number !== null) await ledger.noteLive(current.number);
  if (await ledger.wentLive(release.number)) return;
  const isCutOff = current?.number === release.number;
  if (!isCutOff) await ledger.notePrevious(release.number, await standing(ledger, current));
  checkpoint('previous-noted');
  const from = isCutOff ? await ledger.previousOf(release.number) : current;
  if (production.leavesHalf) await ledger.noteBegun(release.number);
  await production.move({ from, to: production.positionOf(release), release, direction: 'forward', signal });
  checkpoint('moved');
  await ledger.noteLive(release.number);
  await ledger.noteCurrent(release.number);
  checkpoint('live-noted');
  if (!(await ledger.isVoid(release))) return;
  // This process stood still so long that its lock was broken, and the undo has been here meanwhile.
  await goBack(line, release.number);
  await refuseVoid(ledger, release);
}

async function goBack(line: Line, number: number): Promise<void> {
  const { ledger, production, checkpoint } = line;
  await ledger.noteUndone(number);
  checkpoint('undone-noted');
  const current = await production.read();
  const isLive = current?.number === number;
  // Another went live after it was cut off: what it left half is taken back, and the other stays.
  if (!isLive && !(await ledger.isHalf(number))) return;
  const to = await standing(ledger, isLive ? { ...current, settled: false } : current);
  // A way back that is cut off goes on from here, to the same place.
  if (!isLive) await ledger.notePrevious(number, to);
  const intent = await knownIntent(ledger, number);
  await production.move({ from: current, to, release: placedOf(line, intent), direction: 'back' });
  if (production.leavesHalf) await ledger.noteTakenBack(number);
  await ledger.noteCurrent(to?.number ?? null);
  checkpoint('moved-back');
}

/** A try that was cut off is done again: what was live before it stays what the first try saw. */
async function reinstate(line: Line, release: Placed, order: Omit<RestoreOrder, 'projectId'>): Promise<void> {
  const { ledger, production, checkpoint } = line;
  const current = await production.read();
  const from = await ledger.noteReturn(order.restoreId, current);
  checkpoint('return-noted');
  if (current?.number === release.number && current.settled) return;
  // Another release went live while this restore stood still: a person decides again.
  if (current?.number !== release.number && !isSamePlace(current, from)) throw overtakenRestore(release.number);
  await production.prepare(release);
  const { signal } = order;
  await production.move({ from: current, to: production.positionOf(release), release, direction: 'forward', signal });
  checkpoint('reinstated');
  await ledger.noteCurrent(release.number);
}

async function giveBack(line: Line, number: number, restoreId: string): Promise<void> {
  const { ledger, production, checkpoint } = line;
  const current = await production.read();
  if (current?.number !== number) return;
  const to = await ledger.returnOf(restoreId);
  if (to?.number === number) return;
  const release = placedOf(line, await knownIntent(ledger, number));
  await production.move({ from: current, to, release, direction: 'back' });
  checkpoint('given-back');
  await ledger.noteCurrent(to?.number ?? null);
}

function isSamePlace(one: Position | null, other: Position | null): boolean {
  return one?.number === other?.number && one?.at === other?.at;
}

function overtakenRestore(number: number): Failure {
  return new Failure(
    'Release.Refused',
    `another release went live before release ${number} could; nothing was changed`,
  );
}

/** The fence is written before anything is looked at, under the same lock as the move: a later deploy finds it. */
async function revoke(line: Line, build: Fenced): Promise<Release | null> {
  const { ledger, production, checkpoint } = line;
  await ledger.fence(build);
  checkpoint('fenced');
  const current = await production.read();
  for (const number of await ledger.voidHalves(build)) if (number !== current?.number) await goBack(line, number);
  if (current === null || current.number === null) return null;
  const intent = await knownIntent(ledger, current.number);
  const isOwn = intent.buildId === build.buildId && intent.requestKey === build.requestKey;
  if (!isOwn || !(await ledger.isVoid(intent))) return null;
  await goBack(line, intent.number);
  return releaseOf(line, placedOf(line, intent));
}

/** What the way back leads to from here: never to a release that was undone, or that was never seen to be live. */
async function standing(ledger: Ledger, position: Position | null): Promise<Position | null> {
  let at = position;
  while (at !== null && at.number !== null && (!at.settled || (await ledger.wasUndone(at.number)))) {
    at = await ledger.previousOf(at.number);
  }
  return at;
}

async function refuseVoid(ledger: Ledger, release: Placed): Promise<void> {
  if (!(await ledger.isVoid(release))) return;
  throw new Failure('Release.Void', `Release ${release.number} (${release.id}) was given up and never goes live.`);
}

async function liveAt(line: Line, position: Position | null): Promise<Live | null> {
  if (position === null) return null;
  const { at, number, settled } = position;
  if (number === null) return { release: null, says: `${at}, which is no release of ours` };
  const release = await releaseOf(line, placedOf(line, await knownIntent(line.ledger, number)));
  return {
    release,
    says: settled ? `release ${number}` : `release ${number}, of which it is not known whether it is whole`,
  };
}

async function knownIntent(ledger: Ledger, number: number): Promise<ReleaseIntent> {
  const intent = await ledger.intentOf(number);
  if (intent === undefined) throw new Error(`Release ${number} is live, but nothing is known about it.`);
  return intent;
}

function placedOf(line: Line, intent: ReleaseIntent): Placed {
  return { ...intent, folder: line.project.release(intent.number) };
}

async function releaseOf({ ledger, production }: Line, placed: Placed): Promise<Release> {
  const { number, id, commit, folder } = placed;
  const previous = (await ledger.previousOf(number))?.number ?? null;
  return { number, id, commit, folder, previous, target: production.name, details: production.details(placed) };
}
