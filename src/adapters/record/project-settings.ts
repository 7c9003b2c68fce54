/**
 * Keeps the settings of projects as documents: one for each version, which is never changed.
 */
import { randomUUID } from 'node:crypto';
import type { DocumentStore } from '../../ports/documents';
import type { ProjectSettingsStore } from '../../ports/project-settings';

export function createProjectSettings(documents: DocumentStore): ProjectSettingsStore {
  const keyOf = (projectId: string, version: number) => `${projectId}.${version}`;
  const load = async (projectId: string, version: number) => {
    const document = await documents.load('settings', keyOf(projectId, version));
    if (document === undefined) return null;
    const { writer: _, ...stored } = document;
    return stored;
  };
  const versions = async (projectId: string) => {
    const keys = await documents.list('settings', `${projectId}.`);
    return keys.map((key) => Number(key.slice(projectId.length + 1))).sort((a, b) => b - a);
  };
  return {
    load,
    versions,
    async latest(projectId) {
      const [newest = 0] = await versions(projectId);
      let stored = newest === 0 ? null : await load(projectId, newest);
      // The list may be a moment old.
      for (let next = await load(projectId, newest + 1); next !== null; next = await load(projectId, next.version + 1))
        stored = next;
      return stored;
    },
    async store(projectId, next) {
      const writer = randomUUID();
      const kept = await documents.keepFirst('settings', keyOf(projectId, next.version), { ...next, writer });
      return kept.writer === writer;
    },
  };
}
