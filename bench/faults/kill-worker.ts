/**
 * Kills the worker while builds are in a phase, starts another, and measures how long each build stands still.
 *
 * The mock model delays the builds of a phase until all have called it, then answers some; the kill follows a moment later. So
 * it hits running calls, answers that are not stored yet, and the git, test and release work after them.
 */
import { WorkflowFailedError } from '@temporalio/client';
import type { Phase } from '../../src/domain/roles';
import { pause, until } from '../builds';
import type { Program } from '../programs';
import type { Site } from './site';

export interface Restart {
  phase: Phase;
  /** From the moment the new worker is ready to the first step it takes in this build. */
  sinceReadyMs: number;
  sinceKillMs: number;
}

/** The worker that runs at the end, and one entry for each build that was hit. */
export async function killInPhase(
  site: Site,
  input: { phase: Phase; builds: number; projectId: string; worker: Program; afterMs: number },
): Promise<{ worker: Program; restarts: Restart[]; workflowIds: string[] }> {
  const { phase, builds } = input;
  site.model.hold(phase);
  const workflowIds = await Promise.all(Array.from({ length: builds }, () => site.start(input.projectId)));
  await until(
    async () => site.model.waiting(),
    (waiting) => waiting >= builds,
    120_000,
  );
  site.model.letGo(Math.ceil(builds / 2));
  await pause(input.afterMs);
  await input.worker.kill();
  const killedAt = Date.now();
  site.model.epoch += 1;
  site.model.hold(null);
  site.model.letGo(builds);
  const before = await Promise.all(workflowIds.map((id) => lookAt(site, id)));
  const worker = await site.startWorker();
  const steps = await Promise.all(
    workflowIds.map((id, index) => firstStep(site, id, { worker, killedEvents: before[index]?.events ?? 0 })),
  );
  const restarts = steps.flatMap((at) =>
    at === null ? [] : [{ phase, sinceReadyMs: Math.max(0, at - worker.readyAt), sinceKillMs: at - killedAt }],
  );
  await Promise.all(workflowIds.map((id) => ended(site, id)));
  return { worker, restarts, workflowIds };
}

interface Look {
  events: number;
  open: boolean;
  /** Who carries out the activity at hand, and since when (server time, ms). */
  identity: string;
  startedAt: number;
}

async function lookAt(site: Site, workflowId: string): Promise<Look> {
  const { raw, historyLength, status } = await site.client.workflow.getHandle(workflowId).describe();
  const pending = raw.pendingActivities?.[0];
  const at = pending?.lastStartedTime;
  return {
    events: historyLength,
    open: status.name === 'RUNNING',
    identity: pending?.lastWorkerIdentity ?? '',
    startedAt: Number(at?.seconds ?? 0) * 1_000 + (at?.nanos ?? 0) / 1e6,
  };
}

/** When the new worker first took up an activity of the build, or anything was added to its history. */
async function firstStep(
  site: Site,
  workflowId: string,
  { worker, killedEvents }: { worker: Program; killedEvents: number },
): Promise<number | null> {
  const look = await until(
    () => lookAt(site, workflowId),
    ({ events, open, identity }) => !open || events > killedEvents || identity.startsWith(`${worker.pid}@`),
    60_000,
  );
  if (!look.open && look.events === killedEvents) return null;
  return look.identity.startsWith(`${worker.pid}@`) ? look.startedAt : Date.now();
}

export async function ended(site: Site, workflowId: string): Promise<void> {
  const limit = new Promise<void>((resolve) => setTimeout(resolve, 120_000).unref());
  const result = site.client.workflow.getHandle(workflowId).result();
  // What did not end well is found by the audit; here it must not break the others off.
  const end = result.catch((error: unknown) => {
    if (!(error instanceof WorkflowFailedError)) throw error;
  });
  await Promise.race([end, limit]);
}
