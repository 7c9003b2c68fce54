/**
 * The reducer: a build and a command give a new build, or a refusal that changed nothing.
 */
import { isClosed } from './state';
import type { BuildState, CommandAnswer, OutputRef, SeenCommand } from './state';
import { isUnreadable, readCommand } from '../commands';
import { readMeta, remember } from '../commands/meta';
import type { Command, CommandName } from '../commands';
import { cancel as end, fail, forward, note, recover, redo, rewind } from './moves';
import type { Refusal, RefusalType } from '../commands/refusals';
import { ROLE_TITLE, isPhase } from '../roles';
import { nextRoleOf, ownerOf } from '../states';
import type { State } from '../states';
import { forwardOf, legalNextStates, retryTarget, rollbackTargets, transitionKind } from '../transitions';

export type Decision =
  { refused: false; build: BuildState; answer: CommandAnswer } | { refused: true; refusal: Refusal };

type CommandOf<N extends CommandName> = Extract<Command, { name: N }>;

const REFUSED_EVENTS_LIMIT = 50;
const APPROVALS_LIMIT = 50;

/** Carries out one wire command. `now` is ISO 8601. Never throws, whatever `wire` is. */
export function execute(build: BuildState, name: CommandName, wire: unknown, now: string): Decision {
  const meta = readMeta(name, wire);
  if ('message' in meta)
    return refuse(build, 'Command.Malformed', `${meta.field} ${meta.message}`, { field: meta.field });
  const { key, digest, expectedRevision } = meta;
  if (key !== null && Object.hasOwn(build.seen, key)) {
    const seen = build.seen[key] as SeenCommand;
    if (seen.digest === digest) return { refused: false, build, answer: seen.answer };
    return refuse(build, 'Command.KeyReused', `this Idempotency-Key was used for another command; take a new key`);
  }
  const command = readCommand(name, wire);
  if (isUnreadable(command)) {
    return refuse(build, 'Command.Malformed', `${command.field} ${command.message}`, { field: command.field });
  }
  if (isClosed(build)) {
    const how = build.cancelled ? 'cancelled' : 'complete';
    return refuse(build, 'Command.Finished', `the build is ${how}; nothing changes it any more, start a new one`);
  }
  if (expectedRevision !== null && expectedRevision !== build.revision) {
    const message = `expected_revision is ${expectedRevision}, but the build is at ${build.revision}; read its status again`;
    return refuse(build, 'Command.Stale', message, { field: 'expected_revision', legal: [String(build.revision)] });
  }
  const outcome = decide(build, command, now);
  if ('type' in outcome) return { refused: true, refusal: outcome };
  const { revision, state: newState } = outcome;
  const answer = { previousState: build.state, newState, revision, actor: command.actor, at: now };
  return { refused: false, build: key === null ? outcome : remember(outcome, key, { digest, answer }), answer };
}

/** A refused signal leaves the build as it was, but for a line in its audit trail. */
export function recordRefusal(build: BuildState, name: string, refusal: Refusal, now: string): BuildState {
  const kept = build.events.filter((event) => event.type === 'refused');
  const oldest = kept.length >= REFUSED_EVENTS_LIMIT ? kept[0] : undefined;
  const events = build.events.filter((event) => event !== oldest);
  const data = { command: name.slice(0, 60), refusal: refusal.type, reason: refusal.message };
  return note({ ...build, events, refused: build.refused + 1 }, { actor: 'signal', now }, { type: 'refused', data });
}

export function unknownCommand(build: BuildState, name: string): Refusal {
  const message = `"${name.slice(0, 60)}" is not a command`;
  return { type: 'Command.Unknown', message, currentState: build.state, legal: [] };
}

