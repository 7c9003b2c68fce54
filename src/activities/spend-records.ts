/**
 * Keeps what ended builds have spent, and makes forecasts from it.
 *
 * Two workers that end builds of one project at the same moment may lose one of the two samples; a forecast does not need all.
 */
import { countSpend } from '../domain/build/spend';
import type { BuildState } from '../domain/build/state';
import { addSample, byPhase, forecastFrom } from '../domain/money/forecast';
import type { Forecast } from '../domain/money/forecast';
import type { Deps } from './deps';
import { findCalls, listReservations, removeReservations } from './reservations';

type DocumentDeps = Pick<Deps, 'documents'>;

/** Counts calls that no activity has reported. What is still reserved counts with the most that it can cost. */
export async function countRemaining({ documents }: DocumentDeps, build: BuildState): Promise<BuildState> {
  const { uncountedCalls = [] } = build;
  if (uncountedCalls.length === 0) return build;
  const held = await listReservations(documents, build);
  const found = findCalls(held, uncountedCalls, { hasEnded: true, now: new Date() });
  return countSpend(build, { call: '', paid: [], found });
}

/** Removes the reservations of an ended build, all of which are counted. */
export async function forgetReservations({ documents }: DocumentDeps, build: BuildState): Promise<void> {
  await removeReservations(documents, await listReservations(documents, build));
}

/** Adds a completed build to the history of its project. Builds without paid calls are not in it. */
export async function keepSpend({ documents }: DocumentDeps, build: BuildState): Promise<void> {
  const { projectId, buildId, spend, state, completedAt, updatedAt } = build;
  if (state !== 'complete' || spend === undefined) return;
  const { samples = [] } = (await documents.load('spend-histories', projectId)) ?? {};
  const sample = { buildId, at: completedAt ?? updatedAt, phases: byPhase(spend) };
  await documents.replace('spend-histories', projectId, { samples: addSample(samples, sample) });
}

/** Gives the forecast of a build of the project. */
export async function forecastOf({ documents }: DocumentDeps, projectId: string): Promise<Forecast> {
  const { samples = [] } = (await documents.load('spend-histories', projectId)) ?? {};
  return forecastFrom(samples, new Date().toISOString());
}
