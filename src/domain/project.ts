/**
 * A project's ledger: what its builds came to. Exact, and read in one step however many builds there were.
 *
 * Builds report keyed events; the same one twice changes nothing. What a look at Temporal and at the records finds stands above
 * what was reported. Pure, like all of this room.
 */
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
  /** The run of the build's workflow: a reset begins another one, whose revisions count from an earlier one. */
  run?: string;
}

/** A report on its way to the ledger. Only who has the data folder can make the proof (`ports/report-proofs`). */
export interface ProvenReport extends BuildReport {
  /** When it was sent, ISO 8601. */
  sentAt: string;
  proof: string;
}

/** What the ledger knows of an open build. */
export interface OpenBuild {
  sequence: number;
  inError: boolean;
  failures: FailureCounts;
  /** Absent until a report or a look names it. */
  run?: string;
  /** Earlier runs, newest last: what they still say is late. */
  pastRuns?: string[];
}

/** What a look at Temporal and at the records found of one build. */
export type Found =
  /** Neither has it: it was deleted while it was open, and counts no more. */
  | { kind: 'gone'; buildId: string }
  /** `counted`: it had ended with that report, and a reset has opened it again. */
  | { kind: 'standing'; report: BuildReport; counted?: BuildReport };

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
  open: Record<string, OpenBuild>;
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
  /** True until a ledger that was begun anew has looked for what was before it. Absent in ledgers of older workers. */
  isCounting?: boolean;
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
  const known = knownOf(project, buildId);
  if (known !== undefined && isLate(report, known)) return project;
  const inError = kind === 'failed';
  const counted = {
    ...project,
    total: project.total + (known === undefined ? 1 : 0),
    inError: project.inError + Number(inError) - Number(known?.inError ?? false),
    failurePoints: withNew(project.failurePoints, failures, known?.failures ?? {}),
  };
  if (kind === 'completed' || kind === 'cancelled') return end(counted, report);
  return {
    ...counted,
    open: { ...counted.open, [buildId]: { sequence, inError, failures, ...runsOf(report, known) } },
  };
}

function knownOf({ open }: ProjectState, buildId: string): OpenBuild | undefined {
  return Object.hasOwn(open, buildId) ? open[buildId] : undefined;
}

/** A run that was not heard of before is newer, whatever its revision is. */
function isLate({ sequence, run }: BuildReport, known: OpenBuild): boolean {
  if (run === undefined || known.run === undefined || run === known.run) return sequence <= known.sequence;
  return known.pastRuns?.includes(run) === true;
}

const PAST_RUNS_LIMIT = 5;

function runsOf({ run }: BuildReport, known: OpenBuild | undefined): Pick<OpenBuild, 'run' | 'pastRuns'> {
  const { run: before, pastRuns = [] } = known ?? {};
  const now = run ?? before;
  const past = before === undefined || before === now ? pastRuns : [...pastRuns, before].slice(-PAST_RUNS_LIMIT);
  return { ...(now === undefined ? {} : { run: now }), ...(past.length === 0 ? {} : { pastRuns: past }) };
}

/** A look asks Temporal itself, so what it finds stands above what was reported. */
export function takeFound(project: ProjectState, found: Found): ProjectState {
  if (found.kind === 'gone') return forget(project, found.buildId);
  const { report, counted } = found;
  const isOpen = knownOf(project, report.buildId) !== undefined;
  return takeReport(counted === undefined || isOpen ? project : reopen(project, counted), report);
}

function forget(project: ProjectState, buildId: string): ProjectState {
  const known = knownOf(project, buildId);
  if (known === undefined) return project;
  const { [buildId]: _, ...open } = project.open;
  const failurePoints = { ...project.failurePoints };
  for (const [phase, count] of Object.entries(known.failures) as Array<[Phase, number]>) {
    failurePoints[phase] = Math.max(0, (failurePoints[phase] ?? 0) - count);
  }
  const inError = project.inError - Number(known.inError);
  return { ...project, open, failurePoints, total: project.total - 1, inError };
}

/** Takes the end of a build back out of the sums; its failures stay counted. */
function reopen(project: ProjectState, { buildId, failures = {}, ...ended }: BuildReport): ProjectState {
  const { completed, unreleased, cancelled } = countsOf(ended);
  const { completedWithoutRelease } = project;
  const without = Math.max(0, (completedWithoutRelease ?? 0) - unreleased);
  return {
    ...project,
    ...(completedWithoutRelease === undefined ? {} : { completedWithoutRelease: without }),
    open: { ...project.open, [buildId]: { sequence: -1, inError: false, failures } },
    completed: Math.max(0, project.completed - completed),
    cancelled: Math.max(0, project.cancelled - cancelled),
    completedDurationMs: Math.max(0, project.completedDurationMs - completed * (ended.durationMs ?? 0)),
    endedHandoffs: Math.max(0, project.endedHandoffs - (ended.handoffs ?? 0)),
    ended: project.ended.filter((id) => id !== buildId),
  };
}

/** What the end of a build adds to the sums. */
function countsOf({ kind, released = true }: Pick<BuildReport, 'kind' | 'released'>) {
  return {
    completed: Number(kind === 'completed' && released),
    unreleased: Number(kind === 'completed' && !released),
    cancelled: Number(kind === 'cancelled'),
  };
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
  const { completed, unreleased, cancelled } = countsOf(report);
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
  };
}

/** Builds that have ended, however they did. */
export function endedCount({ completed, completedWithoutRelease = 0, cancelled }: ProjectState): number {
  return completed + completedWithoutRelease + cancelled;
}

export function statsOf(project: ProjectState): ProjectStats {
  const failed = project.inError + project.cancelled;
  const judged = project.completed + failed;
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
    successRatePercent: judged === 0 ? 0 : oneDecimal((project.completed / judged) * 100),
    mostCommonFailurePoint: points.sort((a, b) => b[1] - a[1])[0]?.[0] ?? null,
    averageHandoffs: ended === 0 ? 0 : oneDecimal(project.endedHandoffs / ended),
  };
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}
