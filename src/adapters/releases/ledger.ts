/**
 * What is written down about releases, before and after each effect, so that a retry can tell what has happened.
 *
 * A number belongs to the id that wrote it down first, for ever.
 */
import { fenceKeyOf, releaseKeyOf } from '../../domain/ids';
import type { BuildLine } from '../../domain/ids';
import type { DocumentStore } from '../../ports/documents';
import type { Position, ReleaseIntent } from '../../ports/release-documents';

/** The build that a release belongs to, and its turn. */
export type Fenced = Pick<ReleaseIntent, 'buildId' | 'requestKey' | 'turn'>;
export type Wish = Omit<ReleaseIntent, 'number'>;

type Noted = 'release-live' | 'release-undone' | 'release-begun' | 'release-taken-back';

/** A release that others have followed since is taken back by its own retry or undo, which come within these. */
const HALVES_LOOKED_AT = 50;

export function createLedger(documents: DocumentStore, projectId: string) {
  const key = (release: number | string): string => releaseKeyOf(projectId, release);
  const has = async (collection: Noted, number: number): Promise<boolean> =>
    (await documents.load(collection, key(number))) !== undefined;
  return {
    intentOf: (number: number) => documents.load('release-numbers', key(number)),
    numberOf: async (id: string) => (await documents.load('releases', key(id)))?.number,

    /**
     * The number of this release: the one it has, or the first that nobody has. Up to the mark, every number's release
     * knows its number; so the mark is read before the release is looked up, and the search begins behind it.
     */
    async claim(wish: Wish): Promise<ReleaseIntent> {
      const mark = await documents.load('release-mark', projectId);
      const kept = await documents.load('releases', key(wish.id));
      if (kept !== undefined) return kept;
      for (let number = (mark?.number ?? 0) + 1; ; number += 1) {
        const holder = await documents.keepFirst('release-numbers', key(number), { number, ...wish });
        // Also completes another release's claim, where its process died here; that release's retry then finds it.
        const known = await documents.keepFirst('releases', key(holder.id), holder);
        if (holder.id !== wish.id) continue;
        // A slower one may set it back: then the next search is longer, and no less right.
        await documents.replace('release-mark', projectId, { number });
        return known;
      }
    },

    /** What was live when this release went live, or was about to. */
    async previousOf(number: number): Promise<Position | null> {
      const kept = await documents.load('release-previous', key(number));
      return kept?.previous ?? null;
    },
    notePrevious: (number: number, previous: Position | null) =>
      documents.replace('release-previous', key(number), { previous }),

    wentLive: (number: number) => has('release-live', number),
    noteLive: (number: number) => documents.keepFirst('release-live', key(number), { live: true }),

    /** As last moved to; the target reads production itself. */
    noteCurrent: (number: number | null) => documents.replace('release-current', projectId, { number }),
    /** What was live before a restore: kept by its first try, so that a later one leads back to the same. */
    noteReturn: async (restoreId: string, from: Position | null): Promise<Position | null> =>
      (await documents.keepFirst('release-returns', key(restoreId), { from })).from,
    returnOf: async (restoreId: string): Promise<Position | null> =>
      (await documents.load('release-returns', key(restoreId)))?.from ?? null,

    noteBegun: (number: number) => documents.keepFirst('release-begun', key(number), { begun: true }),
    noteTakenBack: (number: number) => documents.keepFirst('release-taken-back', key(number), { takenBack: true }),
    /** Begun, never seen whole, and not taken back: something of it may be there. */
    isHalf: async (number: number): Promise<boolean> =>
      (await has('release-begun', number)) &&
      !(await has('release-live', number)) &&
      !(await has('release-taken-back', number)),
    /** Numbers of the releases of this build that are void and half, newest first. Looks at the last ones of the project only. */
    async voidHalves(build: Fenced): Promise<number[]> {
      const newest = (await documents.load('release-mark', projectId))?.number ?? 0;
      const found: number[] = [];
      for (let number = newest + 1; number > Math.max(0, newest - HALVES_LOOKED_AT); number -= 1) {
        const intent = await documents.load('release-numbers', key(number));
        const isOwn = intent?.buildId === build.buildId && intent.requestKey === build.requestKey;
        if (isOwn && intent.turn < build.turn && (await this.isHalf(number))) found.push(number);
      }
      return found;
    },

    wasUndone: (number: number) => has('release-undone', number),
    noteUndone: (number: number) => documents.keepFirst('release-undone', key(number), { undone: true }),

    /** Releases that this build began before `turn` are void. Under the lock, since it reads before it writes. */
    async fence(build: Fenced): Promise<void> {
      const { turn } = build;
      const before = await fenceOf(documents, { projectId, ...build });
      if (turn > before) await documents.replace('release-fences', fenceKeyOf({ projectId, ...build }), { turn });
    },
    isVoid: async (build: Fenced): Promise<boolean> => build.turn < (await fenceOf(documents, { projectId, ...build })),
  };
}
export type Ledger = ReturnType<typeof createLedger>;

async function fenceOf(documents: DocumentStore, build: BuildLine): Promise<number> {
  return (await documents.load('release-fences', fenceKeyOf(build)))?.turn ?? -1;
}
