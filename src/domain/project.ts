/**
 * A project's ledger: exact counts of its builds, readable in one step for any number of builds.
 *
 * Builds send reports with a sequence number, so a repeated report changes nothing. A survey overrides reports. Pure.
 */
import { NO_SUMS, addSums, subtractSums } from './money/spend-sums';
import type { SpendSums } from './money/spend-sums';
import type { ProjectMoney, ReportedMoney } from './money/grants';
import type { Phase } from './roles';

type FailureCounts = Partial<Record<Phase, number>>;

/** A report of a build. `sequence` is the build's revision: reports older than the last accepted one are ignored. */
export interface BuildReport extends Partial<ReportedMoney> {
  buildId: string;
  sequence: number;
  kind: 'started' | 'failed' | 'recovered' | 'completed' | 'cancelled';
  /** How often each phase has failed in total, so that the next report makes up for a lost one. */
  failures?: FailureCounts;
  /** Only for `completed` and `cancelled`. */
  durationMs?: number;
  handoffs?: number;
  /** Only for `completed`: false if nothing was released. Absent in reports of older workers. */
  released?: boolean;
  /** What the build has spent; only for `completed` and `cancelled`. Absent where it paid for no call. */
  spend?: SpendSums;
  /** The workflow run of the build. A reset begins a new run, whose revisions start at an earlier number. */
  run?: string;
}

/** A signed report. Only processes with access to the data folder can make the proof (`ports/report-proofs`). */
export interface ProvenReport extends BuildReport {
  /** When it was sent, ISO 8601. */
  sentAt: string;
  proof: string;
}

/** The ledger's entry for an open build. */
export interface OpenBuild {
  sequence: number;
  inError: boolean;
  failures: FailureCounts;
  /** Absent until a report or a survey names it. */
  run?: string;
  /** Earlier runs, newest last: reports of these runs are ignored. */
  pastRuns?: string[];
}

/** What a survey of Temporal and the records has found of one build. */
export type SurveyResult =
  /** Neither has the build: it was deleted while open, so it is removed from the counts. */
  | { kind: 'gone'; buildId: string }
  /** `counted`: the report with which the build had ended before a reset opened it again. */
  | { kind: 'standing'; report: BuildReport; counted?: BuildReport };

export interface ProjectState {
  projectId: string;
  total: number;
  /** Completed builds with a release; older workers reported every completed build here. */
  completed: number;
  /** Absent until the first such build; ledgers of older workers lack it. */
  completedWithoutRelease?: number;
  cancelled: number;
  /** Open builds that wait in `error`. */
  inError: number;
  /** Open builds, as last reported. */
  open: Record<string, OpenBuild>;
  /** Sum over completed builds; the members below are sums over all ended builds. */
  completedDurationMs: number;
  endedHandoffs: number;
  failurePoints: FailureCounts;
  /** What ended builds have spent. Absent until one of them has paid for a call. */
  spend?: SpendSums;
  /** The most recently ended builds, so that late or repeated reports of them are recognized. */
  ended: string[];
  money?: ProjectMoney;
}

export interface ProjectStats {
  total: number;
  completed: number;
  /** Completed builds without a release, which count neither as success nor as failure. */
  completedWithoutRelease: number;
  inProgress: number;
  /** Builds in `error`, and cancelled builds. */
  failed: number;
  averageDurationMs: number | null;
  /** Completed builds in percent of completed and failed ones, with one decimal. */
  successRatePercent: number;
  mostCommonFailurePoint: Phase | null;
  /** Average over ended builds, with one decimal. */
  averageHandoffs: number;
  spend?: SpendSums;
  /** True while a newly begun ledger still searches for earlier builds. Absent in ledgers of older workers. */
  isCounting?: boolean;
}

const ENDED_LIMIT = 1_000;

export function beginProject(projectId: string): ProjectState {
  return {
    ...{ projectId, total: 0, completed: 0, cancelled: 0, inError: 0, open: {} },
    ...{ completedDurationMs: 0, endedHandoffs: 0, failurePoints: {}, ended: [] },
  };
}

export function applyReport(project: ProjectState, report: BuildReport): ProjectState {
  const { buildId, sequence, kind, failures = {} } = report;
  if (project.ended.includes(buildId)) return project;
  const openBuild = openBuildOf(project, buildId);
  if (openBuild !== undefined && isLate(report, openBuild)) return project;
  const inError = kind === 'failed';
  const countedProject = {
    ...project,
    total: project.total + (openBuild === undefined ? 1 : 0),
    inError: project.inError + Number(inError) - Number(openBuild?.inError ?? false),
    failurePoints: addIncrease(project.failurePoints, failures, openBuild?.failures ?? {}),
  };
  if (kind === 'completed' || kind === 'cancelled') return endBuild(countedProject, report);
  return {
    ...countedProject,
    open: { ...countedProject.open, [buildId]: { sequence, inError, failures, ...runsOf(report, openBuild) } },
  };
}

function openBuildOf({ open }: ProjectState, buildId: string): OpenBuild | undefined {
  return Object.hasOwn(open, buildId) ? open[buildId] : undefined;
}

/** A report of an unknown run is newer, for any revision. */
function isLate({ sequence, run }: BuildReport, openBuild: OpenBuild): boolean {
  if (run === undefined || openBuild.run === undefined || run === openBuild.run) return sequence <= openBuild.sequence;
  return openBuild.pastRuns?.includes(run) === true;
}

const PAST_RUNS_LIMIT = 5;

