/**
 * Registers the handlers of a build's commands: each command is an update, which has an answer, and a signal, which has none.
 *
 * A handler runs between two steps of the main loop: it carries a command out completely or refuses it at once. Only the answer waits,
 * where the command made a notice, until that is handed over.
 */
import { ApplicationFailure, patched, setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import type { BuildState, CommandAnswer } from '../domain/build/state';
import { COMMANDS, usageOf } from '../domain/commands';
import type { CommandName } from '../domain/commands';
import { isObject } from '../domain/json';
import { execute, recordRefusal, unknownCommand } from '../domain/build/reduce';
import type { Decision } from '../domain/build/reduce';
import { decideAsOldVersion } from '../domain/build/old-findings';
import { refuse } from '../domain/commands/refusals';
import type { Refusal } from '../domain/commands/refusals';
import { cardOf } from '../domain/build/card';
import { now } from './clock';
import { afterGrant } from '../domain/build/grant';
import { buildQuery, commandSignals, commandUpdates, grantedSignal, statusQuery } from './messages';
import type { NoticeWatch } from './notice-watch';

/** The state that the main loop and the handlers share. Both replace `build` by a new object and never change its members. */
export interface BuildRun {
  build: BuildState;
  /** The role's work that the main loop waits for. A handler calls `giveUp` when the build's turn is no longer `turn`. */
  work: { turn: number; giveUp: () => void } | null;
  /** Null for a build without targets of notices. */
  notices: NoticeWatch | null;
  readonly publish: (build: BuildState) => void;
}

/** A command as it arrived, unchecked: the name of its update or signal, and its input. */
interface Message {
  name: CommandName;
  wire: unknown;
}

/** Made once: a text for each open build would take kilobytes of its heap. */
const DESCRIPTIONS: ReadonlyMap<CommandName, string> = new Map(
  COMMANDS.map((command) => [command.name, usageOf(command)]),
);

export function registerHandlers(run: BuildRun): void {
  for (const [name, description] of DESCRIPTIONS) {
    setHandler(commandUpdates[name], (wire) => carryOut(run, { name, wire }), {
      description,
      validator: (wire) => check(run, { name, wire }),
    });
    setHandler(commandSignals[name], (wire) => handleSignal(run, { name, wire: asRecorded({ name, wire }) }), {
      description,
    });
  }
  setHandler(grantedSignal, () => {
    run.build = afterGrant(run.build, now());
    publishDuringWork(run);
  });
  setDefaultSignalHandler((name) => {
    run.build = recordRefusal(run.build, { name, refusal: unknownCommand(run.build, name), now: now() });
    publishDuringWork(run);
  });
  setHandler(buildQuery, () => run.build, { description: 'The whole state of the build' });
  setHandler(statusQuery, () => cardOf(run.build), { description: 'What the memo shows' });
}

/** Validates an update. A refusal here adds nothing to the workflow's history. */
function check(run: BuildRun, message: Message): void {
  const decision = execute(run.build, { ...message, now: now() });
  if (decision.kind === 'refused') throw refusedFailure(decision.refusal);
}

function carryOut(run: BuildRun, message: Message): CommandAnswer | Promise<CommandAnswer> {
  const decision = decideAsRecorded(run.build, message);
  if (decision.kind === 'refused') throw refusedFailure(decision.refusal);
  run.build = decision.build;
  publishDuringWork(run);
  const { answer } = decision;
  if (answer.isTold !== true || run.notices === null) return answer;
  return run.notices.handed(decision.build).then(() => answer);
}

/** Carries out a signal. A signal has no answer, so a refusal goes into the audit trail, unless `quiet` is true. */
export function handleSignal(run: BuildRun, { name, wire, quiet = false }: Message & { quiet?: boolean }): void {
  const decision = decideAsRecorded(run.build, { name, wire });
  if (decision.kind === 'accepted') run.build = decision.build;
  else if (!quiet) run.build = recordRefusal(run.build, { name, refusal: decision.refusal, now: now() });
  publishDuringWork(run);
}

/**
 * Older versions refused a `pause` or `resume` signal without a reason. Their histories must replay the refusal, so this function
 * gives such a signal an empty reason there, which is refused too.
 */
function asRecorded({ name, wire }: Message): unknown {
  if ((name !== 'pause' && name !== 'resume') || !isObject(wire) || wire.reason != null) return wire;
  return patched('reason-optional') ? wire : { ...wire, reason: '' };
}

/** Commands that versions at work did not have. A history gets a marker only if it contains such a message. */
const ADDED_LATER: readonly CommandName[] = ['amend', 'edit_plan', 'delegate', 'note', 'budget'];

/**
 * Commit 0956107 decided some messages otherwise (`decideAsOldVersion`). A history that it recorded must replay with its decisions.
 * A new history gets a marker, and only if it contains such a message.
 */
function decideAsRecorded(build: BuildState, { name, wire }: Message): Decision {
  const message = { name, wire, now: now() };
  const decision = execute(build, message);
  // Versions without the command refused a signal of that name.
  if (ADDED_LATER.includes(name) && !patched(name)) return { kind: 'refused', refusal: unknownCommand(build, name) };
  // Versions without the member `remark` refused a signal that had it.
  if (isObject(wire) && wire.remark !== undefined && !patched('remark')) return refuseRemark(build, name);
  const decideAsOld = decideAsOldVersion(build, { ...message, decision });
  return decideAsOld === null || patched('findings') ? decision : decideAsOld();
}

function refuseRemark(build: BuildState, name: CommandName): Decision {
  return refuse(build, { type: 'Command.Malformed', message: `remark is not a field of ${name}`, field: 'remark' });
}

/** While a role works, the main loop is blocked, so the handler publishes the new state and cancels void work itself. */
function publishDuringWork({ work, publish, build }: BuildRun): void {
  if (work === null) return;
  if (work.turn !== build.turn) work.giveUp();
  publish(build);
}

function refusedFailure(refusal: Refusal): ApplicationFailure {
  return ApplicationFailure.nonRetryable(refusal.message, refusal.type, refusal);
}
