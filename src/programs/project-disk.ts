/**
 * What a project takes on disk: its repository and its releases, measured at most once a minute and project.
 *
 * Artifacts are shared by content and belong to no project.
 */
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { diskUse } from '../adapters/machine/du';
import type { ApiDeps } from '../api/deps';
import type { Config } from './config';
import { dataFolders } from './data-folders';

const MEASURED_MS = 60_000;
const PROJECTS = 10_000;

/** Undefined where there is no limit. `measuredMs`: how long a measure counts. */
export function createProjectDisk(
  { dataDir, disk }: Pick<Config, 'dataDir' | 'disk'>,
  measuredMs = MEASURED_MS,
): ApiDeps['projectDisk'] {
  const { projectBytes: limitBytes } = disk;
  if (limitBytes === undefined) return undefined;
  const { repositories, releases } = dataFolders(dataDir);
  const measures = new LRUCache<string, { at: number; bytes: Promise<number> }>({ max: PROJECTS });
  return async (projectId) => {
    let measure = measures.get(projectId);
    if (measure === undefined || Date.now() - measure.at >= measuredMs) {
      const paths = [join(repositories, `${projectId}.git`), join(releases, projectId)];
      measure = { at: Date.now(), bytes: diskUse(paths) };
      measures.set(projectId, measure);
    }
    return { usedBytes: await measure.bytes, limitBytes };
  };
}
