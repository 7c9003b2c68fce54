/**
 * The type of a command: its name and path, the readers of its fields, its own refusals, and its decision function.
 *
 * Each command is one file and one line in `index.ts`; update, signal, HTTP route and descriptions are derived from these.
 */
import type { Action } from '../access';
import type { Cause } from '../build/moves';
import type { BuildState } from '../build/state';
import type { Fields, ValuesOf } from './fields';
import type { CommonRefusal, RefusalKind, Refused } from './refusals';

export type Outcome<R extends string> = { kind: 'accepted'; build: BuildState } | Refused<R>;

export interface CommandSpec<N extends string, F extends Fields, R extends string> {
  /** The name of the update and of the signal. */
  readonly name: N;
  /** The last segment of the HTTP path. */
  readonly path: string;
  /** True if the API accepts another body than the command: that route is written by hand instead of derived. */
  readonly hasOwnRoute?: true;
  /** The action that a caller of the API must be allowed to do (`access`). */
  readonly needs: Action;
  /** What the command does, for people who look at the workflow. */
  readonly description: string;
  /** The fields by wire name, in the order in which they are read. */
  readonly fields: F;
  /** The refusals that only this command gives. */
  readonly refusals: Readonly<Record<R, RefusalKind>>;
  /** Pure. An accepted command increments the revision and records an event. */
  decide(build: BuildState, fields: ValuesOf<F>, cause: Cause): Outcome<CommonRefusal | R>;
}

/** Infers the types of a command: `decide` receives the values of the fields, and compiles only if it gives declared refusals. */
export function defineCommand<const N extends string, F extends Fields, R extends string>(
  spec: Omit<CommandSpec<N, F, R>, 'decide'> & {
    decide(build: BuildState, fields: ValuesOf<F>, cause: Cause): Outcome<CommonRefusal | NoInfer<R>>;
  },
): CommandSpec<N, F, R> {
  return spec;
}

export function accept(build: BuildState): { kind: 'accepted'; build: BuildState } {
  return { kind: 'accepted', build };
}
