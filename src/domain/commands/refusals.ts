/**
 * Why a command is refused, as a value. Nothing changes where one is given.
 */
import type { State } from '../states';

/** HTTP status of each refusal; the names are also the `type` of the ApplicationFailure and of the problem+json. */
export const REFUSALS = {
  'Command.Malformed': 400,
  'Command.Unknown': 400,
  'Command.WrongRole': 409,
  'Command.Stale': 409,
  'Command.IllegalTransition': 409,
  'Command.IllegalRetry': 409,
  'Command.IllegalRollback': 409,
  'Command.Paused': 409,
  'Command.NotPaused': 409,
  'Command.QuestionsOpen': 409,
  'Command.NothingAsked': 409,
  'Command.Finished': 409,
  'Command.KeyReused': 422,
} as const satisfies Record<string, number>;

export type RefusalType = keyof typeof REFUSALS;

export interface Refusal {
  type: RefusalType;
  /** Names the field, the value and the way out. */
  message: string;
  /** The field at fault, where it is one. */
  field?: string;
  currentState: State;
  /** What would be legal now: states, roles or commands, according to the type. */
  legal: string[];
}
