/**
 * The list of all commands, and what is derived from it: their names, types and refusals.
 *
 * Rule of this folder: pure, like all of `domain`. A command is one file and one line here (docs/extending.md).
 */
import { advance } from './advance';
import { amend } from './amend';
import { answer } from './answer';
import { approve } from './approve';
import { budget } from './budget';
import { cancel } from './cancel';
import type { CommandSpec } from './command';
import { delegate } from './delegate';
import { editPlan } from './edit-plan';
import type { Fields, ValuesOf } from './fields';
import { note } from './note';
import { pause } from './pause';
import { reject } from './reject';
import { COMMON_REFUSALS } from './refusals';
import type { CommonRefusal, RefusalKind } from './refusals';
import { resume } from './resume';
import { retry } from './retry';
import { rollback } from './rollback';

/** Add new commands at the end: the workflow registers its handlers in this order. */
export const COMMANDS = [
  ...([advance, retry, rollback, cancel, pause, resume, answer, approve, reject, amend] as const),
  ...([editPlan, delegate, note, budget] as const),
] as const;

type Spec = (typeof COMMANDS)[number];
type RefusalOf<S> = S extends { refusals: infer K } ? keyof K : never;

export type CommandName = Spec['name'];
export type RefusalType = CommonRefusal | RefusalOf<Spec>;
/** A command whose name is not known at compile time. */
export interface AnyCommand extends Omit<CommandSpec<CommandName, Fields, RefusalType>, 'refusals'> {
  readonly refusals: Readonly<Record<string, RefusalKind>>;
}
/** The types of the values that a command's fields read. */
export type FieldsOf<N extends CommandName> = ValuesOf<Extract<Spec, { name: N }>['fields']>;

export const COMMAND_NAMES: readonly CommandName[] = COMMANDS.map(({ name }) => name);
const ALL_COMMANDS: readonly AnyCommand[] = COMMANDS;
const BY_NAME = Object.fromEntries(ALL_COMMANDS.map((command) => [command.name, command])) as Record<
  CommandName,
  AnyCommand
>;

/** The HTTP status and title of each refusal. */
export const REFUSALS = Object.assign({}, COMMON_REFUSALS, ...ALL_COMMANDS.map(({ refusals }) => refusals)) as Readonly<
  Record<RefusalType, RefusalKind>
>;

export function commandOf(name: CommandName): AnyCommand {
  return BY_NAME[name];
}

/** The usage line of a command, for people who look at the workflow: `{reason, role?}: what it does`. */
export function usageOf({ fields, description }: AnyCommand): string {
  const names = Object.entries(fields).map(([name, { isOptional }]) => (isOptional === true ? `${name}?` : name));
  return `{${names.join(', ')}}: ${description}`;
}
