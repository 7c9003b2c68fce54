/**
 * Puts together what the money of projects needs.
 */
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Deps } from '../activities/deps';
import { createProjectSettings } from '../adapters/record/project-settings';
import { createGrants } from '../adapters/temporal/grants';
import { capsOf } from '../domain/money/project-caps';
import type { Config } from './config';
import { dataFolders } from './data-folders';

/** Creates what the money of a project needs: its settings, the caps that follow from them, and the grants of its ledger. */
export function createProjectMoney(
  config: Config,
  { client, documents, proofs }: Pick<Deps, 'documents' | 'proofs'> & { client: Client },
): Pick<Deps, 'grants' | 'projectSettings' | 'projectCaps'> {
  const projectSettings = createProjectSettings(documents);
  return {
    projectSettings,
    grants: createGrants({
      ...{ client, taskQueue: config.temporal.taskQueue, documents, proofs },
      folder: join(dataFolders(config.dataDir).documents, 'grants'),
    }),
    projectCaps: async (projectId) =>
      capsOf((await projectSettings.latest(projectId))?.settings.budget, config.projectCaps),
  };
}
