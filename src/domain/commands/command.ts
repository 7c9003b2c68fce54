/**
 * What a command is: its name and address, the readers of its fields, its own refusals, and what it decides.
 *
 * One file a command, one line in the list of `index.ts`; update, signal, HTTP route and descriptions follow from these.
 */
import type { Action } from '../access';
import type { Cause } from '../build/moves';
import type { BuildState } from '../build/state';
import type { Fields, ValuesOf } from './fields';
import type { CommonRefusal, RefusalKind, Refused } from './refusals';

export type Outcome<R extends string> = { kind: 'accepted'; build: BuildState } | Refused<R>;

export interface CommandSpec<N extends string, F extends Fields, R extends string> {
  /** Of the update and the signal. */
  readonly name: N;
  /** The last part of the HTTP address. */
  readonly path: string;
  /** True where the API takes another body than the command: the route is written by hand, not made of the list. */
  readonly hasOwnRoute?: true;
  /** What a caller of the API must be allowed to do (`access`). */
  readonly needs: Action;
  /** What it does, for people who look at the workflow. */
  readonly description: string;
  /** By wire name, in the order in which they are read. */
  readonly fields: F;
  /** The refusals that only this command gives. */
  readonly refusals: Readonly<Record<R, RefusalKind>>;
  /** Pure. An accepted command counts a revision and notes an event. */
  decide(build: BuildState, given: ValuesOf<F>, cause: Cause): Outcome<CommonRefusal | R>;
}

/** Gives the types of a command's file: `decide` gets what the fields read, and refuses as declared or does not compile. */
export function defineCommand<const N extends string, F extends Fields, R extends string>(
  spec: Omit<CommandSpec<N, F, R>, 'decide'> & {
    decide(build: BuildState, given: ValuesOf<F>, cause: Cause): Outcome<CommonRefusal | NoInfer<R>>;
  },
): CommandSpec<N, F, R> {
  return spec;
}

export function accept(build: BuildState): { kind: 'accepted'; build: BuildState } {
  return { kind: 'accepted', build };
}
