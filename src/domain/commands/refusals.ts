/**
 * Refusals of commands, as values. A refused command changes nothing.
 *
 * This file has the refusals that several commands share; a refusal of a single command is in that command's file.
 */
import type { State } from '../states';

export interface RefusalKind {
  /** The HTTP status of the answer. */
  readonly status: number;
  readonly title: string;
}

/** The names are also the `type` of the ApplicationFailure and of the problem+json. */
export const COMMON_REFUSALS = {
  'Command.Malformed': { status: 400, title: 'The command cannot be read' },
  'Command.Unknown': { status: 400, title: 'No such command' },
  'Command.WrongRole': { status: 409, title: 'The role does not own this state' },
  'Command.Stale': { status: 409, title: 'The build is elsewhere' },
  'Command.Paused': { status: 409, title: 'The build is paused' },
  'Command.NotOpen': { status: 409, title: 'No such finding is open' },
  'Command.AlreadyApproved': { status: 409, title: 'You have approved this already' },
  'Command.NotApprover': { status: 403, title: 'Another person decides this' },
  'Command.Finished': { status: 409, title: 'The build is finished' },
  'Command.KeyReused': { status: 422, title: 'The Idempotency-Key was used for something else' },
} as const satisfies Record<string, RefusalKind>;

export type CommonRefusal = keyof typeof COMMON_REFUSALS;

export interface Refusal<T extends string = string> {
  type: T;
  /** Names the field, the value and the way out. */
  message: string;
  /** The field with the problem, if it is a single field. */
  field?: string;
  currentState: State;
  /** The legal values now: states, roles or commands, depending on the type. */
  legal: string[];
}

export interface Refused<T extends string> {
  kind: 'refused';
  refusal: Refusal<T>;
}

interface Reason<T extends string> extends Pick<Refusal, 'message' | 'field'> {
  type: T;
  legal?: string[];
}

export function refuse<const T extends string>(build: { state: State }, reason: Reason<T>): Refused<T> {
  return { kind: 'refused', refusal: { currentState: build.state, legal: [], ...reason } };
}
