/**
 * A project's ledger: what its builds came to. Exact, and read in one step however many builds there were.
 *
 * Builds report keyed events; the same one twice changes nothing. Pure, like all of this room.
 */
import { isPhase } from './roles';
import type { Phase } from './roles';

/** What a build reports. `sequence` is its revision: an older report than the last one taken is ignored. */
export interface BuildReport {
  buildId: string;
  sequence: number;
  kind: 'started' | 'failed' | 'recovered' | 'completed' | 'cancelled';
  /** Of `failed`: the phase. */
  phase?: Phase;
  /** Of `completed` and `cancelled`. */
  durationMs?: number;
  handoffs?: number;
}

export interface ProjectState {
  projectId: string;
  total: number;
  completed: number;
  cancelled: number;
  /** Builds not ended: the last report's sequence, and whether they wait in `error`. */
  open: Record<string, { sequence: number; inError: boolean }>;
  /** Sums over completed builds, and over all ended ones. */
  completedDurationMs: number;
  endedHandoffs: number;
  failurePoints: Partial<Record<Phase, number>>;
  /** Builds that ended last, so that a late or repeated report of theirs is known. */
  ended: string[];
}

export interface ProjectStats {
  total: number;
  completed: number;
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
    ...{ projectId, total: 0, completed: 0, cancelled: 0, open: {} },
    ...{ completedDurationMs: 0, endedHandoffs: 0, failurePoints: {}, ended: [] },
  };
}

export function takeReport(project: ProjectState, report: BuildReport): ProjectState {
  const { buildId, sequence, kind } = report;
  if (project.ended.includes(buildId)) return project;
  const known = Object.hasOwn(project.open, buildId) ? project.open[buildId] : undefined;
  if (known !== undefined && sequence <= known.sequence) return project;
  const counted = known === undefined ? { ...project, total: project.total + 1 } : project;
  if (kind === 'completed' || kind === 'cancelled') return end(counted, report);
  const open = { ...counted.open, [buildId]: { sequence, inError: kind === 'failed' } };
  if (kind !== 'failed' || report.phase === undefined) return { ...counted, open };
  const failurePoints = { ...project.failurePoints, [report.phase]: (project.failurePoints[report.phase] ?? 0) + 1 };
  return { ...counted, open, failurePoints };
}

function end(project: ProjectState, report: BuildReport): ProjectState {
  const { [report.buildId]: _, ...open } = project.open;
  const completed = report.kind === 'completed';
  return {
    ...project,
    open,
    completed: project.completed + (completed ? 1 : 0),
    cancelled: project.cancelled + (completed ? 0 : 1),
    completedDurationMs: project.completedDurationMs + (completed ? (report.durationMs ?? 0) : 0),
    endedHandoffs: project.endedHandoffs + (report.handoffs ?? 0),
    ended: [...project.ended, report.buildId].slice(-ENDED_LIMIT),
  };
}

export function statsOf(project: ProjectState): ProjectStats {
  const inError = Object.values(project.open).filter((build) => build.inError).length;
  const failed = inError + project.cancelled;
  const judged = project.completed + failed;
  const endedCount = project.completed + project.cancelled;
  const points = Object.entries(project.failurePoints) as Array<[Phase, number]>;
  return {
    total: project.total,
    completed: project.completed,
    inProgress: Object.keys(project.open).length - inError,
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
  const { buildId, sequence, kind, phase, durationMs, handoffs } = value as Partial<Record<keyof BuildReport, unknown>>;
  const named = typeof buildId === 'string' && typeof sequence === 'number' && KINDS.includes(kind);
  return named && (phase === undefined || isPhase(phase)) && isCount(durationMs) && isCount(handoffs);
}

function isCount(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && value >= 0);
}
