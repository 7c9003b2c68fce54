/**
 * The settings of a project for the API: stored in versions, and joined with the body of a start.
 */
import type { Sender } from '../domain/build/sender';
import { workflowIdOf } from '../domain/ids';
import { sha256 } from '../inspect/digest';
import type { StoredSettings } from '../ports/project-settings';
import { WidensSettings, narrowStart } from '../requests/narrow-start';
import type { ProjectSettings } from '../requests/project-settings';
import type { Narrowed } from '../requests/narrow-start';
import { readStartRequest } from '../requests/start-request';
import { PROJECT_WORKFLOW, capsSignal, ledgerOptions } from '../workflows/messages';
import { findBuildView } from './builds';
import type { ApiDeps } from './deps';
import { Problem, malformed } from './problems';
import { callTemporal } from './temporal-calls';

interface Change {
  settings: ProjectSettings;
  /** The version that the caller has read; 0: none. */
  expectedVersion: number;
  reason: string;
  sender: Sender;
}

/** Stores the next version, and lets builds that wait for money go on where the caps allow it. Throws `Settings.Stale`. */
export async function storeSettings(deps: ApiDeps, projectId: string, change: Change): Promise<StoredSettings> {
  const { settings, expectedVersion, reason, sender } = change;
  const present = (await deps.projectSettings.latest(projectId))?.version ?? 0;
  if (present !== expectedVersion) throw stale(expectedVersion, present);
  const stored = { version: present + 1, settings, ...sender, reason, at: new Date().toISOString() };
  if (!(await deps.projectSettings.store(projectId, stored))) throw stale(expectedVersion, present + 1);
  await wakeLedger(deps, projectId);
  return stored;
}

function stale(expected: number, present: number): Problem {
  const message = `expected_version is ${expected}, but the settings are at ${present}; read them again, and send your change with that version`;
  return new Problem('Settings.Stale', message, { field: 'expected_version', version: present });
}

/** The ledger reads the caps again before each grant, so that only waiting builds need this. */
async function wakeLedger(deps: ApiDeps, projectId: string): Promise<void> {
  const options = { ...ledgerOptions(projectId, deps.taskQueue), signal: capsSignal, signalArgs: [] as [] };
  await callTemporal(deps, () => deps.client.workflow.signalWithStart(PROJECT_WORKFLOW, options));
}

interface Start {
  projectId: string;
  buildId: string;
  key: string | null;
}

/**
 * Joins the body of a start with the settings of its project. A repeated start is joined with those of the first one, so that it is
 * still the same request. Throws `Request.Malformed` for what would widen the settings.
 */
export async function withSettings<B extends Narrowed>(
  deps: ApiDeps,
  start: Start,
  body: B,
): Promise<B & { settings_version?: number }> {
  const newest = await deps.projectSettings.latest(start.projectId);
  if (newest === null) return body;
  const version = await firstVersion(deps, start);
  if (version === null) return body;
  const stored = version === undefined ? newest : await deps.projectSettings.load(start.projectId, version);
  return stored === null ? body : { ...joined(body, stored), settings_version: stored.version };
}

/** Refuses an amended request that is wider than the settings of its project. */
export async function requireWithinSettings(deps: ApiDeps, projectId: string, body: Narrowed): Promise<void> {
  const newest = await deps.projectSettings.latest(projectId);
  if (newest !== null) joined(body, newest);
}

function joined<B extends Narrowed>(body: B, { settings }: StoredSettings): B {
  try {
    return narrowStart(body, settings);
  } catch (error) {
    if (error instanceof WidensSettings) throw malformed(error.widening.field, error.widening.message);
    throw error;
  }
}

/** The version with which this build was started; null: the project had none then. Undefined for a build that is new. */
async function firstVersion(deps: ApiDeps, { projectId, buildId, key }: Start): Promise<number | null | undefined> {
  const claim = key === null ? undefined : await deps.documents.load('start-keys', sha256(`${projectId}\n${key}`));
  const digest = claim?.request ?? (await findBuildView(deps, workflowIdOf({ projectId, buildId })))?.card.request;
  if (digest === undefined) return undefined;
  const request = readStartRequest((await deps.artifacts.get(digest)).toString('utf8'), digest);
  return request.settings_version ?? null;
}
