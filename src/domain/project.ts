/**
 * A project's ledger: what its builds came to. Exact, and read in one step however many builds there were.
 *
 * Builds report keyed events; the same one twice changes nothing. Pure, like all of this room.
 */
import { isId } from './ids';
import { isPhase } from './roles';
import type { Phase } from './roles';

type FailureCounts = Partial<Record<Phase, number>>;

/** What a build reports. `sequence` is its revision: an older report than the last one taken is ignored. */
export interface BuildReport {
  buildId: string;
  sequence: number;
  kind: 'started' | 'failed' | 'recovered' | 'completed' | 'cancelled';
  /** How often each phase has failed in this build, ever: a report that was never sent is made good by the next. */
  failures?: FailureCounts;
  /** Of `completed` and `cancelled`. */
  durationMs?: number;
  handoffs?: number;
  /** Of `completed`: false where nothing of the build went live. Absent in reports of older workers. */
  released?: boolean;
}

export interface ProjectState {
  projectId: string;
  total: number;
  /** With a release; of builds that older workers reported, all that completed. */
  completed: number;
  /** Absent until the first one: ledgers of older workers do not have it. */
  completedWithoutRelease?: number;
  cancelled: number;
  /** Of the open builds, those that wait in `error`. */
  inError: number;
  /** Builds not ended: what their last report said. */
  open: Record<string, { sequence: number; inError: boolean; failures: FailureCounts }>;
  /** Sums over completed builds, and over all ended ones. */
  completedDurationMs: number;
  endedHandoffs: number;
  failurePoints: FailureCounts;
  /** Builds that ended last, so that a late or repeated report of theirs is known. */
  ended: string[];
}

export interface ProjectStats {
  total: number;
  completed: number;
  /** Completed builds of which nothing went live: no success, and no failure. */
  completedWithoutRelease: number;
  inProgress: number;
  /** In `error`, or cancelled. */
  failed: number;
  averageDurationMs: number | null;
  /** Percent of completed among completed and failed, one decimal. */
  successRatePercent: number;
  mostCommonFailurePoint: Phase | null;
  /** Over ended builds, one decimal. */
  averageHandoffs: number;
}

const ENDED_LIMIT = 1_000;

export function beginProject(projectId: string): ProjectState {
  return {
    ...{ projectId, total: 0, completed: 0, cancelled: 0, inError: 0, open: {} },
    ...{ completedDurationMs: 0, endedHandoffs: 0, failurePoints: {}, ended: [] },
  };
}

export function takeReport(project: ProjectState, report: BuildReport): ProjectState {
  const { buildId, sequence, kind, failures = {} } = report;
  if (project.ended.includes(buildId)) return project;
  const known = Object.hasOwn(project.open, buildId) ? project.open[buildId] : undefined;
  if (known !== undefined && sequence <= known.sequence) return project;
  const inError = kind === 'failed';
  const counted = {
    ...project,
    total: project.total + (known === undefined ? 1 : 0),
    inError: project.inError + Number(inError) - Number(known?.inError ?? false),
    failurePoints: withNew(project.failurePoints, failures, known?.failures ?? {}),
  };
  if (kind === 'completed' || kind === 'cancelled') return end(counted, report);
  return { ...counted, open: { ...counted.open, [buildId]: { sequence, inError, failures } } };
}

/** Adds what a build counts now and did not count before. */
function withNew(points: FailureCounts, counts: FailureCounts, before: FailureCounts): FailureCounts {
  const sum = { ...points };
  for (const [phase, count] of Object.entries(counts) as Array<[Phase, number]>) {
    sum[phase] = (sum[phase] ?? 0) + Math.max(0, count - (before[phase] ?? 0));
  }
  return sum;
}

function end(project: ProjectState, report: BuildReport): ProjectState {
  const { [report.buildId]: _, ...open } = project.open;
  const { kind, released = true } = report;
  const completed = kind === 'completed' && released;
  const unreleased = kind === 'completed' && !released;
  const withoutRelease = { completedWithoutRelease: (project.completedWithoutRelease ?? 0) + 1 };
  return {
    ...project,
    ...(unreleased ? withoutRelease : {}),
    open,
    completed: project.completed + (completed ? 1 : 0),
    cancelled: project.cancelled + (kind === 'cancelled' ? 1 : 0),
    completedDurationMs: project.completedDurationMs + (completed ? (report.durationMs ?? 0) : 0),
    endedHandoffs: project.endedHandoffs + (report.handoffs ?? 0),
    ended: [...project.ended, report.buildId].slice(-ENDED_LIMIT),
  };
}

export function statsOf(project: ProjectState): ProjectStats {
  const failed = project.inError + project.cancelled;
  const judged = project.completed + failed;
  const { completedWithoutRelease = 0 } = project;
  const endedCount = project.completed + completedWithoutRelease + project.cancelled;
  const points = Object.entries(project.failurePoints) as Array<[Phase, number]>;
  return {
    total: project.total,
    completed: project.completed,
    completedWithoutRelease,
    inProgress: project.total - endedCount - project.inError,
    failed,
    averageDurationMs: project.completed === 0 ? null : Math.round(project.completedDurationMs / project.completed),
    successRatePercent: judged === 0 ? 0 : oneDecimal((project.completed / judged) * 100),
    mostCommonFailurePoint: points.sort((a, b) => b[1] - a[1])[0]?.[0] ?? null,
    averageHandoffs: endedCount === 0 ? 0 : oneDecimal(project.endedHandoffs / endedCount),
  };
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}

const KINDS: readonly unknown[] = ['started', 'failed', 'recovered', 'completed', 'cancelled'];

/** True for what a build may report; everything else that comes by signal is not ours. */
export function isReport(value: unknown): value is BuildReport {
  if (typeof value !== 'object' || value === null) return false;
  const { buildId, sequence, kind, failures, durationMs, handoffs, released } = value as Partial<
    Record<keyof BuildReport, unknown>
  >;
  const isOurs = isId(buildId) && KINDS.includes(kind) && (released === undefined || typeof released === 'boolean');
  return isOurs && Number.isSafeInteger(sequence) && areCounts(failures) && isCount(durationMs) && isCount(handoffs);
}

function areCounts(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(([phase, count]) => isPhase(phase) && count !== undefined && isCount(count));
}

function isCount(value: unknown): boolean {
  return value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0);
}
