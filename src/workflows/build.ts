/**
 * The build workflow: the story of one build, top to bottom.
 *
 * Deterministic: imports domain, messages and activity types, nothing else.
 * State changes only through the domain; effects only through proxies.
 */
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  setDefaultSignalHandler,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Undone } from '../activities/contract';
import { beginBuild, isClosed } from '../domain/build';
import type { BuildState } from '../domain/build';
import { COMMANDS } from '../domain/commands';
import type { CommandName } from '../domain/commands';
import { applyOutcome, passHandoff, saved } from '../domain/outcomes';
import { notSettled, owesNow, settled } from '../domain/owed';
import { execute, recordRefusal, unknownCommand } from '../domain/reduce';
import type { Refusal } from '../domain/refusals';
import { isPhase } from '../domain/roles';
import { cardOf, modeOf } from '../domain/view';
import { buildQuery, commandSignals, commandUpdates, statusQuery } from './messages';
import type { BuildInput, BuildResult } from './messages';
import { failureOf, workPhase } from './phase';
import { books, effects } from './proxies';
import { reportOf, standingOf } from './reports';
import { createShowcase } from './visibility';

const COMMAND_DESCRIPTIONS: Record<CommandName, string> = {
  advance: '{role, completed_state, phase_result, next_state?}: the role completes its state',
  retry: '{reason, role?}: the previous role does its work again; from error, the phase that failed',
  rollback: '{target_state, reason}: back to an earlier phase, as a new generation',
  cancel: '{reason}: ends the build and cleans up',
  pause: '{reason}: nothing new is begun until resume',
  resume: '{reason}: goes on after pause',
  answer: '{answers: {question_id: text}}: answers the open questions of discovery',
};

