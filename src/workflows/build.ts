/**
 * The build workflow: runs one build from its start to its end.
 *
 * Deterministic: it imports only the domain, messages and activity types.
 * State changes only through the domain; effects only through proxies.
 */
import {
  CancellationScope,
  CancelledFailure,
  allHandlersFinished,
  condition,
  makeContinueAsNewFunc,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import { applyDue, nextDueAt } from '../domain/build/due';
import { isHeld } from '../domain/build/holds';
import { beginBuild, isClosed } from '../domain/build/state';
import { isRungSpent } from '../domain/build/stuck';
import { waitOf } from '../domain/build/wait';
import type { BuildState } from '../domain/build/state';
import { applyOutcome, passHandoff } from '../domain/build/outcomes';
import { needsPage } from '../domain/people/approval-gate';
import { isPhase } from '../domain/roles';
import { reportKeyOf, reportOf } from '../domain/build/report';
import { modeOf } from '../domain/build/status';
import { openApprovalGate } from './approval-gates';
import { now } from './clock';
import { deliverResult } from './deliver';
import { registerHandlers, handleSignal } from './handlers';
import type { BuildRun } from './handlers';
import { refuseForeignBuild } from './inputs';
import type { BuildInput, BuildResult } from './messages';
import { watchNotices } from './notice-watch';
import { hasPendingEffects, runPendingEffects } from './pending-effects';
import { followMoney } from './money';
import { workPhase } from './phase';
import type { BuildAtWork } from './phase';
import { taskMoneyOf } from './phase-task';
import { recordActivities } from './proxies';
import { createSurvey, startAsRecorded } from './survey';
import { createVisibility, visibilityOptions } from './visibility';

export async function buildWorkflow(input: BuildInput): Promise<BuildResult> {
  refuseForeignBuild(input);
  const build = 'start' in input ? beginBuild(startAsRecorded(input.start)) : input.resumed;
  const run: BuildRun = { build, work: null, notices: null, publish: createVisibility() };
  registerHandlers(run);
  run.notices = watchNotices(run, 'start' in input ? null : input.resumed);

  // A cancellation in Temporal counts as the `cancel` command. The clean-up after it cannot be cancelled.
  let cancelRequested = false;
  void CancellationScope.current().cancelRequested.catch(() => {
    cancelRequested = true;
    const wire = { reason: 'the workflow was cancelled in Temporal', actor: 'temporal' };
    handleSignal(run, { name: 'cancel', wire, quiet: isClosed(run.build) });
  });
  await CancellationScope.nonCancellable(() => runUntilClosed(run));
  if (!run.build.cancelled) return { status: 'complete', release: run.build.release };
  // recordBuild asked Temporal to cancel this workflow. When that request arrives, the run ends as cancelled.
  const recordedBuild = run.build;
  const hasCancelArrived = await condition(() => cancelRequested, '10s').catch(() => true);
  if (run.build !== recordedBuild && patched('record-again'))
    await CancellationScope.nonCancellable(() => writeRecord(run));
  if (hasCancelArrived) throw new CancelledFailure('the build was cancelled');
  return { status: 'cancelled', release: null };
}

/** Carries the build on until it is closed and its record is written. */
async function runUntilClosed(run: BuildRun): Promise<void> {
  const ledgerReporter = createLedgerReporter();
  const survey = createSurvey(run);
  for (;;) {
    const buildBefore = run.build;
    if (isClosed(run.build)) survey.stop();
    // A closed build may still have to take its release down; that comes before its record is written.
    if (hasPendingEffects(run.build)) await runPendingEffects(run);
    while (canPassHandoff(run.build)) run.build = passHandoff(run.build, now());
    if (isClosed(run.build)) break;
    // If a role works, its activity sends the report; otherwise the workflow sends it here.
    if (!isRoleAtWork(run.build)) await ledgerReporter.report(run.build);
    run.publish(run.build);
    // A command that arrived while the report was sent may have added effects. They must run first.
    if (hasPendingEffects(run.build)) continue;
    survey.begin();
    const isSurveying = survey.isRunning();
    if (workflowInfo().continueAsNewSuggested && !isSurveying) await continueAsNewWithState(run);
    // A role that a model has needs the repository report, so it waits for the survey.
    if (isRoleAtWork(run.build) && !isSurveying) await runPhase(run, run.build, ledgerReporter);
    if (needsPage(run.build)) await openApprovalGate(run);
    if (run.build !== buildBefore) continue;
    const hasChanged = () => run.build !== buildBefore || survey.isRunning() !== isSurveying;
    const dueAt = nextDueAt(run.build);
    // Awaited here: one more async function would change the order of commands in the histories of builds at work.
    if (dueAt === null) await condition(hasChanged);
    else await waitUntilDue(run, dueAt, hasChanged);
  }
  await deliverResult(run);
  await writeRecord(run);
  run.publish(run.build);
  await handOverNotices(run);
}

/** Before a run ends: its notices are handed over, and the commands that wait for that are answered. */
async function handOverNotices({ build, notices }: BuildRun): Promise<void> {
  if (notices === null) return;
  await notices.handed(build);
  await condition(allHandlersFinished);
}

/**
 * A signal that arrives while the record is written is refused, and the record must contain that refusal, so the record is written
 * again. The limit is needed because signals may never stop.
 */
const MAX_RECORD_WRITES = 20;

async function writeRecord(run: BuildRun): Promise<void> {
  for (let writes = 0; writes < MAX_RECORD_WRITES; writes += 1) {
    const recorded = run.build;
    await recordActivities.recordBuild(recorded, reportOf(recorded));
    if (run.build === recorded || !patched('record-again')) return;
  }
}

/**
 * Sends each report to the project's ledger once. After continue-as-new it sends the last report again, which the ledger ignores.
 */
function createLedgerReporter() {
  let reportedKey = '';
  const pendingReport = (build: BuildState) => (reportKeyOf(build) === reportedKey ? undefined : reportOf(build));
  const onReported = (build: BuildState) => void (reportedKey = reportKeyOf(build));
  return {
    pendingReport,
    onReported,
    async report(build: BuildState): Promise<void> {
      const report = pendingReport(build);
      if (report === undefined) return;
      await recordActivities.reportBuild(build.projectId, report);
      onReported(build);
    },
  };
}
type LedgerReporter = ReturnType<typeof createLedgerReporter>;

async function continueAsNewWithState(run: BuildRun): Promise<never> {
  await condition(allHandlersFinished);
  await handOverNotices(run);
  const next = makeContinueAsNewFunc<typeof buildWorkflow>(visibilityOptions(run.build));
  return next({ resumed: run.build });
}

/** Runs the current phase until it is done or a command makes its work void. */
async function runPhase(run: BuildRun, buildAtWork: BuildAtWork, ledgerReporter: LedgerReporter): Promise<void> {
  const scope = new CancellationScope();
  run.work = { turn: buildAtWork.turn, giveUp: () => scope.cancel() };
  const money = followMoney(run);
  const outcome = await workPhase(buildAtWork, {
    scope,
    isPaused: () => run.build.paused,
    isWaiting: () => waitOf(run.build) !== null,
    isRungSpent: () => isRungSpent(run.build),
    pendingNotes: () => run.build.notes ?? [],
    onStep: (step) => {
      run.build = applyOutcome(run.build, step, now());
    },
    pendingReport: () => ledgerReporter.pendingReport(buildAtWork),
    onReported: () => ledgerReporter.onReported(buildAtWork),
    money,
    moneyOf: () => taskMoneyOf(run.build),
  });
  run.work = null;
  const isApplied = outcome !== null && run.build.turn === buildAtWork.turn;
  if (isApplied) run.build = applyOutcome(run.build, outcome, now());
  money.onEnd(outcome, isApplied);
}

/** Waits until `hasChanged`, or until something is due, which it then carries out. */
async function waitUntilDue(run: BuildRun, dueAt: string, hasChanged: () => boolean): Promise<void> {
  const isChanged = await condition(hasChanged, Math.max(1, Date.parse(dueAt) - Date.now()));
  if (!isChanged) run.build = applyDue(run.build, now());
}

/** True in a handoff state of a role that a model has, while nothing holds the build. */
function canPassHandoff(build: BuildState): boolean {
  return modeOf(build) === 'llm' && !isHeld(build) && !isPhase(build.state) && !isClosed(build);
}

function isRoleAtWork(build: BuildState): build is BuildAtWork {
  return isPhase(build.state) && modeOf(build) === 'llm' && !isClosed(build) && !isHeld(build);
}
