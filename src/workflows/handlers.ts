/**
 * How commands reach a build: each as an update, which is answered, and as a signal, which is not.
 *
 * Handlers run between the steps of the main loop and never wait: a command is carried out whole or refused.
 */
import { ApplicationFailure, patched, setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import type { BuildState, CommandAnswer } from '../domain/build/state';
import { COMMANDS, usageOf } from '../domain/commands';
import type { CommandName } from '../domain/commands';
import { isObject } from '../domain/json';
import { execute, recordRefusal, unknownCommand } from '../domain/build/reduce';
import type { Decision } from '../domain/build/reduce';
import { decideAsBefore } from '../domain/build/old-findings';
import { refuse } from '../domain/commands/refusals';
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

/** A command as it came: the name of its update or signal, and its input. */
interface Message {
  name: CommandName;
  wire: unknown;
}

export function takeMessages(run: BuildRun): void {
  for (const command of COMMANDS) {
    const { name } = command;
    const description = usageOf(command);
    setHandler(commandUpdates[name], (wire) => carryOut(run, { name, wire }), {
      description,
      validator: (wire) => check(run, { name, wire }),
    });
    setHandler(commandSignals[name], (wire) => takeSignal(run, { name, wire: asRecorded({ name, wire }) }), {
      description,
    });
  }
  setDefaultSignalHandler((name) => {
    run.build = recordRefusal(run.build, { name, refusal: unknownCommand(run.build, name), now: now() });
    showAside(run);
  });
  setHandler(buildQuery, () => run.build, { description: 'The whole state of the build' });
  setHandler(statusQuery, () => cardOf(run.build), { description: 'What the memo shows' });
}

/** Refuses before anything is written to history. */
function check(run: BuildRun, message: Message): void {
  const decision = execute(run.build, { ...message, now: now() });
  if (decision.kind === 'refused') throw refusedFailure(decision.refusal);
}

function carryOut(run: BuildRun, message: Message): CommandAnswer {
  const decision = decideAsRecorded(run.build, message);
  if (decision.kind === 'refused') throw refusedFailure(decision.refusal);
  run.build = decision.build;
  showAside(run);
  return decision.answer;
}

/** A signal gets no answer: what cannot be done is written into the audit trail, except where the caller wants it `quiet`. */
export function takeSignal(run: BuildRun, { name, wire, quiet = false }: Message & { quiet?: boolean }): void {
  const decision = decideAsRecorded(run.build, { name, wire });
  if (decision.kind === 'accepted') run.build = decision.build;
  else if (!quiet) run.build = recordRefusal(run.build, { name, refusal: decision.refusal, now: now() });
  showAside(run);
}

/**
 * `pause` and `resume` once refused a signal without a reason. A history that was recorded then must replay as refused,
 * so such a signal is read with an empty reason there.
 */
function asRecorded({ name, wire }: Message): unknown {
  if ((name !== 'pause' && name !== 'resume') || !isObject(wire) || wire.reason != null) return wire;
  return patched('reason-optional') ? wire : { ...wire, reason: '' };
}

/**
 * Commit 0956107 decided some messages otherwise (`decideAsBefore`). A history that was recorded then must replay as it was
 * decided. A new history gets a marker, and only where it holds such a message.
 */
function decideAsRecorded(build: BuildState, { name, wire }: Message): Decision {
  const message = { name, wire, now: now() };
  const decision = execute(build, message);
  // Before there was the command, a signal of its name was refused.
  if (name === 'amend' && !patched('amend')) return { kind: 'refused', refusal: unknownCommand(build, name) };
  // Before there was the member, a signal that had it was refused.
  if (isObject(wire) && wire.remark !== undefined && !patched('remark')) return withoutRemark(build, name);
  const before = decideAsBefore(build, { ...message, decision });
  return before === null || patched('findings') ? decision : before();
}

function withoutRemark(build: BuildState, name: CommandName): Decision {
  return refuse(build, { type: 'Command.Malformed', message: `remark is not a field of ${name}`, field: 'remark' });
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