function decide(build: BuildState, command: Command, now: string): BuildState | Refusal {
  switch (command.name) {
    case 'advance':
      return advance(build, command, now);
    case 'retry':
      return retry(build, command, now);
    case 'rollback':
      return rollback(build, command, now);
    case 'answer':
      return answerQuestions(build, command, now);
    case 'approve':
      return approve(build, command, now);
    case 'cancel':
      return cancel(build, command, now);
    case 'pause':
    case 'resume':
      return setPaused(build, command, now);
  }
}

function advance(build: BuildState, command: CommandOf<'advance'>, now: string): BuildState | Refusal {
  const { state } = build;
  if (command.completedState !== state) {
    const message = `completed_state is "${command.completedState}", but the build is in "${state}"`;
    return refusal(build, 'Command.Stale', message, { field: 'completed_state', legal: [state] });
  }
  const owner = ownerOf(state);
  if (owner !== command.role) {
    const message = `role "${command.role}" does not own "${state}"; ${owner ?? 'nobody'} does`;
    return refusal(build, 'Command.WrongRole', message, { field: 'role', legal: owner === null ? [] : [owner] });
  }
  if (build.paused)
    return refusal(build, 'Command.Paused', 'the build is paused; resume it first', { legal: ['resume'] });
  if (build.questions.length > 0) {
    const ids = build.questions.map((question) => question.id).join(', ');
    return refusal(build, 'Command.QuestionsOpen', `blocking questions are open (${ids}); answer them first`, {
      legal: ['answer'],
    });
  }
  const to = command.nextState ?? forwardOf(state);
  if (to === null || transitionKind(state, to) === null) {
    const legal = legalNextStates(state);
    const message = `next_state "${to}" cannot follow "${state}"; ${legal.join(', ')} can`;
    return refusal(build, 'Command.IllegalTransition', message, { field: 'next_state', legal });
  }
  return accept(build, to, command, now);
}

function accept(build: BuildState, to: State, command: CommandOf<'advance'>, now: string): BuildState {
  const { digest, content, bytes, excerpt } = command.result;
  const data: OutputRef = {
    digest: digest ?? `unsaved:${build.revision}`,
    bytes,
    source: 'claimed',
    by: command.actor,
    at: now,
  };
  const unsaved = content === null ? build.unsaved : { ...build.unsaved, [data.digest]: content };
  const outputs = isPhase(build.state) ? { ...build.outputs, [build.state]: data } : build.outputs;
  const kept = { ...build, unsaved, outputs };
  const passage = { actor: command.actor, now, data };
  const who = ROLE_TITLE[command.role];
  const next = forwardOf(build.state);
  switch (transitionKind(build.state, to)) {
    case 'rework': {
      const back = { target: 'implementation', feedback: [`${who}: ${excerpt}`] } as const;
      return redo(kept, {
        ...passage,
        target: back.target,
        feedback: [...back.feedback],
        event: 'sent_back',
        notes: `${who} sent it back`,
      });
    }
    case 'failure': {
      const failure = { type: 'Role.GaveUp', message: `${who}: ${excerpt}` } as const;
      return fail(kept, { ...passage, failure, notes: `${who} gave up` });
    }
    default:
      return next === null
        ? kept
        : forward(kept, { ...passage, to: next, event: 'advanced', notes: `${who} completed ${build.state}` });
  }
}

function retry(build: BuildState, command: CommandOf<'retry'>, now: string): BuildState | Refusal {
  const target = retryTarget(build.state, build.failure?.phase ?? null);
  if (target === null) {
    const message = `nothing came before "${build.state}" that could be done again; retry is possible from implementation on`;
    return refusal(build, 'Command.IllegalRetry', message, { legal: ['rollback', 'cancel'] });
  }
  const asking = build.state === 'error' ? [ownerOf(target)] : [ownerOf(build.state), nextRoleOf(build.state)];
  if (command.role !== null && !asking.includes(command.role)) {
    const legal = asking.filter((role) => role !== null);
    const message = `role "${command.role}" does not act in "${build.state}"; ${legal.join(', ')} does`;
    return refusal(build, 'Command.WrongRole', message, { field: 'role', legal });
  }
  const eventData = { reason: command.reason, target };
  const passage = { actor: command.actor, now, event: 'retried' as const, notes: command.reason, eventData };
  // Whoever does it again answers to what failed as well as to the person's word.
  const feedback = build.failure === null ? [] : [`it failed before: ${build.failure.message}`];
  const move = build.state === 'error' ? recover : redo;
  return move(build, { ...passage, target, feedback: [command.reason, ...feedback] });
}

