/**
 * Kills the worker while builds are in a phase, starts another, and measures how long each build stands still.
 *
 * The mock model delays the builds of a phase until all have called it, then answers some; the kill follows a moment later. So
 * it hits running calls, answers that are not stored yet, and the git, test and release work after them.
 */
import { WorkflowFailedError } from '@temporalio/client';
import type { Phase } from '../../src/domain/roles';
import { pause, waitUntil } from '../builds';
import type { Program } from '../programs';
import type { Site } from './site';

export interface Restart {
  phase: Phase;
  /** From the moment the new worker is ready to the first step it takes in this build. */
  sinceReadyMs: number;
  sinceKillMs: number;
}

/** Gives the worker that runs at the end, and one entry for each build that the kill interrupted. */
export async function killInPhase(
  site: Site,
  input: { phase: Phase; builds: number; projectId: string; worker: Program; afterMs: number },
): Promise<{ worker: Program; restarts: Restart[]; workflowIds: string[] }> {
  const { phase, builds } = input;
  site.model.hold(phase);
  const workflowIds = await Promise.all(Array.from({ length: builds }, () => site.start(input.projectId)));
  await waitUntil(
    async () => site.model.waiting(),
    (waiting) => waiting >= builds,
    120_000,
  );
  site.model.answerOldest(Math.ceil(builds / 2));
  await pause(input.afterMs);
  await input.worker.kill();
  const killedAt = Date.now();
  site.model.epoch += 1;
  site.model.hold(null);
  site.model.answerOldest(builds);
  const progressAtKill = await Promise.all(workflowIds.map((id) => readProgress(site, id)));
  const worker = await site.startWorker();
  const steps = await Promise.all(
    workflowIds.map((id, index) => firstStep(site, id, { worker, killedEvents: progressAtKill[index]?.events ?? 0 })),
  );
  const restarts = steps.flatMap((at) =>
    at === null ? [] : [{ phase, sinceReadyMs: Math.max(0, at - worker.readyAt), sinceKillMs: at - killedAt }],
  );
  await Promise.all(workflowIds.map((id) => waitForEnd(site, id)));
  return { worker, restarts, workflowIds };
}

interface BuildProgress {
  events: number;
  open: boolean;
  /** The worker that carries out the current activity, and the start of this activity (server time, ms). */
  identity: string;
  startedAt: number;
}

async function readProgress(site: Site, workflowId: string): Promise<BuildProgress> {
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

/** Gives the time at which the new worker first began an activity of the build, or an event was added to the build's history. */
async function firstStep(
  site: Site,
  workflowId: string,
  { worker, killedEvents }: { worker: Program; killedEvents: number },
): Promise<number | null> {
  const progress = await waitUntil(
    () => readProgress(site, workflowId),
    ({ events, open, identity }) => !open || events > killedEvents || identity.startsWith(`${worker.pid}@`),
    60_000,
  );
  if (!progress.open && progress.events === killedEvents) return null;
  return progress.identity.startsWith(`${worker.pid}@`) ? progress.startedAt : Date.now();
}

export async function waitForEnd(site: Site, workflowId: string): Promise<void> {
  const limit = new Promise<void>((resolve) => setTimeout(resolve, 120_000).unref());
  const result = site.client.workflow.getHandle(workflowId).result();
  // The audit finds builds that failed. Here a failed build must not end the wait for the others.
  const end = result.catch((error: unknown) => {
    if (!(error instanceof WorkflowFailedError)) throw error;
  });
  await Promise.race([end, limit]);
}
