/**
 * The project workflow: one ledger for all builds of a project, so that `stats` is exact and read in one step.
 *
 * It believes reports that are proven to be of this installation, and looks by itself at Temporal and at the records for what no
 * build can report: a workflow that was terminated, reset or deleted. It never ends by itself; it goes on anew when its history grows.
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
import { beginProject, endedCount, statsOf, takeFound, takeReport } from '../domain/project';
import type { BuildReport, ProjectState } from '../domain/project';
import { readReports } from '../domain/project-input';
import { refuseForeignProject } from './inputs';
import { lookSignal, reportSignal, statsQuery } from './messages';
import type { ProjectInput } from './messages';
import { records, looks } from './proxies';

/** While builds are open. Each look is a few events in the history of the ledger, and some calls to the server. */
const LOOK_EVERY = '10m';
const PROVEN_AT_ONCE = 200;

/** What the handlers and the main loop share. */
interface LedgerRun {
  project: ProjectState;
  /** Reports that nobody has proven yet. */
  inbox: BuildReport[];
  isLookDue: boolean;
  isLooking: boolean;
  /** The first look of a ledger that knows of nothing before it is not over. */
  isCounting: boolean;
  /** The last look came to nothing. */
  isMissed: boolean;
  /** The next look has its time. */
  isTimed: boolean;
  /** Reports that were taken while a look was under way, which may not have seen what they say. */
  taken: BuildReport[];
}

export async function projectWorkflow(input: ProjectInput): Promise<never> {
  refuseForeignProject(input);
  const project = 'resumed' in input ? input.resumed : beginProject(input.projectId);
  const idle = { isLookDue: false, isLooking: false, isCounting: false, isMissed: false, isTimed: false };
  const run: LedgerRun = { project, inbox: [], taken: [], ...idle };
  takeSignals(run);
  setHandler(statsQuery, () => ({ ...statsOf(run.project), isCounting: run.isCounting }), {
    description: 'Counts, durations and failure points of the project',
  });
  // What was before it, if anything was: the ledger before it may have been terminated or deleted.
  if (!('resumed' in input) && patched('ledger-first-look')) void look(run, { isNew: true });
  // The run before took its timer with it; a build that only waits sends no report that would set another.
  if ('resumed' in input && patched('ledger-timer-resumed')) timeNextLook(run);

  for (;;) {
    await condition(() => run.inbox.length > 0 || (run.isLookDue && !run.isLooking) || mayGoOnAnew(run));
    if (run.inbox.length > 0) await takeProven(run);
    else if (run.isLookDue && !run.isLooking) void look(run, { isNew: run.isCounting });
    else return continueAsNew<typeof projectWorkflow>({ resumed: run.project });
    timeNextLook(run);
  }
}

function mayGoOnAnew({ isLooking }: LedgerRun): boolean {
  return workflowInfo().continueAsNewSuggested && !isLooking;
}

/** Anybody may send a signal: what is no report is left alone. */
function takeSignals(run: LedgerRun): void {
  setHandler(reportSignal, (given) => {
    const reports = readReports(given);
    if (reports.length === 0) return;
    // Ledgers of before believed every report, in histories that are replayed.
    if (patched('proven-reports')) run.inbox.push(...reports);
    else for (const report of reports) run.project = takeReport(run.project, report);
  });
  setHandler(lookSignal, () => void (run.isLookDue = true));
  setDefaultSignalHandler(() => undefined);
}

async function takeProven(run: LedgerRun): Promise<void> {
  const batch = run.inbox.splice(0, PROVEN_AT_ONCE);
  const isProven = await records.proveReports(run.project.projectId, batch);
  for (const report of batch.filter((_, place) => isProven[place] === true)) {
    // An ended build that goes on was reset: only a look can tell what it had counted.
    if (isOfEnded(run.project, report)) run.isLookDue = true;
    run.project = takeReport(run.project, report);
    if (run.isLooking) run.taken.push(report);
  }
}

function isOfEnded({ ended }: ProjectState, { buildId, kind }: BuildReport): boolean {
  return kind !== 'completed' && kind !== 'cancelled' && ended.includes(buildId);
}

/** Beside the reports, which go on being taken. Never fails the ledger: the next look makes up for this one. */
async function look(run: LedgerRun, { isNew }: { isNew: boolean }): Promise<void> {
  run.isLooking = true;
  run.isCounting ||= isNew;
  run.isLookDue = false;
  run.taken = [];
  try {
    const { projectId, open } = run.project;
    const known = Object.entries(open).map(([id, { sequence, run: of }]) => [id, { sequence, run: of }]);
    const ended = endedCount(run.project);
    const seen = await looks.lookAtBuilds({ projectId, open: Object.fromEntries(known), ended, isNew });
    const { found, isWhole, rebuilt } = seen;
    run.project = rebuilt === null ? found.reduce(takeFound, run.project) : run.taken.reduce(takeReport, rebuilt);
    if (!isWhole) run.isLookDue = true;
    run.isMissed = false;
    run.isCounting = false;
  } catch {
    run.isMissed = true;
  }
  run.taken = [];
  run.isLooking = false;
  timeNextLook(run);
}

function timeNextLook(run: LedgerRun): void {
  const isIdle = Object.keys(run.project.open).length === 0 && !run.isMissed;
  if (run.isTimed || isIdle || !patched('ledger-looks')) return;
  run.isTimed = true;
  void sleep(LOOK_EVERY).then(() => {
    run.isTimed = false;
    run.isLookDue = true;
  });
}
