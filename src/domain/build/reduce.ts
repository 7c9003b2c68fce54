/**
 * The reducer: applies a command to a build and returns a new build, or a refusal that changed nothing.
 */
import { isClosed } from './state';
import type { BuildState, CommandAnswer, SeenCommand } from './state';
import { recordEvent } from './record-event';
import { DEPTH_LIMIT, TOO_MANY_MEMBERS, isTooDeep, memberOverLimit } from '../canonical';
import { commandOf } from '../commands';
import type { CommandName, RefusalType } from '../commands';
import { clip, halfCharacterProblem, unreadable } from '../commands/fields';
import type { Unreadable } from '../commands/fields';
import { readMeta, rememberAnswer } from '../commands/meta';
import { readCommand } from '../commands/read';
import { refuse } from '../commands/refusals';
import type { Refusal, Refused } from '../commands/refusals';
import { deliveriesBetween } from '../notices/notices';

export type Decision = { kind: 'accepted'; build: BuildState; answer: CommandAnswer } | Refused<RefusalType>;

/** A command as received. `now` is ISO 8601. */
export interface Message {
  name: CommandName;
  wire: unknown;
  now: string;
  /** True when replaying a history recorded before depth, size and lone surrogates were checked. */
  isUnchecked?: boolean;
}

const REFUSED_EVENTS_LIMIT = 50;

/** Carries out one command from the wire. Never throws, for any value of `wire`. */
export function execute(build: BuildState, { name, wire, now, isUnchecked = false }: Message): Decision {
  // The API refuses such bodies, but a signal arrives unchecked, and walking a deep value would exhaust the stack.
  if (!isUnchecked && isTooDeep(wire)) {
    return refuseUnreadable(build, unreadable('(input)', `must not be nested deeper than ${DEPTH_LIMIT} levels`));
  }
  const memberName = isUnchecked ? undefined : memberOverLimit(wire);
  if (memberName !== undefined) return refuseUnreadable(build, unreadable(clip(memberName), TOO_MANY_MEMBERS));
  const halfCharacter = isUnchecked ? null : halfCharacterProblem(wire);
  if (halfCharacter !== null) return refuseUnreadable(build, halfCharacter);
  const meta = readMeta(name, wire);
  if (meta.kind === 'unreadable') return refuseUnreadable(build, meta);
  const { key, digest, expectedRevision, ...remarkMember } = meta.value;
  if (key !== null && Object.hasOwn(build.seen, key)) {
    const seen = build.seen[key] as SeenCommand;
    if (seen.digest === digest) return { kind: 'accepted', build, answer: seen.answer };
    const message = `this Idempotency-Key was used for another command; take a new key`;
    return refuse(build, { type: 'Command.KeyReused', message });
  }
  const command = readCommand(name, wire);
  if (command.kind === 'unreadable') return refuseUnreadable(build, command);
  if (isClosed(build)) {
    const how = build.cancelled ? 'cancelled' : 'complete';
    const message = `the build is ${how}; nothing changes it any more, start a new one`;
    return refuse(build, { type: 'Command.Finished', message });
  }
  if (expectedRevision !== null && expectedRevision !== build.revision) {
    const message = `expected_revision is ${expectedRevision}, but the build is at ${build.revision}; read its status again`;
    const legal = [String(build.revision)];
    return refuse(build, { type: 'Command.Stale', message, field: 'expected_revision', legal });
  }
  const { actor, fields } = command.value;
  const outcome = commandOf(name).decide(build, fields, { actor, now, ...remarkMember });
  if (outcome.kind === 'refused') return outcome;
  const { revision, state: newState } = outcome.build;
  const isTold = deliveriesBetween(build, outcome.build, now).length > 0 ? { isTold: true as const } : {};
  const answer = { previousState: build.state, newState, revision, actor, at: now, ...isTold };
  const next = key === null ? outcome.build : rememberAnswer(outcome.build, key, { digest, answer });
  return { kind: 'accepted', build: next, answer };
}

/** Adds a refused signal to the audit trail; nothing else in the build changes. */
export function recordRefusal(
  build: BuildState,
  { name, refusal, now }: { name: string; refusal: Refusal; now: string },
): BuildState {
  const refusedEvents = build.events.filter((event) => event.type === 'refused');
  const oldest = refusedEvents.length >= REFUSED_EVENTS_LIMIT ? refusedEvents[0] : undefined;
  const events = build.events.filter((event) => event !== oldest);
  const data = { command: name.slice(0, 60), refusal: refusal.type, reason: refusal.message };
  return recordEvent(
    { ...build, events, refused: build.refused + 1 },
    { actor: 'signal', now },
    { type: 'refused', data },
  );
}

export function unknownCommand(build: BuildState, name: string): Refusal<RefusalType> {
  const message = `"${name.slice(0, 60)}" is not a command`;
  return refuse(build, { type: 'Command.Unknown', message }).refusal;
}

function refuseUnreadable(build: BuildState, { field, message }: Unreadable): Refused<'Command.Malformed'> {
  return refuse(build, { type: 'Command.Malformed', message: `${field} ${message}`, field });
}
