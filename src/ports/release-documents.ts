/**
 * What is written down about releases, as plain data: read again by a later process, so that it can tell what has happened.
 */
import type { Sender } from '../domain/build/sender';

export interface ReleaseIntent {
  number: number;
  id: string;
  commit: string;
  buildId: string;
  /** Absent in releases of builds that were begun before it was part of the keys. */
  requestKey?: string | undefined;
  /** The build's turn in which it was begun. */
  turn: number;
}

/** What is live: a release of ours, or something that was there before us. */
export interface Position {
  /** Null: not a release of ours. */
  number: number | null;
  /** The target's own word for it: a folder, a commit. */
  at: string;
  /** False where a move to it, or away from it, was begun and never seen to end. */
  settled: boolean;
}

export interface ReleaseVerdict {
  ok: boolean;
  type?: 'Release.SmokeFailed' | 'Release.DeployFailed';
  detail: string;
  /** Null where no release came to be. */
  number: number | null;
}

/** An earlier release that a person made live again: who, why, when, and what came of it. */
export interface RestoreNote extends Sender {
  id: string;
  number: number;
  reason: string;
  /** ISO 8601. */
  at: string;
  /** Null while it runs. */
  ended: { at: string; ok: boolean; says: string; smoke: string | null } | null;
}
