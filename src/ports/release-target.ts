/**
 * The interface of release targets. Types only; `src/adapters/releases` has the implementations.
 */
import type { BuildLine } from '../domain/ids';
import type { ReleaseSettings, ReleaseTargetName } from '../requests/release';
import type { SandboxRun } from './sandbox';

export type { ReleaseSettings, ReleaseTargetName };

/** A release target. All kinds deploy, read and restore in the same order of steps. */
export interface ReleaseTarget {
  /**
   * Makes a prepared folder live as the release of `id`. A second call with the same id continues the first. Throws Failure
   * `Release.Void` if the build's turn is void, and Failure `Release.DeployFailed` if the target's deployment fails.
   */
  deploy(input: DeployOrder): Promise<Release>;
  /** Reads from the target what is live now; null if nothing is. */
  live(projectId: string): Promise<Live | null>;
  /**
   * The way back after a failed deployment; `reinstate` is the restore that a person commands.
   *
   * Takes the release of `id` down if it is live, and makes the release before it live again: never a release that was undone, and
   * never in the place of a newer release. Idempotent; does nothing for an id without a release.
   */
  restore(input: { projectId: string; id: string }): Promise<void>;
  /** Restores an earlier release on a person's command, under the same lock as a deployment. Idempotent for each `restoreId`. */
  reinstate(order: RestoreOrder): Promise<Release>;
  /** Reverts that restore: makes the release before it live again, if the restored release is still live. Idempotent. */
  undoRestore(order: RestoreOrder): Promise<void>;
  /** Gives the variables, network and folder of a smoke command of this release. */
  smokeWith(input: { projectId: string; release: Release }): Pick<SandboxRun, 'env' | 'network' | 'production'>;
  /** Voids all releases that the build began before `turn`, so that none goes live from now on. Gives the one that it took down. */
  revoke(input: BuildLine & { turn: number }): Promise<Release | null>;
}
export interface RestoreOrder {
  projectId: string;
  number: number;
  restoreId: string;
  signal?: AbortSignal | undefined;
}
export interface DeployOrder extends BuildLine {
  /** The build's turn: the fencing token, as in `WorkMark`. */
  turn: number;
  id: string;
  folder: string;
  commit: string;
  signal?: AbortSignal | undefined;
}
export interface Release {
  /** Counts from 1 in each project. */
  number: number;
  id: string;
  commit: string;
  /** A complete copy of the release on this machine. */
  folder: string;
  /** The release that was live before this one, null if none was. */
  previous: number | null;
  target: ReleaseTargetName;
  /** Details of the target, such as a tag, a branch, or the reason why there is no pull request. */
  details: Record<string, string | null>;
}
export interface Live {
  /** Null if no release of the orchestrator is live, but something else is. */
  release: Release | null;
  /** A short name, such as `release 2`. */
  says: string;
}