export async function buildWorkflow(input: BuildInput): Promise<BuildResult> {
  refuseForeignInput(input);
  let build = 'start' in input ? beginBuild(input.start) : input.resumed;
  // After continue-as-new the ledger knows the standing already: nothing is left behind unreported.
  let cancelRequested = false;
  let working = false;
  let reported = 'start' in input ? null : standingOf(build);

  const show = createShowcase();
  for (const name of COMMANDS) {
    const description = COMMAND_DESCRIPTIONS[name];
    setHandler(commandUpdates[name], (wire) => carryOut(name, wire), {
      description,
      validator: (wire) => check(name, wire),
    });
    setHandler(commandSignals[name], (wire) => takeSignal(name, wire), { description });
  }
  setDefaultSignalHandler((name) => {
    build = recordRefusal(build, name, unknownCommand(build, name), now());
    showAside();
  });
  setHandler(buildQuery, () => build, { description: 'The whole state of the build' });
  setHandler(statusQuery, () => cardOf(build), { description: 'What the memo shows' });

  // Cancelling the workflow from outside is the cancel command by another way; the clean-up itself is never cancelled.
  void CancellationScope.current().cancelRequested.catch(() => {
    cancelRequested = true;
    takeSignal('cancel', { reason: 'the workflow was cancelled in Temporal', actor: 'temporal' }, isClosed(build));
  });
  await CancellationScope.nonCancellable(liveOn);
  if (!build.cancelled) return { status: 'complete', release: build.release };
  // recordBuild asked Temporal for the cancellation; with it the run itself ends as cancelled.
  if (await condition(() => cancelRequested, '10s')) throw new CancelledFailure('the build was cancelled');
  return { status: 'cancelled', release: null };

  async function liveOn(): Promise<void> {
    for (;;) {
      const seen = build;
      while (isOwing(build)) {
        await keepUnsaved();
        await payOwed();
      }
      while (modeOf(build) === 'llm' && !build.paused && !isPhase(build.state) && !isClosed(build)) {
        build = passHandoff(build, now());
      }
      if (isClosed(build)) break;
      await tellLedger();
      show(build);
      if (workflowInfo().continueAsNewSuggested) await goOnAnew();
      // A command that came while the ledger was told may owe something: that comes before any work.
      if (isWork(build) && !isOwing(build)) await workOnce();
      if (build === seen) await condition(() => build !== seen);
    }
    await books.recordBuild(build, reportOf(build));
    show(build);
  }

  /** Works on the phase at hand, until it is done or a command makes the work void. */
  async function workOnce(): Promise<void> {
    const { turn } = build;
    working = true;
    const outcome = await workPhase(build, () => build.turn !== turn);
    working = false;
    if (outcome !== null && build.turn === turn) build = applyOutcome(build, outcome, now());
  }

  async function keepUnsaved(): Promise<void> {
    for (const [standIn, content] of Object.entries(build.unsaved)) {
      const { digest } = await effects.keepContent(content);
      build = saved(build, standIn, digest);
    }
  }

  /** Puts back what a rollback, retry or cancel left behind: the branch, and what was live before. */
  async function payOwed(): Promise<void> {
    while (owesNow(build)) {
      const { turn, base } = build;
      const paid = base === null ? { release: null } : await tryUndo(build);
      // A command that came meanwhile may owe more: then once again, each effect looks before it acts.
      if (build.turn !== turn) continue;
      build = 'failure' in paid ? notSettled(build, paid.failure, now()) : settled(build, paid.release, now());
    }
  }

  async function tellLedger(): Promise<void> {
    const standing = standingOf(build);
    if (standing === reported) return;
    await books.reportBuild(build.projectId, reportOf(build));
    reported = standing;
  }

  async function goOnAnew(): Promise<never> {
    await condition(allHandlersFinished);
    return continueAsNew<typeof buildWorkflow>({ resumed: build });
  }

  function carryOut(name: CommandName, wire: unknown) {
    const decision = execute(build, name, wire, now());
    if (decision.refused) throw refusedFailure(decision.refusal);
    build = decision.build;
    showAside();
    return decision.answer;
  }

  /** The main loop shows what changes; while it waits for a role's work, a command shows what it did by itself. */
  function showAside(): void {
    if (working) show(build);
  }

  function check(name: CommandName, wire: unknown): void {
    const decision = execute(build, name, wire, now());
    if (decision.refused) throw refusedFailure(decision.refusal);
  }

  /** A signal has nobody to answer to: what cannot be done is written into the audit trail. */
  function takeSignal(name: CommandName, wire: unknown, quiet = false): void {
    const decision = execute(build, name, wire, now());
    if (!decision.refused) build = decision.build;
    else if (!quiet) build = recordRefusal(build, name, decision.refusal, now());
    showAside();
  }
}

/** Anybody may start a workflow by hand; what is no build fails once and plainly, instead of failing its task for ever. */
function refuseForeignInput(input: unknown): void {
  const given = typeof input === 'object' && input !== null ? (input as Partial<Record<string, unknown>>) : {};
  const inside = given.start ?? given.resumed;
  const named = typeof inside === 'object' && inside !== null ? (inside as Partial<BuildState>) : {};
  if (typeof named.projectId === 'string' && typeof named.roles === 'object') return;
  throw ApplicationFailure.nonRetryable(
    'the input is no build: start builds by POST /api/workflows/{project_id}/start',
    'Build.Malformed',
  );
}

async function tryUndo(build: BuildState): Promise<Undone | { failure: { type: string; message: string } }> {
  const { projectId, buildId, request, generation, commit, turn, owed } = build;
  const restoreTo = owed.restoreTree ? commit : null;
  try {
    return await effects.undo({
      ...{ projectId, buildId, request, generation, turn, undoRelease: owed.undoRelease, restoreTo },
    });
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

function isWork(build: BuildState): boolean {
  return isPhase(build.state) && modeOf(build) === 'llm' && !build.paused && build.questions.length === 0;
}

/** What must be seen to before anything goes on: content to keep, effects to undo. */
function isOwing(build: BuildState): boolean {
  return Object.keys(build.unsaved).length > 0 || owesNow(build);
}

function refusedFailure(refusal: Refusal): ApplicationFailure {
  return ApplicationFailure.nonRetryable(refusal.message, refusal.type, refusal);
}

function now(): string {
  return new Date().toISOString();
}
