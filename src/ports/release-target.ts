/**
 * Where a release goes: what the activities ask of every kind of production. Types only; `src/adapters/releases` has the real ones.
 */
import type { BuildLine } from '../domain/ids';
import type { ReleaseSettings, ReleaseTargetName } from '../requests/release';
import type { SandboxRun } from './sandbox';

export type { ReleaseSettings, ReleaseTargetName };

/** Where a release goes; every kind is read, moved and put back in the same order of steps. */
export interface ReleaseTarget {
  /**
   * Puts a prepared folder live as the release of `id`; the same id again adopts what it did. Throws Failure `Release.Void`
   * where the build's turn has been given up, `Release.DeployFailed` where the target's own deploy says no.
   */
  deploy(input: DeployOrder): Promise<Release>;
  /** What is live now, as the target itself says; null where nothing is. */
  live(projectId: string): Promise<Live | null>;
  /**
   * Takes the release of `id` down, where it is the one that is live, and puts back what was live before it: never a release
   * that was undone itself, never in the place of a newer one. Idempotent; also for an id that never came to be.
   */
  restore(input: { projectId: string; id: string }): Promise<void>;
  /** Makes an earlier release live again, under the same lock as a deployment. Idempotent for each `restoreId`. */
  reinstate(order: RestoreOrder): Promise<Release>;
  /** Puts back what was live before that restore, where its release is still the live one. Idempotent. */
  giveBack(order: RestoreOrder): Promise<void>;
  /** What a smoke command of this release is run with. */
  smokeWith(input: { projectId: string; release: Release }): Pick<SandboxRun, 'env' | 'network' | 'production'>;
  /** Voids every release that the build began before `turn`: none of them goes live from now on; gives the one it took down. */
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
  /** A whole copy of what was released, on this machine. */
  folder: string;
  /** The release that was live before this one, null where none was. */
  previous: number | null;
  target: ReleaseTargetName;
  /** What the target has to add: a tag, a branch, why there is no pull request. */
  details: Record<string, string | null>;
}
export interface Live {
  /** Null where something is live that is no release of ours. */
  release: Release | null;
  /** In words, e.g. `release 2`. */
  says: string;
}
