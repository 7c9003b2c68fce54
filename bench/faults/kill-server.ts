/**
 * Kills the embedded Temporal server while builds run, and starts it again on its database file.
 */
import { pause, until } from '../builds';
import { ended } from './kill-worker';
import type { Site } from './site';

export async function killServer(site: Site, builds: number): Promise<{ workflowIds: string[]; downMs: number }> {
  const asked = site.model.calls.length;
  const workflowIds = await Promise.all(Array.from({ length: builds }, () => site.start('served')));
  await until(
    async () => site.model.calls.length - asked,
    (calls) => calls >= builds * 3,
    120_000,
  );
  const began = Date.now();
  process.kill(site.server.pid, 'SIGKILL');
  // Activities end meanwhile and cannot say so.
  await pause(500);
  await site.restartServer();
  const downMs = Date.now() - began;
  await Promise.all(workflowIds.map((id) => ended(site, id)));
  return { workflowIds, downMs };
}
