/**
 * What is written down about releases, before and after each effect, so that a retry can tell what has happened.
 *
 * A number belongs to the id that wrote it down first, for ever.
 */
import type { DocumentStore } from '../../activities/deps';

export interface Intent {
  number: number;
  id: string;
  commit: string;
}

export function createLedger(documents: DocumentStore) {
  const key = (projectId: string, number: number): string => `${projectId}.${number}`;
  return {
    intentOf: (projectId: string, number: number) => documents.load<Intent>('release-numbers', key(projectId, number)),

    /** The number of this release: the one it has, or the first that nobody has. */
    async claim(projectId: string, id: string, commit: string): Promise<Intent> {
      const kept = await documents.load<Intent>('releases', `${projectId}.${id}`);
      if (kept !== undefined) return kept;
      for (let number = 1; ; number += 1) {
        const mine = { number, id, commit };
        // A claim whose process died before the next line is found here again, so no number is lost and none is given twice.
        const holder = await documents.keepFirst('release-numbers', key(projectId, number), mine);
        if (holder.id === id) return documents.keepFirst('releases', `${projectId}.${id}`, holder);
      }
    },

    /** What was live when this release went live, or was about to. */
    async previousOf(projectId: string, number: number): Promise<number | null> {
      const kept = await documents.load<{ previous: number | null }>('release-previous', key(projectId, number));
      return kept?.previous ?? null;
    },
    notePrevious: (projectId: string, number: number, previous: number | null) =>
      documents.replace('release-previous', key(projectId, number), { previous }),

    wentLive: async (projectId: string, number: number): Promise<boolean> =>
      (await documents.load('release-live', key(projectId, number))) !== undefined,
    noteLive: (projectId: string, number: number) =>
      documents.keepFirst('release-live', key(projectId, number), { live: true }),

    wasUndone: async (projectId: string, number: number): Promise<boolean> =>
      (await documents.load('release-undone', key(projectId, number))) !== undefined,
    noteUndone: (projectId: string, number: number) =>
      documents.keepFirst('release-undone', key(projectId, number), { undone: true }),
  };
}
export type Ledger = ReturnType<typeof createLedger>;
