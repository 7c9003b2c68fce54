/**
 * The interface of a kind of production: it is read, prepared, and moved to another release.
 *
 * The release target (release-target.ts) keeps the order, the numbers and the former releases. A production only acts, and may be asked
 * to do the same thing again.
 */
import type { Release, ReleaseTargetName } from '../../ports/release-target';
import type { SandboxRun } from '../../ports/sandbox';
import type { Position, ReleaseIntent } from '../../ports/release-documents';

/** A release whose folder is in place. */
export interface Placed extends ReleaseIntent {
  folder: string;
}

export interface Move {
  /** What was live when the move was decided: a production that can compare and swap uses it. */
  from: Position | null;
  to: Position | null;
  /** The release that goes live, or the one that is taken down. */
  release: Placed;
  direction: 'forward' | 'back';
  signal?: AbortSignal | undefined;
}

export interface Production {
  readonly name: ReleaseTargetName;
  /** What a smoke command may reach beside the release's own folder. */
  readonly smokeWith?: Pick<SandboxRun, 'network' | 'production'>;
  /** A move is no single step: one that was cut off, or failed, may have left half of its effects. */
  readonly leavesHalf?: true;
  /** How long one move may hold the others up. */
  readonly moveMs: number;
  /** Of production itself; null where nothing is live. */
  read(): Promise<Position | null>;
  /** Everything that can be done before anything changes for users. */
  prepare(release: Placed): Promise<void>;
  positionOf(release: Placed): Position;
  move(move: Move): Promise<void>;
  /** For the deployment record: what was pushed where, what could not be had and why. */
  details(release: Placed): Release['details'];
}

/** Called at every step by name, so that a test can end the process there. */
export type Checkpoint = (name: string) => void;
