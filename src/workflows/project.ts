/**
 * The project workflow: the ledger of a project. It counts all builds of the project, so that `stats` is exact and one query.
 *
 * It counts only reports with a proof that a worker of this installation sent them. A workflow that was terminated, reset or deleted
 * cannot report, so the ledger also looks at Temporal and at the records. It never ends; it continues as new when its history is long.
 */
import {
  condition,
  continueAsNew,
  patched,
  setDefaultSignalHandler,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { beginProject, endedCount, statsOf, applySurvey, applyReport } from '../domain/project';
import type { BuildReport, ProjectState } from '../domain/project';
import { readReports } from '../domain/project-input';
import { refuseForeignProject } from './inputs';
import { askSignal, capsSignal, lookSignal, reportSignal, statsQuery } from './messages';
import type { ProjectInput } from './messages';
import { hasMoney, queueAsks, takeFoundMoney, takeMoney, timeMidnight, withOwnMoney } from './project-grants';
import type { GrantRun } from './project-grants';
import { recordActivities, ledgerActivities } from './proxies';

/** Time between two looks while builds are open. A look costs a few events of the ledger's history and some calls to the server. */
const LOOK_INTERVAL = '10m';
const MAX_REPORTS_PER_PROOF = 200;

/** The state that the handlers and the main loop share. */
interface LedgerRun extends GrantRun {
  /** Reports whose proofs are not checked yet. */
  inbox: BuildReport[];
  isLookDue: boolean;
  isLooking: boolean;
  /** True until the first look of a new ledger is over: it counts builds that ran before the ledger was started. */
  isCounting: boolean;
  /** True if the last look failed. */
  hasLookFailed: boolean;
  /** True while the timer for the next look runs. */
  isTimerRunning: boolean;
  /** Reports that arrived during a look, which may have read older states of their builds. */
  reportsDuringLook: BuildReport[];
}

export async function projectWorkflow(input: ProjectInput): Promise<never> {
  refuseForeignProject(input);
  const project = 'resumed' in input ? input.resumed : beginProject(input.projectId);
  const flags = { isLookDue: false, isLooking: false, isCounting: false, hasLookFailed: false, isTimerRunning: false };
  const grants = { asks: [], voided: [], isServeDue: false, isMidnightTimed: false };
  const run: LedgerRun = { project, inbox: [], reportsDuringLook: [], ...flags, ...grants };
  registerSignals(run);
  setHandler(statsQuery, () => ({ ...statsOf(run.project), isCounting: run.isCounting }), {
    description: 'Counts, durations and failure points of the project',
  });
  // An earlier ledger of this project may have been terminated or deleted, so a new one counts the builds that exist.
  if (!('resumed' in input) && patched('ledger-first-look')) void look(run, { isNew: true });
  // A timer does not survive continue-as-new, and a build that only waits sends no report that would start another.
  if ('resumed' in input && patched('ledger-timer-resumed')) timeNextLook(run);

  for (;;) {
    timeMidnight(run);
    await condition(() => hasMail(run) || (run.isLookDue && !run.isLooking) || mayContinueAsNew(run));
    if (hasMail(run)) await takeMail(run);
    else if (run.isLookDue && !run.isLooking) void look(run, { isNew: run.isCounting });
    else return continueAsNew<typeof projectWorkflow>({ resumed: run.project });
    timeNextLook(run);
  }
}

/** Asks wait until a new ledger has counted the earlier builds. */
function hasMail({ inbox, asks, isServeDue, isCounting }: LedgerRun): boolean {
  return inbox.length > 0 || isServeDue || (asks.length > 0 && !isCounting);
}

function mayContinueAsNew({ isLooking }: LedgerRun): boolean {
  return workflowInfo().continueAsNewSuggested && !isLooking;
}

/** Any client of the server may send a signal, so a signal that holds no report is ignored. */
function registerSignals(run: LedgerRun): void {
  setHandler(reportSignal, (payload) => {
    const reports = readReports(payload);
    if (reports.length === 0) return;
    // Older ledgers counted every report; their histories must replay.
    if (patched('proven-reports')) run.inbox.push(...reports);
    else for (const report of reports) run.project = applyReport(run.project, report);
  });
  setHandler(askSignal, (payload) => queueAsks(run, payload));
  setHandler(capsSignal, () => void (run.isServeDue ||= patched('grants')));
  setHandler(lookSignal, () => void (run.isLookDue = true));
  setDefaultSignalHandler(() => undefined);
}

async function takeMail(run: LedgerRun): Promise<void> {
  const batch = run.inbox.splice(0, MAX_REPORTS_PER_PROOF);
  const isOfMoney = run.project.money !== undefined || run.asks.length > 0 || run.isServeDue || batch.some(hasMoney);
  // Older ledgers did not know of money; their histories must replay.
  const proven =
    isOfMoney && patched('grants')
      ? await takeMoney(run, batch, { holdAsks: run.isCounting })
      : await provenOf(run, batch);
  for (const report of proven) {
    // An ended build that reports again was reset in Temporal: a look finds out how it was counted before.
    if (isOfEndedBuild(run.project, report)) run.isLookDue = true;
    run.project = applyReport(run.project, report);
    if (run.isLooking) run.reportsDuringLook.push(report);
  }
}

async function provenOf({ project: { projectId } }: LedgerRun, batch: BuildReport[]): Promise<BuildReport[]> {
  const isProven = await recordActivities.proveReports(projectId, batch);
  return batch.filter((_, index) => isProven[index] === true);
}

function isOfEndedBuild({ ended }: ProjectState, { buildId, kind }: BuildReport): boolean {
  return kind !== 'completed' && kind !== 'cancelled' && ended.includes(buildId);
}

/** Compares the ledger with Temporal while more reports arrive. Never fails the ledger: it looks again after a failed look. */
async function look(run: LedgerRun, { isNew }: { isNew: boolean }): Promise<void> {
  run.isLooking = true;
  run.isCounting ||= isNew;
  run.isLookDue = false;
  run.reportsDuringLook = [];
  try {
    const { projectId, open } = run.project;
    const openBuilds = Object.entries(open).map(([id, { sequence, run: runId }]) => [id, { sequence, run: runId }]);
    const ended = endedCount(run.project);
    const lookResult = await ledgerActivities.lookAtBuilds({
      projectId,
      open: Object.fromEntries(openBuilds),
      ended,
      isNew,
    });
    const { found, isWhole, rebuilt } = lookResult;
    takeFoundMoney(run, found);
    run.project =
      rebuilt === null
        ? found.reduce(applySurvey, run.project)
        : run.reportsDuringLook.reduce(applyReport, withOwnMoney(rebuilt, run.project));
    if (!isWhole) run.isLookDue = true;
    run.hasLookFailed = false;
    run.isCounting = false;
  } catch {
    run.hasLookFailed = true;
  }
  run.reportsDuringLook = [];
  run.isLooking = false;
  timeNextLook(run);
}

function timeNextLook(run: LedgerRun): void {
  const isIdle = Object.keys(run.project.open).length === 0 && !run.hasLookFailed;
  if (run.isTimerRunning || isIdle || !patched('ledger-looks')) return;
  run.isTimerRunning = true;
  void sleep(LOOK_INTERVAL).then(() => {
    run.isTimerRunning = false;
    run.isLookDue = true;
  });
}