function runsOf({ run }: BuildReport, openBuild: OpenBuild | undefined): Pick<OpenBuild, 'run' | 'pastRuns'> {
  const { run: previousRun, pastRuns = [] } = openBuild ?? {};
  const currentRun = run ?? previousRun;
  const updatedPastRuns =
    previousRun === undefined || previousRun === currentRun
      ? pastRuns
      : [...pastRuns, previousRun].slice(-PAST_RUNS_LIMIT);
  return {
    ...(currentRun === undefined ? {} : { run: currentRun }),
    ...(updatedPastRuns.length === 0 ? {} : { pastRuns: updatedPastRuns }),
  };
}

/** Applies the result of a survey, which overrides reports since it queries Temporal itself. */
export function applySurvey(project: ProjectState, surveyed: SurveyResult): ProjectState {
  if (surveyed.kind === 'gone') return forget(project, surveyed.buildId);
  const { report, counted } = surveyed;
  const isOpen = openBuildOf(project, report.buildId) !== undefined;
  return applyReport(counted === undefined || isOpen ? project : reopen(project, counted), report);
}

function forget(project: ProjectState, buildId: string): ProjectState {
  const known = openBuildOf(project, buildId);
  if (known === undefined) return project;
  const { [buildId]: _, ...open } = project.open;
  const failurePoints = { ...project.failurePoints };
  for (const [phase, count] of Object.entries(known.failures) as Array<[Phase, number]>) {
    failurePoints[phase] = Math.max(0, (failurePoints[phase] ?? 0) - count);
  }
  const inError = project.inError - Number(known.inError);
  return { ...project, open, failurePoints, total: project.total - 1, inError };
}

/** Subtracts the end of a build from the sums; its failures stay counted. */
function reopen(project: ProjectState, { buildId, failures = {}, ...ended }: BuildReport): ProjectState {
  const { completed, unreleased, cancelled } = endCounts(ended);
  const { completedWithoutRelease } = project;
  const withoutReleaseLeft = Math.max(0, (completedWithoutRelease ?? 0) - unreleased);
  return {
    ...project,
    ...(completedWithoutRelease === undefined ? {} : { completedWithoutRelease: withoutReleaseLeft }),
    open: { ...project.open, [buildId]: { sequence: -1, inError: false, failures } },
    completed: Math.max(0, project.completed - completed),
    cancelled: Math.max(0, project.cancelled - cancelled),
    completedDurationMs: Math.max(0, project.completedDurationMs - completed * (ended.durationMs ?? 0)),
    endedHandoffs: Math.max(0, project.endedHandoffs - (ended.handoffs ?? 0)),
    ended: project.ended.filter((id) => id !== buildId),
    ...(project.spend === undefined ? {} : { spend: subtractSums(project.spend, ended.spend ?? NO_SUMS) }),
  };
}

/** The amounts that the end of a build adds to the sums. */
function endCounts({ kind, released = true }: Pick<BuildReport, 'kind' | 'released'>) {
  return {
    completed: Number(kind === 'completed' && released),
    unreleased: Number(kind === 'completed' && !released),
    cancelled: Number(kind === 'cancelled'),
  };
}

/** Adds the increase since the build's last report. */
function addIncrease(points: FailureCounts, counts: FailureCounts, before: FailureCounts): FailureCounts {
  const sum = { ...points };
  for (const [phase, count] of Object.entries(counts) as Array<[Phase, number]>) {
    sum[phase] = (sum[phase] ?? 0) + Math.max(0, count - (before[phase] ?? 0));
  }
  return sum;
}

function endBuild(project: ProjectState, report: BuildReport): ProjectState {
  const { [report.buildId]: _, ...open } = project.open;
  const { completed, unreleased, cancelled } = endCounts(report);
  const withoutRelease = { completedWithoutRelease: (project.completedWithoutRelease ?? 0) + 1 };
  return {
    ...project,
    ...(unreleased === 1 ? withoutRelease : {}),
    open,
    completed: project.completed + completed,
    cancelled: project.cancelled + cancelled,
    completedDurationMs: project.completedDurationMs + completed * (report.durationMs ?? 0),
    endedHandoffs: project.endedHandoffs + (report.handoffs ?? 0),
    ended: [...project.ended, report.buildId].slice(-ENDED_LIMIT),
    ...(report.spend === undefined ? {} : { spend: addSums(project.spend ?? NO_SUMS, report.spend) }),
  };
}

export function endedCount({ completed, completedWithoutRelease = 0, cancelled }: ProjectState): number {
  return completed + completedWithoutRelease + cancelled;
}

export function statsOf(project: ProjectState): ProjectStats {
  const failed = project.inError + project.cancelled;
  const finished = project.completed + failed;
  const { completedWithoutRelease = 0 } = project;
  const ended = endedCount(project);
  const points = Object.entries(project.failurePoints) as Array<[Phase, number]>;
  return {
    total: project.total,
    completed: project.completed,
    completedWithoutRelease,
    inProgress: project.total - ended - project.inError,
    failed,
    averageDurationMs: project.completed === 0 ? null : Math.round(project.completedDurationMs / project.completed),
    successRatePercent: finished === 0 ? 0 : oneDecimal((project.completed / finished) * 100),
    mostCommonFailurePoint: points.sort((a, b) => b[1] - a[1])[0]?.[0] ?? null,
    averageHandoffs: ended === 0 ? 0 : oneDecimal(project.endedHandoffs / ended),
    spend: project.spend ?? NO_SUMS,
  };
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}