function rollback(build: BuildState, command: CommandOf<'rollback'>, now: string): BuildState | Refusal {
  const legal = rollbackTargets(build.state, build.failure?.reached ?? null);
  if (!legal.includes(command.targetState)) {
    const message = `target_state "${command.targetState}" is not an earlier phase than "${build.state}"; ${legal.join(', ') || 'none'} can be`;
    return refusal(build, 'Command.IllegalRollback', message, { field: 'target_state', legal });
  }
  const eventData = { reason: command.reason, target: command.targetState };
  const passage = { actor: command.actor, now, notes: command.reason, eventData };
  return rewind(build, { ...passage, target: command.targetState, reason: command.reason });
}

function answerQuestions(build: BuildState, command: CommandOf<'answer'>, now: string): BuildState | Refusal {
  const open = build.questions.map((question) => question.id);
  if (open.length === 0) return refusal(build, 'Command.NothingAsked', 'no question is open');
  const unknown = Object.keys(command.answers)
    .find((id) => !open.includes(id))
    ?.slice(0, 60);
  const missing = open.find((id) => !Object.hasOwn(command.answers, id));
  if (unknown !== undefined || missing !== undefined) {
    const what =
      unknown === undefined ? `question "${missing}" is not answered` : `"${unknown}" is not an open question`;
    return refusal(build, 'Command.Malformed', `${what}; open are ${open.join(', ')}`, {
      field: 'answers',
      legal: open,
    });
  }
  const attempts = { ...build.attempts, discovery: build.attempts.discovery + 1 };
  const answers = { ...build.answers, ...command.answers };
  const next = { ...build, answers, attempts, questions: [], turn: build.turn + 1, revision: build.revision + 1 };
  return note(next, { actor: command.actor, now }, { type: 'answered', data: command.answers });
}

/** Names exactly what is approved; whatever changes after it needs an approval of its own. */
function approve(build: BuildState, command: CommandOf<'approve'>, now: string): BuildState {
  const { gate, digest, actor, reason } = command;
  const others = build.approvals.filter((one) => one.gate !== gate || one.digest !== digest);
  const approvals = [...others, { gate, digest, actor, at: now }].slice(-APPROVALS_LIMIT);
  const data = { gate, digest, reason };
  return note({ ...build, approvals, revision: build.revision + 1 }, { actor, now }, { type: 'approved', data });
}

function cancel(build: BuildState, { actor, reason }: CommandOf<'cancel'>, now: string): BuildState {
  return end(build, { actor, now, reason });
}

function setPaused(build: BuildState, command: CommandOf<'pause' | 'resume'>, now: string): BuildState | Refusal {
  const paused = command.name === 'pause';
  if (paused === build.paused) {
    const message = paused ? 'the build is paused already' : 'the build is not paused';
    return refusal(build, paused ? 'Command.Paused' : 'Command.NotPaused', message);
  }
  const next = { ...build, paused, revision: build.revision + 1 };
  const data = { reason: command.reason };
  return note(next, { actor: command.actor, now }, { type: paused ? 'paused' : 'resumed', data });
}

type More = Partial<Pick<Refusal, 'field' | 'legal'>>;

function refusal(build: BuildState, type: RefusalType, message: string, more: More = {}): Refusal {
  return { type, message, currentState: build.state, legal: [], ...more };
}

function refuse(build: BuildState, type: RefusalType, message: string, more: More = {}): Decision {
  return { refused: true, refusal: refusal(build, type, message, more) };
}
