/**
 * Measures the disk space of a project, that is of its repository and its releases, at most once a minute.
 *
 * Artifacts are not counted: projects with the same content share them.
 */
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { diskUse } from '../adapters/machine/du';
import type { ApiDeps } from '../api/deps';
import type { Config } from './config';
import { dataFolders } from './data-folders';

const MEASURE_VALID_MS = 60_000;
const MAX_PROJECTS = 10_000;

/** Undefined where there is no limit. `validMs`: how long a measurement is used again. */
export function createProjectDisk(
  { dataDir, disk }: Pick<Config, 'dataDir' | 'disk'>,
  validMs = MEASURE_VALID_MS,
): ApiDeps['projectDisk'] {
  const { projectBytes: limitBytes } = disk;
  if (limitBytes === undefined) return undefined;
  const { repositories, releases } = dataFolders(dataDir);
  const measurements = new LRUCache<string, { at: number; bytes: Promise<number> }>({ max: MAX_PROJECTS });
  return async (projectId) => {
    let measurement = measurements.get(projectId);
    if (measurement === undefined || Date.now() - measurement.at >= validMs) {
      const paths = [join(repositories, `${projectId}.git`), join(releases, projectId)];
      measurement = { at: Date.now(), bytes: diskUse(paths) };
      measurements.set(projectId, measurement);
    }
    return { usedBytes: await measurement.bytes, limitBytes };
  };
}
