/**
 * Stores facts about releases before and after each effect, so that a retry can tell what has already happened.
 *
 * A number belongs for ever to the release id that claimed it first.
 */
import { fenceKeyOf, releaseKeyOf } from '../../domain/ids';
import type { BuildLine } from '../../domain/ids';
import type { DocumentStore } from '../../ports/documents';
import type { Position, ReleaseIntent } from '../../ports/release-documents';

/** The build that a release belongs to, and its turn. */
export type BuildTurn = Pick<ReleaseIntent, 'buildId' | 'requestKey' | 'turn'>;
export type ReleaseRequest = Omit<ReleaseIntent, 'number'>;

type FactCollection = 'release-live' | 'release-undone' | 'release-begun' | 'release-taken-back';

/** Number of the latest releases that are searched: an unfinished release is retried or undone before so many others are made. */
const MAX_SEARCHED_RELEASES = 50;

export function createReleaseStore(documents: DocumentStore, projectId: string) {
  const key = (release: number | string): string => releaseKeyOf(projectId, release);
  const hasFact = async (collection: FactCollection, number: number): Promise<boolean> =>
    (await documents.load(collection, key(number))) !== undefined;
  return {
    intentOf: (number: number) => documents.load('release-numbers', key(number)),
    numberOf: async (id: string) => (await documents.load('releases', key(id)))?.number,

    /**
     * Returns the number of this release: the one that it has, or the first free one, which it claims. The mark is a
     * number up to which all claims are complete. It is read before the release is looked up, so the search can begin after it.
     */
    async claim(request: ReleaseRequest): Promise<ReleaseIntent> {
      const mark = await documents.load('release-mark', projectId);
      const stored = await documents.load('releases', key(request.id));
      if (stored !== undefined) return stored;
      for (let number = (mark?.number ?? 0) + 1; ; number += 1) {
        const holder = await documents.keepFirst('release-numbers', key(number), { number, ...request });
        // This also completes the claim of another release whose process died here: its retry finds the claim.
        const claimed = await documents.keepFirst('releases', key(holder.id), holder);
        if (holder.id !== request.id) continue;
        // A slower process may overwrite the mark with a lower number: the next search then only takes longer.
        await documents.replace('release-mark', projectId, { number });
        return claimed;
      }
    },

    /** Returns the position of production before this release went live, or was about to. */
    async previousOf(number: number): Promise<Position | null> {
      const stored = await documents.load('release-previous', key(number));
      return stored?.previous ?? null;
    },
    notePrevious: (number: number, previous: Position | null) =>
      documents.replace('release-previous', key(number), { previous }),

    wentLive: (number: number) => hasFact('release-live', number),
    noteLive: (number: number) => documents.keepFirst('release-live', key(number), { live: true }),

    /** Stores the release to which production was last moved, for lists. The release target reads production itself. */
    noteCurrent: (number: number | null) => documents.replace('release-current', projectId, { number }),
    /** Stores the position of production before a restore. The first try's value stays, so that a retry can return to it. */
    noteReturn: async (restoreId: string, from: Position | null): Promise<Position | null> =>
      (await documents.keepFirst('release-returns', key(restoreId), { from })).from,
    returnOf: async (restoreId: string): Promise<Position | null> =>
      (await documents.load('release-returns', key(restoreId)))?.from ?? null,

    noteBegun: (number: number) => documents.keepFirst('release-begun', key(number), { begun: true }),
    noteTakenBack: (number: number) => documents.keepFirst('release-taken-back', key(number), { takenBack: true }),
    /** True for a release whose move began, but neither succeeded nor was rolled back: parts of it may be in production. */
    isUnfinished: async (number: number): Promise<boolean> =>
      (await hasFact('release-begun', number)) &&
      !(await hasFact('release-live', number)) &&
      !(await hasFact('release-taken-back', number)),
    /** Lists the unfinished releases of this build's earlier turns, newest first. It searches only the project's latest releases. */
    async unfinishedOfEarlierTurns(build: BuildTurn): Promise<number[]> {
      const newest = (await documents.load('release-mark', projectId))?.number ?? 0;
      const found: number[] = [];
      for (let number = newest + 1; number > Math.max(0, newest - MAX_SEARCHED_RELEASES); number -= 1) {
        const intent = await documents.load('release-numbers', key(number));
        const isOwn = intent?.buildId === build.buildId && intent.requestKey === build.requestKey;
        if (isOwn && intent.turn < build.turn && (await this.isUnfinished(number))) found.push(number);
      }
      return found;
    },

    wasUndone: (number: number) => hasFact('release-undone', number),
    noteUndone: (number: number) => documents.keepFirst('release-undone', key(number), { undone: true }),

    /** Makes the releases of earlier turns of this build void. Needs the project's lock, as it reads before it writes. */
    async fence(build: BuildTurn): Promise<void> {
      const { turn } = build;
      const currentFence = await fenceOf(documents, { projectId, ...build });
      if (turn > currentFence) await documents.replace('release-fences', fenceKeyOf({ projectId, ...build }), { turn });
    },
    isVoid: async (build: BuildTurn): Promise<boolean> =>
      build.turn < (await fenceOf(documents, { projectId, ...build })),
  };
}
export type ReleaseStore = ReturnType<typeof createReleaseStore>;

async function fenceOf(documents: DocumentStore, build: BuildLine): Promise<number> {
  return (await documents.load('release-fences', fenceKeyOf(build)))?.turn ?? -1;
}
