/**
 * The interface of a kind of production (directory, git, command): it is read, prepared, and moved to another release.
 *
 * The release target (release-target.ts) decides about order, numbers and former releases. A production only acts, and must be
 * able to repeat each action.
 */
import type { Release, ReleaseTargetName } from '../../ports/release-target';
import type { SandboxRun } from '../../ports/sandbox';
import type { Position, ReleaseIntent } from '../../ports/release-documents';

/** A release whose files are stored in its numbered folder. */
export interface StagedRelease extends ReleaseIntent {
  folder: string;
}

export interface Move {
  /** The position when the move was decided; a production that can compare and swap expects it. */
  from: Position | null;
  to: Position | null;
  /** The release that goes live, or the one that is taken down. */
  release: StagedRelease;
  direction: 'forward' | 'back';
  signal?: AbortSignal | undefined;
}

export interface Production {
  readonly name: ReleaseTargetName;
  /** What a smoke command may reach as well as the release's folder. */
  readonly smokeWith?: Pick<SandboxRun, 'network' | 'production'>;
  /** True if a move has several steps, so that a failed or interrupted one may have done only some of them. */
  readonly mayStopHalfway?: true;
  /** The time that one move may take; other moves of the project wait for it. */
  readonly maxMoveMs: number;
  /** Reads the position from production itself; null if nothing is live. */
  read(): Promise<Position | null>;
  /** Does all steps that are possible before users see a change. */
  prepare(release: StagedRelease): Promise<void>;
  positionOf(release: StagedRelease): Position;
  move(move: Move): Promise<void>;
  /** For the deployment record: the pushed refs, and what could not be done, and why. */
  details(release: StagedRelease): Release['details'];
}

/** Called with the name of each step, so that a test can end the process there. */
export type Checkpoint = (name: string) => void;
