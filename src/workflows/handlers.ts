/**
 * How commands reach a build: each as an update, which is answered, and as a signal, which is not.
 *
 * Handlers run between the steps of the main loop and never wait: a command is carried out whole or refused.
 */
import { ApplicationFailure, setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import type { BuildState, CommandAnswer } from '../domain/build/state';
import { COMMANDS } from '../domain/commands';
import type { CommandName } from '../domain/commands';
import { execute, recordRefusal, unknownCommand } from '../domain/build/reduce';
import type { Refusal } from '../domain/commands/refusals';
import { cardOf } from '../domain/build/view';
import { now } from './clock';
import { buildQuery, commandSignals, commandUpdates, statusQuery } from './messages';

/** What the main loop and the handlers share; each replaces `build` as a whole, none changes it. */
export interface BuildRun {
  build: BuildState;
  /** A role's work that the main loop waits for: void, and then given up, once the build's turn has moved on. */
  work: { turn: number; giveUp: () => void } | null;
  readonly show: (build: BuildState) => void;
}

const DESCRIPTIONS: Record<CommandName, string> = {
  advance: '{role, completed_state, phase_result, next_state?}: the role completes its state',
  retry: '{reason, role?}: the previous role does its work again; from error, the phase that failed',
  rollback: '{target_state, reason}: back to an earlier phase, as a new generation',
  cancel: '{reason}: ends the build and cleans up',
  pause: '{reason}: nothing new is begun until resume',
  resume: '{reason}: goes on after pause',
  answer: '{answers: {question_id: text}}: answers the open questions of discovery',
  approve: '{gate, digest, reason?}: lifts exactly what the digest names',
};

export function takeMessages(run: BuildRun): void {
  for (const name of COMMANDS) {
    const description = DESCRIPTIONS[name];
    setHandler(commandUpdates[name], (wire) => carryOut(run, name, wire), {
      description,
      validator: (wire) => check(run, name, wire),
    });
    setHandler(commandSignals[name], (wire) => takeSignal(run, name, wire), { description });
  }
  setDefaultSignalHandler((name) => {
    run.build = recordRefusal(run.build, name, unknownCommand(run.build, name), now());
    showAside(run);
  });
  setHandler(buildQuery, () => run.build, { description: 'The whole state of the build' });
  setHandler(statusQuery, () => cardOf(run.build), { description: 'What the memo shows' });
}

/** Refuses before anything is written to history. */
function check(run: BuildRun, name: CommandName, wire: unknown): void {
  const decision = execute(run.build, name, wire, now());
  if (decision.refused) throw refusedFailure(decision.refusal);
}

function carryOut(run: BuildRun, name: CommandName, wire: unknown): CommandAnswer {
  const decision = execute(run.build, name, wire, now());
  if (decision.refused) throw refusedFailure(decision.refusal);
  run.build = decision.build;
  showAside(run);
  return decision.answer;
}

/** A signal has nobody to answer to: what cannot be done is written into the audit trail. */
export function takeSignal(run: BuildRun, name: CommandName, wire: unknown, quiet = false): void {
  const decision = execute(run.build, name, wire, now());
  if (!decision.refused) run.build = decision.build;
  else if (!quiet) run.build = recordRefusal(run.build, name, decision.refusal, now());
  showAside(run);
}

/** The main loop shows what changes; while it waits for a role's work, a command shows what it did, and ends void work, by itself. */
function showAside({ work, show, build }: BuildRun): void {
  if (work === null) return;
  if (work.turn !== build.turn) work.giveUp();
  show(build);
}

function refusedFailure(refusal: Refusal): ApplicationFailure {
  return ApplicationFailure.nonRetryable(refusal.message, refusal.type, refusal);
}
