/**
 * Kills the embedded Temporal server while builds run, and starts it again on its database file.
 */
import { pause, waitUntil } from '../builds';
import { waitForEnd } from './kill-worker';
import type { Site } from './site';

export async function killServer(
  site: Site,
  { builds, projectId }: { builds: number; projectId: string },
): Promise<{ workflowIds: string[]; downMs: number }> {
  const callsBefore = site.model.calls.length;
  const workflowIds = await Promise.all(Array.from({ length: builds }, () => site.start(projectId)));
  await waitUntil(
    async () => site.model.calls.length - callsBefore,
    (calls) => calls >= builds * 3,
    120_000,
  );
  const began = Date.now();
  process.kill(site.server.pid, 'SIGKILL');
  // Meanwhile activities end and cannot report their results.
  await pause(500);
  await site.restartServer();
  const downMs = Date.now() - began;
  await Promise.all(workflowIds.map((id) => waitForEnd(site, id)));
  return { workflowIds, downMs };
}
