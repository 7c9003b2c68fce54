/**
 * The build workflow: the story of one build, top to bottom.
 *
 * Deterministic: imports domain, messages and activity types, nothing else.
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
import { beginBuild, isClosed } from '../domain/build/state';
import { waitOf } from '../domain/build/wait';
import type { BuildState } from '../domain/build/state';
import { applyOutcome, passHandoff } from '../domain/build/outcomes';
import { isPhase } from '../domain/roles';
import { reportKeyOf, reportOf } from '../domain/build/report';
import { modeOf } from '../domain/build/view';
import { now } from './clock';
import { deliverResult } from './deliver';
import { takeMessages, takeSignal } from './handlers';
import type { BuildRun } from './handlers';
import { refuseForeignBuild } from './inputs';
import type { BuildInput, BuildResult } from './messages';
import { hasPendingEffects, runPendingEffects } from './pending-effects';
import { workPhase } from './phase';
import type { BuildAtWork } from './phase';
import { records } from './proxies';
import { createSurvey, startAsRecorded } from './survey';
import { createShowcase, shownOf } from './visibility';

export async function buildWorkflow(input: BuildInput): Promise<BuildResult> {
  refuseForeignBuild(input);
  const build = 'start' in input ? beginBuild(startAsRecorded(input.start)) : input.resumed;
  const run: BuildRun = { build, work: null, show: createShowcase() };
  takeMessages(run);

  // Cancelling the workflow from outside is the cancel command by another way; the clean-up itself is never cancelled.
  let cancelRequested = false;
  void CancellationScope.current().cancelRequested.catch(() => {
    cancelRequested = true;
    const wire = { reason: 'the workflow was cancelled in Temporal', actor: 'temporal' };
    takeSignal(run, { name: 'cancel', wire, quiet: isClosed(run.build) });
  });
  await CancellationScope.nonCancellable(() => liveOn(run));
  if (!run.build.cancelled) return { status: 'complete', release: run.build.release };
  // recordBuild asked Temporal for the cancellation; with it the run itself ends as cancelled.
  const recorded = run.build;
  const isAsked = await condition(() => cancelRequested, '10s').catch(() => true);
  if (run.build !== recorded && patched('record-again')) await CancellationScope.nonCancellable(() => keepRecord(run));
  if (isAsked) throw new CancelledFailure('the build was cancelled');
  return { status: 'cancelled', release: null };
}

/** Until the build has ended, and is in the record. */
async function liveOn(run: BuildRun): Promise<void> {
  const ledgerReporter = createLedgerReporter();
  const survey = createSurvey(run);
  for (;;) {
    const seen = run.build;
    if (isClosed(run.build)) survey.stop();
    // Also of a build that has ended: what it left live is put back before its record is written.
    if (hasPendingEffects(run.build)) await runPendingEffects(run);
    while (isHandoff(run.build)) run.build = passHandoff(run.build, now());
    if (isClosed(run.build)) break;
    // Where a role works, its activity sends the report; else the workflow sends it.
    if (!isWork(run.build)) await ledgerReporter.report(run.build);
    run.show(run.build);
    // A command that arrived during the report may have effects to carry out: they come before anything else.
    if (hasPendingEffects(run.build)) continue;
    survey.begin();
    const isSurveying = survey.isRunning();
    if (workflowInfo().continueAsNewSuggested && !isSurveying) await goOnAnew(run);
    // The role that a model has works on what the survey found.
    if (isWork(run.build) && !isSurveying) await workOnce(run, run.build, ledgerReporter);
    if (run.build === seen) await condition(() => run.build !== seen || survey.isRunning() !== isSurveying);
  }
  await deliverResult(run);
  await keepRecord(run);
  run.show(run.build);
}

/** Signals that arrive while the record is written are refused, and the record must say so. Bounded: signals may never stop. */
const RECORDED_AGAIN_LIMIT = 20;

async function keepRecord(run: BuildRun): Promise<void> {
  for (let again = 0; again < RECORDED_AGAIN_LIMIT; again += 1) {
    const kept = run.build;
    await records.recordBuild(kept, reportOf(kept));
    if (run.build === kept || !patched('record-again')) return;
  }
}

/**
 * Sends reports to the project's ledger, each once. After continue-as-new the last one is sent again: the ledger ignores a report that it
 * has.
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
      await records.reportBuild(build.projectId, report);
      onReported(build);
    },
  };
}
type LedgerReporter = ReturnType<typeof createLedgerReporter>;

async function goOnAnew(run: BuildRun): Promise<never> {
  await condition(allHandlersFinished);
  const next = makeContinueAsNewFunc<typeof buildWorkflow>(shownOf(run.build));
  return next({ resumed: run.build });
}

/** Works on the phase at hand, until it is done or a command makes the work void. */
async function workOnce(run: BuildRun, begun: BuildAtWork, ledgerReporter: LedgerReporter): Promise<void> {
  const scope = new CancellationScope();
  run.work = { turn: begun.turn, giveUp: () => scope.cancel() };
  const outcome = await workPhase(begun, {
    scope,
    isPaused: () => run.build.paused,
    isWaiting: () => waitOf(run.build) !== null,
    onStep: (step) => {
      run.build = applyOutcome(run.build, step, now());
    },
    pendingReport: () => ledgerReporter.pendingReport(begun),
    onReported: () => ledgerReporter.onReported(begun),
  });
  run.work = null;
  if (outcome !== null && run.build.turn === begun.turn) run.build = applyOutcome(run.build, outcome, now());
}

/** Nothing holds it: a handoff of a role that a model drives. */
function isHandoff(build: BuildState): boolean {
  return modeOf(build) === 'llm' && !build.paused && !isPhase(build.state) && !isClosed(build);
}

function isWork(build: BuildState): build is BuildAtWork {
  const isOurs = isPhase(build.state) && modeOf(build) === 'llm' && !isClosed(build);
  return isOurs && !build.paused && build.questions.length === 0;
}
